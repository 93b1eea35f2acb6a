#include "correlate/user_checks.hpp"

#include <algorithm>

#include "correlate/batches.hpp"
#include "correlate/event_texts.hpp"
#include "correlate/space_objects.hpp"
#include "record/ascii.hpp"

namespace synclens::correlate {
namespace {

constexpr std::size_t most_users = 20;  // that one WHO may name: more is no single-object question

// What a status word says of the three places in which an object must be.
enum class Places { unknown, source_missing, target_missing, not_exported, all_there };

Places places_of(std::string_view status) {
  if (equal_ignoring_case(status, "SourceConnectorNotPresent")) return Places::source_missing;
  if (equal_ignoring_case(status, "NoTargetConnection")) return Places::target_missing;
  if (equal_ignoring_case(status, "TargetNotExportedToDirectory")) return Places::not_exported;
  for (const std::string_view known : {"Success", "FilteredByTarget", "RetryRequestedByTarget"}) {
    if (equal_ignoring_case(status, known)) return Places::all_there;
  }
  return Places::unknown;
}

class UserChecker {
 public:
  UserChecker(const Diagnosing& diagnosing, const SpaceObjects& all, const Batches& batches, const User* user,
              std::string name)
      : w(diagnosing.world), objects_(all), batches_(batches), user_(user), scope_{ScopeKind::user, std::move(name)} {
    const std::string dn = user == nullptr ? std::string() : w.text(user->dn);
    if (dn.empty()) return;
    const auto own = objects_.connector_space.find(lower(dn));
    if (own != objects_.connector_space.end()) source_ = &own->second.back();
    metaverse_ = metaverse_of(objects_, w, dn);
    if (metaverse_ != nullptr) cloud_ = cloud_of(objects_, w, *metaverse_);
  }

  void run() {
    read_history();
    source_space();
    metaverse();
    cloud_space();
    sync_rule();
    last_attempt();
  }

  std::vector<Check> checks;

 private:
  void add(const char* id, const char* title, CheckStatus status, std::string why) {
    checks.push_back({id, title, std::move(why), status, scope_});
  }

  [[nodiscard]] std::string file_of(const SpaceObject& object) const {
    return w.facts->sources[object.facts.front()->source].report.path;
  }

  // What Microsoft's own diagnosis said of the object, the latest; null where it was not asked.
  [[nodiscard]] const SettingFact* diagnosed(std::string_view name) const {
    const SettingFact* latest = nullptr;
    for (const SettingFact& s : w.facts->settings) {
      if (w.text(s.topic) != "diagnostics" || w.text(s.name) != name) continue;
      if (!equal_ignoring_case(w.text(s.subject), scope_.name.value_or(""))) continue;
      if (latest == nullptr || s.time >= latest->time) latest = &s;
    }
    return latest;
  }

  // The check's result where only the diagnosis tells; false where it does not.
  bool add_diagnosed(const char* id, const char* title, std::string_view name) {
    const SettingFact* s = diagnosed(name);
    if (s == nullptr) return false;
    const bool pass = w.text(s->value) == "pass";
    add(id, title, pass ? CheckStatus::pass : CheckStatus::fail,
        std::string("Inferred: a line of Microsoft's diagnosis reads like a ") + (pass ? "yes" : "no") + " (" +
            w.facts->sources[s->source].report.path + ").");
    return true;
  }

  // The last status row, the last success, and whether anybody asked.
  void read_history() {
    if (user_ == nullptr) return;
    for (const UserEvent& e : user_->events) {
      if (e.row != nullptr) {
        places_ = places_of(w.text(e.row->status));
        status_ = w.text(e.row->status) + " in " + w.facts->sources[e.row->source].report.path;
      } else if (e.line.kind == UserLine::Kind::success) {
        places_ = Places::all_there;
        status_ = "a result Success (657) at " + to_minute(e.time);
      } else {
        asked_ = e.time;
        was_asked_ = true;
      }
    }
  }

