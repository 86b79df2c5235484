#pragma once
// Operators' profiles that a station has accepted from its gateway, as the engine keeps them
// (OCPP-11): one store, whichever of both paths an order takes.

#include "adapters/ocpp/station/station_state.hpp"

#include <optional>

namespace busbar::adapters::ocpp::station {

/// Absent: another action, or a connector that the station has not. A TxProfile of a transaction
/// gets the number that the engine counts it by.
[[nodiscard]] std::optional<profile_change> change_by(const station_state& state,
                                                      const station_call& accepted);

} // namespace busbar::adapters::ocpp::station
