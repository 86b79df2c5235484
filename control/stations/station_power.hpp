#pragma once
// What a whole station gives.

#include "domain/site.hpp"

namespace busbar::control::stations {

/// What a station's connectors give together, at nominal voltage: each by its current and by the
/// power that it states, rounded down.
[[nodiscard]] domain::watts power_max_of(const domain::site& site, domain::station_index index);

} // namespace busbar::control::stations
