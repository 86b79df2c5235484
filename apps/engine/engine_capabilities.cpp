// Stations are asked what they can do, and what they report is kept as a revision of their site.

#include "apps/engine/engine_parts.hpp"
#include "apps/engine/unknown_place.hpp"
#include "control/stations/discovery.hpp"

#include <algorithm>
#include <utility>

namespace busbar::apps {

namespace {

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
  if (!site::find_station(*routes->layout, station)) return unknown_station(station, site);
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
      say(each.site, domain::severity::warning, "capability_reported", each.station.text(),
          "not kept: the station has not said what it can do, asked " +
              std::to_string(asks_max) + " times");
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

void engine::parts::answered(const reported_capability& report, const domain::site& site) {
  const auto& connector = site.connectors[report.connector.value()];
  const auto& station = site.stations[connector.station.value()].id;
  const std::lock_guard lock{guard_};
  std::erase_if(asked_, [&](const auto& each) {
    return each.site == report.site && each.station == station;
  });
}

bool engine::parts::keep_report(const reported_capability& report) {
  const auto routes = routes_->find(report.site);
  const bool is_known =
      routes && report.topology_hash == routes->layout->site->topology_hash;
  if (!is_known) return true;
  answered(report, *routes->layout->site);
  const bool is_busy = is_changing(report.site);
  if (is_busy && wall_clock() - report.at < waits_max) return false;
  const auto& site = *routes->layout->site;
  const auto& connector = site.connectors[report.connector.value()];
  const auto& station = site.stations[connector.station.value()].id;
  const auto told = [&](domain::severity level, const std::string& text) {
    say(report.site, level, "capability_reported", station.text(), text);
    return true;
  };
  const auto* known = control::stations::find_capability(
      site, site.stations[connector.station.value()].capability);
  const auto found = control::stations::discovered(*report.report.report, connector, known);
  if (!found) return told(domain::severity::warning, "not kept: " + found.failure().message);
  const auto entry = control::stations::kept_for(station, found.value());
  if (const auto done = configure(report.site, {{}, {entry}}); !done)
    return told(domain::severity::warning, "not kept: " + done.failure().message);
  return told(domain::severity::info, "the station reports what it can do: " + found.value().name);
}

} // namespace busbar::apps
