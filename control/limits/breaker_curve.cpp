#include "control/limits/breaker_curve.hpp"

#include "control/limits/integer_math.hpp"

#include <algorithm>
#include <cassert>

namespace busbar::control::limits {

using domain::milliamperes;

namespace {

constexpr std::int64_t full_heat = 1'000'000;
/// Beyond ten times the trip heat nothing depends on the figure any more.
constexpr std::int64_t heat_max = 10 * full_heat;

/// What the heat tends to at `current`, rounded up.
std::int64_t heat_at(const breaker_data& breaker, milliamperes current) {
  const wide holds = wide{breaker.rated.count()} * breaker.holds.count();
  const wide squared = wide{current.count()} * current.count() * 1'000'000;
  return static_cast<std::int64_t>(
      std::min<wide>(heat_max, ceil_of(squared * full_heat, holds * holds)));
}

/// One step of dh/dt = (target - h) / time constant, rounded up: forward where it heats, backward
/// where it cools, so that the body is never colder than it really is.
std::int64_t step(const breaker_data& breaker, std::int64_t heat, std::int64_t target,
                  std::int64_t seconds) {
  const std::int64_t time = breaker.time_constant.count() + (target < heat ? seconds : 0);
  return heat + static_cast<std::int64_t>(ceil_of(wide{target - heat} * seconds, time));
}

std::int64_t line_heat_after(const breaker_data& breaker, std::int64_t heat, milliamperes current,
                             std::int64_t seconds) {
  const std::int64_t target = heat_at(breaker, current);
  const std::int64_t longest = std::max<std::int64_t>(1, breaker.time_constant.count() / 50);
  // After 20 time constants the body is at its target to a millionth.
  seconds = std::min(seconds, 20 * breaker.time_constant.count());
  while (seconds > 0) {
    const std::int64_t now = std::min(seconds, longest);
    heat = step(breaker, heat, target, now);
    seconds -= now;
  }
  return heat;
}

milliamperes line_limit(const breaker_data& breaker, std::int64_t heat, std::int64_t horizon) {
  std::int64_t good = 0;
  std::int64_t bad = std::min(breaker.rated.count(),
                              breaker.rated.count() * breaker.instantaneous_from - 1) + 1;
  while (bad - good > 1) {
    const std::int64_t middle = good + (bad - good) / 2;
    const auto after = line_heat_after(breaker, heat, milliamperes{middle}, horizon);
    (after <= full_heat ? good : bad) = middle;
  }
  return milliamperes{good};
}

} // namespace

breaker_heat heat_after(const breaker_data& breaker, breaker_heat heat,
                        const domain::per_line<milliamperes>& current, domain::seconds elapsed) {
  assert(breaker.rated > milliamperes{} && breaker.time_constant.count() > 0);
  for (std::size_t i = 0; i < 3; ++i)
    heat[i] = line_heat_after(breaker, heat[i], current[i], elapsed.count());
  return heat;
}

domain::limit breaker_limit(const breaker_data& breaker, const breaker_heat& heat,
                            domain::seconds horizon) {
  domain::per_line<milliamperes> lines{};
  for (std::size_t i = 0; i < 3; ++i) lines[i] = line_limit(breaker, heat[i], horizon.count());
  return {domain::limit_source::breaker, lines, std::nullopt};
}

} // namespace busbar::control::limits
