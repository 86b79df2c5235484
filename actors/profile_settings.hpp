#pragma once
// How a station reads charging profiles: its connectors and its supply, from the site's layout.

#include "actors/site_layout.hpp"
#include "control/smart_charging/session_profiles.hpp"

namespace busbar::actors {

/// Volts and phases are those of its first connector.
[[nodiscard]] control::smart_charging::station_settings
profile_settings_of(const site_layout& layout, domain::station_index station);

} // namespace busbar::actors
