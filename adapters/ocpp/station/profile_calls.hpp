#pragma once
// SetChargingProfile as a station takes it: level, unit and lines by what it has shown.

#include "adapters/ocpp/station/station_state.hpp"
#include "control/smart_charging/grant_profiles.hpp"
#include "control/smart_charging/profile_forms.hpp"

#include <string>
#include <vector>

namespace busbar::adapters::ocpp::station {

/// Of grants to that station, as far as it is known what it takes.
[[nodiscard]] control::smart_charging::profile_form grant_form_of(const station_state& state);

[[nodiscard]] control::smart_charging::rate_terms
terms_of(const station_state& state, std::size_t connector,
         const control::smart_charging::profile_form& form);

/// `connector`: OCPP's, 0 for the station.
[[nodiscard]] std::string set_profile_payload(std::int32_t connector,
                                              const domain::charging_profile& profile);

/// The fallback in the form that the station takes: one call, or one for each connector.
[[nodiscard]] std::vector<station_call> fallback_calls(const station_state& state);

/// The grant of a connector whose transaction runs.
[[nodiscard]] station_call grant_call(const station_state& state, std::size_t connector,
                                      const held_grant& grant, std::int32_t transaction);

} // namespace busbar::adapters::ocpp::station
