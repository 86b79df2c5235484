#include "control/stations/dc_limits.hpp"

#include "domain/electrical.hpp"

#include <algorithm>

namespace busbar::control::stations {

using domain::permille;
using domain::watts;
using domain::rounding::divide_ceil;
using domain::rounding::divide_floor;

namespace {

void lower(dc_bound& bound, watts power, const char* because) {
  if (power >= bound.power) return;
  bound.power = std::max(power, watts{});
  bound.because = because;
}

/// Linear between two points, rounded down.
watts between(const curve_point& left, const curve_point& right, permille soc) {
  const auto width = (right.soc - left.soc).count();
  if (width <= 0) return std::min(left.power, right.power);
  const auto rise = (right.power - left.power).count() * (soc - left.soc).count();
  return watts{left.power.count() + divide_floor(rise, width)};
}

watts on_curve(const std::vector<curve_point>& points, permille soc) {
  const auto right = std::ranges::find_if(points, [&](const auto& p) { return p.soc >= soc; });
  if (right == points.begin()) return points.front().power;
  if (right == points.end()) return points.back().power;
  return between(*(right - 1), *right, soc);
}

} // namespace

permille derated(const thermal_derating& curve, domain::millidegrees_celsius temperature) {
  if (temperature <= curve.start) return permille{1'000};
  if (temperature >= curve.stop) return permille{};
  const auto left = (curve.stop - temperature).count() * 1'000;
  return permille{divide_floor(left, (curve.stop - curve.start).count())};
}

watts tapered(const soc_taper& taper, permille soc, watts full) {
  if (!taper.measured.empty()) return std::min(full, on_curve(taper.measured, soc));
  if (soc >= permille{1'000}) return watts{};
  if (soc <= taper.start) return full;
  const auto above = (soc - taper.start).count();
  const auto lost = divide_ceil(above * taper.permille_per_percent.count(), 10);
  const auto share = std::max(1'000 - lost, taper.floor.count());
  return watts{divide_floor(full.count() * share, 1'000)};
}

dc_bound charge_bound(const capability& profile, const thermal_derating& thermal,
                      const soc_taper& taper, const dc_situation& now) {
  if (now.voltage < profile.voltage_min || now.voltage > profile.voltage_max)
    return {watts{}, domain::milliamperes{}, "voltage"};
  dc_bound bound{profile.power_max, {}, "power"};
  lower(bound, domain::power_floor(profile.current_max, now.voltage, 1), "current");
  if (now.vehicle_max) lower(bound, *now.vehicle_max, "vehicle");
  if (now.temperature) {
    const auto share = derated(thermal, *now.temperature);
    lower(bound, watts{divide_floor(profile.power_max.count() * share.count(), 1'000)},
          "temperature");
  }
  if (now.soc) {
    const auto best = std::min(profile.power_max, now.vehicle_max.value_or(profile.power_max));
    lower(bound, tapered(taper, *now.soc, best), "taper");
  }
  bound.current = domain::current_floor(bound.power, now.voltage, 1);
  return bound;
}

watts export_bound(const capability& profile, const departure_need& need,
                   domain::microseconds hold) {
  if (!profile.is_bidirectional || hold.count() <= 0) return watts{};
  const auto missing = energy_to(need.soc_at_departure, need.soc, need.capacity);
  const auto stored = divide_floor(need.capacity.count() * need.soc.count(), 1'000);
  const auto later = std::max<std::int64_t>((need.time_left - hold).count(), 0);
  const auto seconds_later = later / 1'000'000;
  const auto restorable = divide_floor(need.charge_max.count() * seconds_later, 3'600);
  // What may leave: all that can be put back in time, and no more than is stored.
  const auto kept = divide_ceil(need.capacity.count() * need.soc_at_departure.count(), 1'000);
  const auto surplus = std::max<std::int64_t>(stored - kept, 0);
  const auto spare = std::min(stored, surplus + restorable - missing.count());
  if (spare <= 0) return watts{};
  const auto seconds_held = divide_ceil(hold.count(), 1'000'000);
  return std::min(profile.power_max, watts{divide_floor(spare * 3'600, seconds_held)});
}

watts export_now(const capability& profile, const export_situation& now) {
  if (!now.outlet.soc) return watts{};
  dc_situation outlet = now.outlet;
  // The end of charging slows down what goes in, not what comes out.
  outlet.soc.reset();
  const auto station = charge_bound(profile, profile.derating, profile.taper, outlet).power;
  // Nothing is lent out in the hope of charging it again in time.
  // Measured on the way in; a permille gives less on the way out.
  const auto capacity = now.capacity ? domain::watt_hours{now.capacity->count() * 4 / 5}
                                     : capacity_assumed;
  const departure_need need{capacity, *now.outlet.soc, now.departure_need, domain::microseconds{},
                            watts{}};
  const auto most = std::min(station, export_bound(profile, need, now.hold));
  return most >= profile.power_min ? most : watts{};
}

watts ramped(watts from, watts target, std::int64_t watts_per_second,
             domain::microseconds elapsed) {
  if (target <= from) return target;
  const auto rise = divide_floor(watts_per_second * elapsed.count(), 1'000'000);
  return std::min(target, from + watts{std::max<std::int64_t>(rise, 0)});
}

domain::watt_hours energy_to(permille target, permille soc, domain::watt_hours capacity) {
  if (soc >= target) return domain::watt_hours{};
  return domain::watt_hours{divide_ceil(capacity.count() * (target - soc).count(), 1'000)};
}

} // namespace busbar::control::stations
