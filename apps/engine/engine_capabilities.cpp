// Stations are asked what they can do, and what they report is kept as a revision of their site.

#include "apps/engine/engine_parts.hpp"
#include "control/stations/discovery.hpp"

namespace busbar::apps {

domain::result<void> engine::parts::ask_capability(const domain::site_id& site,
                                                   const domain::station_id& station) {
  return send_direct(site, station,
                     {{}, domain::command_kind::report, domain::fault_kind::unspecified,
                      wall_clock()});
}

namespace {

/// For so long a report waits for a change of its site that is still under way.
constexpr std::chrono::seconds waits_max{30};

} // namespace

void engine::parts::keep_reports() {
  for (auto& each : ingest_->take_reports()) reports_.push_back(std::move(each));
  std::erase_if(reports_, [this](const auto& each) { return keep_report(each); });
}

bool engine::parts::keep_report(const reported_capability& report) {
  const auto routes = routes_->find(report.site);
  const bool is_known =
      routes && report.topology_hash == routes->layout->site->topology_hash;
  if (!is_known) return true;
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
