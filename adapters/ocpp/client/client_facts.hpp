#pragma once
// The transactions of a charge point: begun and ended at once, told to the central system in their
// order, each start and stop until it is answered.

#include "adapters/ocpp/client/client_state.hpp"
#include "ocpp/wire/frame.hpp"

namespace busbar::adapters::ocpp::client {

/// REQUIRES: none runs at `connector`, and the body has a session there.
void begin_transaction(client_state& state, std::int32_t connector, const std::string& tag,
                       domain::instant now);
/// Nothing where none runs. The body's session ends, too.
void end_transaction(client_state& state, std::int32_t connector, stop_reason why,
                     domain::instant now);
/// StartTransaction or StopTransaction of the oldest transaction that waits for one.
[[nodiscard]] std::optional<client_call> next_fact(const client_state& state);
/// The answer to one. An error is an answer, too: it is not sent again.
void take_fact_answer(client_state& state, const client_call& call,
                      const busbar::ocpp::wire::frame& frame, domain::instant now);

} // namespace busbar::adapters::ocpp::client
