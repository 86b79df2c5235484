#pragma once
// A charging profile of OCPP 1.6 (ChargingProfile, 7.8) as values, and what can be ordered about
// profiles. Rates are whole tenths of an ampere or watt: the protocol allows one decimal. Times are
// whole seconds UTC. Rules and questions: control/smart_charging.

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace busbar::domain {

enum class rate_unit : std::uint8_t { ampere, watt };
/// "A", "W".
[[nodiscard]] const char* name_of(rate_unit unit);
enum class profile_purpose : std::uint8_t { charge_point_max, tx_default, tx };
/// "ChargePointMaxProfile", "TxDefaultProfile", "TxProfile".
[[nodiscard]] const char* name_of(profile_purpose serves);
enum class profile_kind : std::uint8_t { absolute, recurring, relative };
/// "Absolute", "Recurring", "Relative".
[[nodiscard]] const char* name_of(profile_kind kind);
enum class profile_recurrency : std::uint8_t { daily, weekly };
/// "Daily", "Weekly".
[[nodiscard]] const char* name_of(profile_recurrency recurs);

/// Highest rate that is read, in tenths: 1 000 000 000.0 A or W. Keeps every product below 2^63.
inline constexpr std::int64_t rate_max_tenths = 10'000'000'000;
/// Longest duration or startPeriod that is read: about 100 years.
inline constexpr std::int64_t profile_seconds_max = 3'155'760'000;

/// One ChargingSchedulePeriod: from `start` after the schedule's begin until the next one's.
struct schedule_period {
  std::chrono::seconds start{};
  /// >= 0, per phase where amperes, in total where watts.
  std::int64_t limit_tenths = 0;
  /// 1..3; absent: not stated (the station's phases count).
  std::optional<std::uint8_t> phases;
  bool operator==(const schedule_period&) const = default;
};

struct charging_schedule {
  /// Absent: no end of its own. A schedule of 0 s is never in force.
  std::optional<std::chrono::seconds> duration;
  /// Absent: see `charging_profile`.
  std::optional<std::chrono::sys_seconds> starts_at;
  rate_unit unit = rate_unit::ampere;
  /// At least one; the first starts at 0, the others strictly later (`profile_store::set`).
  std::vector<schedule_period> periods;
  std::optional<std::int64_t> minimum_tenths;
  bool operator==(const charging_schedule&) const = default;
};

/// When it begins: absolute at `starts_at`; without one like relative; relative with the
/// transaction; recurring every day or week at the time of `starts_at`.
struct charging_profile {
  std::int32_t id = 0;
  /// tx only: the transaction that it is bound to; absent: the one running when it was set.
  std::optional<std::int32_t> transaction;
  /// >= 0.
  std::int32_t stack_level = 0;
  profile_purpose serves = profile_purpose::tx_default;
  profile_kind kind = profile_kind::absolute;
  /// Set where kind is recurring; ignored otherwise.
  std::optional<profile_recurrency> recurs;
  std::optional<std::chrono::sys_seconds> valid_from;
  std::optional<std::chrono::sys_seconds> valid_to;
  charging_schedule plan;
  bool operator==(const charging_profile&) const = default;
};

/// Which profiles to clear (ClearChargingProfile.req). With `id` the others say nothing more; with
/// nothing stated: all of them.
struct profile_filter {
  std::optional<std::int32_t> id;
  /// 0 is the station, 1.. its connectors in order.
  std::optional<std::int32_t> connector;
  std::optional<profile_purpose> serves;
  std::optional<std::int32_t> stack_level;
  bool operator==(const profile_filter&) const = default;
};

/// What a command about profiles says beyond its connector.
struct profile_order {
  /// set_charging_profile: for the whole station (OCPP's connector 0) instead of the connector.
  bool is_station_wide = false;
  /// set_charging_profile: what to install.
  std::optional<charging_profile> installs;
  /// clear_charging_profile: what to remove.
  profile_filter clears;
  bool operator==(const profile_order&) const = default;
};

/// An order that few commands carry and all of them are copied with; equal by value.
struct shared_profile_order {
  std::shared_ptr<const profile_order> order;
  bool operator==(const shared_profile_order& other) const {
    if (!order || !other.order) return !order && !other.order;
    return *order == *other.order;
  }
};

} // namespace busbar::domain
