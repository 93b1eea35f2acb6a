// Against Windows itself and against the fastest other reader.
#include <doctest/doctest.h>

#include <cstdio>
#include <fstream>
#include <map>
#include <pugixml.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "support/rendered.hpp"
#include "support/shared_data.hpp"

using namespace synclens;
using namespace support;

namespace {

// An element as one text: names, attributes in order, text. GUIDs in attributes without regard to case: the export of
// Windows spells provider GUIDs as its registry does, the log as bytes.
void flatten(const pugi::xml_node& node, std::string& out) {
  if (node.type() != pugi::node_element) {
    out += std::string("|") + node.value();
    return;
  }
  out += std::string("<") + node.name();
  for (const auto& attribute : node.attributes()) {
    std::string value = attribute.value();
    if (value.size() == 38 && value[0] == '{') {
      for (char& c : value) c = c >= 'A' && c <= 'F' ? static_cast<char>(c + 32) : c;
    }
    out += std::string(" ") + attribute.name() + "=" + value;
  }
  for (const auto& child : node.children()) {
    if (std::string(child.name()) != "RenderingInfo") flatten(child, out);
  }
  out += ">";
}

std::string flat_event(std::string_view xml) {
  pugi::xml_document document;
  const auto result = document.load_buffer(xml.data(), xml.size(), pugi::parse_default | pugi::parse_ws_pcdata);
  REQUIRE_MESSAGE(result, result.description());
  std::string out;
  flatten(document.document_element(), out);
  return out;
}

std::string peer() {
  if (const char* named = std::getenv("SYNCLENS_EVTX_DUMP")) return named;
  const char* home = std::getenv("HOME");
  const std::string cargo = std::string(home != nullptr ? home : "") + "/.cargo/bin/evtx_dump";
  if (fs::exists(cargo)) return cargo;
  std::istringstream path(std::getenv("PATH") != nullptr ? std::getenv("PATH") : "");
  for (std::string folder; std::getline(path, folder, ':');) {
    if (fs::exists(fs::path(folder) / "evtx_dump")) return (fs::path(folder) / "evtx_dump").string();
  }
  MESSAGE("skipped: evtx_dump is not installed");
  return {};
}

std::string run_peer(const std::string& program, const std::string& options, const fs::path& log) {
  std::FILE* pipe = ::popen((program + " -t 1 " + options + " '" + log.string() + "' 2>/dev/null").c_str(), "r");
  REQUIRE(pipe != nullptr);
  std::string out;
  char block[65536];
  while (const std::size_t n = std::fread(block, 1, sizeof block, pipe)) out.append(block, n);
  ::pclose(pipe);
  return out;
}

void replace_all(std::string& text, std::string_view what, std::string_view with) {
  std::string out;
  std::size_t done = 0;
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, done)) {
    out.append(text, done, at - done).append(with);
    done = at + what.size();
  }
  text = out.append(text, done);
}

// evtx_dump gives a wrapped log oldest first, we give the order of the file; so records are compared as a bag.
using Bag = std::map<std::string, int>;

// One number for a bag of records, whatever their order.
struct Digest {
  std::uint64_t records = 0, sum = 0;

  void add(std::string_view record) {
    std::uint64_t hash = 0xCBF29CE484222325;
    for (const char c : record) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3;
    sum += hash;
    ++records;
  }
  bool operator==(const Digest&) const = default;
};
std::ostream& operator<<(std::ostream& out, const Digest& digest) {
  return out << digest.records << '\t' << std::hex << digest.sum << std::dec;
}

// evtx_dump writes an underscore for what XML cannot hold (control characters, lone surrogates); we write U+FFFD. An
// attribute whose value is an empty string: Windows' rule leaves out NULL only; evtx_dump leaves out both.
std::string evened(std::string_view xml, const fs::path& log) {
  std::string flat = flat_event(xml);
  replace_all(flat, "\xEF\xBF\xBD", "_");
  if (log.filename().string().find("HelloForBusiness") != std::string::npos) replace_all(flat, " Name= ", " ");
  return flat;
}

std::vector<std::string> xml_of_peer(const std::string& program, const fs::path& log) {
  const std::string theirs = run_peer(program, "-o xml --no-indent --dont-show-record-number", log);
  const std::string_view declaration = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n";
  std::vector<std::string> all;
  for (std::size_t at = theirs.find(declaration); at != std::string::npos;) {
    const std::size_t from = at + declaration.size();
    at = theirs.find(declaration, from);
    std::string_view one = std::string_view(theirs).substr(from, at == std::string::npos ? at : at - from);
    while (!one.empty() && one.back() == '\n') one.remove_suffix(1);
    all.push_back(evened(one, log));
  }
  return all;
}

// The two logs that are compared by other means only: one has 89 records of a cut chunk that evtx_dump leaves out; in
// the other evtx_dump prints the number of a boolean that is neither 0 nor 1 where Windows says true.
bool compared_elsewhere(const fs::path& log) {
  return log.filename() == "System2.evtx" || log.filename() == "sample-with-irregular-bool-values.evtx";
}

// What evtx_dump 0.15.1 printed of each log of the collection; SYNCLENS_WRITE_DIGESTS=1 makes the file anew with the
// evtx_dump at hand.
fs::path digests_file() {
  return fs::path(source_folder()) / "tests" / "golden" / "oracles" / "evtx_dump.tsv";
}

}  // namespace

