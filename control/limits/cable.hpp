#pragma once
// Cable ampacity under its conditions, after IEC 60364-5-52: the tabled current at the reference
// temperature, times sqrt((conductor - ambient) / (conductor - reference)), times grouping.

#include "domain/site.hpp"

namespace busbar::control::limits {

struct cable_data {
  /// From the table for its cross-section and installation method.
  domain::milliamperes tabled{};
  /// Highest conductor temperature: 70 degrees for PVC, 90 for XLPE.
  domain::millidegrees_celsius conductor_max{70'000};
  /// Of the table: 30 degrees in air, 20 in ground.
  domain::millidegrees_celsius reference{30'000};
  /// For circuits that lie together. 1..1000.
  domain::permille grouping{1000};
};

/// Rounded down; nothing where the surroundings are as warm as the conductor may be.
[[nodiscard]] domain::limit cable_limit(const cable_data& cable,
                                        domain::millidegrees_celsius ambient);

} // namespace busbar::control::limits
