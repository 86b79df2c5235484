#pragma once
// The file that outlives the process: records of kept topics and what groups have committed, in the
// order in which they were written. Append-only; each frame carries its length and CRC-32, so that
// a tail which a power cut has torn is found. It is cut off, kept aside and reported.
//
//   DIR/journal   "busbar.journal.1\n", then frames: u32 length, u32 CRC-32 of the body, body
//   DIR/journal.new   while it is rewritten; takes the place of the other one whole
//   DIR/torn-N    what was cut off at byte N
//   DIR/lock      held by the process that has the folder
//
// Used by one thread.

#include "domain/result.hpp"
#include "ports/event_log.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <variant>
#include <vector>

namespace busbar::adapters::embedded {

/// A group goes on at `next`.
struct kept_commit {
  std::string group;
  ports::partition_id place;
  std::int64_t next = 0;
};

/// The next record of a partition has at least this offset: records before it are gone.
struct kept_end {
  ports::partition_id place;
  std::int64_t end = 0;
};

using journal_entry = std::variant<ports::record, kept_commit, kept_end>;

/// A frame's body has at most this many bytes; a length above it is a torn one.
inline constexpr std::uint32_t journal_frame_bytes_max = 16 * 1'048'576;

class journal {
public:
  struct content {
    std::vector<journal_entry> entries;
    /// What was cut off, and where it is kept; empty: nothing.
    std::string note;
  };

  journal() = default;
  journal(const journal&) = delete;
  journal& operator=(const journal&) = delete;
  ~journal();

  /// Makes the folder where there is none, and reads what is there. errc::conflict: another process
  /// has the folder; errc::malformed: it holds another file of this name; errc::unavailable.
  [[nodiscard]] domain::result<content> open(const std::filesystem::path& folder);
  /// On the disk when it returns (fdatasync). Where it fails nothing of them is: errc::unavailable.
  [[nodiscard]] domain::result<void> append(const std::vector<journal_entry>& entries);
  /// In place of all that is there.
  [[nodiscard]] domain::result<void> rewrite(const std::vector<journal_entry>& entries);
  [[nodiscard]] std::uint64_t bytes() const { return bytes_; }

private:
  [[nodiscard]] domain::result<void> lock();
  [[nodiscard]] domain::result<content> read();
  [[nodiscard]] domain::result<void> cut(const std::vector<std::uint8_t>& whole, content& into);
  /// What an append that failed has left would be read as a torn end, and what follows it not at
  /// all.
  [[nodiscard]] domain::result<void> take_back();
  [[nodiscard]] std::filesystem::path path() const { return folder_ / "journal"; }

  std::filesystem::path folder_;
  int lock_ = -1;
  int file_ = -1;
  std::uint64_t bytes_ = 0;
  bool is_in_part_ = false;
};

} // namespace busbar::adapters::embedded
