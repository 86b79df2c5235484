#pragma once
// Topics that outlive the process. A thread of its own writes what was published to the journal,
// many records with one fsync; then readers get them, and publishers their acknowledgements. What
// is read or acknowledged is on the disk.
//
//   publish --> queue --> journal (fsync) --> partition (readers) --> acknowledgement
//
// The journal is written anew, without what retention and compaction have taken, once it is
// `rewrite_factor` times as large as it was after the last time, and larger than `rewrite_min`.

#include "adapters/embedded/journal.hpp"
#include "adapters/embedded/partition.hpp"
#include "ports/event_log.hpp"

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace busbar::adapters::embedded {

/// Published and not on the disk yet; above it `publish` answers errc::full.
inline constexpr std::size_t kept_queue_records_max = 100'000;
inline constexpr std::size_t kept_queue_bytes_max = 64 * 1'048'576;
inline constexpr std::uint64_t rewrite_min = 64 * 1'048'576;
inline constexpr std::uint64_t rewrite_factor = 4;

/// Thread-safe.
class kept_topics {
public:
  /// `found`: what `file` held. REQUIRES: `file` is open.
  kept_topics(std::unique_ptr<journal> file, std::vector<journal_entry> found);
  kept_topics(const kept_topics&) = delete;
  kept_topics& operator=(const kept_topics&) = delete;
  /// Writes what waits.
  ~kept_topics();

  /// Fills the partitions of a topic with what was found. errc::conflict: it had another number of
  /// partitions.
  [[nodiscard]] domain::result<void> add(const std::string& topic,
                                         const std::vector<partition*>& partitions);
  /// As ports::log_producer::publish. `to` belongs to a topic that was added.
  domain::result<void> publish(partition& to, const ports::record& from,
                               ports::acknowledgement then);
  /// A group goes on at `next`: written with the next records.
  void commit(kept_commit commit);
  [[nodiscard]] domain::result<void> flush(domain::microseconds patience);
  /// Why the disk took nothing the last time; no failure: it did.
  [[nodiscard]] domain::result<void> check();
  [[nodiscard]] std::size_t waiting();

private:
  struct found_partition {
    std::vector<ports::record> records;
    std::map<std::string, std::int64_t> commits;
    std::int64_t end = 0;
  };
  struct waiting_record {
    partition* to = nullptr;
    ports::record record;
    ports::acknowledgement then;
  };
  struct batch {
    std::vector<waiting_record> records;
    std::vector<kept_commit> commits;
    std::size_t bytes = 0;
  };

  void sort(std::vector<journal_entry> found);
  void run(const std::stop_token& stop);
  [[nodiscard]] batch take(const std::stop_token& stop);
  void write(batch& all);
  [[nodiscard]] domain::result<void> put_on_disk(const std::vector<journal_entry>& entries);
  [[nodiscard]] domain::result<void> rewrite();

  /// Of the file, and what is known of it.
  std::mutex disk_;
  std::unique_ptr<journal> file_;
  std::map<ports::partition_id, found_partition> found_;
  std::map<ports::partition_id, partition*> partitions_;
  std::uint64_t live_bytes_ = 0;
  /// By group and place, as they stand in the journal.
  std::map<std::pair<std::string, ports::partition_id>, std::int64_t> commits_;
  std::mutex mutex_;
  std::condition_variable_any changed_;
  batch queue_;
  bool is_writing_ = false;
  std::optional<domain::error> failure_;
  std::jthread writer_;
};

} // namespace busbar::adapters::embedded
