// Text that is cut at a limit is cut between characters.
#include <doctest/doctest.h>

#include <functional>
#include <string>

#include "read/utf8.hpp"
#include "support/valid_utf8.hpp"
#include "synclens/decode.hpp"

using namespace synclens;

namespace {

struct Validity final : RecordSink {
  bool valid = true;
  std::size_t delivered = 0, problems = 0;
  void see(std::string_view text) { valid = valid && support::valid_utf8(text); }
  void event(const EventView& e) override {
    ++delivered;
    for (const std::string_view t : {e.provider, e.channel, e.computer, e.user_sid, e.message, e.level_text}) see(t);
    for (const DataItem& item : e.data) see(item.name), see(item.value);
  }
  void sync_log_row(const SyncLogRow& r) override {
    ++delivered;
    for (const std::string_view t : {r.status, r.dn, r.anchor, r.details}) see(t);
  }
  void setting(const Setting& s) override {
    ++delivered;
    for (const std::string_view t : {s.subject, s.name, s.value}) see(t);
  }
  void problem(Problem p) override {
    ++problems;
    see(p.what);
  }
  void note(std::string n) override { see(n); }
};

using Decode = std::function<void(ByteStream&, const DecodeOptions&, RecordSink&)>;

}  // namespace

TEST_CASE("a character that lost bytes is taken off the end") {
  const std::string text = "a\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80";
  const std::size_t whole[] = {0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10};
  for (std::size_t n = 0; n <= text.size(); ++n) {
    CHECK(without_cut_character(std::string_view(text).substr(0, n)).size() == whole[n]);
  }
}

TEST_CASE("whatever the limits, decoders deliver UTF-8 and say what they cut") {
  const std::string odd = "\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80";
  const std::string many = odd + odd + odd + odd;
  const struct {
    std::string text;
    Decode decode;
  } cases[] = {
      {"Level,Date and Time,Source,Event ID,Task Category,Message\nError,11/3/2026 2:21:36 PM," + many +
           ",611,None,\"" + many + "\"\"" + many + "\"\n",
       decode_event_table},
      {"Log Name:      Application\nSource:        " + many +
           "\nDate:          11/3/2026 2:21:36 PM\nEvent ID:      611\n" +
           "Level:         Error\nComputer:      " + many + "\nDescription:\n" + many + "\n" + many + "\n",
       decode_event_text},
      {"Date Time,DN,Status\n2026-11-09 07:12:41,CN=" + many + ",Success\n", decode_sync_log},
      {"Date Time           DN                   Status\n---------           --                   ------\n"
       "2026-11-09 07:12:41 CN=" +
           many + " Success\n",
       decode_sync_log},
      {"\nAllowedSyncCycleInterval : 00:30:00\nStagingModeEnabled : " + many + "\nName : " + many + "\n",
       [](ByteStream& utf8, const DecodeOptions& options, RecordSink& sink) {
         decode_settings(utf8, "Get-ADSyncScheduler.txt", options, sink);
       }},
  };
  for (const auto& c : cases) {
    std::size_t delivered = 0, cut = 0;
    for (std::size_t most = 1; most < c.text.size(); ++most) {
      DecodeOptions options;
      options.limits.table_cell_bytes = options.limits.text_line_bytes = options.limits.settings_bytes = most;
      Validity sink;
      const auto stream = open_memory(as_bytes(c.text));
      c.decode(*stream, options, sink);
      CAPTURE(c.text);
      CAPTURE(most);
      CHECK(sink.valid);
      delivered += sink.delivered;
      cut += sink.problems != 0 ? 1u : 0u;
    }
    CHECK(delivered > 0);
    CHECK(cut > 0);
  }
}

TEST_CASE("a value in a problem is cut between characters") {
  for (std::size_t before = 60; before < 84; ++before) {
    const std::string text = "<Event><System><EventID>1</EventID><TimeCreated SystemTime='" + std::string(before, 'x') +
                             "\xF0\x9F\x98\x80\xE2\x82\xAC\xC3\xA4 more'/></System></Event>";
    Validity sink;
    const auto stream = open_memory(as_bytes(text));
    decode_event_xml(*stream, {}, sink);
    CHECK(sink.problems == 1);
    CHECK(sink.valid);
  }
}
