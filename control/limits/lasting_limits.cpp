#include "control/limits/lasting_limits.hpp"

#include "control/limits/transformer_thermal.hpp"

namespace busbar::control::limits {

using domain::limit_source;

std::vector<domain::limit> lasting_protection(const domain::node& node) {
  std::vector<domain::limit> limits;
  const auto& own = node.protection;
  if (own.breaker) {
    // Below the conventional non-tripping current, which is above the rating, it never trips.
    const auto rated = own.breaker->rated;
    const domain::per_line<domain::milliamperes> lines{rated, rated, rated};
    limits.push_back({limit_source::breaker, lines, std::nullopt});
  }
  if (own.thermal && node.transformer)
    limits.push_back(settled_limit(thermal_data_of(*own.thermal, *node.transformer), own.ambient));
  if (own.peak_demand)
    limits.push_back({limit_source::peak_demand, std::nullopt, own.peak_demand});
  if (own.apparent) {
    const domain::watts most{own.apparent->count()};
    limits.push_back({limit_source::power_factor, std::nullopt, most});
  }
  return limits;
}

node_limits lasting_limits(const domain::node& node) {
  node_limits limits = stated_limits(node);
  for (const auto& each : lasting_protection(node)) tighten(limits, each);
  return limits;
}

} // namespace busbar::control::limits
