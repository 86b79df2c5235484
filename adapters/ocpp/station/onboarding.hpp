#pragma once
// After its boot a station is asked and told a few things, one at a time, each optional: it ends in
// service whatever it answers. First the fallback: what it draws without a grant.

#include "adapters/ocpp/station/station_state.hpp"
#include "ocpp/wire/frame.hpp"

#include <string_view>

namespace busbar::adapters::ocpp::station {

/// From the beginning.
void begin_onboarding(station_state& state);
/// Of what is to come, settings that the station's answer lists as they are wanted are left out.
void leave_settings_that_hold(station_state& state, const busbar::ocpp::wire::frame& answer);
/// No further setting is sent.
void leave_settings(station_state& state);
/// The next step, where none is outstanding.
void continue_onboarding(station_state& state, station_effects& out);

/// The fallback in another form takes the place of what is still to come of it. `at_once`: before
/// the settings are asked for, which may say what form is right.
void restate_fallback(station_state& state, bool at_once);
[[nodiscard]] station_call boot_trigger();

} // namespace busbar::adapters::ocpp::station
