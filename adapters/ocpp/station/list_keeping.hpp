#pragma once
// The station's local list of tags, where its site wants one (`local_list = true`): brought to the
// gateway's after each onboarding and after each change of it, one CALL at a time.
//
//   due --nothing known of it--> asked for its version --that of ours--> kept
//    |                                |                                   ^
//    |--known: the difference         |--another: the whole list          | the last is accepted
//    '--------------------------------+--> sending, message by message ---+
//                                             |--VersionMismatch of a difference: the whole list
//                                             '--any other refusal: left until the next onboarding

#include "adapters/ocpp/station/station_calls.hpp"
#include "adapters/ocpp/station/station_state.hpp"
#include "ocpp/wire/frame.hpp"

namespace busbar::adapters::ocpp::station {

/// The station has stated its settings: its list is due where it keeps one and its site wants it.
void settings_known(station_state& state);
/// Where its list is due: the steps that bring it to what `house` has for it.
void update_list(station_state& state, const station_house& house);
/// An answer to GetLocalListVersion or SendLocalList of these steps.
void list_answered(station_state& state, const station_call& call,
                   const busbar::ocpp::wire::frame& answer, station_effects& out);

} // namespace busbar::adapters::ocpp::station
