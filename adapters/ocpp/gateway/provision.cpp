#include "adapters/ocpp/gateway/provision.hpp"

#include <cmath>
#include <optional>
#include <utility>

namespace busbar::adapters::ocpp::gateway {

namespace {

/// Line to neutral, rounded down: below a transformer that of its secondary.
domain::millivolts voltage_at(const domain::site& site, domain::node_index node) {
  for (auto at = std::optional{node}; at; at = site.nodes[at->value()].parent)
    if (const auto& data = site.nodes[at->value()].transformer)
      return domain::millivolts{static_cast<std::int64_t>(
          std::floor(static_cast<double>(data->secondary.count()) / std::sqrt(3.0)))};
  return site.nominal;
}

} // namespace

std::vector<provision> provisions_of(const domain::site& site, std::vector<provision> stated) {
  if (!stated.empty()) return stated;
  for (const auto& station : site.stations) stated.push_back({station.id, station.id.text()});
  return stated;
}

station::station_place place_of(const domain::site& site, domain::station_index index,
                                const provision& who) {
  const auto& station = site.stations[index.value()];
  station::station_place place;
  place.tolerances = who.tolerances;
  place.tags = who.tags;
  place.keeps_list = who.keeps_list;
  place.settings = who.settings;
  place.site = site.id;
  place.index = index;
  place.id = station.id;
  place.when_lost = station.when_lost;
  place.volts = voltage_at(site, station.parent);
  for (std::uint32_t i = 0; i < station.connector_count; ++i) {
    const domain::connector_index at{station.first_connector.value() + i};
    const auto& connector = site.connectors[at.value()];
    place.connectors.push_back({at, connector.id, connector.kind, connector.line_count,
                                connector.current_min, connector.current_max});
  }
  return place;
}

} // namespace busbar::adapters::ocpp::gateway
