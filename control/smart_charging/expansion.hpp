#pragma once
// A profile laid out in time: which of its periods is in force when. Sources: OCPP 1.6 edition 2,
// 3.13 and 5.16 (notes on duration, recurrence and gaps), 7.8.

#include "control/smart_charging/effort.hpp"
#include "control/smart_charging/profile.hpp"

#include <optional>
#include <vector>

namespace busbar::control::smart_charging {

/// Where a Relative profile (or an Absolute one without startSchedule) begins; of no meaning for
/// the others.
struct time_origin {
  instant relative_start{};
};

/// A period with its own whole begin and end: cut by the next period, the schedule's duration, the
/// next recurrence and validTo; begun no earlier than validFrom. No end: until cleared.
struct placed_period {
  instant start{};
  std::optional<instant> end;
  const schedule_period* what = nullptr;
};

/// Every period of `profile` that is in force at some time in [from, until), in order.
/// At most about (until - from) / recurrence * periods of them; fewer, and of no use, where it ends
/// with `work.is_spent()`.
[[nodiscard]] std::vector<placed_period> periods_between(const charging_profile& profile,
                                                         time_origin origin, instant from,
                                                         instant until, effort& work);

/// Walks one profile forward in time. Amortised constant time a step.
class profile_cursor {
public:
  profile_cursor() = default;
  /// `profile` outlives the cursor. REQUIRES: a profile that `profile_store::set` accepted.
  profile_cursor(const charging_profile& profile, time_origin origin);

  /// Goes to `now` (never backwards, except on the first call) and says what is in force there.
  const schedule_period* advance(instant now);
  /// What the last `advance` found.
  [[nodiscard]] const schedule_period* period() const { return period_; }
  /// The first instant after the last `advance` at which that may differ; instant::max(): never.
  [[nodiscard]] instant changes_at() const { return changes_at_; }
  [[nodiscard]] const charging_profile& profile() const { return *profile_; }

private:
  /// The begin of the occurrence that holds `now` (the coming one for a begin in the future).
  [[nodiscard]] instant occurrence_at(instant now) const;
  void find(instant now);

  const charging_profile* profile_ = nullptr;
  instant start_{};
  seconds recurrence_{};
  instant valid_from_ = instant::min();
  instant valid_to_ = instant::max();
  const schedule_period* period_ = nullptr;
  instant changes_at_ = instant::min();
};

} // namespace busbar::control::smart_charging
