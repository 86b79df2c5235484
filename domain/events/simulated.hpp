#pragma once
// What a fleet's gateway publishes of its charge points, their monitors and drivers. Today the
// simulated fleet does.

#include "domain/command.hpp"
#include "domain/event.hpp"
#include "domain/events/moment.hpp"
#include "domain/events/stations.hpp"
#include "domain/ids.hpp"
#include "domain/simulated_fault.hpp"
#include "domain/telemetry.hpp"

#include <cstdint>
#include <string>

namespace busbar::domain::events {

// A charge point.
[[nodiscard]] event command_refused(const moment& now, const connector_names& of,
                                    command_kind kind, const std::string& why);
[[nodiscard]] event fault_begins(const moment& now, const station_id& station, fault_kind kind);
[[nodiscard]] event fault_is_over(const moment& now, const station_id& station, fault_kind kind);
[[nodiscard]] event faults_cleared(const moment& now, const station_id& station);
[[nodiscard]] event local_decision(const moment& now, const connector_names& of,
                                   const std::string& text);
/// `meaning` follows the states; empty: they say all. Critical where it is faulted now.
struct state_words {
  connector_state before = connector_state::unspecified;
  connector_state now = connector_state::unspecified;
  std::string meaning;
};
[[nodiscard]] event state_changed(const moment& now, const station_id& station,
                                  const state_words& words);
[[nodiscard]] event plugged_in(const moment& now, const station_id& station);
[[nodiscard]] event unplugged(const moment& now, const station_id& station);

// Its monitor.
[[nodiscard]] event registered(const moment& now, const station_id& station,
                               const std::string& name);
[[nodiscard]] event check_passed(const moment& now, const station_id& station,
                                 std::size_t in_a_row);
[[nodiscard]] event check_failed(const moment& now, const station_id& station,
                                 std::uint32_t in_a_row);
/// The third failure in a row.
[[nodiscard]] event fault_reported(const moment& now, const station_id& station);
[[nodiscard]] event recovered(const moment& now, const station_id& station,
                              std::uint32_t failures);

// A driver.
[[nodiscard]] event asks(const moment& now, const driver_id& driver, const station_id& station);
[[nodiscard]] event leaves(const moment& now, const driver_id& driver, const station_id& station);
[[nodiscard]] event no_answer(const moment& now, const driver_id& driver,
                              const station_id& station);
[[nodiscard]] event cable_pulled(const moment& now, const driver_id& driver,
                                 const session_id& session);
[[nodiscard]] event accepted(const moment& now, const driver_id& driver,
                             const station_id& station);
/// `denial` names the station and why.
[[nodiscard]] event denied(const moment& now, const driver_id& driver, const std::string& denial,
                           bool tries_next);
/// With their units: "7.20 kW", "12.00 kWh", "3.00 EUR".
struct progress_words {
  std::string power;
  std::string energy;
  std::string cost;
};
[[nodiscard]] event in_progress(const moment& now, const driver_id& driver,
                                const progress_words& words);
[[nodiscard]] event completed(const moment& now, const driver_id& driver,
                              const progress_words& words, const std::string& why);

} // namespace busbar::domain::events
