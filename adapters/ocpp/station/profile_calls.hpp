#pragma once
// SetChargingProfile as a station takes it: level, unit and lines by what it has shown.

#include "adapters/ocpp/station/station_state.hpp"
#include "control/smart_charging/grant_profiles.hpp"

#include <string>

namespace busbar::adapters::ocpp::station {

[[nodiscard]] control::smart_charging::rate_terms terms_of(const station_state& state,
                                                           std::size_t connector);

/// `connector`: OCPP's, 0 for the station.
[[nodiscard]] std::string set_profile_payload(std::int32_t connector,
                                              const domain::charging_profile& profile);

/// The grant of a connector whose transaction runs.
[[nodiscard]] station_call grant_call(const station_state& state, std::size_t connector,
                                      const held_grant& grant, std::int32_t transaction);

} // namespace busbar::adapters::ocpp::station
