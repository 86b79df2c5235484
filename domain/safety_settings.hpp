#pragma once
// What an operator may set about the safety of a site; docs/control/safety.md and
// docs/control/load-shedding.md hold names, defaults and ranges.

#include "domain/site_kinds.hpp"
#include "domain/time.hpp"
#include "domain/units.hpp"

#include <cstdint>

namespace busbar::domain {

/// Shedding by priority (control/safety/load_shedding.hpp).
struct shedding_settings {
  bool is_enabled = true;
  /// Load at or above which the level rises. 500..1200 permille, above `fall`.
  permille rise{950};
  /// Load below which the level falls. 0..1000 permille.
  permille fall{850};
  /// Load counts only where at least this part of the limit is load that the split cannot explain.
  /// 0..1000 permille.
  permille unexplained{50};
  /// Shortest stay in a level before the next step up. 0..600 s.
  microseconds dwell_up = std::chrono::seconds{2};
  /// Shortest stay in a level before the next step down. 1..3600 s.
  microseconds dwell_down = std::chrono::seconds{30};
  bool operator==(const shedding_settings&) const = default;
};

/// Loss of input (SAFE-1, control/safety/input_watch.hpp).
struct input_settings {
  /// Age beyond which telemetry is stale. 2..3600 s.
  seconds stale_after{30};
  stale_input_policy when_stale = stale_input_policy::exclude;
  /// hold_last: the longest that an old value is believed. 0..120 s.
  seconds hold_max{120};
  /// Failed cycles in a row after which the site stops controlling. 1..100.
  std::uint8_t cycles_max = 5;
  /// What is believed of a connector that was never heard: safe_zero tells it zero, hold_last
  /// leaves it at what it was told last (or its fallback).
  stale_input_policy cold_start = stale_input_policy::hold_last;
  bool operator==(const input_settings&) const = default;
};

} // namespace busbar::domain
