#pragma once
// Currents as people and site files write them.

#include "domain/units.hpp"

#include <string>

namespace busbar::domain {

/// Amperes with up to three decimals and no unit: "63", "12.5", "-0.001".
[[nodiscard]] std::string in_amperes(milliamperes current);

/// The same with its unit: "12.5 A".
[[nodiscard]] std::string text_of(milliamperes current);

/// One number where the lines are equal, else all three: "63 A", "100/90/80.5 A".
[[nodiscard]] std::string text_of(const per_line<milliamperes>& lines);

} // namespace busbar::domain
