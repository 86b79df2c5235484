#include "control/limits/node_summary.hpp"

#include <algorithm>

namespace busbar::control::limits {

using domain::milliamperes;

domain::decided_limit summary_of(const node_limits& limits, node_voltage voltage) {
  domain::decided_limit summary;
  if (limits.line) {
    const auto& lines = *limits.line;
    for (std::size_t i = 0; i < 3; ++i) summary.limit[i] = milliamperes{lines[i].left};
    const auto smallest = std::min_element(
        lines.begin(), lines.end(), [](const auto& a, const auto& b) { return a.left < b.left; });
    summary.source = smallest->binding();
    // Below a lost meter a node that power alone bounds has no source of its lines.
    if (summary.source == domain::limit_source::unspecified && limits.power)
      summary.source = limits.power->binding();
  } else if (limits.power) {
    summary.limit.fill(current_floor(domain::watts{limits.power->left}, voltage));
    summary.source = limits.power->binding();
  }
  return summary;
}

domain::per_line<milliamperes> allowed_by(const node_limits& limits, node_voltage voltage) {
  domain::per_line<milliamperes> allowed{};
  if (limits.line && limits.line->front().source != domain::limit_source::unspecified)
    for (std::size_t i = 0; i < 3; ++i) allowed[i] = milliamperes{(*limits.line)[i].allowed};
  else if (limits.power)
    allowed.fill(current_floor(domain::watts{limits.power->allowed}, voltage));
  return allowed;
}

} // namespace busbar::control::limits
