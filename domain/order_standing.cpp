#include "domain/order_standing.hpp"

#include "domain/site_view.hpp"

namespace busbar::domain {

namespace {

connector_standing standing_of(const connector_view& now) {
  connector_standing of;
  of.target = now.target;
  of.acknowledged = now.acknowledged;
  of.drawn = now.drawn;
  of.is_stale = now.is_stale;
  of.has_session = now.battery != nullptr;
  of.soc = now.soc;
  if (now.battery) of.export_max = now.battery->export_max;
  return of;
}

} // namespace

order_standing standing_of(const order_wish& wish, const site_view& view) {
  order_standing standing;
  standing.shedding = view.shedding.settings;
  if (view.shedding.is_forced) standing.forced_level = view.shedding.level;
  const auto* limit = std::get_if<connector_constraint>(&wish.order);
  if (limit == nullptr || limit->connector.value() >= view.connectors.size()) return standing;
  const auto& site = *view.topology;
  standing.connector = standing_of(view.connectors[limit->connector.value()]);
  const auto station = site.connectors[limit->connector.value()].station.value();
  const auto node = site.stations[station].parent.value();
  if (node < view.nodes.size()) standing.measured_above = view.nodes[node].measured;
  return standing;
}

} // namespace busbar::domain
