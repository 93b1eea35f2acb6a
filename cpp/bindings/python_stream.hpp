// Byte streams that touch Python. The core calls them without the GIL, from any thread.
#pragma once

#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "convert.hpp"
#include "synclens/bytes.hpp"

namespace synclens::bindings {

// Thrown through the core to stop it; no std::exception, so that nothing takes it for a fault of the stream.
struct Stopped {};

// Holds a Python exception while the core unwinds. One per call into the core; outlives the streams of that call.
class Pending {
 public:
  // Keeps the first one.
  void keep(py::error_already_set&& error);
  // Throws what was kept, if anything.
  void raise();

 private:
  std::mutex guard_;
  std::unique_ptr<py::error_already_set> error_;
};

// A Python object with read(n) -> bytes, or a core stream; both look for signals, so that Ctrl-C works in long files.
// What read() raises ends as std::system_error with the exception's words when it is an Exception, and stops the
// core when it is not (KeyboardInterrupt). Borrows `pending`.
[[nodiscard]] std::unique_ptr<ByteStream> stream_over(py::object file, Pending& pending);
[[nodiscard]] std::unique_ptr<ByteStream> stream_over(std::unique_ptr<ByteStream> inner, Pending& pending);

// Runs `work` without the GIL and raises afterwards what the streams kept back.
template <typename Work>
auto without_gil(Pending& pending, Work&& work) {
  using Result = decltype(work());
  std::exception_ptr failure;
  bool stopped = false;
  std::optional<Result> result;
  {
    py::gil_scoped_release release;
    try {
      result.emplace(work());
    } catch (const Stopped&) {
      stopped = true;
    } catch (...) {
      failure = std::current_exception();
    }
  }
  pending.raise();
  if (failure) std::rethrow_exception(failure);
  if (stopped || !result) throw std::runtime_error("stopped without a reason");
  return std::move(*result);
}

}  // namespace synclens::bindings
