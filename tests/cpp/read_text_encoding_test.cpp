#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "synclens/read.hpp"

using namespace synclens;

namespace {

std::string wide(std::u16string_view text, bool big = false) {
  std::string bytes;
  for (const char16_t c : text) {
    const char low = static_cast<char>(c & 0xFF);
    const char high = static_cast<char>(c >> 8);
    bytes += big ? high : low;
    bytes += big ? low : high;
  }
  return bytes;
}

struct Result {
  std::string text;
  std::uint64_t replaced;
};

// Hands out at most `step` bytes at a time.
class Slow final : public ByteStream {
 public:
  Slow(std::string_view bytes, std::size_t step) : bytes_(bytes), step_(step) {}
  std::size_t read(std::span<std::uint8_t> into) override {
    const std::size_t n = std::min({into.size(), step_, bytes_.size()});
    std::copy_n(bytes_.begin(), n, into.begin());
    bytes_.remove_prefix(n);
    return n;
  }

 private:
  std::string_view bytes_;
  std::size_t step_;
};

Result utf8(std::string_view bytes, std::size_t step = 1u << 20, std::size_t ask = 1000) {
  Utf8Stream stream(std::make_unique<Slow>(bytes, step));
  std::string text;
  std::vector<std::uint8_t> block(ask);
  while (const std::size_t n = stream.read(block)) text.append(as_text(ByteView(block).first(n)));
  return {text, stream.replaced()};
}

}  // namespace

TEST_CASE("an encoding is known by its mark, its zeros or its sequences") {
  CHECK(detect_encoding(as_bytes("\xEF\xBB\xBF")) == TextEncoding::utf8);
  CHECK(detect_encoding(as_bytes("\xFF\xFE")) == TextEncoding::utf16le);
  CHECK(detect_encoding(as_bytes("\xFE\xFF")) == TextEncoding::utf16be);
  CHECK(detect_encoding(as_bytes(wide(u"Log Name"))) == TextEncoding::utf16le);
  CHECK(detect_encoding(as_bytes(wide(u"Log Name", true))) == TextEncoding::utf16be);
  CHECK(detect_encoding(as_bytes(wide(u"日付と時刻: 2026\r\n"))) == TextEncoding::utf16le);
  CHECK(detect_encoding(as_bytes("plain")) == TextEncoding::utf8);
  CHECK(detect_encoding(as_bytes("Händelse")) == TextEncoding::utf8);
  CHECK(detect_encoding(as_bytes("H\xE4ndelse")) == TextEncoding::windows1252);
  CHECK(detect_encoding(as_bytes("Händelse, Källa, \xE4")) == TextEncoding::utf8);
  CHECK(detect_encoding(as_bytes("cut in a sequence: \xC3")) == TextEncoding::utf8);
  CHECK(detect_encoding({}) == TextEncoding::utf8);
}

TEST_CASE("every encoding gives the same text, however it arrives") {
  const std::u16string text16 = u"Händelse-ID: 611\r\n日付と時刻 \U0001F600 ok\r\n";
  const std::string text8 = "Händelse-ID: 611\r\n日付と時刻 \xF0\x9F\x98\x80 ok\r\n";
  for (const std::string& bytes : {text8, "\xEF\xBB\xBF" + text8, wide(text16), "\xFF\xFE" + wide(text16),
                                   wide(text16, true), "\xFE\xFF" + wide(text16, true)}) {
    for (const std::size_t step : {std::size_t{1}, std::size_t{3}, std::size_t{1000}}) {
      const Result got = utf8(bytes, step, step);
      CHECK(got.text == text8);
      CHECK(got.replaced == 0);
    }
  }
  CHECK(utf8("H\xE4ndelse \x80\r\n").text == "Händelse €\r\n");
}

TEST_CASE("what is not valid becomes U+FFFD and is counted") {
  const std::string mark = "\xEF\xBF\xBD";
  Result got = utf8("\xEF\xBB\xBFgood \xC3\xA4, bad \xFF, cut \xE6\x97, long \xC0\xAF.");
  CHECK(got.text == "good ä, bad " + mark + ", cut " + mark + ", long " + mark + mark + ".");
  CHECK(got.replaced == 4);
  got = utf8(wide(u"\xFEFF"
                  u"a\xD800"
                  u"b\xDC00") +
             "c");
  CHECK(got.text == "a" + mark + "b" + mark + mark);
  CHECK(got.replaced == 3);
  got = utf8("text\r\nmore" + std::string(5000, '\0'));
  CHECK(got.text == "text\r\nmore" + mark);
  CHECK(got.replaced == 1);
  got = utf8(std::string("a stray") + '\0' + " zero in a long line of text\r\nnext\r\n");
  CHECK(got.text == "a stray" + mark + " zero in a long line of text\r\nnext\r\n");
}

