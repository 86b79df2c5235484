#include "node/capability_watch.hpp"

#include "control/stations/discovery.hpp"
#include "domain/events/stations.hpp"

#include <algorithm>
#include <utility>

namespace busbar::node {

namespace {

namespace events = domain::events;

/// A station that has not reported by then is asked again, so many times in all.
constexpr std::chrono::seconds asks_again{5};
constexpr int asks_max = 3;
/// For so long a report waits for a change of its site that is still under way.
constexpr std::chrono::seconds waits_max{30};

} // namespace

domain::result<void> capability_watch::ask(const domain::site_id& site,
                                           const domain::station_id& station) {
  auto known = orders_.has_station(site, station);
  if (!known) return known;
  const std::lock_guard lock{guard_};
  const bool is_asked = std::ranges::any_of(asked_, [&](const auto& each) {
    return each.site == site && each.station == station;
  });
  if (!is_asked) asked_.push_back({site, station, {}, 0});
  return {};
}

/// A site that is just being replaced loses what it is sent: a station is asked again.
void capability_watch::ask_again() {
  const std::lock_guard lock{guard_};
  std::erase_if(asked_, [this](auto& each) {
    if (!frame_.routes->find(each.site)) return true;
    const auto now = wall_clock();
    const bool waits = each.times > 0 && now - each.at < asks_again && now >= each.at;
    if (waits || revisions_.is_changing(each.site)) return false;
    if (each.times == asks_max) {
      publish_event(frame_, events::capability_not_reported({each.site, wall_clock()},
                                                            each.station, asks_max));
      return true;
    }
    each.at = now;
    ++each.times;
    static_cast<void>(orders_.send_direct(
        each.site, each.station,
        {{}, domain::command_kind::report, domain::fault_kind::unspecified, now}));
    return false;
  });
}

void capability_watch::take(std::vector<reported_capability> reports) {
  ask_again();
  for (auto& each : reports) reports_.push_back(std::move(each));
  std::erase_if(reports_, [this](const auto& each) { return keep(each); });
}

void capability_watch::answered(const reported_capability& report, const domain::site& site) {
  const auto& connector = site.connectors[report.connector.value()];
  const auto& station = site.stations[connector.station.value()].id;
  const std::lock_guard lock{guard_};
  std::erase_if(asked_, [&](const auto& each) {
    return each.site == report.site && each.station == station;
  });
}

bool capability_watch::keep(const reported_capability& report) {
  const auto routes = frame_.routes->find(report.site);
  const bool is_known =
      routes && report.topology_hash == routes->layout->site->topology_hash;
  if (!is_known) return true;
  answered(report, *routes->layout->site);
  const bool is_busy = revisions_.is_changing(report.site);
  if (is_busy && wall_clock() - report.at < waits_max) return false;
  const auto& site = *routes->layout->site;
  const auto& connector = site.connectors[report.connector.value()];
  const auto& station = site.stations[connector.station.value()].id;
  const auto is_told = [&](const domain::event& event) {
    publish_event(frame_, event);
    return true;
  };
  const events::moment at{report.site, wall_clock()};
  const auto* known = control::stations::find_capability(
      site, site.stations[connector.station.value()].capability);
  const auto found = control::stations::discovered(*report.report.report, connector, known);
  if (!found) return is_told(events::capability_not_kept(at, station, found.failure().message));
  const auto entry = control::stations::kept_for(station, found.value());
  const auto done = revisions_.configure(report.site, {{}, {entry}},
                                         domain::caused_by_device(station.text()));
  if (!done) return is_told(events::capability_not_kept(at, station, done.failure().message));
  return is_told(events::capability_kept(at, station, found.value().name));
}

} // namespace busbar::node
