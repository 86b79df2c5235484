#pragma once
// What a whole station gives, and what a power of it is in its connectors' currents.

#include "domain/site.hpp"

namespace busbar::control::stations {

/// What a station's connectors give together, at nominal voltage: each by its current and by the
/// power that it states, rounded down.
[[nodiscard]] domain::watts power_max_of(const domain::site& site, domain::station_index index);

/// Line current of a station's safe power on each of its connectors, the lowest of them, rounded
/// down. REQUIRES: the station has a connector.
[[nodiscard]] domain::milliamperes safe_current_of(const domain::site& site,
                                                   domain::station_index index,
                                                   domain::watts power);

} // namespace busbar::control::stations