  void source_space() {
    constexpr const char* id = "object-in-ad-space";
    constexpr const char* title = "The object is in the AD connector space";
    if (places_ == Places::source_missing)
      return add(id, title, CheckStatus::fail, "The last status is " + status_ + ".");
    if (source_ != nullptr) return add(id, title, CheckStatus::pass, "Its text is " + file_of(*source_) + ".");
    if (places_ != Places::unknown) return add(id, title, CheckStatus::pass, "Inferred from " + status_ + ".");
    if (was_asked_) {
      return add(id, title, CheckStatus::pass,
                 "Inferred: the service handled a password of the object at " + to_minute(asked_) + ".");
    }
    if (add_diagnosed(id, title, "object-in-ad-space")) return;
    add(id, title, CheckStatus::unknown,
        "No text, status or event of the object is in what was given; Get-ADSyncCSObject with the AD connector's name "
        "and the DN would show it.");
  }

  // The short name of a domain, as far as the settings tell: that of the account by which its own forest is read.
  [[nodiscard]] std::string account_domain_of(const std::string& domain) const {
    if (domain.empty()) return {};
    for (const SettingFact& s : w.facts->settings) {
      if (w.text(s.topic) != "connector" || !equal_ignoring_case(w.text(s.subject), domain)) continue;
      const std::string& value = w.text(s.value);
      const std::size_t slash = value.find('\\');
      if (w.text(s.name) == "AccountName" && slash != std::string::npos) return value.substr(0, slash);
      if (w.text(s.name) == "AccountDomain" && value.find('.') == std::string::npos) return value;
    }
    return {};
  }

  void metaverse() {
    constexpr const char* id = "object-in-metaverse";
    constexpr const char* title = "The object is in the metaverse";
    if (metaverse_ != nullptr) {
      const SettingFact* domain = property(w, *metaverse_, "domainFQDN");
      const SettingFact* short_name = property(w, *metaverse_, "domainNetBios");
      const std::string own = user_ == nullptr ? std::string() : domain_of_dn(w.text(user_->dn));
      if (domain != nullptr && !own.empty() && !equal_ignoring_case(trim(w.text(domain->value)), own)) {
        return add(id, title, CheckStatus::fail,
                   "It is there, but its domainFQDN is " + w.text(domain->value) + " where the object's domain is " +
                       own + " (" + file_of(*metaverse_) + ").");
      }
      const std::string account = account_domain_of(own);
      if (short_name != nullptr && !account.empty() && !equal_ignoring_case(trim(w.text(short_name->value)), account)) {
        return add(id, title, CheckStatus::unknown,
                   "It is there, but its domainNetBios is " + w.text(short_name->value) + " (" + file_of(*metaverse_) +
                       ") where the connector account of " + own + " is of " + account +
                       "; (Get-ADDomain).NetBIOSName would show which of the two is right.");
      }
      return add(id, title, CheckStatus::pass,
                 "Its text is " + file_of(*metaverse_) + "." +
                     (domain == nullptr ? "" : " Its domainFQDN is " + w.text(domain->value) + ".") +
                     (short_name == nullptr ? "" : " Its domainNetBios is " + w.text(short_name->value) + "."));
    }
    if (source_ != nullptr) {
      if (const SettingFact* joined = property(w, *source_, "ConnectedMVObjectId")) {
        const std::string& value = w.text(joined->value);
        const bool real = value.find_first_not_of("0-{} ") != std::string::npos;
        return add(id, title, real ? CheckStatus::pass : CheckStatus::fail,
                   (real ? "The connector space object is joined to " + value
                         : "The connector space object is joined to none") +
                       " (" + file_of(*source_) + ").");
      }
      const SettingFact* joined = property(w, *source_, "IsConnector");
      if (joined != nullptr && equal_ignoring_case(w.text(joined->value), "False")) {
        return add(id, title, CheckStatus::fail,
                   "IsConnector is False: the object is joined to none (" + file_of(*source_) + ").");
      }
    }
    if (places_ == Places::all_there || places_ == Places::not_exported)
      return add(id, title, CheckStatus::pass, "Inferred from " + status_ + ".");
    if (places_ == Places::target_missing) {
      return add(
          id, title, CheckStatus::unknown,
          status_ + ": it is missing here or in the cloud connector space; Get-ADSyncMVObject would show where.");
    }
    if (add_diagnosed(id, title, "object-in-metaverse")) return;
    add(id, title, CheckStatus::unknown, "Get-ADSyncMVObject with the object's ConnectedMVObjectId would show it.");
  }

