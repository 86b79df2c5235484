#pragma once
// What a station answers to CALLs, and what becomes due.

#include "adapters/ocpp/station/station_state.hpp"
#include "ocpp/wire/frame.hpp"

namespace busbar::adapters::ocpp::station {

/// A CALLRESULT or CALLERROR. One that belongs to nothing is dropped and counted.
void take_answer(station_state& state, const busbar::ocpp::wire::frame& frame,
                 domain::instant now, station_effects& out);

/// Time has passed: calls that are overdue, starts that came to nothing, sessions asked for again.
void let_time_pass(station_state& state, domain::instant now, station_effects& out);

} // namespace busbar::adapters::ocpp::station
