#include "site/dc_outlet.hpp"

#include "control/limits/node_limits.hpp"
#include "control/stations/dc_limits.hpp"

#include <algorithm>

namespace busbar::site {

using domain::instant;
using domain::milliamperes;

namespace {

control::stations::dc_situation situation_of(const domain::reading& reading,
                                             const domain::capability& profile) {
  control::stations::dc_situation now;
  const bool is_supplying = reading.state == domain::connector_state::supplying;
  // Without a vehicle on the cable its voltage says nothing.
  now.voltage = is_supplying && reading.voltage_mv > 0 ? domain::millivolts{reading.voltage_mv}
                                                       : profile.voltage_max;
  if (reading.has_temperature)
    now.temperature = domain::millidegrees_celsius{reading.temperature_mc};
  if (reading.has_soc) now.soc = domain::permille{reading.soc_permille};
  return now;
}

/// Null: it is none, or its model is not known.
const domain::capability* profile_of(const site_layout& layout,
                                     domain::connector_index connector) {
  if (!layout.facts[connector.value()].is_dc) return nullptr;
  const auto station = layout.site->connectors[connector.value()].station;
  return layout.capabilities[station.value()].get();
}

} // namespace

milliamperes input_current(const site_layout& layout, domain::watts power,
                           domain::connector_index connector) {
  const auto& data = layout.site->connectors[connector.value()];
  const auto node = station_of(layout, connector).parent;
  const auto input = control::limits::current_floor(power, layout.voltages[node.value()]);
  return std::min(data.current_max, milliamperes{input.count() / data.line_count});
}

void bound_output(const table_rows& table, domain::connector_index connector,
                  control::connector_image& image) {
  const auto* profile = profile_of(*table.layout, connector);
  const auto& observed = row_of(table, connector).observed;
  if (profile == nullptr || !observed.has_reading()) return;
  const auto now = situation_of(observed.newest(), *profile);
  const auto bound =
      control::stations::charge_bound(*profile, profile->derating, profile->taper, now);
  image.derated_max = input_current(*table.layout, bound.power, connector);
  image.is_derated = bound.is_derated();
}

std::optional<domain::watts> export_power(const table_rows& table,
                                          domain::connector_index connector, instant now) {
  const auto* profile = profile_of(*table.layout, connector);
  if (profile == nullptr || !profile->is_bidirectional) return std::nullopt;
  const auto& row = row_of(table, connector);
  const auto* session = row.session.open().get();
  if (session == nullptr || row.session.is_stopping() || is_stale(table, row, now))
    return std::nullopt;
  // The driver's own energy comes first.
  const auto& newest = row.observed.newest();
  if (session->energy_wanted && row.session.taken_wh(newest) < session->energy_wanted->count())
    return std::nullopt;
  control::stations::export_situation situation;
  situation.outlet = situation_of(newest, *profile);
  situation.departure_need = table.layout->site->soc_target;
  if (const auto* battery = row.vehicle.battery()) situation.capacity = battery->capacity();
  situation.hold = table.layout->site->lease + control::stations::export_response;
  const auto power = control::stations::export_now(*profile, situation);
  if (power.is_zero()) return std::nullopt;
  return power;
}

} // namespace busbar::site
