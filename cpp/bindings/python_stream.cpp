#include "python_stream.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>
#include <system_error>
#include <utility>

namespace synclens::bindings {
namespace {

constexpr std::size_t look_for_signals_every = std::size_t{4} << 20;
constexpr std::size_t longest_read = std::size_t{1} << 20;

// Says what the stream said, and no more: std::system_error would add the name of EIO to it.
class StreamFailed : public std::system_error {
 public:
  explicit StreamFailed(std::string words)
      : std::system_error(EIO, std::generic_category()),
        words_(std::make_shared<const std::string>(std::move(words))) {}
  [[nodiscard]] const char* what() const noexcept override { return words_->c_str(); }

 private:
  std::shared_ptr<const std::string> words_;
};

// Needs the GIL. Python's own errors of reading end as an error of the stream; the others stop the core.
[[noreturn]] void fail(py::error_already_set& error, Pending& pending) {
  if (!error.matches(PyExc_Exception)) {
    pending.keep(std::move(error));
    throw Stopped{};
  }
  std::string words;
  try {
    words = py::str(error.value()).cast<std::string>();
  } catch (const std::exception&) {
    words = "the stream failed";
  }
  throw StreamFailed(std::move(words));
}

class PythonStream : public ByteStream {
 public:
  PythonStream(const py::object& file, Pending& pending) : read_(file.attr("read")), pending_(pending) {
    if (!py::hasattr(file, "seek") || !py::hasattr(file, "tell")) return;
    try {
      begin_ = file.attr("tell")();
      seek_ = file.attr("seek");
    } catch (py::error_already_set& error) {
      if (!error.matches(PyExc_Exception)) throw;  // a pipe: no position to go back to
    }
  }
  PythonStream(const PythonStream&) = delete;
  PythonStream& operator=(const PythonStream&) = delete;
  ~PythonStream() override {
    py::gil_scoped_acquire acquire;
    read_ = seek_ = begin_ = py::object();
  }

  [[nodiscard]] std::size_t read(std::span<std::uint8_t> into) override {
    if (into.empty()) return 0;
    py::gil_scoped_acquire acquire;
    try {
      if (PyErr_CheckSignals() != 0) throw py::error_already_set();
      const py::object got = read_(std::min(into.size(), longest_read));
      if (!PyBytes_Check(got.ptr())) throw py::type_error("read() must return bytes: open the file in binary mode");
      const auto size = static_cast<std::size_t>(PyBytes_GET_SIZE(got.ptr()));
      if (size > into.size()) throw py::value_error("read() returned more than it was asked for");
      std::memcpy(into.data(), PyBytes_AS_STRING(got.ptr()), size);
      return size;
    } catch (py::error_already_set& error) {
      fail(error, pending_);
    } catch (const py::builtin_exception& error) {
      error.set_error();
      py::error_already_set raised;
      pending_.keep(std::move(raised));
      throw Stopped{};
    }
  }

  [[nodiscard]] bool rewind() override {
    py::gil_scoped_acquire acquire;
    if (!seek_) return false;
    try {
      seek_(begin_);
      return true;
    } catch (py::error_already_set& error) {
      if (error.matches(PyExc_Exception)) return false;
      fail(error, pending_);
    }
  }

 private:
  py::object read_, seek_, begin_;
  Pending& pending_;
};

class WatchedStream : public ByteStream {
 public:
  WatchedStream(std::unique_ptr<ByteStream> inner, Pending& pending) : inner_(std::move(inner)), pending_(pending) {}

  [[nodiscard]] std::size_t read(std::span<std::uint8_t> into) override {
    if (since_look_ >= look_for_signals_every) {
      since_look_ = 0;
      py::gil_scoped_acquire acquire;
      if (PyErr_CheckSignals() != 0) {
        py::error_already_set raised;
        fail(raised, pending_);
      }
    }
    const std::size_t got = inner_->read(into);
    since_look_ += got;
    return got;
  }
  [[nodiscard]] std::optional<std::uint64_t> size() const override { return inner_->size(); }
  [[nodiscard]] bool rewind() override { return inner_->rewind(); }

 private:
  std::unique_ptr<ByteStream> inner_;
  Pending& pending_;
  std::size_t since_look_ = 0;
};

}  // namespace

void Pending::keep(py::error_already_set&& error) {
  const std::lock_guard lock(guard_);
  if (error_ == nullptr) error_ = std::make_unique<py::error_already_set>(std::move(error));
}

void Pending::raise() {
  const std::lock_guard lock(guard_);
  if (error_ == nullptr) return;
  const std::unique_ptr<py::error_already_set> error = std::move(error_);
  throw py::error_already_set(*error);
}

std::unique_ptr<ByteStream> stream_over(py::object file, Pending& pending) {
  return std::make_unique<PythonStream>(std::move(file), pending);
}

std::unique_ptr<ByteStream> stream_over(std::unique_ptr<ByteStream> inner, Pending& pending) {
  return std::make_unique<WatchedStream>(std::move(inner), pending);
}

}  // namespace synclens::bindings
