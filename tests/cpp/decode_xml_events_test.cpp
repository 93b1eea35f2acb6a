#include <doctest/doctest.h>

#include <cstring>
#include <pugixml.hpp>

#include "collected_records.hpp"
#include "synclens/bytes.hpp"
#include "synclens/decode.hpp"

using namespace synclens;
using namespace synclens::test;

namespace {

CollectedRecords read_xml(std::string_view text, const DecodeOptions& options = {}) {
  CollectedRecords records;
  const auto stream = open_memory(as_bytes(text));
  decode_event_xml(*stream, options, records);
  return records;
}

std::string small_event(int id, const std::string& data = "<Data>x</Data>") {
  return "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='P'/><EventID>" +
         std::to_string(id) + "</EventID></System><EventData>" + data + "</EventData></Event>";
}

std::vector<std::uint32_t> ids(const CollectedRecords& records) {
  std::vector<std::uint32_t> result;
  for (const KeptEvent& e : records.events) result.push_back(e.id());
  return result;
}

using Ids = std::vector<std::uint32_t>;

constexpr std::string_view full_event =
    "<?xml version=\"1.0\" encoding=\"utf-8\" standalone=\"yes\"?>\r\n<Events>"
    "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System>"
    "<Provider Name='Directory Synchronization' Guid='{E23B33B0-C8C9-472C-A5F9-F2BDFEA0F156}'/>"
    "<EventID Qualifiers='16384'>611</EventID><Version>1</Version><Level>2</Level><Task>3</Task><Opcode>4</Opcode>"
    "<Keywords>0x80000000000000</Keywords><TimeCreated SystemTime='2020-08-10T10:00:39.123456789Z'/>"
    "<EventRecordID>12345</EventRecordID><Correlation ActivityID='{A}' RelatedActivityID='{B}'/>"
    "<Execution ProcessID='77' ThreadID='88'/><Channel>Application</Channel><Computer>s1.contoso.com</Computer>"
    "<Security UserID='S-1-5-18'/></System><EventData><Data>one&#13;&#10;two &lt;forest-info&gt;</Data>"
    "<Data Name='n'>  </Data><Data/><Binary>00FF</Binary></EventData><RenderingInfo Culture='en-US'>"
    "<Message>It &amp; that</Message><Level>Error</Level><Task/></RenderingInfo></Event></Events>";

}  // namespace

TEST_CASE("every field of an event comes out") {
  const CollectedRecords got = read_xml(full_event);
  CHECK(got.problems.empty());
  REQUIRE(got.events.size() == 1);
  const KeptEvent& e = got.events[0];
  CHECK(e.provider == "Directory Synchronization");
  CHECK(e.provider_guid == "{E23B33B0-C8C9-472C-A5F9-F2BDFEA0F156}");
  CHECK(e.fields.event_id == 611);
  CHECK(e.fields.qualifiers == 16384);
  CHECK(e.fields.version == 1);
  CHECK(e.fields.level == 2);
  CHECK(e.fields.task == 3);
  CHECK(e.fields.opcode == 4);
  CHECK(e.fields.keywords == 0x80000000000000);
  CHECK(e.fields.time == to_ticks({2020, 8, 10, 10, 0, 39, 1234567}));
  CHECK(e.fields.record_id == 12345);
  CHECK(e.fields.process_id == 77);
  CHECK(e.fields.thread_id == 88);
  CHECK(e.activity_id == "{A}");
  CHECK(e.related_activity_id == "{B}");
  CHECK(e.channel == "Application");
  CHECK(e.computer == "s1.contoso.com");
  CHECK(e.user_sid == "S-1-5-18");
  CHECK(e.message == "It & that");
  CHECK(e.level_text == "Error");
  CHECK(e.binary == "00FF");
  REQUIRE(e.data.size() == 3);
  CHECK(e.data[0] == std::pair<std::string, std::string>("", "one\r\ntwo <forest-info>"));
  CHECK(e.data[1] == std::pair<std::string, std::string>("n", "  "));
  CHECK(e.data[2].second.empty());
  CHECK(e.fields.given == 0x7FFF);
  CHECK(e.fields.where.line == 2);
  CHECK(e.fields.where.offset == full_event.find("<Event xmlns"));
}

TEST_CASE("what an event does not state is not given") {
  const CollectedRecords got = read_xml("<Event><System><EventID>5</EventID><Level></Level></System></Event>");
  REQUIRE(got.events.size() == 1);
  CHECK(got.events[0].fields.given == static_cast<std::uint32_t>(EventField::event_id));
  CHECK(got.events[0].fields.time == no_time);
}

