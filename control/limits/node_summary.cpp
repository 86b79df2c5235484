#include "control/limits/node_summary.hpp"

#include <algorithm>

namespace busbar::control::limits {

using domain::binding_line;
using domain::milliamperes;

namespace {

binding_line smallest_line(const domain::per_line<bound>& lines) {
  const auto smallest = std::min_element(
      lines.begin(), lines.end(), [](const auto& a, const auto& b) { return a.left < b.left; });
  return every_line[static_cast<std::size_t>(smallest - lines.begin())];
}

/// What loads that fill the node in every way meet first.
binding_line tightest(const node_limits& limits, node_voltage voltage) {
  if (!limits.line) return limits.power ? binding_line::power : binding_line::unspecified;
  const auto& lines = *limits.line;
  const auto sum = lines[0].left + lines[1].left + lines[2].left;
  const bool is_power_less =
      limits.power && domain::watts{limits.power->left} < power_ceil(milliamperes{sum}, voltage);
  return is_power_less ? binding_line::power : smallest_line(lines);
}

} // namespace

void held_bounds::add(binding_line which) {
  bits_ = static_cast<std::uint16_t>(bits_ | 1U << static_cast<unsigned>(which));
}

bool held_bounds::contains(binding_line which) const {
  return (bits_ >> static_cast<unsigned>(which) & 1U) != 0;
}

binding_line binding_of(const node_limits& limits, held_bounds held, node_voltage voltage) {
  const auto first = tightest(limits, voltage);
  if (held.contains(first)) return first;
  const auto holding = std::find_if(every_line.begin(), every_line.end(),
                                    [&](auto which) { return held.contains(which); });
  return holding == every_line.end() ? first : *holding;
}

domain::decided_limit summary_of(const node_limits& limits, held_bounds held,
                                 node_voltage voltage) {
  domain::decided_limit summary;
  if (limits.line)
    for (std::size_t i = 0; i < 3; ++i)
      summary.limit[i] = milliamperes{(*limits.line)[i].left};
  else if (limits.power)
    summary.limit.fill(current_floor(domain::watts{limits.power->left}, voltage));
  if (const auto* binds = limits.find(binding_of(limits, held, voltage)))
    summary.source = binds->binding();
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
