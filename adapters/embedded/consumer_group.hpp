#pragma once
// The members of one group and which partition each of them reads. A partition has one reader at a
// time: its new reader takes it only after the old one has let it go (cooperative rebalance).
//
//   join/leave/topics ──> `target_` (shall read)          each member, on its own polling thread:
//                              │                            let go of what is not its target,
//                              └── generation grows ──────> take what is its target and no member's

#include "adapters/embedded/counted_mutex.hpp"
#include "adapters/embedded/waker.hpp"
#include "domain/result.hpp"
#include "ports/event_log.hpp"

#include <atomic>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace busbar::adapters::embedded {

/// Partitions of each topic.
using topic_sizes = std::map<std::string, std::int32_t>;

/// Thread-safe.
class consumer_group {
public:
  explicit consumer_group(lock_counters& locks) : mutex_(locks) {}

  /// `on_change` is signalled whenever the member should look at its partitions again. It gets back
  /// the partitions that it read when it left. errc::conflict: the name is taken.
  domain::result<void> join(const std::string& member, const std::vector<std::string>& topics,
                            waker* on_change, const topic_sizes& sizes);
  /// Lets everything go.
  void leave(const std::string& member, const topic_sizes& sizes);
  /// What the member shall read from now on; none: nothing. REQUIRES: it has joined.
  void change_topics(const std::string& member, const std::vector<std::string>& topics,
                     const topic_sizes& sizes);
  /// The topics' sizes have changed.
  void rebalance(const topic_sizes& sizes);

  /// Grows with every change of targets or owners.
  [[nodiscard]] std::uint64_t generation() const { return generation_.load(); }
  /// What the member reads and should let go.
  [[nodiscard]] std::vector<ports::partition_id> unwanted(const std::string& member);
  void release(const std::vector<ports::partition_id>& places);
  /// What the member should read and no other reads: from now on the member does.
  [[nodiscard]] std::vector<ports::partition_id> take(const std::string& member);

private:
  struct member_state {
    std::set<std::string> topics;
    waker* on_change = nullptr;
  };

  void assign(const topic_sizes& sizes);
  void announce();

  counted_mutex mutex_;
  std::map<std::string, member_state> members_;
  std::map<ports::partition_id, std::string> target_;
  std::map<ports::partition_id, std::string> owner_;
  /// What members read when they left (static membership).
  std::map<std::string, std::set<ports::partition_id>> remembered_;
  std::atomic<std::uint64_t> generation_{0};
};

} // namespace busbar::adapters::embedded
