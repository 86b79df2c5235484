#pragma once
// What sessions will miss when their drivers leave: in the view and as events.

#include "control/image.hpp"
#include "control/sessions/departure_forecast.hpp"
#include "domain/event.hpp"
#include "domain/site_view.hpp"

#include <vector>

namespace busbar::site {

/// Into the sessions of `view` that have a time of departure, and their connectors.
void add_forecasts(const control::sessions::departure_forecast& forecast, domain::site_view& view);

/// Sessions that will miss what they want from the newest plan on, and those that will no more.
[[nodiscard]] std::vector<domain::event>
shortfall_events(const control::sessions::departure_forecast& forecast,
                 const control::image& image);

} // namespace busbar::site
