#pragma once
// Reservations and the local list of a charge point that connects to a central system.

#include "adapters/ocpp/client/client_order.hpp"

#include <string>

namespace busbar::adapters::ocpp::client {

/// The reservation of a connector now; null: none.
[[nodiscard]] const client_reservation* reserved_at(const client_state& state,
                                                    std::int32_t connector, domain::instant now);
/// Reserved, and not for that tag.
[[nodiscard]] bool is_held_for_another(const client_state& state, std::int32_t connector,
                                       const std::string& tag, domain::instant now);
/// The transaction that begins uses up the reservation of its connector; its number, where there
/// was one.
[[nodiscard]] std::optional<std::int32_t> use_reservation(client_state& state,
                                                          std::int32_t connector,
                                                          domain::instant now);
/// Time has passed: what has expired goes.
void end_reservations(client_state& state, domain::instant now);

/// Answers to ReserveNow, CancelReservation, SendLocalList and GetLocalListVersion.
[[nodiscard]] std::string reserve(const order_context& order);
[[nodiscard]] std::string cancel_reservation(const order_context& order);
[[nodiscard]] std::string take_local_list(const order_context& order);
[[nodiscard]] std::string local_list_version(const order_context& order);

} // namespace busbar::adapters::ocpp::client
