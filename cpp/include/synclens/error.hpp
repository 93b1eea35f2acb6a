// The one error tree. Damage inside a file is data (Problem rows, record.hpp), never one of these:
// an exception means that a whole source, a catalogue or a request could not be used.
#pragma once

#include <stdexcept>
#include <string>

namespace synclens {

class Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// The source is of a kind we read, but nothing of it can be used.
class DamagedInput : public Error {
 public:
  using Error::Error;
};

// The source is of no kind we read.
class UnsupportedInput : public Error {
 public:
  using Error::Error;
};

// A limit of limits.hpp was reached; the message names it.
class LimitExceeded : public Error {
 public:
  using Error::Error;
};

// A catalogue file is wrong; the message has file, line and reason.
class CatalogueError : public Error {
 public:
  using Error::Error;
};

}  // namespace synclens
