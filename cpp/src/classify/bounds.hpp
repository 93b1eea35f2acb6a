// Bounds on what a catalogue, which may come from a stranger, can make us do.
#pragma once

#include <cstddef>
#include <cstdint>

namespace synclens::bounds {

inline constexpr std::size_t catalogue_file_bytes = std::size_t{4} << 20;
inline constexpr std::uint64_t catalogue_bytes = std::uint64_t{64} << 20;  // of one directory
inline constexpr std::size_t catalogue_files = 2000;                       // of one directory
inline constexpr std::size_t catalogue_dir_entries = 100000;               // looked at below one directory
inline constexpr int catalogue_depth = 8;                                  // folders in folders
inline constexpr std::size_t rules = 100000;
inline constexpr std::size_t pattern_bytes = 8192;
inline constexpr std::int64_t pattern_memory = std::int64_t{1} << 20;  // RE2's budget for one pattern on its own
inline constexpr std::size_t matched_text = std::size_t{256} << 10;    // how much of an event's text is looked at

}  // namespace synclens::bounds