TEST_CASE("all the ways in which events are exported") {
  const std::string one = small_event(1);
  const std::string two = small_event(2);
  CHECK(ids(read_xml(one)) == Ids{1});
  CHECK(ids(read_xml(one + two)) == Ids{1, 2});
  CHECK(ids(read_xml(one + "\r\n" + two + "\r\n")) == Ids{1, 2});
  CHECK(ids(read_xml("<root>" + one + two + "</root>")) == Ids{1, 2});
  CHECK(ids(read_xml("Record 1\n<?xml version=\"1.0\" encoding=\"utf-8\"?>\n" + one +
                     "\n\nRecord 2\n<?xml version=\"1.0\"?>\n" + two + "\n")) == Ids{1, 2});
  CHECK(ids(read_xml("PS C:\\> wevtutil qe Application\n" + one)) == Ids{1});
  CHECK(ids(read_xml("- <Event xmlns=\"http://schemas.microsoft.com/win/2004/08/events/event\">\r\n- <System>\r\n"
                     "  <Provider Name=\"P\" />\r\n  <EventID Qualifiers=\"0\">7</EventID>\r\n  </System>\r\n"
                     "- <EventData>\r\n  <Data>x</Data>\r\n  </EventData>\r\n  </Event>")) == Ids{7});
  const CollectedRecords prefixed = read_xml(
      "<e:Events xmlns:e='u'><e:Event><e:System><e:Provider Name='P'/><e:EventID>3</e:EventID></e:System>"
      "<e:EventData><e:Data Name='a'>v</e:Data></e:EventData></e:Event></e:Events>");
  CHECK(ids(prefixed) == Ids{3});
  CHECK(prefixed.problems.empty());
  CHECK(prefixed.events.at(0).data.at(0) == std::pair<std::string, std::string>("a", "v"));
}

TEST_CASE("user data gives its leaves, and an element named Event in it does not end the event") {
  const CollectedRecords got = read_xml(
      "<Event><System><EventID>1</EventID></System><UserData><Top xmlns='u' a='0'><Event><System>s</System></Event>"
      "<Flags value='4'/><P><Q>q</Q></P><Empty/></Top></UserData></Event>" +
      small_event(2));
  CHECK(got.problems.empty());
  CHECK(ids(got) == Ids{1, 2});
  using Item = std::pair<std::string, std::string>;
  CHECK(got.events.at(0).data == std::vector<Item>{{"System", "s"}, {"Flags", ""}, {"Q", "q"}, {"Empty", ""}});
}

TEST_CASE("processing error data and a value with elements are not lost") {
  const CollectedRecords got = read_xml(
      "<Event><System><EventID>1</EventID></System><ProcessingErrorData><ErrorCode>15005</ErrorCode>"
      "<EventPayload>00</EventPayload></ProcessingErrorData></Event>"
      "<Event><System><EventID>2</EventID></System><EventData><Data>a<!-- c "
      "-->b<![CDATA[<c>]]></Data></EventData></Event>");
  REQUIRE(got.events.size() == 2);
  CHECK(got.events[0].data.at(0) == std::pair<std::string, std::string>("ErrorCode", "15005"));
  CHECK(got.events[1].data.at(0).second == "ab<c>");
}

TEST_CASE("quotes, comments and CDATA may hold what looks like an end") {
  const CollectedRecords got =
      read_xml(small_event(1, "<Data Name='a>b'>1</Data><!-- </Event> --><Data><![CDATA[</Event>]]></Data>") + "<!-- " +
               small_event(9) + " -->" + small_event(2));
  CHECK(got.problems.empty());
  CHECK(ids(got) == Ids{1, 2});
  CHECK(got.events.at(0).data.at(1).second == "</Event>");
}

TEST_CASE("a broken event costs only itself") {
  const std::string good = small_event(1);
  const std::string end = small_event(2);
  for (const std::string& broken :
       {std::string("<Event><System></Event>"), std::string("<Event><System><EventID>5</EventData></System></Event>"),
        std::string("<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><EventID>5</Eve"),
        std::string("<Event><System><EventID>5</EventID></System><EventData><Data Name='"),
        std::string("<Event><System><EventID>5</EventID></System><EventData><Data><![CDATA[ never ended"),
        std::string("<Event><System><EventID>5</EventID></System><UserData><X>"),
        std::string("<Event><System><EventID>5</EventID></System><EventData><!-- "), std::string("<Event/>"),
        std::string("<Event><!DOCTYPE x><System/></Event>")}) {
    CAPTURE(broken);
    const CollectedRecords got = read_xml(good + "\n" + broken + "\n" + end);
    CHECK(ids(got) == Ids{1, 2});
    REQUIRE(got.problems.size() == 1);
    CHECK(got.problems[0].where.line == 2);
    CHECK(got.problems[0].where.offset == good.size() + 1);
  }
}

