#include "apps/sessions/session_places.hpp"

#include "text/suggestion.hpp"

#include <utility>

namespace busbar::apps {

namespace {

void add(place_names& names, const std::string& place, const std::string& other,
         domain::fault_list& faults) {
  const auto [known, is_new] = names.emplace(place, other);
  if (!is_new)
    faults.add("--map: " + place + " is named twice, as " + known->second + " and as " + other +
               ": one place of the file is one of the site");
}

} // namespace

place_names place_names_from(const std::vector<std::string>& entries, domain::fault_list& faults) {
  place_names names;
  for (const auto& entry : entries) {
    const auto equals = entry.find('=');
    if (equals == 0 || equals == std::string::npos || equals + 1 == entry.size())
      faults.add("--map: " + entry + ": the file's name and the site's, CCS1=dc-1");
    else add(names, entry.substr(0, equals), entry.substr(equals + 1), faults);
  }
  return names;
}

session_places::session_places(const domain::site& site, place_names renamed)
    : renamed_(std::move(renamed)) {
  for (const auto& station : site.stations)
    connectors_[station.id.text()] = station.first_connector;
  for (std::size_t i = 0; i < site.connectors.size(); ++i)
    connectors_.emplace(site.connectors[i].id.text(), domain::connector_index{i});
}

std::string session_places::renamed(const std::string& place) const {
  const auto other = renamed_.find(place);
  return other == renamed_.end() ? place : other->second;
}

std::optional<domain::connector_index> session_places::connector_of(
    const recorded_visit& visit) const {
  for (const auto& place : visit.places)
    if (const auto found = connectors_.find(renamed(place)); found != connectors_.end())
      return found->second;
  return std::nullopt;
}

std::string session_places::unknown(const recorded_visit& visit) const {
  const auto& place = visit.places.front();
  const auto other = renamed(place);
  const std::string allowed = ": allowed is a station or connector of the site";
  const auto meant = text::did_you_mean(other, connectors_,
                                        [](const auto& each) { return each.first; });
  if (other != place)
    return visit.where + " '" + place + "', by --map '" + other + "'" + allowed + meant;
  return visit.where + " '" + place + "'" + allowed + " (--map " + place + "=ID says which)" +
         meant;
}

} // namespace busbar::apps
