#pragma once
// The orders of a tick, parted by the station that they are for.

#include "domain/ids.hpp"
#include "site/site_layout.hpp"
#include "site/station_order.hpp"

#include <vector>

namespace busbar::site {

/// One station's orders of a tick.
struct station_share {
  domain::station_index station;
  std::vector<station_order> orders;
};
/// In the order of stations; of one station in the order in which they stand.
[[nodiscard]] std::vector<station_share> by_station(std::vector<station_order> orders,
                                                    const site_layout& layout);

} // namespace busbar::site
