#include "control/limits/supply_limits.hpp"

#include "control/limits/integer_math.hpp"

#include <algorithm>
#include <cassert>

namespace busbar::control::limits {

namespace {

/// `full` where `value` is at `start`, nothing at `stop`, in proportion between, rounded down.
std::int64_t in_proportion(std::int64_t full, std::int64_t value, std::int64_t start,
                           std::int64_t stop) {
  assert(stop < start);
  const std::int64_t above = std::clamp<std::int64_t>(value - stop, 0, start - stop);
  return static_cast<std::int64_t>(floor_of(wide{full} * above, start - stop));
}

} // namespace

domain::limit power_factor_limit(domain::volt_amperes rated, domain::permille factor) {
  assert(factor.count() >= 0 && factor.count() <= 1000);
  return {domain::limit_source::power_factor, std::nullopt,
          domain::watts{rated.count() * factor.count() / 1000}};
}

std::optional<domain::limit> voltage_limit(const voltage_band& band, domain::millivolts nominal,
                                           domain::millivolts measured,
                                           domain::milliamperes full) {
  const auto start = nominal.count() * band.start.count();
  const auto stop = nominal.count() * band.stop.count();
  const auto value = measured.count() * 1000;
  if (value >= start) return std::nullopt;
  const domain::milliamperes each{in_proportion(full.count(), value, start, stop)};
  return domain::limit{domain::limit_source::voltage,
                       domain::per_line<domain::milliamperes>{each, each, each}, std::nullopt};
}

std::optional<domain::limit> frequency_limit(const frequency_droop& droop,
                                             std::int64_t measured_mhz, domain::watts full) {
  if (measured_mhz >= droop.start_mhz) return std::nullopt;
  const auto power = in_proportion(full.count(), measured_mhz, droop.start_mhz, droop.stop_mhz);
  return domain::limit{domain::limit_source::frequency, std::nullopt, domain::watts{power}};
}

std::optional<domain::limit> limit_at(const timed_limit& timed, domain::instant now) {
  if (now < timed.from || (timed.until && now >= *timed.until)) return std::nullopt;
  return timed.limit;
}

} // namespace busbar::control::limits
