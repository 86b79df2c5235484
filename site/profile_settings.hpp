#pragma once
// How a station reads charging profiles: its connectors and its supply, from the site's layout, and
// what runs on them.

#include "control/smart_charging/profile_book.hpp"
#include "domain/site_view.hpp"
#include "site/site_layout.hpp"

namespace busbar::site {

/// Volts and phases are those of its first connector.
[[nodiscard]] control::smart_charging::station_settings
profile_settings_of(const site_layout& layout, domain::station_index station);

/// What a station's conversation has `kept` of its charging profiles (null: nothing yet), with the
/// transactions that run by the newest view (null: none are known): what the station would say now.
[[nodiscard]] control::smart_charging::profile_book
profiles_now(const site_layout& layout, domain::station_index station,
             const control::smart_charging::profile_book* kept, const domain::site_view* view);

} // namespace busbar::site
