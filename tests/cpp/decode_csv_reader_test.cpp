#include <doctest/doctest.h>

#include <random>
#include <string>
#include <vector>

#include "decode/csv_reader.hpp"

using namespace synclens;

namespace {

using Rows = std::vector<std::vector<std::string>>;

Rows read(std::string_view text, char separator = ',', const Limits& limits = {}) {
  const auto stream = open_memory(as_bytes(text));
  CsvReader reader(*stream, separator, limits);
  CsvRow row;
  Rows rows;
  while (reader.next(row)) {
    rows.emplace_back();
    for (const CsvRow::Cell& cell : row.cells) rows.back().emplace_back(cell.text);
  }
  return rows;
}

// Gives one byte at a time, so that every state meets the end of a block.
class Trickle final : public ByteStream {
 public:
  explicit Trickle(std::string_view text) : text_(text) {}
  std::size_t read(std::span<std::uint8_t> into) override {
    if (text_.empty() || into.empty()) return 0;
    into[0] = static_cast<std::uint8_t>(text_.front());
    text_.remove_prefix(1);
    return 1;
  }

 private:
  std::string_view text_;
};

std::string write(const Rows& rows, char separator, std::string_view end, std::mt19937& random) {
  std::string out;
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (i != 0) out += separator;
      const std::string& cell = row[i];
      const std::string special = std::string("\"\r\n") + separator;
      if (cell.find_first_of(special) == cell.npos && random() % 2 == 0) {
        out += cell;
        continue;
      }
      out += '"';
      for (const char c : cell) out += c == '"' ? std::string("\"\"") : std::string(1, c);
      out += '"';
    }
    out += end;
  }
  return out;
}

}  // namespace

TEST_CASE("cells, quotes, line ends") {
  CHECK(read("a,b\r\nc,d\n\"e,\"\"f\",g\rh") == Rows{{"a", "b"}, {"c", "d"}, {"e,\"f", "g"}, {"h"}});
  CHECK(read("") == Rows{});
  CHECK(read("\n\n") == Rows{{""}, {""}});
  CHECK(read(",") == Rows{{"", ""}});
  CHECK(read("\"\"") == Rows{{""}});
  CHECK(read("a\"b,c") == Rows{{"a\"b", "c"}});
  CHECK(read("a;b", ';') == Rows{{"a", "b"}});
}

TEST_CASE("quotes that were not doubled stay text") {
  CHECK(read("\"the agent \"Contoso.com\" failed\",b\n") == Rows{{"the agent \"Contoso.com\" failed", "b"}});
}

TEST_CASE("lines and offsets of rows and of quotes that are left open") {
  const std::string text = "a\r\n\"b\nc\",d\r\ne,\"f\ng";
  const auto stream = open_memory(as_bytes(text));
  CsvReader reader(*stream, ',', {});
  CsvRow row;
  REQUIRE(reader.next(row));
  CHECK(row.line == 1);
  REQUIRE(reader.next(row));
  CHECK(row.line == 2);
  CHECK(row.offset == 3);
  CHECK(row.open_line == 0);
  REQUIRE(reader.next(row));
  CHECK(row.line == 4);
  CHECK(row.offset == 12);
  CHECK(row.open_line == 4);
  CHECK(row.cells.at(1).text == "f\ng");
  CHECK_FALSE(reader.next(row));
}

TEST_CASE("a quote that seems to open another cell is told") {
  const std::string text = "a,\"open\nb,\"text\"\n";
  const auto stream = open_memory(as_bytes(text));
  CsvReader reader(*stream, ',', {});
  CsvRow row;
  REQUIRE(reader.next(row));
  CHECK(row.stray_line == 2);
}

TEST_CASE("limits of cells and columns") {
  Limits limits;
  limits.table_cell_bytes = 4;
  limits.table_columns = 2;
  const std::string text = "123456,b,c,d\n\"12\"\"345\",x\n";
  const auto stream = open_memory(as_bytes(text));
  CsvReader reader(*stream, ',', limits);
  CsvRow row;
  REQUIRE(reader.next(row));
  REQUIRE(row.cells.size() == 2);
  CHECK(row.cells[0].text == "1234");
  CHECK(row.cells[1].text == "b");
  CHECK(row.cut_bytes == 4);
  CHECK(row.cut_cells == 2);
  REQUIRE(reader.next(row));
  CHECK(row.cells[0].text == "12\"3");
  CHECK(row.cells[1].text == "x");
}

TEST_CASE("random tables come back as they were written, however the bytes arrive") {
  std::mt19937 random(7);
  const std::string letters = "ab,;\t\"\n\r \xC3\xA9|0";
  for (int i = 0; i < 400; ++i) {
    Rows rows(1 + random() % 5);
    for (auto& row : rows) {
      row.resize(1 + random() % 5);
      for (std::string& cell : row) {
        for (std::size_t n = random() % 8; n != 0; --n) cell += letters[random() % letters.size()];
      }
    }
    const char separator = std::string(",;\t")[random() % 3];
    const std::string text = write(rows, separator, random() % 2 == 0 ? "\r\n" : "\n", random);
    CAPTURE(text);
    CHECK(read(text, separator) == rows);
    Trickle trickle(text);
    CsvReader reader(trickle, separator, {});
    CsvRow row;
    Rows again;
    while (reader.next(row)) {
      CHECK(row.offset < text.size());
      again.emplace_back();
      for (const CsvRow::Cell& cell : row.cells) again.back().emplace_back(cell.text);
    }
    CHECK(again == rows);
  }
}
