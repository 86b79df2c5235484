// The charging profiles of this node's stations: what was accepted, and orders on their way.

#include "apps/engine/engine_parts.hpp"
#include "apps/engine/unknown_place.hpp"
#include "site/profile_settings.hpp"

#include <caf/send.hpp>

namespace busbar::apps {

using control::smart_charging::profile_book;

std::shared_ptr<const profile_book>
engine::parts::profiles(const domain::site_id& site, domain::station_index station) const {
  const auto routes = routes_->find(site);
  if (!routes || station.value() >= routes->layout->site->stations.size()) return nullptr;
  const auto kept = views_->profiles(site, station);
  const auto view = views_->view(site);
  return std::make_shared<const profile_book>(
      site::profiles_now(*routes->layout, station, kept.get(), view.get()));
}

domain::result<void> engine::parts::manage(const ports::profile_request& request) {
  const auto routes = routes_->find(request.site);
  if (!routes) return unknown_site(request.site);
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

} // namespace busbar::apps
