#include <fcntl.h>
#include <sys/stat.h>

#if defined(_WIN32)
#include <io.h>

#include <filesystem>
#else
#include <unistd.h>
#endif

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>

#include "read/block_bytes.hpp"
#include "synclens/bytes.hpp"
#include "synclens/error.hpp"

namespace synclens {
namespace {

#if defined(_WIN32)
int open_reading(const std::string& path) {  // the path is UTF-8; the narrow functions would take the ANSI code page
  const std::u8string text(path.begin(), path.end());
  return ::_wopen(std::filesystem::path(text).c_str(), _O_RDONLY | _O_BINARY | _O_NOINHERIT);
}
std::ptrdiff_t read_some(int fd, void* into, std::size_t size) {
  return ::_read(fd, into, static_cast<unsigned>(std::min<std::size_t>(size, 1u << 30)));
}
void close_file(int fd) {
  ::_close(fd);
}
std::optional<std::uint64_t> regular_size(int fd) {
  struct _stat64 about {};
  if (::_fstat64(fd, &about) != 0 || (about.st_mode & _S_IFMT) != _S_IFREG) return std::nullopt;
  return static_cast<std::uint64_t>(about.st_size);
}
#else
int open_reading(const std::string& path) {
  return ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
}
std::ptrdiff_t read_some(int fd, void* into, std::size_t size) {
  return ::read(fd, into, size);
}
void close_file(int fd) {
  ::close(fd);
}
std::optional<std::uint64_t> regular_size(int fd) {
  struct stat about {};
  if (::fstat(fd, &about) != 0 || !S_ISREG(about.st_mode)) return std::nullopt;
  return static_cast<std::uint64_t>(about.st_size);
}
#endif

class FileStream final : public ByteStream {
 public:
  explicit FileStream(const std::string& path) : fd_(open_reading(path)), path_(path) {
    if (fd_ < 0) throw std::system_error(errno, std::generic_category(), path);
  }
  FileStream(const FileStream&) = delete;
  FileStream& operator=(const FileStream&) = delete;
  ~FileStream() override { close_file(fd_); }

  std::size_t read(std::span<std::uint8_t> into) override {
    while (true) {
      const std::ptrdiff_t got = read_some(fd_, into.data(), into.size());
      if (got >= 0) return static_cast<std::size_t>(got);
      if (errno != EINTR) throw std::system_error(errno, std::generic_category(), path_);
    }
  }

  std::optional<std::uint64_t> size() const override { return regular_size(fd_); }

  bool rewind() override { return ::lseek(fd_, 0, SEEK_SET) == 0; }

 private:
  int fd_;
  std::string path_;
};

class MemoryStream final : public ByteStream {
 public:
  explicit MemoryStream(ByteView bytes) : all_(bytes), left_(bytes) {}

  std::size_t read(std::span<std::uint8_t> into) override {
    const std::size_t n = std::min(into.size(), left_.size());
    if (n != 0) std::memcpy(into.data(), left_.data(), n);
    left_ = left_.subspan(n);
    return n;
  }

  std::optional<std::uint64_t> size() const override { return all_.size(); }

  bool rewind() override {
    left_ = all_;
    return true;
  }

 private:
  ByteView all_, left_;
};

}  // namespace

std::unique_ptr<ByteStream> open_file(const std::string& path) {
  return std::make_unique<FileStream>(path);
}

std::unique_ptr<ByteStream> open_memory(ByteView bytes) {
  return std::make_unique<MemoryStream>(bytes);
}

std::size_t read_full(ByteStream& stream, std::span<std::uint8_t> into) {
  std::size_t filled = 0;
  while (filled < into.size()) {
    const std::size_t got = stream.read(into.subspan(filled));
    if (got == 0) break;
    filled += got;
  }
  return filled;
}

std::string read_all(ByteStream& stream, std::size_t most) {
  std::string all;
  std::uint8_t block[block_bytes(64u << 10)];
  while (const std::size_t got = stream.read(block)) {
    if (got > most - all.size()) {
      throw LimitExceeded("more than " + std::to_string(most) + " bytes, which is the limit for a text read whole");
    }
    all.append(reinterpret_cast<const char*>(block), got);
  }
  return all;
}

}  // namespace synclens
