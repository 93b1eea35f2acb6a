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

#include "support/made_log.hpp"
#include "synclens/correlate.hpp"

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
