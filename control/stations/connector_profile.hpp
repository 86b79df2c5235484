#pragma once
// What one connector of a station can be told, and what is nearest to a wish.

#include "domain/site.hpp"

namespace busbar::control::stations {

/// The station's profile narrowed to the connector: never wider than either. Where it has none,
/// what the connector alone states.
[[nodiscard]] domain::capability profile_of(const domain::site& site,
                                            const domain::connector& connector);

/// The power nearest to `wish` that the profile allows at `voltage` (DC), in the wish's direction
/// and never larger: zero where it falls below the minimum, or where the wish is to export and the
/// station cannot.
[[nodiscard]] domain::watts recommended_power(const domain::capability& profile,
                                              domain::watts wish, domain::millivolts voltage);

/// Power of a line current of the connector at the nominal voltage above it, rounded down.
[[nodiscard]] domain::watts power_at_site(const domain::site& site,
                                          domain::connector_index connector,
                                          domain::milliamperes current);

/// The other way round: the largest line current that carries at most `power`.
[[nodiscard]] domain::milliamperes current_at_site(const domain::site& site,
                                                   domain::connector_index connector,
                                                   domain::watts power);

} // namespace busbar::control::stations
