// The Arrow C stream over anything that can give its schema and one batch after the other.
#pragma once

#include <cerrno>
#include <memory>

#include "record/arrow_abi.hpp"

namespace synclens::arrow {

// `State` has schema(ArrowSchema*) and next(ArrowArray*) -> bool, false at the end. Both may throw.
template <typename State>
class Stream {
 public:
  static void make(std::unique_ptr<State> state, ArrowArrayStream* out) {
    *out = ArrowArrayStream{&schema, &next, &error, &release, state.release()};
  }

 private:
  static State& state_of(ArrowArrayStream* stream) { return *static_cast<State*>(stream->private_data); }

  static int schema(ArrowArrayStream* stream, ArrowSchema* out) {
    try {
      state_of(stream).schema(out);
      return 0;
    } catch (...) {
      return ENOMEM;
    }
  }

  static int next(ArrowArrayStream* stream, ArrowArray* out) {
    try {
      if (!state_of(stream).next(out)) *out = ArrowArray{};
      return 0;
    } catch (...) {
      return ENOMEM;
    }
  }

  static const char* error(ArrowArrayStream*) { return "out of memory"; }

  static void release(ArrowArrayStream* stream) {
    delete &state_of(stream);
    stream->release = nullptr;
  }
};

}  // namespace synclens::arrow
