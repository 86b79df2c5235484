#pragma once
// Whole steps of a station, with the rounding named (LIM-5). REQUIRES: current >= 0, step >= 1 mA.

#include "domain/units.hpp"

namespace busbar::control::fairness {

[[nodiscard]] constexpr domain::milliamperes in_steps_floor(domain::milliamperes current,
                                                            domain::milliamperes step) {
  return step * (current.count() / step.count());
}

[[nodiscard]] constexpr domain::milliamperes in_steps_ceil(domain::milliamperes current,
                                                           domain::milliamperes step) {
  return step * ((current.count() + step.count() - 1) / step.count());
}

} // namespace busbar::control::fairness
