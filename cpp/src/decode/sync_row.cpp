#include "decode/sync_row.hpp"

#include <algorithm>
#include <array>

#include "decode/column_names.hpp"
#include "record/ascii.hpp"

namespace synclens {
namespace {

constexpr std::array<std::string_view, 10> sync_statuses = {"Success",
                                                            "FilteredByTarget",
                                                            "NoTargetConnection",
                                                            "SourceConnectorNotPresent",
                                                            "TargetNotExportedToDirectory",
                                                            "MigratedCheckDetailsForMoreInfo",
                                                            "Error",
                                                            "Unknown",
                                                            "MissingAttribute",
                                                            "RetryRequestedByTarget"};

// In folded names.
constexpr std::array<std::string_view, 9> status_words = {"status", "estado", "statut", "etat",      "stato",
                                                          "状态",   "状態",   "狀態",   "ステータス"};
constexpr std::array<std::string_view, 9> result_words = {"result", "ergebnis", "risultat",  "resultad", "結果",
                                                          "结果",   "outcome",  "resultaat", "resultat"};
constexpr std::array<std::string_view, 8> password_words = {"password",   "passwor", "sync",  "kennwort",
                                                            "wachtwoord", "losen",   "senha", "密码"};
constexpr std::array<std::string_view, 13> time_words = {"date", "time", "datum", "fecha", "heure", "zeit", "tijd",
                                                         "日期", "日時", "日付",  "时间",  "時刻",  "hora"};
constexpr std::array<std::string_view, 6> anchor_words = {"anchor", "immutableid", "ancre", "ancora", "アンカー", "锚"};

template <std::size_t N>
bool contains_one(std::string_view text, const std::array<std::string_view, N>& words) {
  return std::any_of(words.begin(), words.end(),
                     [text](std::string_view word) { return text.find(word) != text.npos; });
}

bool looks_like_dn(std::string_view text) {
  for (const std::string_view begin : {"CN=", "OU=", "UID=", "DC="}) {
    if (text.size() > begin.size() && equal_ignoring_case(text.substr(0, begin.size()), begin)) return true;
  }
  return false;
}

constexpr std::size_t nowhere = ~std::size_t{0};

std::size_t status_cell(std::span<const SyncColumn> columns, std::span<const std::string_view> cells) {
  std::size_t best = nowhere;
  int best_score = 0;
  for (std::size_t i = 0; i < columns.size() && i < cells.size(); ++i) {
    if (columns[i].status == 0 || cells[i].empty()) continue;
    const int score = columns[i].status + (is_sync_status(cells[i]) ? 10 : 0);
    if (score <= best_score) continue;
    best = i;
    best_score = score;
  }
  return best;
}

// The first that can be read, else the first that is there.
std::size_t time_cell(std::span<const SyncColumn> columns, std::span<const std::string_view> cells) {
  std::size_t first = nowhere;
  for (std::size_t i = 0; i < columns.size() && i < cells.size(); ++i) {
    if (!columns[i].time || cells[i].empty()) continue;
    if (parse_written_date(cells[i])) return i;
    if (first == nowhere) first = i;
  }
  return first;
}

template <typename Condition>
std::size_t cell_where(std::span<const SyncColumn> columns, std::span<const std::string_view> cells, Condition holds) {
  for (std::size_t i = 0; i < columns.size() && i < cells.size(); ++i) {
    if (!cells[i].empty() && holds(columns[i], cells[i])) return i;
  }
  return nowhere;
}

}  // namespace

bool is_sync_status(std::string_view word) {
  return std::any_of(sync_statuses.begin(), sync_statuses.end(),
                     [word](std::string_view s) { return equal_ignoring_case(s, word); });
}

SyncColumn sync_column(std::string_view written) {
  constexpr std::size_t longest_name = 128;
  SyncColumn column;
  column.name = trim_marks(written);
  if (column.name.size() > longest_name) return column;
  const std::string folded = fold_name(column.name);
  if (contains_one(folded, status_words)) {
    column.status = contains_one(folded, password_words) ? 3 : 2;
  } else if (contains_one(folded, result_words)) {
    column.status = 1;
  }
  const ColumnName known = column_named(column.name, NameUse::label);
  column.time = column.status == 0 && (known.column == HeaderColumn::time ||
                                       known.column == HeaderColumn::time_written || contains_one(folded, time_words));
  column.dn =
      folded == "dn" || folded == "objectdn" || folded == "userdn" || folded.find("distinguishedname") != folded.npos;
  column.anchor = contains_one(folded, anchor_words);
  return column;
}

std::vector<SyncColumn> sync_header(std::span<const std::string_view> cells) {
  std::vector<SyncColumn> columns;
  bool status = false;
  for (const std::string_view cell : cells) {
    columns.push_back(sync_column(cell));
    status = status || columns.back().status != 0;
    if (is_sync_status(columns.back().name)) return {};  // a row, with a word in it that sounds like a header
  }
  if (!status) columns.clear();
  return columns;
}

std::string_view SyncRowMaker::time_of(std::span<const SyncColumn> columns, std::span<const std::string_view> cells) {
  const std::size_t i = time_cell(columns, cells);
  return i == nowhere ? std::string_view{} : cells[i];
}

void SyncRowMaker::deliver(std::span<const SyncColumn> columns, std::span<const std::string_view> cells,
                           const Address& where) {
  const std::size_t status = status_cell(columns, cells);
  if (status == nowhere) {
    problems_.add("a row without a status: " + quoted(cells.empty() ? std::string_view{} : cells.front()), where);
    return;
  }
  std::size_t dn = cell_where(columns, cells, [](const SyncColumn& column, std::string_view) { return column.dn; });
  if (dn == nowhere) {
    dn = cell_where(columns, cells, [](const SyncColumn&, std::string_view cell) { return looks_like_dn(cell); });
  }
  const std::size_t anchor =
      cell_where(columns, cells, [](const SyncColumn& column, std::string_view) { return column.anchor; });
  const std::size_t time = time_cell(columns, cells);

  SyncLogRow row;
  row.where = where;
  row.status = cells[status];
  if (dn != nowhere) row.dn = cells[dn];
  if (anchor != nowhere && anchor != dn) row.anchor = cells[anchor];
  if (time != nowhere) row.time = clock_.read(cells[time], where);
  details_.clear();
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (i == status || i == dn || i == anchor || i == time || cells[i].empty()) continue;
    if (!details_.empty()) details_ += "; ";
    if (i < columns.size() && !columns[i].name.empty()) details_.append(columns[i].name).append(": ");
    details_.append(cells[i]);
  }
  row.details = details_;
  problems_.passed(row.time);
  sink_.sync_log_row(row);
}

}  // namespace synclens
