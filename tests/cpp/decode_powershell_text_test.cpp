#include <doctest/doctest.h>

#include "decode/powershell_table.hpp"
#include "decode/powershell_text.hpp"

using namespace synclens;
using namespace synclens::powershell;

namespace {

// Takes every object; an object is written as "name=value|name=value".
struct Collector final : Handler {
  bool knows_header(const std::vector<std::string_view>& names, Shape) const override {
    return names.front() == "Alpha" || names.front() == "Name";
  }
  bool knows_property(std::string_view name) const override { return name == "Alpha"; }
  bool ends_table(std::string_view line) const override { return line.starts_with("PS "); }
  bool object(const Object& object) override {
    if (refuse) return false;
    std::string text;
    for (const Property& property : object.properties) {
      if (!text.empty()) text += '|';
      text += std::string(property.name) + "=" + property.value;
    }
    objects.push_back(text);
    numbers.push_back(object.line);
    return true;
  }
  void line(const Line& line) override { lines.emplace_back(line.text); }
  void problem(Problem problem) override { problems.push_back(std::move(problem)); }

  bool refuse = false;
  std::vector<std::string> objects, lines;
  std::vector<std::uint64_t> numbers;
  std::vector<Problem> problems;
};

Collector collect(std::string_view text, const Limits& limits = {}, bool refuse = false) {
  Collector collector;
  collector.refuse = refuse;
  read_text(text, limits, collector);
  return collector;
}

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("powershell text: lines end with LF, CR LF or CR") {
  Lines lines("a\r\nb\nc\rd", 100);
  Texts seen;
  bool last_ended = true;
  std::uint64_t number = 0;
  while (const auto line = lines.next()) {
    seen.emplace_back(line->text);
    last_ended = line->ended;
    CHECK(line->number == ++number);
  }
  CHECK(seen == Texts{"a", "b", "c", "d"});
  CHECK(!last_ended);
}

TEST_CASE("powershell text: a property needs a colon between name and value") {
  CHECK(split_property("Name : Value")->value == "Value");
  CHECK(split_property("Name : a : b")->value == "a : b");
  CHECK(split_property("Name :")->value == "");
  CHECK(split_property("Last login time : x")->name == "Last login time");
  CHECK(!split_property("Name: x")->spaced);
  CHECK(!split_property("PS C:\\> Get-ADSyncScheduler"));
  CHECK(!split_property("    + CategoryInfo : x"));
  CHECK(!split_property("no colon"));
  CHECK(!split_property(""));
}

TEST_CASE("powershell text: several objects of a list") {
  const Collector blank = collect("\n\nAlpha : 1\nBeta  : 2\n\n\nAlpha : 3\nBeta  :\n\n");
  CHECK(blank.objects == Texts{"Alpha=1|Beta=2", "Alpha=3|Beta="});
  CHECK(blank.numbers == std::vector<std::uint64_t>{3, 7});
  const Collector together = collect("Alpha : 1\nBeta  : 2\nAlpha : 3\nBeta  : 4\n");
  CHECK(together.objects == Texts{"Alpha=1|Beta=2", "Alpha=3|Beta=4"});
}

TEST_CASE("powershell text: wrapped values") {
  const Collector words = collect("Alpha : one two\n        three : four\nBeta  : 2\n");
  CHECK(words.objects == Texts{"Alpha=one two three : four|Beta=2"});
  // A line as wide as the host was broken inside a word.
  const std::string full = "Alpha : " + std::string(71, 'x');
  const Collector inside = collect(full + "\n        yyy\nBeta  : 2\n");
  CHECK(inside.objects == Texts{"Alpha=" + std::string(71, 'x') + "yyy|Beta=2"});
  const Collector moved = collect("    Alpha : 1\n    Beta  : 2\n");
  CHECK(moved.objects == Texts{"Alpha=1|Beta=2"});
}

TEST_CASE("powershell text: what the handler does not want comes back as lines") {
  const Collector list = collect("Alpha : 1\nBeta  : 2\n", {}, true);
  CHECK(list.lines == Texts{"Alpha : 1", "Beta  : 2"});
  const Collector table = collect("Heading\n-------\nrow\n", {}, true);
  CHECK(table.lines == Texts{"Heading", "row"});
}

TEST_CASE("powershell table: columns are as wide as their cells on the side they are aligned to") {
  const Collector left = collect("Alpha Beta\n----- ----\na     b c\nd e   f\n\n");
  CHECK(left.objects == Texts{"Alpha=a|Beta=b c", "Alpha=d e|Beta=f"});
  const Collector right =
      collect("Name           Count\n----           -----\na b                1\nlonger 12345678901\n");
  CHECK(right.objects == Texts{"Name=a b|Count=1", "Name=longer|Count=12345678901"});
  const Collector wide =
      collect("Name             State\n----             -----\na name so long   on\nb                off\n");
  CHECK(wide.objects == Texts{"Name=a name so long|State=on", "Name=b|State=off"});
  const Collector cut = collect("Name    State\n----    -----\nlong... on\n");
  CHECK(cut.objects == Texts{"Name=long...|State=on"});
}

TEST_CASE("powershell table: columns are counted in characters") {
  const Collector rows = collect("Name   State\n----   -----\nB\xC3\xBCr\xC3\xB6   on\nAB     off\n");
  CHECK(rows.objects == Texts{"Name=B\xC3\xBCr\xC3\xB6|State=on", "Name=AB|State=off"});
}

TEST_CASE("powershell table: without a rule, ended by a prompt, empty cells") {
  const Collector rows = collect("Alpha Beta  Gamma\na     b     c\nd           f\nPS C:\\> next\n");
  CHECK(rows.objects == Texts{"Alpha=a|Beta=b|Gamma=c", "Alpha=d|Beta=|Gamma=f"});
  CHECK(rows.lines == Texts{"PS C:\\> next"});
  const Collector prose = collect("alpha beta gamma\na b c\n");
  CHECK(prose.objects.empty());
  CHECK(prose.lines.size() == 2);
}

TEST_CASE("powershell table: a rule that does not fit the line above it is no table") {
  const Collector rows = collect("ab\n-- ---- --\nrow\n");
  CHECK(rows.objects.empty());
  CHECK(!is_rule("Password sync channel status BEGIN ------"));
  CHECK(is_rule("---- -----"));
}

TEST_CASE("powershell table: two tables without a blank line between them") {
  const Collector rows = collect("Name\n----\na\nState\n-----\non\n");
  CHECK(rows.objects == Texts{"Name=a", "State=on"});
}

TEST_CASE("powershell CSV: quotes, separators, line breaks, what follows it") {
  const Collector rows = collect("#TYPE X\r\n\"Alpha\",\"Beta\"\r\n\"a,\"\"b\",\"c\r\nd\"\r\n\r\nGamma : 1\r\n");
  CHECK(rows.objects == Texts{"Alpha=a,\"b|Beta=c\nd", "Gamma=1"});
  const Collector semicolons = collect("Alpha;Beta\na;b\n");
  CHECK(semicolons.objects == Texts{"Alpha=a|Beta=b"});
}

TEST_CASE("powershell text: limits are problems and the rest is read") {
  Limits limits;
  limits.text_line_bytes = 20;
  const Collector line = collect("Alpha : 1\nBeta  : " + std::string(100, 'x') + "\nGamma : 2\n", limits);
  CHECK(line.objects == Texts{"Alpha=1|Beta=" + std::string(12, 'x') + "|Gamma=2"});
  CHECK(line.problems.size() == 1);
  CHECK(line.problems[0].where.line == 2);
  limits = {};
  limits.table_columns = 2;
  const Collector columns = collect("A B C\n- - -\n1 2 3\n", limits);
  REQUIRE(columns.objects.size() == 1);
  CHECK(columns.objects[0].starts_with("A=1|B=2"));
  CHECK(columns.problems.size() == 1);
  limits = {};
  limits.event_data_items = 2;
  const Collector properties = collect("A : 1\nB : 2\nC : 3\n", limits);
  CHECK(properties.objects == Texts{"A=1|B=2", "C=3"});
  CHECK(properties.problems.size() == 1);
}

TEST_CASE("powershell text: a text that ends inside something says so") {
  CHECK(collect("Alpha : 1\nBet").problems.size() == 1);
  CHECK(collect("Alpha Beta\n----- ----\na  ").problems.size() == 1);
  CHECK(collect("Alpha Beta\n----- ----").problems.size() == 1);
  CHECK(collect("Alpha,Beta\n\"a").problems.size() == 1);
  CHECK(collect("Alpha : 1\nBeta : 2").problems.empty());
  CHECK(collect("Alpha Beta\n----- ----\na     b").problems.empty());
  CHECK(collect("Alpha,Beta\na,b").problems.empty());
}
