#pragma once
// The engine's commands as CALLs of OCPP, and their results. OWN-1: a command of an older epoch or
// number is refused, a repeated one is answered as before and does nothing twice.

#include "adapters/ocpp/station/station_state.hpp"
#include "domain/command.hpp"
#include "domain/session.hpp"

namespace busbar::adapters::ocpp::station {

struct command_origin {
  domain::epoch owner = 0;
  domain::instant issued_at{};
};

/// A command that is not answered here and now is answered when the station does, or never: then
/// the engine counts it as unanswered. REQUIRES: `told.connector` is one of the station's.
void take_command(station_state& state, const domain::command& told, const command_origin& from,
                  domain::instant now, station_effects& out);

/// A fact about a session of this station.
void take_fact(station_state& state, const domain::session_fact& fact, domain::instant now,
               station_effects& out);

/// A transaction has begun at `connector`: the grant that is held becomes its profile.
void send_held_grant(station_state& state, std::size_t connector, domain::instant now,
                     station_effects& out);

/// The result of a command, now and where it comes again.
void answer_command(station_state& state, std::size_t connector,
                    const control::ownership::command_mark& told, domain::command_result answer,
                    station_effects& out);

} // namespace busbar::adapters::ocpp::station
