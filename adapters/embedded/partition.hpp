#pragma once
// One partition of one topic: records in order, bounded, with what each group has read of it.
//
// A record leaves when it is older than the topic's retention, when a newer one of its key stands
// in a compacted topic, or to make room: then the oldest go, but none that a group with live
// members still needs. Where room cannot be made, `append` refuses with errc::full.
// A group needs what it has not committed; one that never commits needs what it has not been given.

#include "adapters/embedded/counted_mutex.hpp"
#include "adapters/embedded/waker.hpp"
#include "domain/result.hpp"
#include "ports/event_log.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace busbar::adapters::embedded {

struct partition_bounds {
  std::size_t records_max = 0;
  std::size_t bytes_max = 0;
};

struct partition_figures {
  std::uint64_t appended = 0;
  std::uint64_t appended_bytes = 0;
  std::uint64_t refused_full = 0;
  std::uint64_t expired = 0;
  std::uint64_t superseded = 0;
  /// Left to make room, needed by no reader.
  std::uint64_t dropped = 0;
  std::size_t records = 0;
  std::size_t bytes = 0;
};

/// Thread-safe.
class partition {
public:
  partition(ports::partition_id place, const ports::topic_settings& topic,
            partition_bounds bounds, lock_counters& locks);

  /// The record's offset. `is_admitted`: there was room for it (`has_room`), and it is not refused.
  domain::result<std::int64_t> append(const std::string& key, ports::shared_bytes value,
                                      domain::instant now, bool is_admitted = false);
  /// Whether a record of `value_bytes` would be taken now.
  [[nodiscard]] bool has_room(const std::string& key, std::size_t value_bytes,
                              domain::instant now);
  /// What stood here before the process began, and the offset of the next record. REQUIRES: nothing
  /// was appended or restored yet; offsets grow and are below `end`.
  void restore(const std::vector<ports::record>& records, std::int64_t end);

  /// Where the group goes on: after its last commit, else at the beginning or at the end. From now
  /// on the group holds records back and `on_append` is signalled by every new record.
  [[nodiscard]] std::int64_t attach(const std::string& group, bool from_beginning,
                                    waker* on_append);
  /// Null: no signals (a paused partition).
  void set_waker(const std::string& group, waker* on_append);
  /// The reader is gone; what it committed stays known.
  void detach(const std::string& group);

  /// Appends to `out` at most `records_max` records from `position` on; returns the new position.
  std::int64_t read(const std::string& group, std::int64_t position, std::size_t records_max,
                    domain::instant now, std::vector<ports::record>& out);
  /// `next` is the offset after the last one that is done.
  void commit(const std::string& group, std::int64_t next);
  /// Everything that stands here from `from` on; absent: nothing. The offset of the next record.
  std::int64_t read_from(std::optional<std::int64_t> from, domain::instant now,
                         std::vector<ports::record>& out);

  /// The offset that the next record will get.
  [[nodiscard]] std::int64_t end() const { return end_.load(std::memory_order_acquire); }
  [[nodiscard]] partition_figures figures();

private:
  struct entry {
    std::int64_t offset = 0;
    std::string key;
    ports::shared_bytes value;
    domain::instant written_at{};
    bool is_superseded = false;
    [[nodiscard]] std::size_t bytes() const {
      return sizeof(entry) + key.size() + (value ? value->size() : 0);
    }
  };
  struct reader {
    std::int64_t position = 0;
    std::optional<std::int64_t> committed;
    bool is_live = false;
    waker* on_append = nullptr;
  };

  [[nodiscard]] std::int64_t needed_from() const;
  [[nodiscard]] std::deque<entry>::iterator find(std::int64_t offset);
  void expire(domain::instant now);
  /// For one more record of `bytes`, which takes the place of the one of its key where the topic is
  /// compacted.
  bool make_room(const std::string& key, std::size_t bytes);
  void put(entry newest);
  void supersede(const std::string& key);
  void compact();
  void pop_oldest();

  const ports::partition_id place_;
  const bool is_compacted_;
  const std::optional<domain::seconds> retention_;
  const partition_bounds bounds_;
  counted_mutex mutex_;
  std::deque<entry> entries_;
  /// Compacted topics: the offset of each key's newest record.
  std::unordered_map<std::string, std::int64_t> newest_;
  std::size_t superseded_here_ = 0;
  std::map<std::string, reader> readers_;
  partition_figures figures_;
  std::atomic<std::int64_t> end_{0};
};

} // namespace busbar::adapters::embedded
