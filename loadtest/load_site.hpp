#pragma once
// The canonical site of a load test: a service, one probe station on a feeder with room to spare,
// and feeders of up to 33 contended three-phase stations, each feeder good for half of what its
// stations could draw. Fallbacks are zero (LIM-4).

#include "domain/site.hpp"

#include <memory>

namespace busbar::loadtest {

/// The connector whose vehicle comes and goes; its grant is never held up by others.
inline constexpr domain::connector_index probe{std::uint32_t{0}};

/// Site `number` ("L000042") with `stations` stations of one connector each, 2..1000.
[[nodiscard]] std::shared_ptr<const domain::site> load_site(std::size_t number,
                                                            std::size_t stations);

/// Bounds of every feeder of such a site hold for what its connectors were granted.
[[nodiscard]] bool holds_limits(const domain::site& site, auto granted_of) {
  std::int64_t sum = 0;
  for (std::size_t c = 0; c < site.connectors.size(); ++c) {
    const auto feeder = site.stations[site.connectors[c].station.value()].parent;
    sum += granted_of(domain::connector_index{c}).count();
    const bool is_last = c + 1 == site.connectors.size() ||
                         site.stations[site.connectors[c + 1].station.value()].parent != feeder;
    if (!is_last) continue;
    if (sum > (*site.nodes[feeder.value()].limits[0].current)[0].count()) return false;
    sum = 0;
  }
  return true;
}

} // namespace busbar::loadtest
