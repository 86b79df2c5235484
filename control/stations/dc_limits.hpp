#pragma once
// DC: what a station and a vehicle allow right now. Positive power charges the vehicle, negative
// power is export. Each limit names what imposed it; the smallest wins.

#include "control/stations/capability.hpp"
#include "domain/time.hpp"

#include <optional>
#include <string>
#include <vector>

namespace busbar::control::stations {

using domain::curve_point;
using domain::soc_taper;
using domain::thermal_derating;

/// The share of full power at a temperature. 0..1000.
[[nodiscard]] domain::permille derated(const thermal_derating& curve,
                                       domain::millidegrees_celsius temperature);

/// What the vehicle takes at most at a state of charge when `full` is its best.
[[nodiscard]] domain::watts tapered(const soc_taper& taper, domain::permille soc,
                                    domain::watts full);

/// What is known of a DC outlet and its vehicle now.
struct dc_situation {
  domain::millivolts voltage{};
  std::optional<domain::millidegrees_celsius> temperature;
  std::optional<domain::permille> soc;
  /// The vehicle's best power; absent: the station's.
  std::optional<domain::watts> vehicle_max;
};

struct dc_bound {
  domain::watts power{};
  domain::milliamperes current{};
  /// "power", "current", "temperature", "taper", "vehicle", "voltage".
  std::string because;
  /// By the heat of its contacts or the charge of its battery.
  [[nodiscard]] bool is_derated() const { return because == "temperature" || because == "taper"; }
};

/// The most that may be charged now. Zero with "voltage" where the voltage is outside the profile.
[[nodiscard]] dc_bound charge_bound(const capability& profile, const thermal_derating& thermal,
                                    const soc_taper& taper, const dc_situation& now);

/// What a vehicle must keep: charge that its departure needs.
struct departure_need {
  domain::watt_hours capacity{};
  domain::permille soc{};
  /// Charge wanted at departure.
  domain::permille soc_at_departure{};
  domain::microseconds time_left{};
  /// The best charging power until then.
  domain::watts charge_max{};
};

/// The most that may be exported now (>= 0): zero for a profile that is not bidirectional, or where
/// charging at `charge_max` for the time left after one `hold` of export could not restore the
/// need. Rounded down.
[[nodiscard]] domain::watts export_bound(const capability& profile, const departure_need& need,
                                         domain::microseconds hold);

/// What decides how much a vehicle may give back now.
struct export_situation {
  /// Voltage and temperature as for charging, the measured state of charge. Absent: no export.
  dc_situation outlet;
  /// Charge that it keeps in any case, because it may leave at any time.
  domain::permille departure_need{};
  /// Absent: counts as `capacity_assumed`, so that it stops early rather than late.
  std::optional<domain::watt_hours> capacity;
  /// How long it may go on when the engine cannot stop it: its lease and the time to respond.
  domain::microseconds hold{};
};

inline constexpr domain::watt_hours capacity_assumed{10'000};

/// Time to notice, to tell and to respond, beside a lease.
inline constexpr domain::seconds export_response{10};

/// The most that may flow back now, so that the need is kept even if no stop comes within `hold`.
/// Zero where that is below the profile's minimum. What the station can charge with bounds it, too.
[[nodiscard]] domain::watts export_now(const capability& profile, const export_situation& now);

/// One step of a ramp from `from` towards `target`: down (towards zero or export less) at once, up
/// by at most `watts_per_second`. Never past the target.
[[nodiscard]] domain::watts ramped(domain::watts from, domain::watts target,
                                   std::int64_t watts_per_second, domain::microseconds elapsed);

/// Energy that is still missing to `target`. >= 0, rounded up.
[[nodiscard]] domain::watt_hours energy_to(domain::permille target, domain::permille soc,
                                           domain::watt_hours capacity);

} // namespace busbar::control::stations
