#include "control/operators/order_limits.hpp"

#include "control/distribution/split.hpp"
#include "control/limits/fallback_check.hpp"
#include "control/limits/integer_math.hpp"
#include "control/limits/order_bounds.hpp"

#include <algorithm>

namespace busbar::control::operators {

using domain::milliamperes;
using domain::watts;

namespace {

watts rated_power(const domain::site& site, const domain::connector& connector) {
  if (!connector.power_max.is_zero()) return connector.power_max;
  const auto node = site.stations[connector.station.value()].parent;
  const auto volts = limits::to_neutral(limits::voltages_of(site)[node.value()]);
  return limits::power_ceil(
      milliamperes{connector.current_max.count() * connector.line_count}, {volts, false});
}

/// What the order counts beside the fallbacks.
void add_unmanaged(domain::fallback_load& load, const limits::unmanaged_use& use) {
  for (std::size_t i = 0; i < load.line.size(); ++i)
    load.line[i] += std::max(use.line[i], milliamperes{});
  load.power += std::max(use.power, watts{});
}

} // namespace

bool is_below(const domain::site& site, domain::connector_index connector,
              domain::node_index node) {
  const auto station = site.connectors[connector.value()].station;
  std::optional at{site.stations[station.value()].parent};
  while (at && *at != node) at = site.nodes[at->value()].parent;
  return at.has_value();
}

watts guaranteed_power(const domain::site& site, domain::node_index node,
                       const domain::guaranteed_minimum& minimum) {
  std::int64_t count = 0;
  std::int64_t rated = 0;
  for (std::size_t i = 0; i < site.connectors.size(); ++i) {
    if (!is_below(site, domain::connector_index{i}, node)) continue;
    ++count;
    rated += rated_power(site, site.connectors[i]).count();
  }
  if (count == 0) return {};
  const limits::wide each = minimum.each.count();
  const auto first =
      std::max(limits::ceil_of(limits::wide{rated} * minimum.of_rated.count(), 1'000), each);
  const auto others = limits::ceil_of((count - 1) * each * minimum.simultaneity.count(), 1'000);
  return watts{static_cast<std::int64_t>(first + others)};
}

order_limit limit_of(const domain::site& site, const domain::node_constraint& order) {
  order_limit made{order.limit, order.counts, {}};
  if (order.guaranteed) made.guaranteed = guaranteed_power(site, order.node, *order.guaranteed);
  return made;
}

std::optional<domain::fallback_load> what_remains(const domain::site& site,
                                                  const domain::node_constraint& order) {
  const auto place = order.node.value();
  distribution::splitter splitter{site};
  limits::unmanaged_count unmanaged{site};
  const auto load = splitter.reserved(limits::fallback_currents(site))[place];
  const auto uses = unmanaged.of(limits::declared_load(site));
  limits::node_limits bounds;
  limits::tighten_to_order(bounds, limit_of(site, order), uses[place],
                           limits::voltages_of(site)[place]);
  bool is_above = bounds.power && load.power.count() > bounds.power->left;
  for (std::size_t i = 0; i < 3; ++i)
    is_above = is_above || (bounds.line && load.line[i].count() > (*bounds.line)[i].left);
  if (!is_above) return std::nullopt;
  domain::fallback_load remains{load.line, load.power};
  if (order.counts == domain::counted_load::everything) add_unmanaged(remains, uses[place]);
  return remains;
}

} // namespace busbar::control::operators
