#include "control/stations/discovery.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

namespace busbar::control::stations {

namespace {

const char* name_of_kind(domain::current_kind kind) {
  return kind == domain::current_kind::dc ? "dc" : "ac";
}

constexpr const char* reported = " (reported)";

/// What is reported comes over what is known; a range is never wider than either.
capability narrowed(capability known, const station_report& report) {
  const bool is_dc = known.kind == domain::current_kind::dc;
  if (!known.name.ends_with(reported)) known.name += reported;
  if (report.current_max) known.current_max = std::min(known.current_max, *report.current_max);
  known.current_min = std::min(known.current_min, known.current_max);
  if (report.power_max && is_dc) known.power_max = std::min(known.power_max, *report.power_max);
  if (report.line_count && !is_dc) known.line_count = *report.line_count;
  if (report.can_switch_phases) known.can_switch_phases = *report.can_switch_phases;
  if (report.has_smart_charging) known.has_smart_charging = *report.has_smart_charging;
  return known;
}

} // namespace

void narrow_to(capability& profile, const domain::connector& connector) {
  if (connector.kind == domain::current_kind::dc) {
    if (connector.power_max > domain::watts{})
      profile.power_max = std::min(profile.power_max, connector.power_max);
    profile.power_min = std::min(profile.power_min, profile.power_max);
    return;
  }
  profile.line_count = std::min(profile.line_count, int{connector.line_count});
  profile.current_max = std::min(profile.current_max, connector.current_max);
  profile.current_min = std::max(profile.current_min, connector.current_min);
  profile.current_min = std::min(profile.current_min, profile.current_max);
  profile.step = std::max(profile.step, connector.step);
}

domain::result<capability> discovered(const station_report& report,
                                      const domain::connector& connector,
                                      const capability* known) {
  const bool is_own = known != nullptr && known->kind == connector.kind;
  auto found = is_own && report.is_dc.value_or(known->kind == domain::current_kind::dc) ==
                             (known->kind == domain::current_kind::dc)
                   ? std::optional{narrowed(*known, report)}
                   : discover(report);
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
  const std::string own = station.text() + " ";
  if (!found.name.starts_with(own)) found.name = own + found.name;
  entry.found = std::move(found);
  return entry;
}

} // namespace busbar::control::stations
