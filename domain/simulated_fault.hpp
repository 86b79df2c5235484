#pragma once
// What a simulated charge point can be told to suffer.

#include <cstdint>
#include <optional>
#include <string>

namespace busbar::domain {

/// What a simulated charge point can be told to suffer.
enum class fault_kind : std::uint8_t {
  unspecified = 0,
  /// ends every fault below
  clear,
  /// the station faults: FAULTED, no energy
  station_fault,
  /// its monitor's checks fail
  monitor_failure,
  /// it falls silent: no readings, no answers
  silence,
  /// it acknowledges and keeps drawing
  disobey,
  /// the meter of its parent node falls silent
  meter_loss,
  /// what the meter above it measures leaves its band: 85 % of the voltage, 49 Hz, a power factor
  /// of 0.70
  low_voltage,
  low_frequency,
  low_power_factor,
};
[[nodiscard]] const char* name_of(fault_kind kind);
[[nodiscard]] std::optional<fault_kind> fault_kind_from(const std::string& name);

} // namespace busbar::domain
