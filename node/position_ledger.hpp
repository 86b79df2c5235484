#pragma once
// KEEP-2: how far a site's state has come in each topic of its records. What is in the log, or was
// read from it, reaches the state a little later (an answer waits for its feeder, a request for its
// station): a state includes for certain what lies `settles_after` back. Thread-safe.

#include "domain/site_state.hpp"
#include "domain/time.hpp"
#include "ports/event_log.hpp"

#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <string>

namespace busbar::node {

class position_ledger {
public:
  /// Steps of the wall clock change nothing: after one backwards no position would be named until
  /// it has caught up, after one forwards what is on its way would count as settled.
  using clock = std::chrono::steady_clock;
  static_assert(clock::is_steady);
  /// Longer than a station's actor may owe its feeder an answer, and a driver wait for one.
  static constexpr domain::seconds settles_after{8};
  /// Between two samples of a partition.
  static constexpr domain::seconds samples_every{1};
  /// A sample goes once the one after it is so old: what is named of any topic is younger. Every
  /// other sample is at least `samples_every` later, so about 24 of a partition are kept.
  static constexpr domain::seconds samples_last = settles_after + 3 * samples_every;

  explicit position_ledger(std::int32_t partitions) : partitions_(partitions) {}

  /// States of the partition's sites include all records before `next`.
  void begin(const ports::partition_id& place, std::int64_t next);
  /// The record at `offset` is in the log, or was read from it, and so were all before it.
  void passed(const ports::partition_id& place, std::int64_t offset, clock::time_point now);
  /// What a state of that site includes that is made now.
  [[nodiscard]] domain::log_positions settled(const domain::site_id& site,
                                              clock::time_point now) const;
  [[nodiscard]] ports::partition_id place_of(const char* topic,
                                             const domain::site_id& site) const;

private:
  struct sample {
    clock::time_point at{};
    std::int64_t next = 0;
  };
  [[nodiscard]] std::optional<std::int64_t> settled(const ports::partition_id& place,
                                                    clock::time_point now) const;

  const std::int32_t partitions_;
  mutable std::mutex guard_;
  std::map<ports::partition_id, std::deque<sample>> samples_;
};

} // namespace busbar::node
