#include "node/site_orders.hpp"

#include "node/unknown_place.hpp"
#include "site/profile_settings.hpp"

#include <caf/send.hpp>

#include <utility>

namespace busbar::node {

using control::smart_charging::profile_book;

domain::result<void> site_orders::has_station(const domain::site_id& site,
                                              const domain::station_id& station) const {
  const auto routes = frame_.routes->find(site);
  if (!routes) return frame_.directory->missing(site);
  if (!site::find_station(*routes->layout, station)) return unknown_station(station, site);
  return {};
}

void site_orders::submit(const domain::driver_request& request, ports::kept_listener then) {
  const auto known = has_station(request.site, request.station);
  if (!known) return then(known);
  // Where it is refused at once, nothing calls the listener.
  if (const auto sent = frame_.out->send(request, then); !sent) then(sent);
}

domain::result<void> site_orders::inject(const ports::fault_request& fault) {
  if (!frame_.settings.allows_faults)
    return domain::error{domain::errc::forbidden, ports::orders::faults_are_off};
  return send_direct(fault.site, fault.station,
                     {{}, domain::command_kind::simulate_fault, fault.kind, wall_clock()});
}

domain::result<void> site_orders::send_direct(const domain::site_id& site,
                                              const domain::station_id& station,
                                              actors::direct_order order) const {
  const auto routes = frame_.routes->find(site);
  if (!routes) return frame_.directory->missing(site);
  const auto found = site::find_station(*routes->layout, station);
  if (!found) return unknown_station(station, site);
  if (routes->traffic != actors::site_traffic::flows) return is_under_way();
  const auto& feeder = routes->feeders[routes->layout->stations[found->value()].bay];
  if (!feeder) return not_controlling();
  order.station = *found;
  caf::anon_send(feeder, order);
  return {};
}

void site_orders::order(ports::order_request request, const domain::cause& by,
                        ports::order_listener answer) {
  const auto site = request.site;
  const auto ticket =
      std::make_shared<ports::order_ticket>(std::move(request), std::move(answer));
  if (!waiting_.add(ticket, std::chrono::steady_clock::now()))
    return ticket->refuse({domain::errc::full, "orders: too many wait for their sites"});
  for (;;) {
    const auto routes = frame_.routes->find(site);
    if (!routes) return ticket->refuse(frame_.directory->missing(site));
    if (!routes->site && routes->traffic == actors::site_traffic::flows)
      return ticket->refuse(not_controlling());
    const auto now = wall_clock();
    // A closed inbox is one that has been replaced, and its routes with it, or is of a site that
    // has left and has no routes any more.
    if (!routes->inbox->put({{}, now, by, ticket})) continue;
    if (routes->site) caf::anon_send(routes->site, actors::mail_waits{now});
    return;
  }
}

std::shared_ptr<const profile_book>
site_orders::profiles(const domain::site_id& site, const domain::station_id& station) const {
  const auto routes = frame_.routes->find(site);
  const auto found = routes ? site::find_station(*routes->layout, station) : std::nullopt;
  if (!found) return nullptr;
  const auto kept = frame_.views->profiles(site, *found);
  const auto view = frame_.views->view(site);
  return std::make_shared<const profile_book>(
      site::profiles_now(*routes->layout, *found, kept.get(), view.get()));
}

domain::result<void> site_orders::manage(const ports::profile_request& request) {
  const auto routes = frame_.routes->find(request.site);
  if (!routes) return frame_.directory->missing(request.site);
  if (request.topology_hash != 0 && request.topology_hash != routes->layout->site->topology_hash)
    return has_another_tree();
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
