#pragma once
// What a station will charge with: the composite schedule and the limit now (OCPP 1.6 edition 2,
// 3.13.3 stacking, 3.13.4 combining, 5.7 GetCompositeSchedule). docs/control/smart-charging.md has
// the readings taken where the specification leaves a choice.

#include "control/smart_charging/combination.hpp"
#include "control/smart_charging/effort.hpp"
#include "control/smart_charging/expansion.hpp"
#include "control/smart_charging/profile_store.hpp"

#include <optional>
#include <vector>

namespace busbar::control::smart_charging {

/// From `start` after the schedule's begin. Equal neighbours are one period.
struct composite_period {
  seconds start{};
  std::int64_t limit_tenths = 0;
  std::optional<std::uint8_t> phases;
  bool operator==(const composite_period&) const = default;
};

/// Where nothing limits no period stands: the list may begin after 0 s, and where it ends with a
/// gap `duration` ends with the last period.
struct composite_schedule {
  instant start{};
  seconds duration{};
  rate_unit unit = rate_unit::ampere;
  std::vector<composite_period> periods;
};

/// The composite schedule of `connector` over [now, now + duration); connector 0: of the station.
/// Of a duration of 0: the one period that holds at `now`.
/// REQUIRES: store.has_connector(connector), duration >= 0.
[[nodiscard]] composite_schedule compose(const profile_store& store, std::int32_t connector,
                                         instant now, seconds duration, rate_unit unit);
/// The same within bounds: of no use where it ends with `work.is_spent()`.
[[nodiscard]] composite_schedule compose(const profile_store& store, std::int32_t connector,
                                         instant now, seconds duration, rate_unit unit,
                                         effort& work);

/// What limits `connector` now: what its composite schedule begins with. Of connector 0: the
/// station's maximum.
[[nodiscard]] verdict verdict_at(const profile_store& store, std::int32_t connector, instant now,
                                 rate_unit unit);

/// A limit now, over its phases, and the profile that holds it.
struct setpoint {
  std::int64_t limit_tenths = 0;
  std::optional<std::uint8_t> phases;
  std::optional<std::int64_t> minimum_tenths;
  std::int32_t profile = 0;
};

/// Absent: no profile speaks. `connector` is `verdict_at`: the least of its own profile and the
/// station's maximum over the fewest phases that either states; `charge_point` is the maximum
/// alone, over its own phases.
struct limit_now {
  std::optional<setpoint> connector;
  std::optional<setpoint> charge_point;
};

/// REQUIRES: store.has_connector(connector).
[[nodiscard]] limit_now limit_at(const profile_store& store, std::int32_t connector, instant now,
                                 rate_unit unit);

/// Where a profile set on `connector` counts its relative times from, seen from `viewer` (the
/// connector asked about): the running transaction's begin, else `now`. Station-wide profiles seen
/// from connector 0: the first transaction to have begun. An Absolute ChargePointMaxProfile without
/// startSchedule: its installation or validFrom.
[[nodiscard]] time_origin origin_of(const profile_store& store, const installed_profile& entry,
                                    std::int32_t viewer, instant now);

} // namespace busbar::control::smart_charging
