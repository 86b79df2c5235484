#pragma once
// What a session will miss, as people read it.

#include "domain/site.hpp"
#include "domain/site_view.hpp"
#include "domain/time.hpp"

#include <string>

namespace busbar::domain {

/// "12 kWh", "0.3 kWh": to a tenth, rounded up.
[[nodiscard]] std::string in_kilowatt_hours(watt_hours energy);

/// "05:00" on the clocks at the site; with the date where that is not within a day from `now`:
/// "2026-12-24 05:00".
[[nodiscard]] std::string local_time_text(const time_zone& zone, instant at, instant now);

/// "12 kWh short at 05:00, because of f-dc": with the node that holds the session down, or else
/// what does. Empty where no shortfall is said.
[[nodiscard]] std::string text_of(const session_forecast& forecast, instant departs_at,
                                  instant now, const site& site);

} // namespace busbar::domain
