// Sources that fail, shrink or grow while they are read: what was read counts, what was lost is said, and nothing is
// called healthy on the strength of it.
#include <doctest/doctest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <system_error>

#include "support/log_builder.hpp"
#include "support/made_log.hpp"
#include "synclens/correlate.hpp"
#include "synclens/render.hpp"

using namespace synclens;
using namespace synclens::test;
namespace fs = std::filesystem;

namespace {

// Gives its bytes in pieces of one to seven, then fails or ends.
class Faulty final : public ByteStream {
 public:
  Faulty(std::string_view bytes, bool fails) : left_(bytes), fails_(fails) {}
  std::size_t read(std::span<std::uint8_t> into) override {
    piece_ = piece_ % 7 + 1;
    const std::size_t n = std::min({into.size(), left_.size(), piece_});
    std::copy_n(left_.begin(), n, into.begin());
    left_.remove_prefix(n);
    if (n == 0 && fails_) throw std::system_error(EIO, std::generic_category(), "disk");
    return n;
  }

 private:
  std::string_view left_;
  bool fails_;
  std::size_t piece_ = 0;
};

Diagnosis analyze(std::unique_ptr<ByteStream> stream, const std::string& name) {
  Analyzer analyzer(shipped_catalogue());
  Source source;
  source.name = name;
  source.stream = std::move(stream);
  analyzer.add(std::move(source));
  return analyzer.conclude();
}

// Calls `during` once, after some reads.
class Watched final : public ByteStream {
 public:
  Watched(std::unique_ptr<ByteStream> file, std::function<void()> during)
      : file_(std::move(file)), during_(std::move(during)) {}
  std::size_t read(std::span<std::uint8_t> into) override {
    if (++reads_ == 2) during_();
    return file_->read(into.first(std::min<std::size_t>(into.size(), 4096)));
  }

 private:
  std::unique_ptr<ByteStream> file_;
  std::function<void()> during_;
  int reads_ = 0;
};

constexpr std::size_t chunks = 60, file_head = 4096, chunk_size = 65536;

// A log of as many chunks as its head states, of one record each.
std::string binary_log() {
  support::Log log;
  support::Xml record(log.next_body(), false);
  record.header().open("Event").content().open("System").content().open("EventID").content().text("611").close();
  record.close().close();
  log.record(record.bytes());
  std::string file = log.file();
  for (std::size_t i = 1; i < chunks; ++i) file += log.chunk();
  file[42] = static_cast<char>(chunks);
  return file;
}

struct Printed final : TextSink {
  bool write(std::string_view text) override {
    lines += static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
    return true;
  }
  std::size_t lines = 0;
};

RenderReport print(std::unique_ptr<ByteStream> stream, Printed& printed) {
  RenderOptions options;
  options.format = RenderFormat::jsonl;
  options.threads = 3;
  return render_evtx(*stream, options, printed);
}

}  // namespace

TEST_CASE("short reads change nothing; a read error is a problem and never health") {
  const MadeLog log = heart(0, 600) + noise(0, 600);
  for (const Given& given : {xml(log), csv(log)}) {
    const Diagnosis whole = diagnose({given});
    REQUIRE(whole.verdict.status == VerdictStatus::healthy);
    const Diagnosis parts = analyze(std::make_unique<Faulty>(given.bytes, false), given.name);
    CHECK(said(parts) == said(whole));
    for (const std::size_t good : {std::size_t{0}, given.bytes.size() / 3, given.bytes.size()}) {
      CAPTURE(good);
      const Diagnosis broken =
          analyze(std::make_unique<Faulty>(std::string_view(given.bytes).substr(0, good), true), given.name);
      CHECK(broken.verdict.status == VerdictStatus::unknown);
      REQUIRE(!broken.inputs[0].problems.empty());
      CHECK(holds(broken.inputs[0].problems.back().what, "reading failed"));
    }
  }
}

TEST_CASE("a file that is cut short or grows while it is read") {
  const fs::path path = fs::temp_directory_path() / ("synclens-" + std::to_string(::getpid()) + ".xml");
  const std::string text = xml(heart(0, 3000) + noise(0, 3000)).bytes;
  REQUIRE(text.size() > 200000);
  std::ofstream(path, std::ios::binary) << text;
  const Diagnosis cut =
      analyze(std::make_unique<Watched>(open_file(path.string()), [&] { fs::resize_file(path, 9000); }), path.string());
  CHECK(cut.verdict.status == VerdictStatus::unknown);
  CHECK(!cut.inputs[0].problems.empty());

  const std::size_t events = text.size() - 9;  // without </Events>
  std::ofstream(path, std::ios::binary) << text.substr(0, events);
  const Diagnosis grown =
      analyze(std::make_unique<Watched>(open_file(path.string()),
                                        [&] {
                                          std::ofstream more(path, std::ios::binary | std::ios::app);
                                          more << text.substr(events);
                                        }),
              path.string());
  CHECK(grown.inputs[0].problems.empty());
  CHECK(grown.inputs[0].records == diagnose({xml(heart(0, 3000) + noise(0, 3000))}).inputs[0].records);
  fs::remove(path);
}

TEST_CASE("an event log that is cut short or grows while it is read") {
  const fs::path path = fs::temp_directory_path() / ("synclens-" + std::to_string(::getpid()) + ".evtx");
  const std::string log = binary_log();
  constexpr std::size_t left = 8;
  const auto cut = [&] { fs::resize_file(path, file_head + left * chunk_size + 100); };
  const auto watched = [&](const std::function<void()>& during) {
    return std::make_unique<Watched>(open_file(path.string()), during);
  };

  std::ofstream(path, std::ios::binary) << log;
  const Diagnosis d = analyze(watched(cut), path.string());
  CHECK(d.inputs[0].records == left);
  CHECK(d.verdict.status == VerdictStatus::unknown);
  CHECK(!d.inputs[0].problems.empty());
  std::ofstream(path, std::ios::binary) << log;
  Printed printed;
  CHECK(!print(watched(cut), printed).problems.empty());
  CHECK(printed.lines == left);

  std::ofstream(path, std::ios::binary) << log.substr(0, log.size() - 10 * chunk_size);
  Printed all;
  const RenderReport grown = print(watched([&] {
                                     std::ofstream more(path, std::ios::binary | std::ios::app);
                                     more << log.substr(log.size() - 10 * chunk_size);
                                   }),
                                   all);
  CHECK(grown.problems.empty());
  CHECK(all.lines == chunks);
  fs::remove(path);
}
