// record: small tables (findings, users, checks) as Arrow columns of text, numbers, times, lists and records.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

struct ArrowSchema;  // of the Arrow C data interface
struct ArrowArrayStream;

namespace synclens {

enum class CellKind : std::uint8_t {
  text,     // UTF-8
  integer,  // signed, 64 bits
  natural,  // unsigned, 64 bits
  truth,
  time,    // microseconds since 1970 in UTC
  list,    // of one part
  record,  // of named parts
};

struct CellType {
  std::string name;
  CellKind kind = CellKind::text;
  std::vector<CellType> parts;
};

// One column, filled from its beginning to its end; every value may be null. A value of another kind than the
// column's is a precondition broken. Throws LimitExceeded when text or items of one column pass 2 GiB or 2^31.
class CellColumn {
 public:
  explicit CellColumn(CellType type);

  void add_null();
  void add_text(std::string_view utf8);
  void add_integer(std::int64_t value);   // integer, time
  void add_natural(std::uint64_t value);  // natural
  void add_truth(bool value);
  void add_list();    // after its items were added to part(0)
  void add_record();  // after each part was given its value

  [[nodiscard]] CellColumn& part(std::size_t at) { return parts_[at]; }
  [[nodiscard]] const CellType& type() const { return type_; }
  [[nodiscard]] std::size_t rows() const { return rows_; }

 private:
  friend struct SmallTableExport;
  void mark(bool valid);
  void end_at(std::size_t offset);

  CellType type_;
  std::vector<std::uint8_t> validity_;  // one bit per row, as Arrow has it
  std::vector<std::uint8_t> values_;
  std::vector<std::int32_t> offsets_;
  std::string bytes_;
  std::vector<CellColumn> parts_;
  std::size_t rows_ = 0, nulls_ = 0;
};

// Columns of one length under their names.
struct SmallTable {
  std::vector<CellColumn> columns;
  std::size_t rows = 0;
};

// Arrow C data interface. The table lives until the consumer has released the stream and its arrays.
void export_arrow_schema(const SmallTable& table, ArrowSchema* out);
void export_arrow_stream(std::shared_ptr<const SmallTable> table, ArrowArrayStream* out);

}  // namespace synclens
