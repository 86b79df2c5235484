#pragma once
// What a station will charge with: the composite schedule and the limit now (OCPP 1.6 edition 2,
// 3.13.3 stacking, 3.13.4 combining, 5.7 GetCompositeSchedule). In docs/control.md: the readings
// taken where the specification leaves a choice.

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
/// REQUIRES: store.has_connector(connector), duration >= 0.
[[nodiscard]] composite_schedule compose(const profile_store& store, std::int32_t connector,
                                         instant now, seconds duration, rate_unit unit);

/// What one profile says now.
struct setpoint {
  std::int64_t limit_tenths = 0;
  std::optional<std::uint8_t> phases;
  std::optional<std::int64_t> minimum_tenths;
  std::int32_t profile = 0;
};

/// Absent: nothing limits. `connector` is never above `charge_point`; where the station's maximum
/// is the lower one, it stands in both places.
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
