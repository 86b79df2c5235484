#include "apps/evaluate/recorded_session.hpp"


#include <algorithm>
#include <set>

namespace busbar::apps::evaluate {
namespace {

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
  const session_places known(site, renamed);
  std::vector<std::size_t> places;
  // Each is told once, however many sessions are there.
  std::set<std::string> unknown;
  for (const auto& visit : file.visits) {
    const auto place = known.connector_of(visit);
    places.push_back(place ? place->value() : 0);
    if (place) read.sessions.push_back(session_of(visit, *place));
    else if (unknown.insert(visit.places.front()).second)
      read.faults.add(known.unknown(visit));
  }
  if (read.faults.empty()) add_overlaps(file.visits, places, read.faults);
  std::stable_sort(read.sessions.begin(), read.sessions.end(),
                   [](const auto& a, const auto& b) { return a.arrives < b.arrives; });
  return read;
}

} // namespace busbar::apps::evaluate
