#pragma once
// What a charge point sends of itself: boot, heartbeats, statuses, meter values.

#include "adapters/ocpp/client/client_state.hpp"
#include "ocpp/wire/frame.hpp"

namespace busbar::adapters::ocpp::client {

[[nodiscard]] client_call boot_call(const client_state& state);
[[nodiscard]] client_call heartbeat_call();
/// Connector 0: the charge point.
[[nodiscard]] client_call status_call(client_state& state, std::int32_t connector,
                                      domain::instant now);
/// Of now: register, power, currents, voltage, state of charge, as far as they are measured.
[[nodiscard]] client_call measured_call(client_state& state, std::int32_t connector,
                                        const char* context, domain::instant now);

/// Accepted: it serves, and reports all its connectors. Else it asks again after the interval.
void take_boot_answer(client_state& state, const busbar::ocpp::wire::frame& frame,
                      domain::instant now);
/// Time has passed: what is due is queued.
void look(client_state& state, domain::instant now);

} // namespace busbar::adapters::ocpp::client
