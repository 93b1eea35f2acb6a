// decode: from a Source to records. One function per format; each delivers to a RecordSink what the source holds,
// in its order, and reports what it could not read as Problem rows with an address. None of them throws for
// what is in the source; a stream that fails ends there, with a problem (std::system_error if it fails at once).
#pragma once

#include <array>
#include <string_view>

#include "synclens/limits.hpp"
#include "synclens/read.hpp"
#include "synclens/record.hpp"

namespace synclens {

struct DecodeOptions {
  Zone zone;                               // for times whose source states no zone
  const CompiledFilter* filter = nullptr;  // borrowed; events it turns down go to RecordSink::passed_over
  // What of an event the sink looks at. Decoders may leave the rest out, bits of `given` too. Which events are
  // delivered does not depend on it: where the part left out could be damaged, it is read.
  ColumnSet columns = ColumnSet::all();
  bool marks = true;     // whether the sink looks at what the filter turned down: without it no passed_over is called
  unsigned threads = 1;  // of decode_in_parts
  bool recover = false;  // EVTX: also slack and damaged chunks
  bool verify = false;   // EVTX: look at all checksums, not only at those of chunks that misbehave
  bool open_closed = false;  // also what is left closed on purpose (Security log)
  Limits limits;
};

// Sniffs and decodes. Returns the kind that it found. Throws LimitExceeded only for settings_bytes.
SourceKind decode(Source source, const DecodeOptions& options, RecordSink& sink);

// decode() by options.threads threads where the format allows (EVTX), else by one. What the sink gets does not depend
// on their number: parts end at fixed places.
SourceKind decode_in_parts(Source source, const DecodeOptions& options, PartedSink& sink);

void decode_evtx(ByteStream& stream, const DecodeOptions& options, RecordSink& sink);
void decode_evtx_in_parts(ByteStream& stream, const DecodeOptions& options, PartedSink& sink);

// These take UTF-8, as Utf8Stream gives it.
void decode_event_xml(ByteStream& utf8, const DecodeOptions& options, RecordSink& sink);
void decode_clixml(ByteStream& utf8, const DecodeOptions& options, RecordSink& sink);
void decode_event_table(ByteStream& utf8, const DecodeOptions& options, RecordSink& sink);
void decode_event_text(ByteStream& utf8, const DecodeOptions& options, RecordSink& sink);
void decode_sync_log(ByteStream& utf8, const DecodeOptions& options, RecordSink& sink);
void decode_settings(ByteStream& utf8, std::string_view name, const DecodeOptions& options, RecordSink& sink);

// Setting::topic is one of these: what it comes from; what Setting::subject is, else it is empty; names and values.
//   scheduler             Get-ADSyncScheduler
//   global-settings       Get-ADSyncGlobalSettings; names as in the table
//   company-feature       Get-ADSyncAADCompanyFeature, the status script's first line (name PasswordHashSync)
//   password-sync         Get-ADSyncAADPasswordSyncConfiguration; SourceConnector; TargetConnector, Enabled
//   partition-state       Get-ADSyncPartitionPasswordSyncState; the DN; the columns
//   connector             Get-ADSyncConnector, Connector_{guid}.xml; its name; Identifier, Type, AccountName, ...
//   rule                  Get-ADSyncRule; its name; PasswordSync, Direction, ...
//   connector-statistics, connector-credential, database, auto-upgrade: the columns
//   run-history           Get-ADSyncRunProfileResult; the connector; Result, StartDate, ...
//   cs-object, mv-object  the DN or id; attributes; lineage as name "PasswordSync", value "rule name=True"
//   status-script         the script's warnings; name "heartbeat" (value "none" or a time), "no-aad-connector", ...
//   diagnostics           Invoke-ADSyncDiagnostics; name is the id of the line: tenant-feature, staging-mode,
//                         connector-enabled, heartbeat, domain-reachable, account-permission, account-credential,
//                         last-cycle, preferred-dc, unknown-line; value "pass", "fail" or the text
//   reachability          Get-ADSyncDomainReachabilityStatus; FullName; IsReachable, ExceptionMessage
// and, beside them:
//   build                 name "version", value "2.4.18.0"
//   sign-in               name "SignOnMethod"
inline constexpr std::array<std::string_view, 17> setting_topics = {
    "scheduler", "global-settings", "company-feature",      "password-sync", "partition-state", "connector",
    "rule",      "run-history",     "connector-statistics", "database",      "auto-upgrade",    "connector-credential",
    "cs-object", "mv-object",       "status-script",        "diagnostics",   "reachability"};

}  // namespace synclens