TEST_CASE("a field that cannot be read is a problem, and the rest of the event stands") {
  const CollectedRecords got = read_xml(
      "<Event><System><EventID>x</EventID><Level>4000</Level><TimeCreated SystemTime='never'/></System></Event>");
  REQUIRE(got.events.size() == 1);
  CHECK(got.events[0].fields.given == 0);
  CHECK(got.problems.size() == 3);
}

TEST_CASE("a DOCTYPE and its entities are refused, and the rest is read") {
  const CollectedRecords got = read_xml("<!DOCTYPE Events [ <!ENTITY a \"aaaa\"> <!ENTITY b \"&a;&a;\"> ]>\n<Events>" +
                                        small_event(1, "<Data>&b; &amp; &#65;</Data>") + small_event(2) + "</Events>");
  CHECK(ids(got) == Ids{1, 2});
  CHECK(got.events.at(0).data.at(0).second == "&b; & A");
  REQUIRE(got.problems.size() == 2);
  CHECK(got.problems[0].where.offset == 0);
  CHECK(got.problems[1].where.line == 2);
}

TEST_CASE("references to no character become U+FFFD instead of cutting the value") {
  const CollectedRecords got = read_xml(small_event(1, "<Data>a&#0;b&#xD800;c&#x110000;d&#x10FFFF;&unfinished</Data>"));
  REQUIRE(got.events.size() == 1);
  CHECK(got.events[0].data.at(0).second ==
        "a\xEF\xBF\xBD"
        "b\xEF\xBF\xBD"
        "c\xEF\xBF\xBD"
        "d\xF4\x8F\xBF\xBF&unfinished");
  CHECK(got.problems.size() == 1);
}

TEST_CASE("a text cut at any byte gives what was whole before, and says so") {
  std::string text = "<Events>";
  std::vector<std::size_t> ends;
  for (int i = 0; i < 4; ++i) {
    text += small_event(i, "<Data Name='q'>v&amp;<![CDATA[]]]]></Data><!-- c -->");
    ends.push_back(text.size());
  }
  text += "</Events>";
  for (std::size_t cut = 0; cut <= text.size(); ++cut) {
    CAPTURE(cut);
    const CollectedRecords got = read_xml(text.substr(0, cut));
    std::size_t whole = 0;
    while (whole < ends.size() && ends[whole] <= cut) ++whole;
    CHECK(got.events.size() == whole);
    if (cut > 8 && cut < text.size()) CHECK(got.problems.size() == 1);
  }
  CHECK(read_xml(text).problems.empty());
}

TEST_CASE("limits of one event: bytes, depth, attributes, values") {
  DecodeOptions options;
  options.limits.xml_event_bytes = 4000;
  const std::string large = small_event(5, "<Data>" + std::string(5000, 'x') + "</Data>");
  CollectedRecords got = read_xml(small_event(1) + large + small_event(2), options);
  CHECK(ids(got) == Ids{1, 2});
  CHECK(got.problems.size() == 1);
  CHECK(ids(read_xml(large)) == Ids{5});

  const auto nested = [](std::size_t depth) {
    std::string text = "<Event><System><EventID>5</EventID></System><UserData>";
    for (std::size_t i = 2; i < depth; ++i) text += "<a>";
    for (std::size_t i = 2; i < depth; ++i) text += "</a>";
    return text + "</UserData></Event>";
  };
  CHECK(ids(read_xml(nested(64))) == Ids{5});
  got = read_xml(nested(65) + small_event(2));
  CHECK(ids(got) == Ids{2});
  CHECK(got.problems.size() == 1);

  options = {};
  options.limits.xml_attributes = 3;
  got = read_xml(
      "<Event><System><EventID>5</EventID></System><UserData><a b='1' c='2' d='3' e='4'/></UserData></Event>", options);
  CHECK(got.events.at(0).data.empty());
  CHECK(got.problems.size() == 1);

  options.limits.event_data_items = 2;
  got = read_xml(small_event(1, "<Data/><Data/><Data/>"), options);
  CHECK(got.events.at(0).data.size() == 2);
  CHECK(got.problems.size() == 1);

  options.limits.problems_per_source = 5;
  std::string many;
  for (int i = 0; i < 20; ++i) many += "<Event><System></Event>";
  got = read_xml(many, options);
  CHECK(got.problems.size() == 6);
  CHECK(got.problems.back().what == "further problems, counted only: 15");
}

TEST_CASE("what a filter turns down is passed over") {
  EventFilter filter;
  filter.ids = {2};
  const CompiledFilter compiled(filter);
  DecodeOptions options;
  options.filter = &compiled;
  const CollectedRecords got = read_xml(small_event(1) + small_event(2) + small_event(3), options);
  CHECK(ids(got) == Ids{2});
  CHECK(got.marks.size() == 2);
}

