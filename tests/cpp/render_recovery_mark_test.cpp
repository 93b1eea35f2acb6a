// With recovery every printed record says where it was found and in which state.
#include <doctest/doctest.h>

#include <pugixml.hpp>

#include "support/log_builder.hpp"
#include "support/read_log.hpp"
#include "support/rendered.hpp"
#include "support/shared_data.hpp"
#include "synclens/columns.hpp"

using namespace synclens;
using namespace support;

namespace {

// One live record and one behind it.
Bytes log_with_remains() {
  Log log;
  for (const char* text : {"one", "two"}) {
    Xml x(log.next_body(), false);
    log.record(x.header().open("Event").content().open("Data").content().text(text).close().close().bytes());
  }
  Bytes file = log.file();
  const std::size_t second = file.rfind(Bytes("\x2a\x2a\0\0", 4));
  file.replace(4096 + 48, 4, number(second - 4096, 4));
  file.replace(4096 + 32, 8, number(1, 8));
  return file;
}

}  // namespace

TEST_CASE("marks in XML and JSON") {
  const Bytes file = log_with_remains();
  const std::string second = std::to_string(file.rfind(Bytes("\x2a\x2a\0\0", 4)));
  const std::string xml = render(file, RenderFormat::xml, 1, true).text;
  CHECK(xml ==
        "<Event><Data>one</Data><Recovery xmlns='urn:synclens:recovery' state='intact' chunk='0' offset='4608' "
        "record='1' written='2019-04-17T18:40:00Z'/></Event>\n"
        "<Event><Data>two</Data><Recovery xmlns='urn:synclens:recovery' state='slack' chunk='0' offset='" +
            second +
            "' record='2' written='2019-04-17T18:40:00Z' reason='behind the last record of its chunk'/></Event>\n");
  const std::string json = render(file, RenderFormat::jsonl, 1, true).text;
  CHECK(json ==
        "{\"Event\":{\"Data\":\"one\"},\"Recovery\":{\"state\":\"intact\",\"chunk\":0,\"offset\":4608,\"record\":1,"
        "\"written\":\"2019-04-17T18:40:00Z\"}}\n"
        "{\"Event\":{\"Data\":\"two\"},\"Recovery\":{\"state\":\"slack\",\"chunk\":0,\"offset\":" +
            second +
            ",\"record\":2,\"written\":\"2019-04-17T18:40:00Z\",\"reason\":\"behind the last record of its "
            "chunk\"}}\n");
  CHECK(render(file, RenderFormat::xml).text == "<Event><Data>one</Data></Event>\n");
}

TEST_CASE("an element without content gets its mark inside") {
  Log log;
  Xml x(log.next_body(), false);
  log.record(x.header().open("Event", true).attribute("a").text("b").empty().bytes());
  const std::string xml = render(log.file(), RenderFormat::xml, 1, true).text;
  CHECK(xml.rfind("<Event a='b'><Recovery ", 0) == 0);
  CHECK(xml.substr(xml.size() - 11) == "/></Event>\n");
}

TEST_CASE("without recovery no mark, with it the same records in every form") {
  std::size_t marked = 0, without = 0;
  for (const fs::path& path : shared_logs()) {
    if (fs::file_size(path) > (2u << 20)) continue;
    CAPTURE(path.filename().string());
    const std::string log = read_file(path);
    CHECK(render(log, RenderFormat::xml).text.find("urn:synclens:recovery") == std::string::npos);
    const std::string xml = render(log, RenderFormat::xml, 1, true).text;
    const std::string json = render(log, RenderFormat::jsonl, 1, true).text;
    const ReadLog read = read_log(log, true);
    const auto all = records(xml);
    REQUIRE(all.size() == read.events.size());
    REQUIRE(lines(json).size() == read.events.size());
    for (std::size_t i = 0; i < all.size(); ++i) {
      const ReadEvent& e = read.events[i];
      pugi::xml_document document;
      const auto parsed = document.load_buffer(all[i].data(), all[i].size());
      REQUIRE_MESSAGE(parsed, parsed.description() << ": " << std::string(all[i].substr(0, 300)));
      const pugi::xml_node mark = document.document_element().last_child();
      CHECK(std::string(mark.name()) == "Recovery");
      CHECK(mark.attribute("state").value() == std::string(to_string(e.state)));
      CHECK(mark.attribute("reason").value() == e.reason);
      CHECK(mark.attribute("offset").as_ullong() == e.offset);
      CHECK(mark.attribute("chunk").as_ullong() == e.chunk);
      const std::string state = "\"Recovery\":{\"state\":\"" + std::string(to_string(e.state)) + '"';
      CHECK(lines(json)[i].find(state) != std::string_view::npos);
      ++marked;
      if (e.state != RecordState::without_template) continue;
      ++without;
      const pugi::xml_node system = document.document_element().child("System");
      CHECK(system.child("Provider").attribute("Name").value() == e.provider);
      CHECK(bool(system.child("EventID")) == e.has(EventField::event_id));
      if (e.provider.empty() && !e.has(EventField::event_id)) {
        CHECK(!system.first_child());  // the record's head has an id and a time, but they are not the event's
        CHECK(mark.select_nodes("Value").size() == e.data.size());
      }
    }
  }
  if (marked != 0) CHECK(without > 0);
}
