#include "control/limits/order_bounds.hpp"

#include "control/limits/imbalance.hpp"

#include <algorithm>
#include <optional>

namespace busbar::control::limits {

namespace {

/// What an order makes of one bound: `ordered` beside `used`, at least `guaranteed`.
bound bound_of(std::int64_t ordered, std::int64_t used, std::int64_t guaranteed,
               domain::limit_source source) {
  const auto left = std::max({std::int64_t{0}, ordered - used, guaranteed});
  return {left + used, used, left, source, false};
}

void lower(bound& current, const bound& other) {
  if (other.left < current.left) current = other;
}

} // namespace

void tighten_to_order(node_limits& limits, const order_limit& order, const unmanaged_use& use,
                      node_voltage voltage) {
  const auto& limit = order.limit;
  const bool is_all = order.counts == domain::counted_load::everything;
  const auto used = [&](std::int64_t load) {
    return is_all ? std::max<std::int64_t>(0, load) : std::int64_t{0};
  };
  if (limit.current) {
    // Three lines alike carry a third each; rounded down and 1 mA more is rounded up.
    const auto on_one = current_floor(order.guaranteed, voltage).count();
    const auto guaranteed = order.guaranteed.is_zero() ? 0 : on_one / 3 + 1;
    domain::per_line<bound> lines{};
    for (std::size_t i = 0; i < 3; ++i)
      lines[i] = bound_of((*limit.current)[i].count(), used(use.line[i].count()), guaranteed,
                          limit.source);
    if (!limits.line) limits.line = lines;
    for (std::size_t i = 0; i < 3; ++i) lower((*limits.line)[i], lines[i]);
  }
  if (!limit.power) return;
  const auto power = bound_of(limit.power->count(), used(use.power.count()),
                              order.guaranteed.count(), limit.source);
  if (!limits.power) limits.power = power;
  lower(*limits.power, power);
}

void take_off(node_limits& limits, const domain::node& node, const node_image& image,
              const unmanaged_use& use, node_voltage voltage) {
  subtract_unmanaged(limits, node, use);
  for (const auto& order : image.orders) tighten_to_order(limits, order, use, voltage);
  bound_balance(limits, image);
}

distribution::excess nearest_full(const domain::site& site, std::span<const unmanaged_use> uses,
                                  std::size_t connector, domain::line_set lines,
                                  const distribution::excess& found) {
  const auto& data = site.connectors[connector];
  std::optional at{site.stations[data.station.value()].parent};
  for (; at && *at != found.node; at = site.nodes[at->value()].parent) {
    if (!uses[at->value()].is_full) continue;
    const auto* line = std::ranges::find_if(domain::all_lines,
                                            [&](auto each) { return lines.contains(each); });
    return {*at, static_cast<domain::binding_line>(domain::index_of(*line) + 1)};
  }
  return found;
}

} // namespace busbar::control::limits
