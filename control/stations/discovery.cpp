#include "control/stations/discovery.hpp"

#include <algorithm>
#include <utility>

namespace busbar::control::stations {

namespace {

const char* name_of_kind(domain::current_kind kind) {
  return kind == domain::current_kind::dc ? "dc" : "ac";
}

} // namespace

void narrow_to(capability& profile, const domain::connector& connector) {
  if (connector.kind == domain::current_kind::dc) {
    if (connector.power_max > domain::watts{})
      profile.power_max = std::min(profile.power_max, connector.power_max);
    profile.power_min = std::min(profile.power_min, profile.power_max);
    return;
  }
  profile.line_count = connector.line_count;
  profile.current_max = std::min(profile.current_max, connector.current_max);
  profile.current_min = std::max(profile.current_min, connector.current_min);
  profile.current_min = std::min(profile.current_min, profile.current_max);
  profile.step = std::max(profile.step, connector.step);
}

domain::result<capability> discovered(const station_report& report,
                                      const domain::connector& connector) {
  auto found = discover(report);
  if (!found)
    return domain::error{domain::errc::out_of_range,
                         "the report says neither is_dc nor voltage_mv to tell by"};
  if (found->kind != connector.kind)
    return domain::error{domain::errc::out_of_range,
                         std::string{"the report is of "} + name_of_kind(found->kind) +
                             ", the station's connector is " + name_of_kind(connector.kind)};
  narrow_to(*found, connector);
  return std::move(*found);
}

domain::station_configuration kept_for(const domain::station_id& station, capability found) {
  domain::station_configuration entry;
  entry.station = station;
  found.name = station.text() + " " + found.name;
  entry.found = std::move(found);
  return entry;
}

} // namespace busbar::control::stations
