// What all bindings share: values between the core's types and Python's.
#pragma once

#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <optional>
#include <string>
#include <string_view>

#include "synclens/limits.hpp"
#include "synclens/read.hpp"
#include "synclens/record.hpp"
#include "synclens/time.hpp"

namespace synclens::bindings {

namespace py = pybind11;

// Text that may hold anything: what is not valid UTF-8 becomes U+FFFD, never an exception.
[[nodiscard]] inline py::str text(std::string_view value) {
  PyObject* made = PyUnicode_DecodeUTF8(value.data(), static_cast<Py_ssize_t>(value.size()), "replace");
  if (made == nullptr) throw py::error_already_set();
  return py::reinterpret_steal<py::str>(made);
}

[[nodiscard]] inline py::object text_or_none(std::string_view value) {
  if (value.empty()) return py::none();
  return text(value);
}

[[nodiscard]] inline py::object optional_text(const std::optional<std::string>& value) {
  if (!value) return py::none();
  return text(*value);
}

// ISO 8601 in UTC, or None for no_time.
[[nodiscard]] inline py::object time_or_none(Ticks ticks) {
  if (ticks == no_time) return py::none();
  return text(to_iso(ticks));
}

[[nodiscard]] inline py::object number_or_none(std::optional<std::uint64_t> value) {
  if (!value) return py::none();
  return py::int_(*value);
}

[[nodiscard]] inline py::object address_part(std::uint64_t value) {
  if (value == Address::none) return py::none();
  return py::int_(value);
}

// ISO text to ticks; without a zone of its own it is read in `zone`. Throws Error that names the text.
[[nodiscard]] Ticks ticks_from(const std::optional<std::string>& iso, const Zone& zone);

// A problem as the dict of the JSON contract.
[[nodiscard]] py::dict problem_dict(const Problem& problem);

// The bytes of a Python buffer (bytes, memoryview, mmap, ...), held while this lives. Needs the GIL at both ends.
// Throws what Python raises for what is no buffer or not in one piece.
class HeldBuffer {
 public:
  explicit HeldBuffer(const py::object& of) {
    if (PyObject_GetBuffer(of.ptr(), &view_, PyBUF_SIMPLE) != 0) throw py::error_already_set();
  }
  HeldBuffer(const HeldBuffer&) = delete;
  HeldBuffer& operator=(const HeldBuffer&) = delete;
  ~HeldBuffer() { PyBuffer_Release(&view_); }
  [[nodiscard]] ByteView bytes() const {
    return {static_cast<const std::uint8_t*>(view_.buf), static_cast<std::size_t>(view_.len)};
  }

 private:
  Py_buffer view_{};
};

// What became of the bytes of an event log, as the dict of the JSON contract.
[[nodiscard]] py::dict account_dict(const Account& account);

// Limits that Python may set, by name; unknown names are a TypeError.
[[nodiscard]] Limits limits_from(const py::dict& values);

// A list of what is made of each.
template <typename Items, typename Make>
py::list each(const Items& items, Make make) {
  py::list result;
  for (const auto& item : items) result.append(make(item));
  return result;
}

}  // namespace synclens::bindings
