#pragma once
// Cable ampacity under its conditions, after IEC 60364-5-52: the tabled current at the reference
// temperature, times sqrt((conductor - ambient) / (conductor - reference)), times grouping.

#include "domain/site.hpp"

namespace busbar::control::limits {

using domain::cable_data;

/// Rounded down; nothing where the surroundings are as warm as the conductor may be.
[[nodiscard]] domain::limit cable_limit(const cable_data& cable,
                                        domain::millidegrees_celsius ambient);

} // namespace busbar::control::limits
