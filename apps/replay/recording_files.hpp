#pragma once
// The files of a recording, as segments: what one site did from one beginning to the next.

#include "domain/fault_list.hpp"
#include "domain/result.hpp"
#include "domain/time.hpp"
#include "recording/recording_head.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace busbar::apps::replay {

struct recording_file {
  std::string path;
  recording::recording_head head;
};

/// Files of one segment, one after the other without a gap.
struct recording_segment {
  std::vector<recording_file> files;
  /// The parts began with what the first file says, and it is the segment's first.
  [[nodiscard]] bool is_exact() const {
    return files.front().head.part == 0 && files.front().head.is_exact;
  }
};

struct found_recordings {
  /// By site and beginning.
  std::vector<recording_segment> segments;
  /// Files that cannot be read, each with why.
  domain::fault_list faults;
  /// Files that were cut before their head was whole, and are left out.
  std::vector<std::string> notes;
};

/// Below `folder`, or the one file that it is; of `site` alone where it is named.
[[nodiscard]] found_recordings find_recordings(const std::string& folder, const std::string& site);

/// Calls `take` with each block after the head. The tail that is cut, as text; empty: none is.
/// errc::unavailable, errc::malformed.
[[nodiscard]] domain::result<std::string>
read_blocks(const std::string& path,
            const std::function<bool(std::vector<std::uint8_t>)>& take);

} // namespace busbar::apps::replay
