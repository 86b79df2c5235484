#include "apps/evaluate/recorded_session.hpp"

#include "apps/sessions/recorded_file.hpp"

#include <algorithm>
#include <set>

namespace busbar::apps::evaluate {
namespace {

using connectors_by_name = std::map<std::string, domain::connector_index>;

connectors_by_name names_of(const domain::site& site) {
  connectors_by_name names;
  for (const auto& station : site.stations) names[station.id.text()] = station.first_connector;
  for (std::size_t i = 0; i < site.connectors.size(); ++i)
    names.emplace(site.connectors[i].id.text(), domain::connector_index{i});
  return names;
}

/// What the site may call a place of the file.
std::string renamed_place(const std::string& place, const place_names& renamed) {
  const auto other = renamed.find(place);
  return other == renamed.end() ? place : other->second;
}

std::optional<domain::connector_index> connector_of(const recorded_visit& visit,
                                                    const connectors_by_name& names,
                                                    const place_names& renamed) {
  for (const auto& place : visit.places)
    if (const auto found = names.find(renamed_place(place, renamed)); found != names.end())
      return found->second;
  return std::nullopt;
}

std::string unknown_place(const recorded_visit& visit, const place_names& renamed) {
  const auto& place = visit.places.front();
  const auto other = renamed_place(place, renamed);
  const std::string allowed = ": allowed is a station or connector of the site";
  if (other != place) return visit.where + " '" + place + "', by --map '" + other + "'" + allowed;
  return visit.where + " '" + place + "'" + allowed + " (--map " + place + "=ID says which)";
}

recorded_session session_of(const recorded_visit& visit, domain::connector_index connector) {
  return {.where = visit.where.substr(0, visit.where.rfind(": ")),
          .connector = connector,
          .arrives = visit.arrives,
          .departs = visit.departs,
          .announced = visit.announced,
          .requested_wh = visit.requested_wh,
          .takes_wh = visit.takes_wh,
          .power_max_w = visit.power_max_w};
}

} // namespace

recorded_sessions read_recorded_sessions(const std::string& path, const domain::site& site,
                                         const place_names& renamed) {
  auto file = read_recorded_file(path);
  recorded_sessions read{.faults = std::move(file.faults), .is_utc = file.is_utc};
  if (!file.has_dates && read.faults.empty())
    read.faults.add(path + ":1: column 'arrival_local' is missing");
  const auto names = names_of(site);
  std::vector<std::size_t> places;
  // Each is told once, however many sessions are there.
  std::set<std::string> unknown;
  for (const auto& visit : file.visits) {
    const auto place = connector_of(visit, names, renamed);
    places.push_back(place ? place->value() : 0);
    if (place) read.sessions.push_back(session_of(visit, *place));
    else if (unknown.insert(visit.places.front()).second)
      read.faults.add(unknown_place(visit, renamed));
  }
  if (read.faults.empty()) add_overlaps(file.visits, places, read.faults);
  std::stable_sort(read.sessions.begin(), read.sessions.end(),
                   [](const auto& a, const auto& b) { return a.arrives < b.arrives; });
  return read;
}

} // namespace busbar::apps::evaluate
