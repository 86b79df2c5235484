#pragma once
// OCPP-9: what a station refuses is stated to it in another form (control/smart_charging/
// profile_forms.hpp), until it takes one. That is kept as long as its gateway runs and the station
// states the same level and unit. One that has refused every form is asked in the usual one alone
// for ten minutes.

#include "adapters/ocpp/station/station_state.hpp"
#include "ocpp/wire/frame.hpp"

namespace busbar::adapters::ocpp::station {

/// A grant that `answer` refuses goes out in its next form. False: the refusal stands.
[[nodiscard]] bool try_next_grant_form(station_state& state, const station_call& refused,
                                       const busbar::ocpp::wire::frame& answer,
                                       domain::instant now, station_effects& out);
/// The same of the fallback, as a step of onboarding. A fallback that is refused in every form is
/// a notice: what the station draws without the engine is bounded by nothing.
void try_next_fallback_form(station_state& state, const station_call& refused,
                            const busbar::ocpp::wire::frame& answer, domain::instant now,
                            station_effects& out);

} // namespace busbar::adapters::ocpp::station
