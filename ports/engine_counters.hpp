#pragma once
// What an engine node counts about itself. Plain atomics without locks, allocation or metrics
// library: the hot path adds, adapters/metrics reads when Prometheus asks. Relaxed order: every
// number is right by itself, two of them may be one event apart. Names follow the metrics.

#include "domain/result.hpp"
#include "domain/time.hpp"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace busbar::ports {

/// Grows only (a counter), or holds the newest value (a gauge).
class relaxed_number {
public:
  void add(std::uint64_t n = 1) { value_.fetch_add(n, std::memory_order_relaxed); }
  void assign(std::uint64_t n) { value_.store(n, std::memory_order_relaxed); }
  [[nodiscard]] std::uint64_t value() const { return value_.load(std::memory_order_relaxed); }

private:
  std::atomic<std::uint64_t> value_{0};
};

/// Durations in fixed buckets, each counting what is at most its bound; the last one has no bound.
class duration_histogram {
public:
  static constexpr std::array<std::int64_t, 18> bounds_us{
      10,     25,     50,      100,     250,       500,       1'000,     2'500,      5'000,
      10'000, 25'000, 50'000,  100'000, 250'000,   500'000,   1'000'000, 2'500'000,  10'000'000};

  /// A negative duration (a clock that was set back) counts as zero.
  void observe(domain::microseconds took) {
    const std::int64_t us = took.count() < 0 ? 0 : took.count();
    std::size_t place = 0;
    while (place < bounds_us.size() && us > bounds_us[place]) ++place;
    buckets_[place].add();
    sum_us_.add(static_cast<std::uint64_t>(us));
  }
  /// How many fell into bucket `place` alone, 0 <= place <= bounds_us.size().
  [[nodiscard]] std::uint64_t in_bucket(std::size_t place) const { return buckets_[place].value(); }
  [[nodiscard]] std::uint64_t sum_us() const { return sum_us_.value(); }

private:
  std::array<relaxed_number, bounds_us.size() + 1> buckets_;
  relaxed_number sum_us_;
};

/// One counter for each errc.
class refusal_counters {
public:
  static constexpr std::size_t kinds = static_cast<std::size_t>(domain::errc::forbidden) + 1;

  void add(domain::errc code) { counts_[static_cast<std::size_t>(code) % kinds].add(); }
  [[nodiscard]] std::uint64_t value(domain::errc code) const {
    return counts_[static_cast<std::size_t>(code) % kinds].value();
  }

private:
  std::array<relaxed_number, kinds> counts_;
};

/// Depths of mailboxes in the time between two `take`s: each owner adds its own, one takes.
class depth_samples {
public:
  struct sums {
    std::uint64_t total = 0;
    std::uint64_t max = 0;
  };
  /// Costs nothing where nothing waits.
  void add(std::uint64_t depth) {
    if (depth == 0) return;
    total_.fetch_add(depth, std::memory_order_relaxed);
    auto max = max_.load(std::memory_order_relaxed);
    while (max < depth && !max_.compare_exchange_weak(max, depth, std::memory_order_relaxed)) {}
  }
  sums take() {
    return {total_.exchange(0, std::memory_order_relaxed),
            max_.exchange(0, std::memory_order_relaxed)};
  }

private:
  std::atomic<std::uint64_t> total_{0};
  std::atomic<std::uint64_t> max_{0};
};

/// Incremented by the ingest thread.
struct ingest_counters {
  relaxed_number batches;
  relaxed_number readings;
  relaxed_number meter_readings;
  relaxed_number health_reports;
  relaxed_number requests;
  relaxed_number results;
  /// Records that could not be used, by reason; each went to the dead letters.
  refusal_counters dead_letters;
  /// Records of sites that another engine node of the group holds.
  relaxed_number strays;
  /// Requests that the log, or their client, delivered again (KEEP-1).
  relaxed_number repeated;
  /// From a batch's sending to its arrival in the feeders' bays.
  duration_histogram lag;
  /// Times that partitions were paused because a queue was full.
  relaxed_number pauses;
  /// Gauge: records polled and not yet handed to actors.
  relaxed_number queue_depth;
};

/// Incremented by the site actors, once a tick.
struct planning_counters {
  relaxed_number plans;
  /// Plans that began more than a tick after their time.
  relaxed_number late_plans;
  duration_histogram plan_duration;
  /// Grants told, by kind.
  relaxed_number grants_raised;
  relaxed_number grants_lowered;
  relaxed_number grants_renewed;
  relaxed_number commands_refused;
  /// Commands that were never acknowledged within their time.
  relaxed_number commands_unanswered;
};

/// Incremented by station and driver actors.
struct session_counters {
  relaxed_number accepted;
  relaxed_number denied;
  relaxed_number completed;
  /// Energy of completed sessions.
  relaxed_number energy_wh;
  /// From a driver's asking to the acceptance (or denial) being in the log.
  duration_histogram answer_time;
};

/// Incremented by supervisors. An actor samples its own mailbox when it gets a tick; the
/// engine node makes gauges of a second's samples. Stations get no tick and are not among them.
struct supervision_counters {
  relaxed_number restarts;
  relaxed_number watchdog_restarts;
  relaxed_number escalations;
  relaxed_number breakers_opened;
  /// Newer epochs taken because stations obeyed another's orders.
  relaxed_number epochs_taken;
  /// Gauges.
  relaxed_number actors_running;
  relaxed_number mailbox_depth_max;
  relaxed_number mailbox_depth_total;
  depth_samples mailbox_samples;
};

/// Incremented by publishers.
struct publishing_counters {
  relaxed_number records;
  relaxed_number bytes;
  refusal_counters refused;
  /// Entries that have passed through the journal.
  relaxed_number journal_entries;
  /// Stations whose charging profiles in the changelog could not be read back.
  relaxed_number profiles_lost;
};

struct engine_counters {
  ingest_counters ingest;
  planning_counters planning;
  session_counters sessions;
  supervision_counters supervision;
  publishing_counters publishing;
};

} // namespace busbar::ports
