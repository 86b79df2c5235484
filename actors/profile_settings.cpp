#include "actors/profile_settings.hpp"

#include "control/limits/node_limits.hpp"

namespace busbar::actors {

control::smart_charging::station_settings profile_settings_of(const site_layout& layout,
                                                              domain::station_index station) {
  const auto& data = layout.site->stations[station.value()];
  const auto& connector = layout.site->connectors[data.first_connector.value()];
  const bool is_delta = connector.wiring == domain::connection::delta;
  const auto phases = is_delta ? std::uint8_t{1} : connector.line_count;
  // One ampere on each line gives as many milliwatts as the lines have millivolts together.
  const auto all =
      control::limits::milliwatts_per_ampere(connector, layout.voltages[data.parent.value()]);
  const domain::millivolts volts{(all + phases - 1) / phases};
  return control::smart_charging::settings_of(data.connector_count, volts, phases);
}

} // namespace busbar::actors