TEST_CASE("XML equals what Windows saved from the same log") {
  const fs::path data = shared_data();
  if (data.empty()) return;
  pugi::xml_document windows;
  const std::string saved = read_file(data / "oracle" / "Application.xml");
  REQUIRE(windows.load_buffer(saved.data(), saved.size(), pugi::parse_default | pugi::parse_ws_pcdata));
  std::map<std::string, std::string> by_id;
  for (const auto& event : windows.document_element().children("Event")) {
    flatten(event, by_id[event.child("System").child("EventRecordID").child_value()]);
  }
  const std::string log = read_file(data / "oracle" / "Application.evtx");
  const Rendered ours = render(log, RenderFormat::xml);
  std::size_t equal = 0;
  for (const std::string_view line : records(ours.text)) {
    const std::string flat = flat_event(line);
    const std::size_t at = flat.find("<EventRecordID|") + 15;
    const std::string id = flat.substr(at, flat.find('>', at) - at);
    CHECK(flat == by_id[id]);
    equal += flat == by_id[id] ? 1u : 0u;
  }
  CHECK(by_id.size() == 366);
  CHECK(equal == 366);
}

TEST_CASE("JSON Lines equal those of evtx_dump") {
  const std::string program = peer();
  if (program.empty()) return;
  std::size_t compared = 0, booleans = 0;
  for (const fs::path& log : shared_logs()) {
    if (log.filename() == "System2.evtx") continue;  // 89 records of a cut chunk that evtx_dump leaves out
    CAPTURE(log.filename().string());
    const std::string theirs = run_peer(program, "-o jsonl", log);
    const Rendered ours = render(read_file(log), RenderFormat::jsonl);
    Bag bag;
    for (const std::string_view line : lines(theirs)) ++bag[std::string(line)];
    std::vector<std::string> strange;
    for (const std::string_view line : lines(ours.text)) {
      ++compared;
      if (--bag[std::string(line)] < 0) strange.emplace_back(line);
    }
    // A boolean other than 0 and 1 (the log holds 16): evtx_dump prints the number, we say true, as Windows' API does
    // for every value but 0.
    if (log.filename() == "sample-with-irregular-bool-values.evtx") {
      booleans = strange.size();
      for (const std::string& line : strange) CHECK(line.find("\":true") != std::string::npos);
      continue;
    }
    for (const std::string& line : strange) CHECK(line == "a line of evtx_dump");
    for (const auto& [line, count] : bag) {
      if (count > 0) CHECK(line == "a line of ours");
    }
  }
  CHECK(booleans == 97);
  CHECK(compared > 36000);
}

TEST_CASE("XML equals that of evtx_dump") {
  const std::string program = peer();
  if (program.empty()) return;
  std::size_t compared = 0;
  for (const fs::path& log : shared_logs()) {
    if (compared_elsewhere(log)) continue;
    CAPTURE(log.filename().string());
    Bag bag;
    for (std::string& record : xml_of_peer(program, log)) ++bag[std::move(record)];
    const Rendered ours = render(read_file(log), RenderFormat::xml);
    for (const std::string_view line : records(ours.text)) {
      const std::string flat = evened(line, log);
      ++compared;
      if (--bag[flat] < 0) CHECK(flat == "a record of evtx_dump");
    }
  }
  CHECK(compared > 33000);
}

TEST_CASE("XML and JSON Lines have the digests of what evtx_dump printed, where that is not installed") {
  const fs::path data = shared_data();
  if (data.empty()) return;
  if (const char* asked = std::getenv("SYNCLENS_WRITE_DIGESTS"); asked != nullptr && std::string(asked) == "1") {
    const std::string program = peer();
    REQUIRE_FALSE(program.empty());
    std::ofstream out(digests_file());
    out << "log\tXML records\tdigest\tJSON Lines\tdigest\n";
    for (const fs::path& log : shared_logs()) {
      if (compared_elsewhere(log)) continue;
      Digest xml, jsonl;
      for (const std::string& record : xml_of_peer(program, log)) xml.add(record);
      const std::string text = run_peer(program, "-o jsonl", log);
      for (const std::string_view line : lines(text)) jsonl.add(line);
      out << fs::relative(log, data).generic_string() << '\t' << xml << '\t' << jsonl << '\n';
    }
  }
  std::ifstream digests(digests_file());
  std::string row;
  std::getline(digests, row);
  std::size_t files = 0;
  while (std::getline(digests, row)) {
    const fs::path log = data / row.substr(0, row.find('\t'));
    CAPTURE(log.string());
    const std::string file = read_file(log);
    Digest xml, jsonl;
    const Rendered as_xml = render(file, RenderFormat::xml), as_jsonl = render(file, RenderFormat::jsonl);
    for (const std::string_view record : records(as_xml.text)) xml.add(evened(record, log));
    for (const std::string_view line : lines(as_jsonl.text)) jsonl.add(line);
    std::ostringstream ours;
    ours << row.substr(0, row.find('\t')) << '\t' << xml << '\t' << jsonl;
    CHECK(ours.str() == row);
    ++files;
  }
  CHECK(files >= 140);
}
