// Bounds on what a stranger's file may make us do. Each has a test.
#pragma once

#include <cstddef>
#include <cstdint>

namespace synclens {

struct Limits {
  std::size_t binxml_depth = 64;                        // nested elements and templates of one record
  std::size_t xml_event_bytes = 16u << 20;              // one <Event> of an XML export
  std::size_t xml_depth = 64;                           // nested elements of one <Event>
  std::size_t xml_attributes = 256;                     // attributes of one element
  std::size_t table_cell_bytes = 16u << 20;             // one cell of a table
  std::size_t table_columns = 4096;                     // columns of a table
  std::size_t text_line_bytes = 16u << 20;              // one line of a text
  std::size_t settings_bytes = 64u << 20;               // a settings text, read whole
  std::size_t event_data_items = 65536;                 // data values of one event
  std::size_t problems_per_source = 1000;               // further ones are counted, not listed
  std::int64_t regex_memory = std::int64_t{256} << 20;  // RE2 budget of the catalogue
};

}  // namespace synclens