  void cloud_space() {
    constexpr const char* id = "object-in-cloud-space";
    constexpr const char* title = "The object is in the cloud connector space and exported";
    if (places_ == Places::not_exported) {
      return add(id, title, CheckStatus::fail,
                 "It is there, but it has not been exported: the last status is " + status_ + ".");
    }
    if (places_ == Places::target_missing)
      return add(id, title, CheckStatus::fail, "The last status is " + status_ + ".");
    if (metaverse_ != nullptr) {
      const SettingFact* filtered = property(w, *metaverse_, "cloudFiltered");
      if (filtered != nullptr && equal_ignoring_case(w.text(filtered->value), "True")) {
        return add(id, title, CheckStatus::fail, "cloudFiltered is True in " + file_of(*metaverse_) + ".");
      }
    }
    if (cloud_ != nullptr) return add(id, title, CheckStatus::pass, "Its text is " + file_of(*cloud_) + ".");
    if (metaverse_ != nullptr) {
      const std::string_view dn = cloud_dn_of(w, *metaverse_);
      if (!dn.empty()) {
        return add(id, title, CheckStatus::pass,
                   "The metaverse object is joined to " + std::string(dn) + " (" + file_of(*metaverse_) + ").");
      }
      if (property(w, *metaverse_, "ConnectedCsObjectDN") != nullptr) {
        return add(id, title, CheckStatus::fail,
                   "The metaverse object is joined to no cloud object (" + file_of(*metaverse_) + ").");
      }
    }
    if (places_ == Places::all_there) return add(id, title, CheckStatus::pass, "Inferred from " + status_ + ".");
    const SettingFact* exported = diagnosed("object-exported");
    if (exported != nullptr && w.text(exported->value) != "pass") {
      add_diagnosed(id, title, "object-exported");
      return;
    }
    if (add_diagnosed(id, title, "object-in-cloud-space") || add_diagnosed(id, title, "object-exported")) return;
    add(id, title, CheckStatus::unknown, "The lineage of Get-ADSyncMVObject would show it.");
  }

  void sync_rule() {
    constexpr const char* id = "sync-rule";
    constexpr const char* title = "A sync rule carries the object's password hash, inbound and outbound";
    const SettingFact* in_fact = nullptr;
    const Carries in = source_ == nullptr ? Carries::unknown : carries_hashes(objects_, w, *source_, &in_fact);
    const Carries out = cloud_ == nullptr ? Carries::unknown : carries_hashes(objects_, w, *cloud_);
    if (in == Carries::no || out == Carries::no) {
      return add(
          id, title, CheckStatus::fail,
          "No rule of the lineage has PasswordSync True in " + file_of(in == Carries::no ? *source_ : *cloud_) + ".");
    }
    if (in == Carries::yes) {
      const std::string row = w.text(in_fact->value);
      return add(id, title, CheckStatus::pass,
                 row.substr(0, row.rfind('=')) + " carries it (" + file_of(*source_) + ")" +
                     (out == Carries::yes ? ", and so does a rule of the cloud object."
                                          : "; the outbound side is not shown."));
    }
    if (user_ != nullptr && !user_->successes.empty()) {
      return add(id, title, CheckStatus::pass,
                 "Inferred: the password was synchronized at " + to_minute(user_->successes.back()) + ".");
    }
    if (add_diagnosed(id, title, "sync-rule")) return;
    add(id, title, CheckStatus::unknown, "The lineage of Get-ADSyncCSObject would show it.");
  }

