#pragma once
// The names of domain/charging_profile.hpp as this folder uses them, and the station that keeps
// profiles.

#include "domain/charging_profile.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

namespace busbar::control::smart_charging {

using instant = std::chrono::sys_seconds;
using std::chrono::seconds;

using domain::charging_profile;
using domain::charging_schedule;
using domain::profile_kind;
using domain::rate_max_tenths;
using domain::rate_unit;
using domain::schedule_period;
using purpose = domain::profile_purpose;
using recurrency = domain::profile_recurrency;
/// ClearChargingProfile.req. With `id` the others say nothing more.
using clear_filter = domain::profile_filter;
inline constexpr std::int64_t seconds_max = domain::profile_seconds_max;

/// What a station can do and has: its OCPP configuration keys and its supply.
struct station_settings {
  /// Connectors are 1..connectors; 0 is the station. 1..1000.
  std::int32_t connectors = 1;
  /// Line to neutral, 1..1000.
  std::int64_t supply_v = 230;
  /// Phases of the supply, 1..3: counted where a profile states no number, and never exceeded.
  std::uint8_t phases = 3;
  /// A connector's own limit, in tenths, where no profile speaks.
  std::optional<std::int64_t> own_limit_a_tenths;
  std::optional<std::int64_t> own_limit_w_tenths;
  /// ChargeProfileMaxStackLevel.
  std::int32_t stack_level_max = 10;
  /// ChargingScheduleMaxPeriods.
  std::int32_t periods_max = 24;
  /// MaxChargingProfilesInstalled.
  std::int32_t profiles_max = 20;
  /// ChargingScheduleAllowedChargingRateUnit, in the station's order; at least one.
  std::vector<rate_unit> units{rate_unit::ampere, rate_unit::watt};
  bool operator==(const station_settings&) const = default;
};

} // namespace busbar::control::smart_charging
