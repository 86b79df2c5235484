#pragma once
// OCPP-11: which orders of operators a station may be given, and when those that wait go out.
// Internal to this folder.

#include "adapters/ocpp/gateway/exchange_core.hpp"
#include "ports/charge_points.hpp"

#include <cstdint>
#include <string>

namespace busbar::adapters::ocpp::gateway {

/// "charge point 'wallbox-1': is not connected".
[[nodiscard]] domain::error named(domain::errc code, const std::string& identity,
                                  const std::string& why);
/// errc::conflict: the order lowers the security profile, or has the level of the engine's grants.
[[nodiscard]] domain::result<void> may_be_ordered(const ports::charge_point_order& wanted,
                                                  const exchange::seat& own);
/// errc::conflict: the station is not connected, or has not booted.
[[nodiscard]] domain::result<void> is_reachable(const std::string& identity,
                                                const exchange::seat& own);
/// REQUIRES: reachable.
void send_order(exchange::core& core, exchange::seat& own, const ports::charge_point_order& wanted,
                std::uint64_t number, instant now);
/// A second has passed: orders whose stations have come go out, those whose deadline is over have
/// timed out.
void let_orders_pass(exchange::core& core, instant now);

} // namespace busbar::adapters::ocpp::gateway