  void last_attempt() {
    constexpr const char* id = "last-attempt";
    constexpr const char* title = "The last attempt to synchronize the password succeeded";
    if (user_ == nullptr || user_->events.empty()) {
      const SettingFact* temporary = diagnosed("temporary-password");
      if (temporary != nullptr && w.text(temporary->value) != "pass") {
        add_diagnosed(id, title, "temporary-password");
        return;
      }
      if (const SettingFact* last = diagnosed("last-attempt"); last != nullptr && w.text(last->value) != "none") {
        const std::string& said = w.text(last->value);
        const bool success = equal_ignoring_case(said, "Success");
        const bool word = said.find(' ') == std::string::npos;
        return add(id, title,
                   success ? CheckStatus::pass
                   : word  ? CheckStatus::fail
                           : CheckStatus::unknown,
                   "Inferred: a line of Microsoft's diagnosis reads: " + said + " (" +
                       w.facts->sources[last->source].report.path + ").");
      }
      return add(id, title, CheckStatus::unknown,
                 "No request, result or status of it is in what was given; results are kept for seven days. The "
                 "Application log and Get-ADSyncCSObjectLog would show it.");
    }
    const std::string status = status_of(*user_, w);
    const Ticks time = user_->events.back().time;
    const std::string when = time == no_time ? "" : " at " + to_minute(time);
    if (equal_ignoring_case(status, "Success")) return add(id, title, CheckStatus::pass, "Success" + when + ".");
    if (status == "Pending" || status == "NoAnswer") {
      const Batch* batch = user_->unanswered == nullptr ? nullptr : batches_.of(*user_->unanswered);
      if (batch != nullptr && batch->end_id == 652) {
        return add(id, title, CheckStatus::fail,
                   "It was asked for" + when + ", and its batch failed (652) at " + to_minute(batch->end) + ".");
      }
    }
    if (status == "Pending") {
      return add(id, title, CheckStatus::unknown,
                 "It was asked for" + when + ", and the log ends before its answer; a later log would show it.");
    }
    if (status == "NoAnswer")
      return add(id, title, CheckStatus::fail, "It was asked for" + when + ", and no answer came.");
    add(id, title, CheckStatus::fail, "The last status is " + status + when + ".");
  }

  const World& w;
  const SpaceObjects& objects_;
  const Batches& batches_;
  const User* user_;
  Scope scope_;
  const SpaceObject* source_ = nullptr;
  const SpaceObject* metaverse_ = nullptr;
  const SpaceObject* cloud_ = nullptr;
  Places places_ = Places::unknown;
  std::string status_;
  Ticks asked_ = no_time;
  bool was_asked_ = false;
};

std::vector<const User*> matching(const Diagnosing& d, const std::string& who) {
  const std::string wanted = lower(trim(who));
  std::vector<const User*> exact;
  std::vector<const User*> partial;
  for (const User& user : d.users.all) {
    const std::string dn = lower(d.world.text(user.dn));
    if (wanted.empty()) break;
    if (dn == wanted || lower(d.world.text(user.anchor)) == wanted) exact.push_back(&user);
    if (dn.find(wanted) != std::string::npos) partial.push_back(&user);
  }
  std::vector<const User*>& found = exact.empty() ? partial : exact;
  const auto name = [&](const User* u) { return lower(d.world.text(u->dn)) + '\n' + d.world.text(u->anchor); };
  std::sort(found.begin(), found.end(), [&](const User* a, const User* b) { return name(a) < name(b); });
  if (found.size() > most_users) found.resize(most_users);
  return found;
}

}  // namespace

std::vector<Check> make_user_checks(const Diagnosing& d, const std::string& who,
                                    std::vector<NotEvaluated>& not_evaluated) {
  const SpaceObjects objects = find_space_objects(d.world);
  const std::vector<const User*> found = matching(d, who);
  Times asked;
  for (const User* user : found) {
    if (user->unanswered != nullptr) asked.push_back(user->unanswered->time);
  }
  std::sort(asked.begin(), asked.end());
  const Batches batches(d.world, asked);
  std::vector<Check> checks;
  const auto run = [&](const User* user, std::string name) {
    UserChecker checker(d, objects, batches, user, std::move(name));
    checker.run();
    for (Check& check : checker.checks) {
      if (check.status == CheckStatus::unknown) not_evaluated.push_back({check.id, check.why});
      checks.push_back(std::move(check));
    }
  };
  for (const User* user : found) run(user, d.world.text(user->dn != nobody ? user->dn : user->anchor));
  if (found.empty()) run(nullptr, std::string(trim(who)));
  return checks;
}

}  // namespace synclens::correlate
