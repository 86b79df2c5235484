#pragma once
// A charging profile of OCPP 1.6 (ChargingProfile, 7.8) as values, and the station that keeps it.
// Rates are whole tenths of an ampere or watt: the protocol allows one decimal. Times are whole
// seconds UTC. Text forms of the enums are those of the protocol.

#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

namespace busbar::control::smart_charging {

using instant = std::chrono::sys_seconds;
using std::chrono::seconds;

enum class rate_unit : std::uint8_t { amperes, watts };
enum class purpose : std::uint8_t { charge_point_max, tx_default, tx };
enum class profile_kind : std::uint8_t { absolute, recurring, relative };
enum class recurrency : std::uint8_t { daily, weekly };

/// Highest rate that is read, in tenths: 1 000 000 000.0 A or W. Keeps every product below 2^63.
inline constexpr std::int64_t rate_max_tenths = 10'000'000'000;
/// Longest duration or startPeriod that is read: about 100 years.
inline constexpr std::int64_t seconds_max = 3'155'760'000;

/// One ChargingSchedulePeriod: from `start` after the schedule's begin until the next one's.
struct schedule_period {
  seconds start{};
  /// >= 0, per phase where amperes, in total where watts.
  std::int64_t limit_tenths = 0;
  /// 1..3; absent: not stated (the station's phases count).
  std::optional<std::uint8_t> phases;
  bool operator==(const schedule_period&) const = default;
};

struct schedule {
  /// Absent: no end of its own. A schedule of 0 s is never in force.
  std::optional<seconds> duration;
  /// Absent: see `charging_profile`.
  std::optional<instant> starts_at;
  rate_unit unit = rate_unit::amperes;
  /// At least one; the first starts at 0, the others strictly later (`profile_store::set`).
  std::vector<schedule_period> periods;
  std::optional<std::int64_t> minimum_tenths;
  bool operator==(const schedule&) const = default;
};

/// When it begins: absolute at `starts_at`; without one like relative; relative with the
/// transaction; recurring every day or week at the time of `starts_at`.
struct charging_profile {
  std::int32_t id = 0;
  /// tx only: the transaction that it is bound to; absent: the one running when it was set.
  std::optional<std::int32_t> transaction;
  std::int32_t stack_level = 0;
  purpose serves = purpose::tx_default;
  profile_kind kind = profile_kind::absolute;
  /// Set where kind is recurring; ignored otherwise.
  std::optional<recurrency> recurs;
  std::optional<instant> valid_from;
  std::optional<instant> valid_to;
  schedule plan;
  bool operator==(const charging_profile&) const = default;
};

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
  std::vector<rate_unit> units{rate_unit::amperes, rate_unit::watts};
};

} // namespace busbar::control::smart_charging
