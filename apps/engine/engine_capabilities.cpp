// Stations are asked what they can do, and what they report is kept as a revision of their site.

#include "apps/engine/engine_parts.hpp"
#include "apps/engine/unknown_place.hpp"
#include "control/stations/discovery.hpp"
#include "domain/events/stations.hpp"

#include <algorithm>
#include <utility>

namespace busbar::apps {

namespace {

namespace events = domain::events;

/// A station that has not reported by then is asked again, so many times in all.
constexpr std::chrono::seconds asks_again{5};
constexpr int asks_max = 3;
/// For so long a report waits for a change of its site that is still under way.
constexpr std::chrono::seconds waits_max{30};

} // namespace

domain::result<void> engine::parts::ask_capability(const domain::site_id& site,
                                                   const domain::station_id& station) {
  const auto routes = routes_->find(site);
  if (!routes) return unknown_site(site);
  const auto& stations = routes->layout->site->stations;
  if (std::ranges::none_of(stations, [&](const auto& each) { return each.id == station; }))
    return unknown_station(station, site);
  const std::lock_guard lock{guard_};
  const bool is_asked = std::ranges::any_of(asked_, [&](const auto& each) {
    return each.site == site && each.station == station;
  });
  if (!is_asked) asked_.push_back({site, station, {}, 0});
  return {};
}

/// A site that is just being replaced loses what it is told: a station is asked again.
void engine::parts::ask_stations() {
  const std::lock_guard lock{guard_};
  std::erase_if(asked_, [this](auto& each) {
    const auto now = wall_clock();
    const bool waits = each.times > 0 && now - each.at < asks_again && now >= each.at;
    if (waits || is_changing(each.site)) return false;
    if (each.times == asks_max) {
      publish(events::capability_not_reported({each.site, wall_clock()}, each.station, asks_max));
      return true;
    }
    each.at = now;
    ++each.times;
    static_cast<void>(send_direct(
        each.site, each.station,
        {{}, domain::command_kind::report, domain::fault_kind::unspecified, now}));
    return false;
  });
}

void engine::parts::keep_reports() {
  ask_stations();
  for (auto& each : ingest_->take_reports()) reports_.push_back(std::move(each));
  std::erase_if(reports_, [this](const auto& each) { return keep_report(each); });
}

bool engine::parts::keep_report(const reported_capability& report) {
  const auto routes = routes_->find(report.site);
  const bool is_known =
      routes && report.topology_hash == routes->layout->site->topology_hash;
  if (!is_known) return true;
  const auto& site = *routes->layout->site;
  const auto& connector = site.connectors[report.connector.value()];
  const auto& station = site.stations[connector.station.value()].id;
  {
    const std::lock_guard lock{guard_};
    std::erase_if(asked_, [&](const auto& each) {
      return each.site == report.site && each.station == station;
    });
  }
  const bool is_busy = is_changing(report.site);
  if (is_busy && wall_clock() - report.at < waits_max) return false;
  const auto is_told = [&](const domain::event& event) {
    publish(event);
    return true;
  };
  const events::moment at{report.site, wall_clock()};
  const auto* known = control::stations::find_capability(
      site, site.stations[connector.station.value()].capability);
  const auto found = control::stations::discovered(*report.report.report, connector, known);
  if (!found) return is_told(events::capability_not_kept(at, station, found.failure().message));
  const auto entry = control::stations::kept_for(station, found.value());
  const auto done =
      configure(report.site, {{}, {entry}}, domain::caused_by_device(station.text()));
  if (!done) return is_told(events::capability_not_kept(at, station, done.failure().message));
  return is_told(events::capability_kept(at, station, found.value().name));
}

} // namespace busbar::apps
