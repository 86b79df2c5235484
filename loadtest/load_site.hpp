#pragma once
// The canonical site of a load test: a service, one probe station on a feeder with room to spare,
// and feeders of up to 50 contended three-phase stations, each feeder good for half of what its
// stations could draw. Fallbacks are zero (LIM-4).

#include "domain/site.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace busbar::loadtest {

/// The connector whose vehicle comes and goes; its grant is never held up by others.
inline constexpr domain::connector_index probe{std::uint32_t{0}};

/// Site `number` ("L000042") with `stations` stations of one connector each, 2..1000.
[[nodiscard]] std::shared_ptr<const domain::site> load_site(std::size_t number,
                                                            std::size_t stations);

inline constexpr std::size_t stations_per_feeder = 50;
inline constexpr std::int64_t station_ma = 32'000;

/// Whether every feeder's breaker of a site with `stations` carries what its connectors were
/// granted: three-phase loads, so that currents add up.
[[nodiscard]] bool holds_limits(std::size_t stations, auto granted_of) {
  if (granted_of(probe).count() > station_ma) return false;
  for (std::size_t first = 1; first < stations; first += stations_per_feeder) {
    const auto end = std::min(first + stations_per_feeder, stations);
    std::int64_t sum = 0;
    for (auto c = first; c < end; ++c) sum += granted_of(domain::connector_index{c}).count();
    if (sum > static_cast<std::int64_t>(end - first) * station_ma / 2) return false;
  }
  return true;
}

} // namespace busbar::loadtest
