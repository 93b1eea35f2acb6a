// The quick scanner against the general parser: both agree on every event, or the quick one does not take it.
#include <doctest/doctest.h>

#include <random>

#include "collected_records.hpp"
#include "decode/problem_list.hpp"
#include "decode/xml_event.hpp"
#include "decode/xml_quick.hpp"
#include "decode/xml_scanner.hpp"
#include "decode/xml_unescape.hpp"
#include "synclens/bytes.hpp"
#include "synclens/decode.hpp"

using namespace synclens;
using namespace synclens::test;

namespace {

std::string event_text(const KeptEvent& e) {
  std::string out = e.provider + "|" + e.provider_guid + "|" + e.channel + "|" + e.computer + "|" + e.user_sid + "|" +
                    e.activity_id + "|" + e.related_activity_id + "|" + e.message + "|" + e.level_text + "|" + e.binary;
  for (const std::uint64_t n :
       {e.fields.record_id, e.fields.keywords, static_cast<std::uint64_t>(e.fields.time),
        std::uint64_t{e.fields.event_id}, std::uint64_t{e.fields.process_id}, std::uint64_t{e.fields.thread_id},
        std::uint64_t{e.fields.qualifiers}, std::uint64_t{e.fields.task}, std::uint64_t{e.fields.level},
        std::uint64_t{e.fields.opcode}, std::uint64_t{e.fields.version}, std::uint64_t{e.fields.given},
        e.fields.where.offset, e.fields.where.line}) {
    out += "|" + std::to_string(n);
  }
  for (const auto& [name, value] : e.data) out += "\n" + name + "=" + value;
  return out;
}

std::vector<std::string> lines_of(const CollectedRecords& records) {
  std::vector<std::string> lines;
  for (const KeptEvent& e : records.events) lines.push_back(event_text(e));
  for (const Problem& p : records.problems) lines.push_back(std::to_string(p.where.offset) + ": " + p.what);
  return lines;
}

std::vector<std::string> as_decoded(std::string_view text) {
  CollectedRecords records;
  const auto stream = open_memory(as_bytes(text));
  decode_event_xml(*stream, {}, records);
  return lines_of(records);
}

// The same by the general parser alone; `taken` counts the events that the quick scanner takes.
std::vector<std::string> by_the_parser(std::string_view text, std::size_t& taken) {
  CollectedRecords records;
  const auto stream = open_memory(as_bytes(text));
  const Limits limits;
  EventCutter cutter(*stream, limits);
  XmlEventParser parser(limits);
  QuickXmlEvent quick(limits);
  ProblemList problems(records, limits);
  std::vector<std::string> complaints;
  for (XmlCut cut = cutter.next(); cut.kind != XmlCut::Kind::end; cut = cutter.next()) {
    Address where;
    where.offset = cut.from;
    where.line = cut.line;
    if (cut.kind == XmlCut::Kind::problem) {
      problems.add(cut.what, where, cut.to - cut.from);
      continue;
    }
    if (cut.depth > limits.xml_depth) {
      problems.add("an event nested deeper than " + std::to_string(limits.xml_depth) + " elements", where);
      continue;
    }
    const auto size = static_cast<std::size_t>(cut.to - cut.from);
    const std::string alone(cutter.data(cut), size);
    if (const std::size_t scanned = quick.scan(alone.c_str(), size); scanned != 0) {
      CHECK(scanned == size);
      ++taken;
    }
    EventView event;
    event.where = where;
    const bool whole = parser.parse(cutter.data(cut), size, event, complaints);
    if (whole) problems.passed(event.time);
    for (std::string& complaint : complaints) problems.add(std::move(complaint), where);
    if (whole) records.event(event);
  }
  problems.finish();
  return lines_of(records);
}

const std::vector<std::string>& pieces() {
  static const std::vector<std::string> all = {
      "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'>",
      "<Event>",
      "</Event>",
      "<System>",
      "</System>",
      "<Provider Name='P &amp; Q' Guid='{1}'/>",
      "<Provider EventSourceName=\"E\"/>",
      "<EventID Qualifiers='16384'>611</EventID>",
      "<EventID>0x10</EventID>",
      "<EventID>x</EventID>",
      "<Version>1</Version>",
      "<Level> 2\n</Level>",
      "<Task/>",
      "<Opcode></Opcode>",
      "<Keywords>0x80000000000000</Keywords>",
      "<TimeCreated SystemTime='2020-08-10T10:00:39.123456789Z'/>",
      "<TimeCreated SystemTime='soon'/>",
      "<EventRecordID>12345</EventRecordID>",
      "<Correlation ActivityID='{A}' RelatedActivityID='{B}' />",
      "<Execution ProcessID='77' ThreadID='88'/>",
      "<Channel>Appli&#99;ation</Channel>",
      "<Computer>s1</Computer>",
      "<Security UserID='S-1-5-18'/>",
      "<EventData>",
      "</EventData>",
      "<EventData/>",
      "<EventData>  </EventData>",
      "<EventData>bare &lt;text&gt;</EventData>",
      "<Data>one&#13;&#10;two &lt;b&gt; &amp;amp;</Data>",
      "<Data Name='n'>  </Data>",
      "<Data Name='&quot;q&quot;'>v</Data>",
      "<Data/>",
      "<Data Name='a' Name='b'>x</Data>",
      "<Data><b>1</b>2</Data>",
      "<Data><![CDATA[<c>]]></Data>",
      "<Data>&custom;</Data>",
      "<Data>&#0;</Data>",
      "<Data>&#xD800;&#x10FFFF;</Data>",
      "<Data>AT&T</Data>",
      "<Data>\xC3\xBC \xF0\x9F\x98\x80</Data>",
      "<Binary>00FF</Binary>",
      "<ComplexData/>",
      "<ComplexData>c</ComplexData>",
      "<UserData><T xmlns='u'><A>1</A><B/><C> </C>text<D x='&lt;'>&#x41;</D></T></UserData>",
      "<UserData>&#32;</UserData>",
      "<UserData><Event><System>s</System></Event></UserData>",
      "<RenderingInfo Culture='en-US'>",
      "</RenderingInfo>",
      "<Message>It &amp; that</Message>",
      "<Message>second</Message>",
      "<Level>Error</Level>",
      "<Keywords><Keyword>k</Keyword></Keywords>",
      "<ProcessingErrorData><ErrorCode>15005</ErrorCode></ProcessingErrorData>",
      "<BinaryEventData>0A</BinaryEventData>",
      "<!-- c -->",
      "<?pi?>",
      "<!DOCTYPE x [<!ENTITY y 'z'>]>",
      " ",
      "\r\n",
      "- ",
      "<e:Data>p</e:Data>",
      "<a b='1'c='2'/>",
      "<a b = '1'/>",
      "<a 1='x'/>",
      "</a >",
      "<x.y-z_1/>",
      "\"",
      "'",
      "<",
      ">",
      "&",
      "]]>"};
  return all;
}

}  // namespace