TEST_CASE("a file that changes its encoding at a line is followed") {
  const std::string first = "\xFF\xFE" + wide(u"StagingModeEnabled : False\r\nÜber : 日本\r\n");
  const std::string second = "appended by cmd.exe\r\nand once more, oddly\n";
  const std::string third = wide(u"\r\nSchedulerSuspended : True\r\n");
  const std::string fourth = "last line";
  const Result got = utf8(first + second + third + fourth);
  CHECK(got.text ==
        "StagingModeEnabled : False\r\nÜber : 日本\r\n" + second + "\r\nSchedulerSuspended : True\r\n" + fourth);
  CHECK(got.replaced == 0);
  const Result other = utf8(second + "\xFF\xFE" + wide(u"wide\r\n") + second + wide(u"x : y\r\n"));
  CHECK(other.text == second + "wide\r\n" + second + "x : y\r\n");
  CHECK(other.replaced == 0);
}

TEST_CASE("texts without Latin letters stay UTF-16") {
  std::u16string text = u"\xFEFF";
  std::string want;
  for (int i = 0; i < 500; ++i) {
    text += u"あいうえおかきくけこさしすせそたちつてとなにぬねのはひふへほまみむめもやゆよ\r\n密码哈希同步失败以上\r\n";
    want += "あいうえおかきくけこさしすせそたちつてとなにぬねのはひふへほまみむめもやゆよ\r\n密码哈希同步失败以上\r\n";
  }
  const Result got = utf8(wide(text));
  CHECK(got.text == want);
  CHECK(got.replaced == 0);
}

TEST_CASE("changes are found across block borders") {
  std::string bytes;
  std::string want;
  for (int i = 0; i < 3000; ++i) {
    bytes += "line of single bytes " + std::to_string(i) + "\r\n" + wide(u"and a wide one: value\r\n");
    want += "line of single bytes " + std::to_string(i) + "\r\nand a wide one: value\r\n";
  }
  for (std::size_t cut = 0; cut < 80; ++cut) {  // more than a line of each: a border falls behind each of their bytes
    const Result got = utf8(std::string(cut, '.') + "\n" + bytes);
    CHECK((got.text == std::string(cut, '.') + "\n" + want));  // too long to print
    CHECK(got.replaced == 0);
  }
}

namespace {

Result all_of(const std::string& bytes, std::size_t step = 1u << 16) {
  Utf8Stream stream(std::make_unique<Slow>(bytes, step));
  Result result{read_all(stream, 1u << 22), 0};
  result.replaced = stream.replaced();
  return result;
}

}  // namespace

TEST_CASE("encodings that change within a file: each part is read as what it is") {
  const std::string single = "one line of single bytes\r\nand another one\r\n";
  const std::string little = wide(u"a line of two bytes a character\r\nand another\r\n");
  const std::string both =
      "one line of single bytes\r\nand another one\r\na line of two bytes a character\r\nand another\r\n";
  for (const std::size_t step : {std::size_t{1}, std::size_t{7}, std::size_t{1} << 16}) {
    CHECK(all_of(single + little, step).text == both);
    CHECK(all_of(single + "\xFF\xFE" + little, step).text == both);
    CHECK(all_of("\xFF\xFE" + little + single, step).text ==
          "a line of two bytes a character\r\nand another\r\none line of single bytes\r\nand another one\r\n");
    CHECK(all_of("\xEF\xBB\xBF" + single + "\xEF\xBB\xBF" + single, step).text == single + single);
    CHECK(all_of(single + "\xEF\xBB\xBF" + "H\xC3\xA4ndelse", step).text == single + "H\xC3\xA4ndelse");
    CHECK(all_of("one \xEF\xBB\xBF two", step).text == "one \xEF\xBB\xBF two");
    CHECK(all_of("\xFF\xFE" + little + "\xFF\xFE" + little, step).text ==
          "a line of two bytes a character\r\nand another\r\na line of two bytes a character\r\nand another\r\n");
  }
}

TEST_CASE("marks that are cut, halves of characters and zeros: replaced and counted, never more") {
  CHECK(all_of("\xFE\xFF" + wide(u"big end\r\n", true)).text == "big end\r\n");
  CHECK(all_of("\xFF\xFE").text.empty());
  CHECK(all_of("\xEF\xBB").replaced > 0);
  const std::string smile = wide(u"\xD83D\xDE00");
  CHECK(all_of("\xFF\xFE" + wide(u"x") + smile + wide(u"\r\n")).text == "x\xF0\x9F\x98\x80\r\n");
  CHECK(all_of("\xFE\xFF" + wide(u"x\xD83D\xDE00", true)).text == "x\xF0\x9F\x98\x80");
  for (const std::u16string& torn : {std::u16string(u"x\xD83Dy"), std::u16string(u"x\xDE00y"),
                                     std::u16string(u"xy\xD83D"), std::u16string(u"x\xD83D\xE000")}) {
    CHECK(all_of("\xFF\xFE" + wide(torn)).replaced == 1);
    CHECK(all_of("\xFE\xFF" + wide(torn, true)).replaced == 1);
  }
  CHECK(all_of("\xFF\xFE" + wide(u"text") + "z").replaced == 1);
  CHECK(all_of("\xFF\xFE" + wide(std::u16string(u"a\0\0\0b", 5))).replaced == 1);  // a run of zeros counts once
  CHECK(all_of(std::string("text") + std::string(4000, '\0') + "\nmore\n").replaced == 1);
}
