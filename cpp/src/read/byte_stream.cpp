#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>

#include "synclens/bytes.hpp"
#include "synclens/error.hpp"

namespace synclens {
namespace {

class FileStream final : public ByteStream {
 public:
  explicit FileStream(const std::string& path) : fd_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)), path_(path) {
    if (fd_ < 0) throw std::system_error(errno, std::generic_category(), path);
  }
  FileStream(const FileStream&) = delete;
  FileStream& operator=(const FileStream&) = delete;
  ~FileStream() override { ::close(fd_); }

  std::size_t read(std::span<std::uint8_t> into) override {
    while (true) {
      const ssize_t got = ::read(fd_, into.data(), into.size());
      if (got >= 0) return static_cast<std::size_t>(got);
      if (errno != EINTR) throw std::system_error(errno, std::generic_category(), path_);
    }
  }

  std::optional<std::uint64_t> size() const override {
    struct stat about {};
    if (::fstat(fd_, &about) != 0 || !S_ISREG(about.st_mode)) return std::nullopt;
    return static_cast<std::uint64_t>(about.st_size);
  }

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
  std::uint8_t block[1u << 16];
  while (const std::size_t got = stream.read(block)) {
    if (got > most - all.size()) {
      throw LimitExceeded("more than " + std::to_string(most) + " bytes, which is the limit for a text read whole");
    }
    all.append(reinterpret_cast<const char*>(block), got);
  }
  return all;
}

}  // namespace synclens
