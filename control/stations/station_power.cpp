#include "control/stations/station_power.hpp"

#include "control/limits/node_voltage.hpp"

#include <algorithm>
#include <optional>

namespace busbar::control::stations {

domain::watts power_max_of(const domain::site& site, domain::station_index index) {
  const auto& station = site.stations[index.value()];
  const auto voltage = limits::voltages_of(site)[station.parent.value()];
  domain::watts all{};
  for (std::uint32_t i = 0; i < station.connector_count; ++i) {
    const auto& connector = site.connectors[station.first_connector.value() + i];
    const auto milliwatts = limits::milliwatts_per_ampere(connector, voltage);
    const domain::watts by_current{connector.current_max.count() * milliwatts / 1'000'000};
    const bool is_stated = connector.power_max > domain::watts{};
    all += is_stated ? std::min(by_current, connector.power_max) : by_current;
  }
  return all;
}

domain::milliamperes safe_current_of(const domain::site& site, domain::station_index index,
                                     domain::watts power) {
  const auto& station = site.stations[index.value()];
  const auto voltage = limits::voltages_of(site)[station.parent.value()];
  // All connectors together have it: each its equal part.
  const auto each = domain::watts{power.count() / station.connector_count};
  std::optional<domain::milliamperes> lowest;
  for (std::uint32_t i = 0; i < station.connector_count; ++i) {
    const auto& connector = site.connectors[station.first_connector.value() + i];
    const auto milliwatts = limits::milliwatts_per_ampere(connector, voltage);
    const domain::milliamperes current{each.count() * 1'000'000 / milliwatts};
    lowest = std::min(lowest.value_or(current), current);
  }
  return lowest.value_or(domain::milliamperes{});
}

} // namespace busbar::control::stations
