#include "site/batch_router.hpp"

#include <algorithm>
#include <string>

namespace busbar::site {

namespace {

domain::error unknown(const char* what, std::uint32_t value, std::size_t size) {
  return {domain::errc::unknown_reference, std::string{what} + ": " + std::to_string(value) +
                                               " is not 0.." + std::to_string(size - 1)};
}

domain::result<void> check(const domain::telemetry_batch& batch, const domain::site& site) {
  if (batch.topology_hash != site.topology_hash)
    return domain::error{domain::errc::wrong_topology,
                         "topology_hash: " + std::to_string(batch.topology_hash) + " is not " +
                             std::to_string(site.topology_hash)};
  for (const auto& reading : batch.readings)
    if (reading.connector.value() >= site.connectors.size())
      return unknown("readings.connector", reading.connector.value(), site.connectors.size());
  for (const auto& meter : batch.meters)
    if (meter.node.value() >= site.nodes.size())
      return unknown("meters.node", meter.node.value(), site.nodes.size());
  for (const auto& report : batch.health)
    if (report.station.value() >= site.stations.size())
      return unknown("health.station", report.station.value(), site.stations.size());
  return {};
}

/// Sorts by bay unless it is so already, which is the usual case.
template <class Value, class BayOf> void group(std::vector<Value>& values, BayOf bay_of) {
  const auto before = [&](const Value& a, const Value& b) { return bay_of(a) < bay_of(b); };
  if (!std::is_sorted(values.begin(), values.end(), before))
    std::stable_sort(values.begin(), values.end(), before);
}

} // namespace

domain::result<void> route(domain::telemetry_batch& batch, const site_layout& layout,
                           std::vector<bay_part>& parts) {
  auto verdict = check(batch, *layout.site);
  if (!verdict) return verdict;
  const auto bay_of_reading = [&](const domain::reading& reading) {
    return layout.rows[reading.connector.value()].bay;
  };
  const auto bay_of_report = [&](const domain::health_report& report) {
    return layout.stations[report.station.value()].bay;
  };
  group(batch.readings, bay_of_reading);
  group(batch.health, bay_of_report);
  std::uint32_t reading = 0;
  std::uint32_t report = 0;
  for (bay_index bay = 0; bay < layout.bays.size(); ++bay) {
    bay_part part{bay, reading, 0, report, 0};
    while (reading < batch.readings.size() && bay_of_reading(batch.readings[reading]) == bay)
      ++reading;
    while (report < batch.health.size() && bay_of_report(batch.health[report]) == bay) ++report;
    part.readings = reading - part.first_reading;
    part.health = report - part.first_health;
    if (part.readings + part.health > 0) parts.push_back(part);
  }
  return {};
}

} // namespace busbar::site
