#pragma once
// A connector's readings: from what its station measures, and restated while it measures nothing.

#include "adapters/ocpp/station/station_state.hpp"
#include "ocpp/v16/present_values.hpp"

namespace busbar::adapters::ocpp::station {

/// "SuspendedEV"...; unknown for any other text.
[[nodiscard]] reported_status status_from(std::string_view text);
[[nodiscard]] const char* name_of(reported_status status);

/// The register that the house is told: it only grows. A transaction that begins below what was
/// measured before has a meter that counts from zero; any other step back is quarantined.
enum class register_step : std::uint8_t { goes_on, from_zero, quarantined };
register_step take_register(connector_state& at, std::int64_t raw_wh, bool begins);

/// Takes what was measured into the connector's newest reading. Lines that are not stated follow
/// from power, else from the current that is stated, rounded up (LIM-5).
void take_values(station_state& state, std::size_t connector,
                 const busbar::ocpp::v16::present_values& values);

/// The newest reading, stamped `now`, into `out`.
void publish_reading(station_state& state, std::size_t connector, domain::instant now,
                     station_effects& out);

/// Without a transaction, and while its status allows no energy, a connector draws nothing: its
/// register at 0 A is restated on each sign of life.
void restate_idle(station_state& state, domain::instant now, station_effects& out);

} // namespace busbar::adapters::ocpp::station
