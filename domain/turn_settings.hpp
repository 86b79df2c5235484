#pragma once
// What an operator may set about turns (FAIR-2); docs/control/fairness.md holds names,
// defaults and ranges.

#include "domain/time.hpp"

namespace busbar::domain {

struct turn_settings {
  /// A turn lasts at least this long from when it is told, unless a limit falls or its vehicle
  /// sleeps. 60..7200 s.
  seconds on_min{300};
  /// A connector whose turn was taken away waits at least this long. 0..3600 s.
  seconds off_min{60};
  /// A connector that has waited this long goes first, whatever its priority. 300..86400 s.
  seconds patience{1800};
  /// Under a policy that lets wait: how long the overdue may take to have had a turn each.
  seconds line_time{7200};
  /// One that wants nothing, or cannot be reached, for less than this keeps its waited time.
  /// 0..3600 s.
  seconds blink_max{120};
  /// A vehicle that draws nothing of what it is offered for this long sleeps. 10..3600 s.
  seconds asleep_after{60};
  /// A sleeper is asked again after this, then after twice as long. 60..86400 s.
  seconds probe_after{600};
  /// Draws less than it may for this long: the rest goes to others. 10..3600 s.
  seconds reclaim_after{60};
  bool operator==(const turn_settings&) const = default;
};

} // namespace busbar::domain
