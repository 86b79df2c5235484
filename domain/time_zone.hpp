#pragma once
// A site's time zone as a table: what local hours of the day mean, without a clock and without the
// system's data. `adapters/config/time_zones.hpp` reads it by its name.

#include "domain/time.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace busbar::domain {

/// From then on the clocks on the wall are so far ahead of UTC (negative: behind).
struct zone_change {
  instant from{};
  seconds offset{};
  bool operator==(const zone_change&) const = default;
};

struct time_zone {
  std::string name = "UTC";
  /// By rising time; empty: UTC. Before the first its offset holds already.
  std::vector<zone_change> changes;

  /// Local time less UTC.
  [[nodiscard]] seconds offset_at(instant at) const;
  /// What the clocks on the wall show. On the day on which they are set forward some times are
  /// never shown, and when they are set back some are shown twice.
  [[nodiscard]] std::chrono::local_time<microseconds> local_at(instant at) const;
  bool operator==(const time_zone&) const = default;
};

} // namespace busbar::domain
