#include "apps/gateway/ocpp_sites.hpp"

#include <utility>

namespace busbar::apps {

namespace gateway = adapters::ocpp::gateway;

std::function<domain::result<std::shared_ptr<const domain::site>>(const domain::site_id&)>
ocpp_sites::reader() const {
  return [known = files](const domain::site_id& id) {
    return adapters::config::reload_site(known.at(id));
  };
}

gateway::provisioned_site provisioned(std::shared_ptr<const domain::site> site,
                                      const std::vector<adapters::config::station_ocpp>& stated) {
  std::vector<gateway::provision> stations;
  for (const auto& each : stated) {
    stations.push_back({each.station, each.identity, each.profile, each.tolerances, each.tags});
    stations.back().keeps_list = each.keeps_list;
    for (const auto& [key, value] : each.settings) stations.back().settings.push_back({key, value});
  }
  auto known = gateway::provisions_of(*site, std::move(stations));
  return {std::move(site), std::move(known)};
}

void check_identities(const std::vector<gateway::provisioned_site>& sites,
                      domain::fault_list& faults) {
  std::map<std::string, std::string> owners;
  for (const auto& each : sites)
    for (const auto& who : each.stations) {
      const auto owner = "station " + who.station.text() + " of site " + each.site->id.text();
      const auto [other, is_new] = owners.emplace(who.identity, owner);
      if (!is_new)
        faults.add("ocpp identity " + who.identity + ": is that of " + other->second + " and " +
                   owner);
    }
}

ocpp_sites load_ocpp_sites(const std::vector<std::string>& paths) {
  ocpp_sites made;
  for (const auto& path : paths) {
    auto loaded = adapters::config::load_site(path);
    if (!loaded.site) {
      made.faults.add(adapters::config::lines_of(loaded));
      continue;
    }
    made.files.emplace(loaded.site->id, path);
    made.sites.push_back(provisioned(std::move(loaded.site), loaded.ocpp));
  }
  check_identities(made.sites, made.faults);
  return made;
}

} // namespace busbar::apps
