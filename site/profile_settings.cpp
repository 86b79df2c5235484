#include "site/profile_settings.hpp"

#include "control/limits/node_limits.hpp"

#include <algorithm>

namespace busbar::site {

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

control::smart_charging::profile_book
profiles_now(const site_layout& layout, domain::station_index station,
             const control::smart_charging::profile_book* kept, const domain::site_view* view) {
  using control::smart_charging::profile_book;
  auto book = kept != nullptr ? *kept : profile_book{profile_settings_of(layout, station)};
  if (view == nullptr) return book;
  const auto& data = layout.site->stations[station.value()];
  for (std::uint32_t place = 0; place < data.connector_count; ++place) {
    const domain::connector_index connector{data.first_connector.value() + place};
    const auto open =
        std::ranges::find(view->sessions, connector, &domain::session_view::connector);
    const bool is_open = open != view->sessions.end();
    book.follow(place, is_open ? open->id : domain::session_id{},
                is_open ? open->started_at : domain::instant{});
  }
  return book;
}

} // namespace busbar::site
