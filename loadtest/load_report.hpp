#pragma once
// What a load test found, as text for people and as JSON.

#include "domain/time.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace busbar::loadtest {

/// What the engine shows from outside at one moment; counters since its start.
struct engine_sample {
  std::uint64_t readings = 0;
  std::uint64_t plans = 0;
  std::uint64_t late_plans = 0;
  /// Grants made, by kind.
  std::uint64_t raised = 0;
  std::uint64_t lowered = 0;
  std::uint64_t renewed = 0;
  std::uint64_t dead_letters = 0;
  /// Batches that are decoded and not yet in a bay.
  std::uint64_t queue_depth = 0;
  std::int64_t cpu_us = 0;
  std::int64_t resident_bytes = 0;
};

/// One second of the measured window.
struct load_second {
  std::uint64_t readings = 0;
  std::uint64_t queue_depth = 0;
  std::int64_t fleet_behind_us = 0;
};

struct load_report {
  // asked
  std::string log;
  std::size_t sites = 0;
  std::size_t stations_per_site = 0;
  double hertz = 1;
  std::int64_t seconds = 0;
  // found, within the measured window
  double window_seconds = 0;
  std::uint64_t readings_sent = 0;
  std::uint64_t readings_ingested = 0;
  std::uint64_t commands = 0;
  std::uint64_t plans = 0;
  std::uint64_t late_plans = 0;
  /// Grants made, by kind.
  std::uint64_t raised = 0;
  std::uint64_t lowered = 0;
  std::uint64_t renewed = 0;
  std::uint64_t dead_letters = 0;
  std::uint64_t limits_exceeded = 0;
  std::uint64_t refused_by_log = 0;
  double engine_cpu_seconds = 0;
  double fleet_cpu_seconds = 0;
  /// Growth of the engine's resident memory from before its start to the window's end.
  std::int64_t engine_bytes = 0;
  /// Of it the records that a log inside the same process holds at the window's end: they grow up
  /// to the log's own bound, whatever the engine does.
  std::int64_t log_bytes = 0;
  std::uint64_t latencies = 0;
  domain::microseconds p50{}, p99{}, p999{}, longest{};
  std::vector<load_second> each_second;

  [[nodiscard]] double stations() const {
    return static_cast<double>(sites) * static_cast<double>(stations_per_site);
  }
  [[nodiscard]] double rate_asked() const { return stations() * hertz; }
  [[nodiscard]] double rate_held() const;
  /// Queues at the end against the beginning: grown where the last third is above twice the first
  /// and above one period's batches.
  [[nodiscard]] bool is_queue_growing() const;
  /// Why the rate was not held; empty where it was: at least 99 % sent and ingested, every site
  /// planned at least 99 % of its seconds, no queue growing, no limit exceeded.
  [[nodiscard]] std::vector<std::string> failures() const;
};

[[nodiscard]] std::string text_of(const load_report& report);
/// One JSON object; the fields' units are in their names.
[[nodiscard]] std::string json_of(const load_report& report);

} // namespace busbar::loadtest
