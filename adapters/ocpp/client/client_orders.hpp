#pragma once
// What a charge point answers to the CALLs of its central system.

#include "adapters/ocpp/client/client_state.hpp"
#include "ocpp/wire/frame.hpp"

namespace busbar::adapters::ocpp::client {

/// The answer stands in `out.frames`, before all that follows from it.
void take_order(client_state& state, const busbar::ocpp::wire::frame& call, domain::instant now,
                client_effects& out);

/// A reset that was answered is due: sessions end, the connection is made anew.
void reset_when_due(client_state& state, domain::instant now, client_effects& out);

} // namespace busbar::adapters::ocpp::client