namespace {

// Gives the same event over and over, and knows how much the reader asked for beyond what it delivered.
class EndlessExport final : public ByteStream {
 public:
  explicit EndlessExport(std::size_t events) : left_(events) {}
  std::size_t read(std::span<std::uint8_t> into) override {
    std::size_t filled = 0;
    while (filled < into.size() && (at_ < event_.size() || left_ > 0)) {
      if (at_ == event_.size()) {
        at_ = 0;
        --left_;
      }
      const std::size_t n = std::min(into.size() - filled, event_.size() - at_);
      std::memcpy(into.data() + filled, event_.data() + at_, n);
      filled += n;
      at_ += n;
    }
    given += filled;
    return filled;
  }
  std::size_t given = 0;

 private:
  std::string event_ = small_event(7, "<Data>a line\nanother</Data>");
  std::size_t at_ = event_.size();
  std::size_t left_;
};

}  // namespace

TEST_CASE("a hundred thousand events are read in a window") {
  struct Watch final : RecordSink {
    EndlessExport* source = nullptr;
    std::size_t events = 0;
    std::uint64_t last_line = 0;
    std::uint64_t farthest = 0;
    void event(const EventView& e) override {
      ++events;
      farthest = std::max(farthest, source->given - e.where.offset);
      last_line = e.where.line;
    }
    void problem(Problem) override { FAIL("no problem is expected"); }
  };
  EndlessExport source(100'000);
  Watch watch;
  watch.source = &source;
  decode_event_xml(source, {}, watch);
  CHECK(watch.events == 100'000);
  CHECK(watch.last_line == 100'000);
  CHECK(watch.farthest < (1u << 20));
}

TEST_CASE("Windows' own export: every event as an independent reader sees it") {
  const auto folder = shared_folder();
  if (folder.empty()) return;
  const std::string text = file_text(folder / "data" / "oracle" / "Application.xml");
  CollectedRecords got;
  Source source{"Application.xml", open_memory(as_bytes(text)), no_time};
  CHECK(decode(std::move(source), {}, got) == SourceKind::event_xml);
  CHECK(got.problems.empty());
  CHECK(got.notes.empty());

  pugi::xml_document document;
  REQUIRE(document.load_buffer(text.data(), text.size(),
                               (pugi::parse_default | pugi::parse_ws_pcdata_single) & ~pugi::parse_eol));
  std::size_t i = 0;
  for (const pugi::xml_node& node : document.child("Events").children("Event")) {
    REQUIRE(i < got.events.size());
    const KeptEvent& e = got.events[i++];
    const pugi::xml_node system = node.child("System");
    CHECK(e.provider == system.child("Provider").attribute("Name").value());
    CHECK(e.provider_guid == system.child("Provider").attribute("Guid").value());
    CHECK(e.id() == system.child("EventID").text().as_uint());
    CHECK(e.fields.qualifiers == system.child("EventID").attribute("Qualifiers").as_uint());
    CHECK(e.fields.level == system.child("Level").text().as_uint());
    CHECK(e.fields.task == system.child("Task").text().as_uint());
    CHECK(e.fields.opcode == system.child("Opcode").text().as_uint());
    CHECK(e.fields.version == system.child("Version").text().as_uint());
    CHECK(e.fields.record_id == system.child("EventRecordID").text().as_ullong());
    CHECK(e.fields.keywords == std::stoull(system.child("Keywords").text().get(), nullptr, 16));
    CHECK(e.fields.process_id == system.child("Execution").attribute("ProcessID").as_uint());
    CHECK(e.channel == system.child("Channel").text().get());
    CHECK(e.computer == system.child("Computer").text().get());
    CHECK(e.user_sid == system.child("Security").attribute("UserID").value());
    CHECK(e.activity_id == system.child("Correlation").attribute("ActivityID").value());
    CHECK(to_iso(e.fields.time) == system.child("TimeCreated").attribute("SystemTime").value());
    CHECK(e.message == node.child("RenderingInfo").child("Message").text().get());
    CHECK(e.level_text == node.child("RenderingInfo").child("Level").text().get());
    if (const pugi::xml_node data = node.child("EventData")) {
      std::size_t k = 0;
      for (const pugi::xml_node& item : data.children("Data")) {
        REQUIRE(k < e.data.size());
        CHECK(e.data[k].first == item.attribute("Name").value());
        CHECK(e.data[k++].second == item.child_value());
      }
      CHECK(k == e.data.size());
      CHECK(e.binary == data.child("Binary").child_value());
    }
    CHECK(text.compare(3 + static_cast<std::size_t>(e.fields.where.offset), 6, "<Event") == 0);
  }
  CHECK(i == 366);
  CHECK(got.events.size() == 366);
}