TEST_CASE("whatever is put together: the quick scanner agrees with the parser or leaves the event to it") {
  std::mt19937 random(20261126);
  const auto pick = [&](std::size_t below) { return static_cast<std::size_t>(random() % below); };
  const std::vector<std::string>& all = pieces();
  std::size_t taken = 0;
  for (int round = 0; round < 6000; ++round) {
    std::string text = pick(3) == 0 ? "<Events>" : "";
    for (std::size_t events = 1 + pick(3); events > 0; --events) {
      text += all[pick(2)] + "<System>";
      for (std::size_t n = pick(6); n > 0; --n) text += all[5 + pick(18)];
      text += "</System>";
      if (pick(2) == 0) {
        text += "<EventData>";
        for (std::size_t n = pick(5); n > 0; --n) text += all[28 + pick(15)];
        text += "</EventData>";
      }
      for (std::size_t n = pick(3); n > 0; --n) text += all[pick(all.size())];
      if (pick(3) == 0)
        text += "<RenderingInfo Culture='en-US'><Message>It &amp; that</Message><Level>Error</Level></RenderingInfo>";
      text += "</Event>";
    }
    for (std::size_t n = pick(3); n > 1 && !text.empty(); --n) text[pick(text.size())] = "<>&;'\"/= x#"[pick(11)];
    INFO(text);
    const std::vector<std::string> parsed = by_the_parser(text, taken);
    REQUIRE(as_decoded(text) == parsed);
  }
  CHECK(taken > 2000);
}

TEST_CASE("an event cut anywhere is what the parser makes of it") {
  std::string text;
  for (std::size_t i = 0; i < 45; ++i) {
    if (i != 9 && i != 16) text += pieces()[i] == "<Event>" || pieces()[i] == "</Event>" ? "" : pieces()[i];
  }
  text += "</Event>";
  std::size_t taken = 0;
  for (std::size_t size = 0; size <= text.size(); ++size) {
    const std::string cut = text.substr(0, size);
    REQUIRE(as_decoded(cut) == by_the_parser(cut, taken));
  }
}

TEST_CASE("limits hold for the quick scanner too") {
  const std::string one =
      "<Event><System><EventID>5</EventID></System><EventData><Data>a</Data><Data>b</Data></EventData></Event>";
  Limits limits;
  CHECK(QuickXmlEvent(limits).scan(one.c_str(), one.size()) == one.size());
  limits.event_data_items = 1;
  CHECK(QuickXmlEvent(limits).scan(one.c_str(), one.size()) == 0);
  limits = {};
  limits.xml_event_bytes = 20;
  CHECK(QuickXmlEvent(limits).scan(one.c_str(), one.size()) == 0);
  limits = {};
  limits.xml_depth = 2;
  CHECK(QuickXmlEvent(limits).scan(one.c_str(), one.size()) == 0);
  std::string deep = "<Event><System/><UserData>";
  for (int i = 0; i < 40; ++i) deep += "<a>";
  for (int i = 0; i < 40; ++i) deep += "</a>";
  deep += "</UserData></Event>";
  CHECK(QuickXmlEvent({}).scan(deep.c_str(), deep.size()) == 0);
}

TEST_CASE("references are resolved in place and only where they name a character") {
  std::string text = "a&lt;&#13;&#x1F600;&amp;lt;z";
  text.resize(unescape_in_place(text.data(), text.size()));
  CHECK(text == "a<\r\xF0\x9F\x98\x80&lt;z");
  for (const char* wrong :
       {"&", "&;", "&#;", "&#x;", "&#0;", "&#xD800;", "&#1114112;", "&#x41", "&lt", "&LT;", "&#-1;"}) {
    CHECK(reference_length(wrong) == 0);
  }
  CHECK(reference_length("&apos; and more") == 6);
}
