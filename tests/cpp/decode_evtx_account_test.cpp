// Every byte of a log is either read or skipped, whatever the log is.
#include <doctest/doctest.h>

#include <random>

#include "support/huge_log.hpp"
#include "support/log_builder.hpp"
#include "support/read_log.hpp"
#include "support/rendered.hpp"
#include "support/shared_data.hpp"

using namespace synclens;
using namespace support;

namespace {

Log some_records() {
  Log log;
  for (const char* text : {"one", "two", "three", "four"}) {
    Xml x(log.next_body(), false);
    x.header().open("Event").content().open("EventData").content().open("Data").content().text(text);
    log.record(x.close().close().close().bytes());
  }
  return log;
}

void check_account(const Account& account, std::uint64_t size) {
  CHECK(account.size == size);
  CHECK(account.read() + account.skipped == size);
  std::uint64_t skipped = 0, end = 0;
  for (const Account::Stretch& stretch : account.stretches) {
    CHECK(stretch.where.offset >= end);
    CHECK(!stretch.reason.empty());
    end = stretch.where.offset + stretch.bytes;
    skipped += stretch.bytes;
  }
  CHECK(end <= size);
  if (account.more_stretches == 0) CHECK(skipped == account.skipped);
}

void check_all_ways(std::string_view log) {
  for (const bool recover : {false, true}) {
    const ReadLog read = read_log(log, recover);
    CHECK(read.accounts == 1);
    check_account(read.account_read, log.size());
    const Account printed = render(log, RenderFormat::jsonl, 3, recover).report.account;
    check_account(printed, log.size());
  }
}

}  // namespace

TEST_CASE("bytes read and bytes skipped add up for every real log") {
  for (const fs::path& path : shared_logs()) {
    CAPTURE(path.filename().string());
    const std::string log = read_file(path);
    if (log.size() > (4u << 20)) {
      check_account(read_log(log, true).account_read, log.size());
    } else {
      check_all_ways(log);
    }
  }
}

TEST_CASE("they add up for cut, changed and strange logs") {
  std::mt19937 random(7);
  const auto pick = [&](std::size_t below) { return static_cast<std::size_t>(random()) % below; };
  const std::string log = some_records().file() + some_records().chunk() + Bytes(65536, '\0') + some_records().chunk();
  for (const std::size_t size : {0u, 1u, 7u, 8u, 127u, 128u, 4095u, 4096u, 4097u, 4607u, 4608u, 69631u}) {
    check_all_ways(log.substr(0, size));
  }
  check_all_ways(log.substr(4096));
  check_all_ways(Bytes(100'000, 'x'));
  for (int i = 0; i < 150; ++i) {
    std::string changed = log.substr(0, log.size() - pick(70'000));
    for (std::size_t n = pick(40); n != 0; --n) changed[pick(changed.size())] = static_cast<char>(random());
    for (std::size_t n = pick(40); n != 0; --n) {
      changed[4096 + pick(3) * 65536 + 512 + pick(1024)] = static_cast<char>(pick(2) == 0 ? 0x2A : random());
    }
    check_all_ways(changed);
  }
}

TEST_CASE("a skipped stretch says where it is and why") {
  Bytes file = some_records().file();
  const std::size_t second = file.find(Bytes("\x2a\x2a\0\0", 4), 4096 + 512 + 4);
  const std::size_t third = file.find(Bytes("\x2a\x2a\0\0", 4), second + 4);
  file.replace(second, 4, "xxxx");
  const Account account = read_log(file).account_read;
  REQUIRE(account.stretches.size() == 1);
  CHECK(account.stretches[0].where.offset == second);
  CHECK(account.stretches[0].where.chunk == 0);
  CHECK(account.stretches[0].bytes == third - second);
  CHECK(account.stretches[0].reason == "no record where one should start");
  CHECK(account.headers == 4096 + 512);
}

TEST_CASE("they add up beyond 4 GiB and beyond what the header can count") {
  constexpr std::uint64_t zeros = std::uint64_t{65'600} * 65'536;
  HugeLog stream(some_records().file(), some_records().chunk(), zeros);
  ReadLog log;
  decode_evtx(stream, {}, log);
  check_account(log.account_read, 4096 + 65536 + zeros + 65536);
  CHECK(log.account_read.skipped == 0);
  CHECK(log.account_read.chunks == 2);
  CHECK(log.events.size() == 8);
  CHECK(log.problems.empty());
  CHECK(log.events.back().offset > (std::uint64_t{1} << 32));
}
