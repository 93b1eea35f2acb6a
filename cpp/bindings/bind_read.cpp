#include "convert.hpp"
#include "synclens/read.hpp"

namespace synclens::bindings {

void bind_read(py::module_& m) {
  m.def(
      "sniff",
      [](const py::bytes& head, const std::string& name) {
        const auto view = static_cast<std::string_view>(head);
        return std::string(to_string(sniff(as_bytes(view), name)));
      },
      py::arg("head"), py::arg("name") = "", "The kind of a source by its first bytes (64 KiB, or all there is).");
  m.def(
      "to_utc",
      [](const std::string& time, const std::string& zone) { return to_iso(ticks_from(time, Zone::named(zone))); },
      py::arg("time"), py::arg("tz") = "UTC",
      "ISO 8601 text in UTC; a time without a zone is read in `tz`. Raises SynclensError for what is no time or zone.");
}

}  // namespace synclens::bindings
