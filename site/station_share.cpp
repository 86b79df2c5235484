#include "site/station_share.hpp"

#include <algorithm>
#include <functional>
#include <utility>

namespace busbar::site {

std::vector<station_share> by_station(std::vector<station_order> orders,
                                      const site_layout& layout) {
  const auto station_of = [&](const station_order& order) {
    return layout.site->connectors[order.connector.value()].station;
  };
  std::ranges::stable_sort(orders, std::less{}, station_of);
  std::vector<station_share> shares;
  for (auto& order : orders) {
    const auto station = station_of(order);
    if (shares.empty() || shares.back().station != station) shares.push_back({station, {}});
    shares.back().orders.push_back(std::move(order));
  }
  return shares;
}

} // namespace busbar::site
