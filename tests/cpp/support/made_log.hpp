// A small language for logs that never were: events at a minute of 2026-03-10, as a viewer exports them, and what the
// analyzer says of them.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "synclens/correlate.hpp"

namespace synclens::test {

inline constexpr std::string_view contoso_id = "b891884f-051e-4a83-95af-2544101c9083";
inline constexpr std::string_view fabrikam_id = "0d2c3f4e-1111-4222-8333-944455556666";
inline constexpr std::string_view ana = "CN=Ana Lima,OU=Staff,DC=contoso,DC=com";
inline constexpr int day = 1440;

// One event of a log. Fields are public: a test changes what it needs.
struct MadeEvent {
  double minute = 0;
  std::uint32_t id = 0;
  std::string text;
  std::string provider = "Directory Synchronization";
  int level = 4;
  std::string computer = "sync01.contoso.com";
  std::string channel = "Application";
  std::uint64_t record = 0;  // 0: numbered by time when it is written
};
using MadeLog = std::vector<MadeEvent>;

[[nodiscard]] MadeLog operator+(MadeLog a, const MadeLog& b);

// The time of a minute, counted from 2026-03-10T00:00:00Z, and as the JSON would print it.
[[nodiscard]] Ticks at(double minute);
[[nodiscard]] std::string iso_at(double minute);

[[nodiscard]] MadeLog ev(double minute, std::uint32_t id, std::string text,
                         std::string provider = "Directory Synchronization", int level = 4);
// A ping and its answer (653, 654); every half hour from a to b (exclusive); events of another program.
[[nodiscard]] MadeLog ping(double minute, std::string_view connector = contoso_id,
                           std::string_view partition = "CONTOSO.COM");
[[nodiscard]] MadeLog heart(int a, int b, std::string_view connector = contoso_id,
                            std::string_view partition = "CONTOSO.COM", int step = 30);
[[nodiscard]] MadeLog noise(int a, int b, int step = 10);
// 650, 656, 657, 651 of one user.
struct Change {
  std::string dn{ana};
  std::string anchor = "H552hI9GwEykZwosf74JeOQ==";
  std::string result = "Success";
  std::string flag = "False";
  bool answered = true;
  std::string partition = "CONTOSO.COM";
  std::string connector{contoso_id};
};
[[nodiscard]] MadeLog change(double minute, const Change& what = {});
[[nodiscard]] MadeLog request(double minute, std::string_view dn = ana, std::string_view anchor = "AAAA==");
[[nodiscard]] MadeLog result(double minute, std::string_view how, std::string_view dn = ana,
                             std::string_view anchor = "AAAA==", std::string_view flag = "False");
// A 611 with an RPC error, and one with any other text.
[[nodiscard]] MadeLog failure(double minute, int rpc, std::string_view domain = "contoso.com", int level = 2,
                              std::string_view words = "Some words of Windows.");
[[nodiscard]] MadeLog failure_text(double minute, std::string_view text, std::string_view domain = "contoso.com");
// 609 and 2002; 2001 and 601.
[[nodiscard]] MadeLog stopped(double minute);
[[nodiscard]] MadeLog started(double minute);
[[nodiscard]] MadeLog credential(double minute, std::uint32_t id = 655);
[[nodiscard]] MadeLog tenant_off(double minute);
[[nodiscard]] std::string trailer(std::string_view connector, std::string_view partition);

// The same events on another computer; in another log.
[[nodiscard]] MadeLog on(std::string_view computer, MadeLog log);
[[nodiscard]] MadeLog in_channel(std::string_view channel, MadeLog log);
// By time, with record ids from `first` on.
[[nodiscard]] MadeLog numbered(MadeLog log, std::uint64_t first = 1000);

// A file to analyze.
struct Given {
  std::string name, bytes;
  Ticks collected = no_time;
};
// As Event Viewer saves them: XML with the sentence, and what Get-WinEvent | Export-Csv writes (no computer, no ids).
[[nodiscard]] Given xml(const MadeLog& log, std::string name = "log.xml");
[[nodiscard]] Given csv(const MadeLog& log, std::string name = "log.csv");
// Outputs of cmdlets. `collected` in minutes; without one the time is not known.
inline constexpr double not_known = -1e9;
[[nodiscard]] Given scheduler(std::string_view staging, double collected = not_known,
                              std::string_view cycle_enabled = "True");
[[nodiscard]] Given feature(std::string_view on, double collected = not_known);
[[nodiscard]] Given channel(std::string_view enabled, double collected = not_known,
                            std::string_view connector = "contoso.com");
[[nodiscard]] Given global_settings(std::string_view name, std::string_view value, double collected = not_known);
[[nodiscard]] Given connectors(std::string_view name, std::string_view guid, std::string_view account = {});
[[nodiscard]] Given identity(std::string_view type);
[[nodiscard]] Given diagnosis_text(std::string_view text, double collected = not_known);
[[nodiscard]] Given status_table(std::string_view rows);
[[nodiscard]] Given build(std::string_view version, double collected = not_known);

[[nodiscard]] const Catalogue& shipped_catalogue();
[[nodiscard]] Diagnosis diagnose(const std::vector<Given>& given, AnalyzeOptions options = {});
[[nodiscard]] Diagnosis diagnose(const MadeLog& log);

// "failing: channel-silent connector ongoing; dc-unreachable domain contoso.com past" ("none" without findings).
[[nodiscard]] std::string said(const Diagnosis& d);
[[nodiscard]] std::string verdict_of(const Diagnosis& d);
[[nodiscard]] std::string since_of(const Diagnosis& d);
// The first finding of a cause; one that is empty when there is none.
[[nodiscard]] Finding finding(const Diagnosis& d, std::string_view cause);
[[nodiscard]] bool found(const Diagnosis& d, std::string_view cause);
// "ongoing", "recovered at 2026-...", "past" or "none".
[[nodiscard]] std::string fate(const Diagnosis& d, std::string_view cause);
// "pass", "fail", "unknown" or "none".
[[nodiscard]] std::string check_of(const Diagnosis& d, std::string_view id, std::string_view scope = {});
[[nodiscard]] std::string user_status(const Diagnosis& d, std::string_view dn);
[[nodiscard]] bool holds(std::string_view text, std::string_view what);
[[nodiscard]] std::string all_commands(const Finding& f);
[[nodiscard]] std::string all_steps(const Finding& f);
// Everything of the findings that two orders of the same records must agree on.
[[nodiscard]] std::string all_findings(const Diagnosis& d);

}  // namespace synclens::test
