#include "apps/fleet/fleet_sites.hpp"

#include "apps/site_places.hpp"

#include <map>
#include <utility>

namespace busbar::apps {

namespace {

using site_reader = decltype(fleet_settings::read_site);

/// Each site is read again from the file that it came from.
site_reader readers_of(std::map<domain::site_id, site_reader> readers) {
  return [readers = std::move(readers)](const domain::site_id& site) {
    return readers.at(site)(site);
  };
}

} // namespace

prepared_fleets prepare_fleets(const std::vector<std::string>& places,
                               const fleet_options& options) {
  prepared_fleets made;
  std::map<domain::site_id, site_reader> readers;
  std::map<domain::site_id, std::string> file_of;
  auto of_one = options;
  for (const auto& file : site_files_of(places, made.faults)) {
    of_one.site_path = file;
    auto prepared = prepare_fleet(of_one);
    for (auto& line : prepared.said) made.said.push_back(std::move(line));
    made.faults.add(prepared.faults);
    if (!prepared.site) continue;
    ++of_one.seed;
    const auto& id = prepared.site->id;
    if (const auto [known, is_new] = file_of.try_emplace(id, file); !is_new) {
      made.faults.add(file + ": the site " + id.text() + " stands in " + known->second + ", too");
      continue;
    }
    if (made.sites.empty()) made.settings = prepared.settings;
    readers.emplace(id, prepared.settings.read_site);
    made.sites.push_back({prepared.site, std::move(prepared.settings.world),
                          prepared.settings.seed});
  }
  made.settings.read_site = readers_of(std::move(readers));
  return made;
}

} // namespace busbar::apps
