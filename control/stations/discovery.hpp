#pragma once
// What a station is found to be able to do, from what it reports of itself, and how that is kept.

#include "control/stations/capability.hpp"
#include "domain/result.hpp"
#include "domain/site_configuration.hpp"

namespace busbar::control::stations {

/// Narrows a profile to what the connector can carry.
void narrow_to(capability& profile, const domain::connector& connector);

/// The station's own profile (`known`; null: none) or else the built-in one nearest to the report,
/// no wider than the report and the connector. Of its own all that is not reported stays.
/// errc::out_of_range where the report does not say whether the station gives AC or DC, or says
/// that it gives another kind than the connector.
[[nodiscard]] domain::result<capability> discovered(const station_report& report,
                                                    const domain::connector& connector,
                                                    const capability* known);

/// The revision of a site that keeps `found` as the station's own profile, under a name of its own.
[[nodiscard]] domain::station_configuration kept_for(const domain::station_id& station,
                                                     capability found);

} // namespace busbar::control::stations
