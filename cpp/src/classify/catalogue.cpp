#include <algorithm>
#include <array>
#include <atomic>
#include <exception>
#include <filesystem>
#include <fstream>
#include <functional>
#include <future>
#include <iterator>
#include <map>
#include <system_error>
#include <thread>
#include <unordered_map>
#include <utility>

#include "classify/bounds.hpp"
#include "classify/catalogue_tables.hpp"
#include "classify/patterns.hpp"
#include "classify/toml_reader.hpp"
#include "synclens/classify.hpp"
#include "synclens/error.hpp"

namespace synclens {
namespace {

namespace fs = std::filesystem;

// Every *.toml below the directory, in name order. Links to directories are not followed.
std::vector<std::string> catalogue_files(const std::string& directory) {
  std::vector<std::string> files;
  std::error_code error;
  std::size_t seen = 0;
  fs::recursive_directory_iterator it(directory, error);
  for (; !error && it != fs::recursive_directory_iterator(); it.increment(error)) {
    if (++seen > bounds::catalogue_dir_entries) throw CatalogueError(directory + ": too many files below it");
    std::error_code ignored;
    if (it.depth() >= bounds::catalogue_depth && it->is_directory(ignored)) {
      throw CatalogueError(it->path().string() + ": folders are nested too deeply");
    }
    if (it->path().extension() == ".toml" && it->is_regular_file(ignored)) files.push_back(it->path().string());
  }
  if (error) throw CatalogueError(directory + ": " + error.message());
  if (files.empty()) throw CatalogueError(directory + ": holds no catalogue file (*.toml)");
  std::uint64_t bytes = 0;
  for (const std::string& file : files) {
    const std::uintmax_t size = fs::file_size(file, error);
    bytes += error ? 0 : size;  // a file that is gone is complained of when it is read
  }
  if (bytes > bounds::catalogue_bytes) {
    throw CatalogueError(directory + ": more than " + std::to_string(bounds::catalogue_bytes) + " bytes of catalogue");
  }
  if (files.size() > bounds::catalogue_files) {
    throw CatalogueError(directory + ": more than " + std::to_string(bounds::catalogue_files) + " catalogue files");
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::string file_text(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw CatalogueError(path + ": cannot be opened");
  // Stops past the limit, so that read_catalogue_text sees that the file is too large.
  std::string text;
  std::array<char, 65536> block;
  while (file && text.size() <= bounds::catalogue_file_bytes) {
    file.read(block.data(), block.size());
    text.append(block.data(), static_cast<std::size_t>(file.gcount()));
  }
  if (file.bad()) throw CatalogueError(path + ": cannot be read");
  return text;
}

// Entries are many and only `explain` needs them, so their files are not even parsed without need.
bool holds_entries(const std::string& path) {
  return fs::path(path).filename().string().rfind("entry-", 0) == 0;
}

using PatternCheck = void (*)(const Rule&);

void read_checked(std::string_view text, const std::string& file, bool with_entries, PatternCheck check,
                  CatalogueParts& parts) {
  read_catalogue_text(text, file, with_entries, parts);
  for (const Rule& rule : parts.rules) check(rule);
}

template <typename T>
void append(std::vector<T>& into, std::vector<T>&& items) {
  into.insert(into.end(), std::make_move_iterator(items.begin()), std::make_move_iterator(items.end()));
}

// Reads the files of one directory, each by itself and several at once, because a person waits for this at every
// start. Of several files that are wrong the first in order is the one complained of.
CatalogueParts read_side_by_side(std::size_t count, const std::function<void(std::size_t, CatalogueParts&)>& read) {
  std::vector<CatalogueParts> parts(count);
  std::vector<std::exception_ptr> errors(count);
  std::atomic<std::size_t> next = 0;
  const auto work = [&] {
    for (std::size_t i = next++; i < count; i = next++) {
      try {
        read(i, parts[i]);
      } catch (...) {
        errors[i] = std::current_exception();
      }
    }
  };
  std::vector<std::future<void>> helpers;
  const std::size_t most = std::min<std::size_t>({count, std::thread::hardware_concurrency(), 4});
  for (std::size_t i = 1; i < most; ++i) {
    try {
      helpers.push_back(std::async(std::launch::async, work));
    } catch (const std::system_error&) {
      break;  // no thread to be had: this one does it all
    }
  }
  work();
  for (std::future<void>& helper : helpers) helper.get();

  CatalogueParts all;
  for (std::size_t i = 0; i < count; ++i) {
    if (errors[i] != nullptr) std::rethrow_exception(errors[i]);
    CatalogueParts& part = parts[i];
    if (part.version && all.version) {
      throw CatalogueError(part.version_file + ": a second [catalogue]; the first is at " + all.version_file);
    }
    if (part.version) all.version = std::move(part.version);
    if (all.version_file.empty()) all.version_file = std::move(part.version_file);
    append(all.causes, std::move(part.causes));
    append(all.rules, std::move(part.rules));
    append(all.builds, std::move(part.builds));
    append(all.entries, std::move(part.entries));
  }
  return all;
}

template <typename T>
void refuse_twins(const std::vector<T>& items, std::string_view kind) {
  std::unordered_map<std::string_view, const T*> seen;
  for (const T& item : items) {
    const auto [it, fresh] = seen.emplace(item.id, &item);
    if (fresh) continue;
    throw_at(item.file, item.line,
             std::string(kind) + " " + item.id + " is already defined at " + it->second->file + ":" +
                 std::to_string(it->second->line));
  }
}

// An item of the later directory takes the place of one with the same key.
template <typename T, typename Key>
void merge(std::vector<T>& into, std::vector<T>&& later, Key key) {
  std::unordered_map<std::string, std::size_t> places;
  for (std::size_t i = 0; i < into.size(); ++i) places.emplace(key(into[i]), i);
  for (T& item : later) {
    const auto [it, fresh] = places.emplace(key(item), into.size());
    if (fresh) {
      into.push_back(std::move(item));
    } else {
      into[it->second] = std::move(item);
    }
  }
}

void merge(CatalogueParts& into, CatalogueParts&& later) {
  refuse_twins(later.causes, "cause");
  refuse_twins(later.rules, "rule");
  const auto by_id = [](const auto& item) { return item.id; };
  merge(into.causes, std::move(later.causes), by_id);
  merge(into.rules, std::move(later.rules), by_id);
  merge(into.builds, std::move(later.builds), [](const Build& b) { return b.version; });
  merge(into.entries, std::move(later.entries), [](const Entry& e) { return e.kind + '\n' + e.id; });
  if (later.version) into.version = std::move(later.version);
}

void sort_parts(CatalogueParts& p) {
  std::sort(p.causes.begin(), p.causes.end(),
            [](const Cause& a, const Cause& b) { return a.order != b.order ? a.order < b.order : a.id < b.id; });
  std::sort(p.rules.begin(), p.rules.end(), [](const Rule& a, const Rule& b) { return a.id < b.id; });
  std::sort(p.builds.begin(), p.builds.end(), [](const Build& a, const Build& b) {
    const int order = compare_builds(a.version, b.version);
    return order != 0 ? order < 0 : a.version < b.version;
  });
  std::sort(p.entries.begin(), p.entries.end(),
            [](const Entry& a, const Entry& b) { return a.kind != b.kind ? a.kind < b.kind : a.id < b.id; });
}

void check_causes(const CatalogueParts& p) {
  std::unordered_map<std::string_view, bool> known;
  for (const Cause& cause : p.causes) known.emplace(cause.id, true);
  for (const Rule& rule : p.rules) {
    if (!rule.cause.empty() && !known.contains(rule.cause)) {
      throw_at(rule.file, rule.line, "rule " + rule.id + ": unknown cause '" + rule.cause + "'");
    }
  }
  for (const Entry& entry : p.entries) {
    for (const std::string& cause : entry.causes) {
      if (!known.contains(cause)) {
        throw_at(entry.file, entry.line, "entry " + entry.id + ": unknown cause '" + cause + "'");
      }
    }
  }
}

}  // namespace

Catalogue Catalogue::load(std::span<const std::string> directories, bool with_entries) {
  CatalogueParts all;
  for (const std::string& directory : directories) {
    std::vector<std::string> files = catalogue_files(directory);
    if (!with_entries) std::erase_if(files, holds_entries);
    // The first directory is the shipped one, whose tests compile every pattern; at each start parsing them is enough.
    const PatternCheck check = &directory == directories.data() ? check_pattern_syntax : check_pattern;
    merge(all, read_side_by_side(files.size(), [&](std::size_t i, CatalogueParts& parts) {
            read_checked(file_text(files[i]), files[i], with_entries, check, parts);
          }));
  }
  return assemble(std::move(all));
}

Catalogue Catalogue::parse(std::span<const std::pair<std::string, std::string>> files) {
  CatalogueParts all;
  merge(all, read_side_by_side(files.size(), [&](std::size_t i, CatalogueParts& parts) {
          read_checked(files[i].second, files[i].first, true, check_pattern, parts);
        }));
  return assemble(std::move(all));
}

Catalogue Catalogue::assemble(CatalogueParts&& parts) {
  if (parts.rules.size() > bounds::rules) throw CatalogueError("more than " + std::to_string(bounds::rules) + " rules");
  sort_parts(parts);
  check_causes(parts);
  Catalogue catalogue;
  catalogue.causes_ = std::move(parts.causes);
  catalogue.rules_ = std::move(parts.rules);
  catalogue.builds_ = std::move(parts.builds);
  catalogue.entries_ = std::move(parts.entries);
  catalogue.version_ = std::move(parts.version).value_or("");
  return catalogue;
}

const Cause* Catalogue::cause(std::string_view id) const {
  const auto it = std::find_if(causes_.begin(), causes_.end(), [&](const Cause& c) { return c.id == id; });
  return it == causes_.end() ? nullptr : &*it;
}

const Rule* Catalogue::rule(std::string_view id) const {
  const auto it = std::lower_bound(rules_.begin(), rules_.end(), id,
                                   [](const Rule& r, std::string_view wanted) { return r.id < wanted; });
  return it == rules_.end() || it->id != id ? nullptr : &*it;
}

}  // namespace synclens
