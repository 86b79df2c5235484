#pragma once
// Conversions between power, voltage and current. Each names its rounding: what is granted rounds
// down, what loads a limit rounds up (LIM-5). All arguments >= 0 unless said.
// REQUIRES: 0 < voltage < 2^27 mV (134 kV), lines 1..3, |power| < 2^40 W, |current| < 2^34 mA
// (17 MA): products stay below 2^63.

#include "domain/units.hpp"

namespace busbar::domain {

namespace rounding {

[[nodiscard]] constexpr std::int64_t divide_floor(std::int64_t value, std::int64_t by) {
  const auto quotient = value / by;
  return value % by != 0 && (value < 0) != (by < 0) ? quotient - 1 : quotient;
}

[[nodiscard]] constexpr std::int64_t divide_ceil(std::int64_t value, std::int64_t by) {
  return -divide_floor(-value, by);
}

} // namespace rounding

/// Active power of `current` on each of `lines` lines at `voltage` (line to neutral, or the DC
/// output with lines = 1).
[[nodiscard]] constexpr watts power_floor(milliamperes current, millivolts voltage, int lines) {
  return watts{rounding::divide_floor(current.count() * voltage.count() * lines, 1'000'000)};
}

[[nodiscard]] constexpr watts power_ceil(milliamperes current, millivolts voltage, int lines) {
  return watts{rounding::divide_ceil(current.count() * voltage.count() * lines, 1'000'000)};
}

/// Line current of `power` over `lines` lines.
[[nodiscard]] constexpr milliamperes current_floor(watts power, millivolts voltage, int lines) {
  return milliamperes{
      rounding::divide_floor(power.count() * 1'000'000, voltage.count() * lines)};
}

[[nodiscard]] constexpr milliamperes current_ceil(watts power, millivolts voltage, int lines) {
  return milliamperes{rounding::divide_ceil(power.count() * 1'000'000, voltage.count() * lines)};
}

} // namespace busbar::domain
