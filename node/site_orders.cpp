#include "node/site_orders.hpp"

#include "control/operators/order_book.hpp"
#include "control/operators/order_limits.hpp"
#include "node/unknown_place.hpp"
#include "site/profile_settings.hpp"

#include <caf/send.hpp>

#include <algorithm>
#include <utility>

namespace busbar::node {

using control::smart_charging::profile_book;

domain::result<void> site_orders::has_station(const domain::site_id& site,
                                              const domain::station_id& station) const {
  const auto routes = frame_.routes->find(site);
  if (!routes) return frame_.directory->missing(site);
  const auto& stations = routes->layout->site->stations;
  if (std::ranges::none_of(stations, [&](const auto& each) { return each.id == station; }))
    return unknown_station(station, site);
  return {};
}

domain::result<void> site_orders::submit(const domain::driver_request& request) {
  auto known = has_station(request.site, request.station);
  if (!known) return known;
  return frame_.out->send(request);
}

domain::result<void> site_orders::inject(const actors::fault_request& fault) {
  if (!frame_.settings.allows_faults)
    return domain::error{domain::errc::forbidden,
                         "fault injection is off; busbar engine --allow-faults turns it on"};
  return send_direct(fault.site, fault.station,
                     {{}, domain::command_kind::simulate_fault, fault.kind, wall_clock()});
}

domain::result<void> site_orders::send_direct(const domain::site_id& site,
                                              const domain::station_id& station,
                                              actors::direct_order order) const {
  const auto routes = frame_.routes->find(site);
  if (!routes) return frame_.directory->missing(site);
  const auto& stations = routes->layout->site->stations;
  for (std::size_t i = 0; i < stations.size(); ++i) {
    if (stations[i].id != station) continue;
    if (routes->traffic != actors::site_traffic::flows) return is_under_way();
    const auto& feeder = routes->feeders[routes->layout->stations[i].bay];
    if (!feeder) return not_controlling();
    order.station = domain::station_index{i};
    caf::anon_send(feeder, order);
    return {};
  }
  return unknown_station(station, site);
}

domain::result<void> site_orders::order(const domain::site_id& site,
                                        const domain::operator_order& order,
                                        const domain::cause& by) {
  for (;;) {
    const auto routes = frame_.routes->find(site);
    if (!routes) return frame_.directory->missing(site);
    if (!routes->site && routes->traffic == actors::site_traffic::flows) return not_controlling();
    const auto now = wall_clock();
    auto verdict = control::operators::check(*routes->layout->site, order, now);
    if (!verdict) return verdict;
    // A closed inbox is one that has been replaced, and its routes with it, or is of a site that
    // has left and has no routes any more.
    if (!routes->inbox->put({order, now, by})) continue;
    if (routes->site) caf::anon_send(routes->site, actors::mail_waits{now});
    return {};
  }
}

std::optional<domain::fallback_load>
site_orders::what_remains(const domain::site_id& site,
                          const domain::node_constraint& order) const {
  const auto routes = frame_.routes->find(site);
  if (!routes || order.node.value() >= routes->layout->site->nodes.size()) return std::nullopt;
  return control::operators::what_remains(*routes->layout->site, order);
}

std::shared_ptr<const profile_book>
site_orders::profiles(const domain::site_id& site, domain::station_index station) const {
  const auto routes = frame_.routes->find(site);
  if (!routes || station.value() >= routes->layout->site->stations.size()) return nullptr;
  const auto kept = frame_.views->profiles(site, station);
  const auto view = frame_.views->view(site);
  return std::make_shared<const profile_book>(
      site::profiles_now(*routes->layout, station, kept.get(), view.get()));
}

domain::result<void> site_orders::manage(const actors::profile_request& request) {
  const auto routes = frame_.routes->find(request.site);
  if (!routes) return frame_.directory->missing(request.site);
  const auto& stations = routes->layout->site->stations;
  const auto index = request.station.value();
  if (index >= stations.size() || request.place >= stations[index].connector_count)
    return domain::error{domain::errc::unknown_reference,
                         "connector: the site has no such station or connector"};
  if (routes->traffic != actors::site_traffic::flows) return is_under_way();
  const auto& feeder = routes->feeders[routes->layout->stations[index].bay];
  if (!feeder) return not_controlling();
  caf::anon_send(feeder, site::profile_errand{request.station, request.place, request.kind,
                                              request.order, wall_clock()});
  return {};
}

} // namespace busbar::node
