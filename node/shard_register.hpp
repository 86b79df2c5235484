#pragma once
// The shards of an engine node (OWN-2, OWN-3, OWN-5): each is a state machine of
// control/cluster/shard_machine.hpp, which is given what the log and the group answer. `now` and
// all times are those of `boot_clock`. Thread-safe: the outbox asks whether a command may leave,
// the thread that polls does the rest.

#include "control/cluster/shard_machine.hpp"
#include "domain/ids.hpp"
#include "domain/shard_records.hpp"
#include "domain/time.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace busbar::node {

/// Since the process started.
struct shard_counters {
  std::atomic<std::uint64_t> fences_written{0};
  /// Fences of other nodes, or of other processes, that took a shard of this one.
  std::atomic<std::uint64_t> fences_lost{0};
  /// Batches of commands that did not leave: nothing was acknowledged for too long, or it is not
  /// known yet whether another node has taken over; and no fence of this node stands.
  std::atomic<std::uint64_t> withheld_silent{0};
  std::atomic<std::uint64_t> withheld_unfenced{0};
};

class shard_register {
public:
  using shards = std::set<std::int32_t>;

  /// `node`, `start`: of this process, in its fences. `count`: partitions of each topic.
  shard_register(std::string node, std::uint64_t start, std::int32_t count)
      : node_(std::move(node)), start_(start), count_(count) {}

  [[nodiscard]] std::int32_t shard_of(const domain::site_id& site) const;
  [[nodiscard]] std::int32_t count() const { return count_; }

  /// The epoch under which a command of the site may leave now; absent: none may, which is counted.
  [[nodiscard]] std::optional<domain::epoch> may_command(const domain::site_id& site,
                                                         domain::instant now);
  /// The log has a record of this node that was handed over at `sent_at`, or it has refused it.
  void acknowledged(domain::instant sent_at, domain::instant now, bool is_kept);

  /// The group gives these to the node.
  void want(const shards& given, domain::instant now);
  /// They are no longer this node's, or were handed over in order.
  void let_go(const shards& gone, domain::instant now);
  /// The group gives these to the node anew: one that was taken is confirmed, of one that is owned
  /// records may have been missed, and it is to be looked at.
  void given_anew(const shards& which, domain::instant now);
  /// The log has answered what was asked at `asked_at`, while the node was in its place.
  void in_touch(domain::instant asked_at, domain::instant now);
  /// Fences to be appended; each is named once.
  [[nodiscard]] std::vector<domain::shard_fence> take_fences();
  /// One of `of` that has no fence of this node in the log at `deadline`; absent: each has.
  [[nodiscard]] std::optional<std::int32_t>
  await_fences(const shards& of, std::chrono::steady_clock::time_point deadline);
  /// The log has it; absent: has refused it, or the outcome is unknown.
  void fence_answered(const domain::shard_fence& fence, std::optional<std::int64_t> offset,
                      domain::instant now);
  /// A fence was read in its shard's partition.
  void read(const domain::shard_fence& fence, std::int64_t offset, domain::instant now);
  /// Any record was read there: none before it is missing.
  void passed(std::int32_t shard, std::int64_t offset);
  /// All of the partition before `end` was read (OWN-3).
  void caught_up(std::int32_t shard, std::int64_t end, domain::instant now);

  /// The epoch that the node's fence began; 0: none stands.
  /// `or_the_last`: also where another node's fence stands by now.
  [[nodiscard]] domain::epoch epoch_of(std::int32_t shard, bool or_the_last = false) const;
  /// Where the partition has to be read from to know whether another node has taken the shard: of
  /// those of which it is not known, or was asked too long ago. Empty: of none.
  [[nodiscard]] std::map<std::int32_t, std::int64_t> to_look_at(domain::instant now) const;
  /// Another node's fence was read, and the group may not have missed this node yet: it may give
  /// the shard to another one.
  [[nodiscard]] bool awaits_group(std::int32_t shard, domain::instant now) const;
  /// Shards that another node has taken since the last call.
  [[nodiscard]] shards take_overtaken();
  [[nodiscard]] bool is_silent(domain::instant now) const;
  [[nodiscard]] const shard_counters& counters() const { return counters_; }

private:
  struct known_shard {
    control::cluster::shard machine;
    /// All of the partition before this was read, as far as it matters: after the own fence.
    std::int64_t read_until = 0;
    bool has_gap = false;
    bool wants_fence = false;
    bool is_overtaken = false;
    void advance(const control::cluster::shard_event& event, domain::instant now);
  };

  const std::string node_;
  const std::uint64_t start_;
  const std::int32_t count_;
  shard_counters counters_;
  mutable std::mutex guard_;
  std::condition_variable fence_came_;
  std::map<std::int32_t, known_shard> shards_;
  std::map<std::int32_t, domain::epoch> last_epochs_;
  domain::instant acknowledged_at_{};
};

} // namespace busbar::node
