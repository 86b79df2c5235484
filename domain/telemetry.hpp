#pragma once
// What arrives from charge points and meters: the contents of topic busbar.telemetry.v1.

#include "domain/ids.hpp"
#include "domain/time.hpp"
#include "domain/units.hpp"

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

namespace busbar::domain {

/// A connector's state as its charge point reports it.
enum class connector_state : std::uint8_t {
  unspecified = 0,
  /// no vehicle
  disconnected,
  /// a vehicle is plugged in or a session is open, no energy flows
  activated,
  /// energy flows
  supplying,
  faulted,
  unavailable,
};
[[nodiscard]] const char* name_of(connector_state state);

/// One sample of one connector. 80 bytes; trivially copyable (tables are memcpy'd).
struct reading {
  instant measured_at{};
  connector_index connector;
  /// Currents of the connector's own L1, L2, L3 (its site lines: `connector::lines`), into the
  /// vehicle positive. -2 000 000..2 000 000 mA.
  std::array<std::int32_t, 3> current_ma{};
  /// Active power. -2 000 000..2 000 000 W.
  std::int32_t power_w = 0;
  /// Mean line-to-neutral (AC) or output (DC) voltage; 0 where not measured. 0..2 000 000 mV.
  std::int32_t voltage_mv = 0;
  /// The meter's register, grows only. >= 0.
  std::int64_t energy_wh = 0;
  /// Connector temperature, m degC. -60 000..250 000; meaningful where `has_temperature`.
  std::int32_t temperature_mc = 0;
  /// State of charge 0..1000; meaningful where `has_soc`.
  std::uint16_t soc_permille = 0;
  connector_state state = connector_state::unspecified;
  bool has_soc = false;
  bool has_temperature = false;
  /// Grant that the station says it obeys (sequence of the last command accepted), 0: none.
  sequence obeyed = 0;
  bool operator==(const reading&) const = default;
};

/// The largest of its line currents whichever way it flows: export loads a line like charging does.
[[nodiscard]] inline milliamperes magnitude_of(const reading& sample) {
  std::int64_t most = 0;
  for (const std::int64_t line : sample.current_ma) most = std::max(most, line < 0 ? -line : line);
  return milliamperes{most};
}

/// Its current flows out of the vehicle.
[[nodiscard]] inline bool is_export(const reading& sample) {
  std::int64_t sum = 0;
  for (const std::int64_t line : sample.current_ma) sum += line;
  return sum < 0;
}

/// One sample of a node's meter: everything that flows through the node, managed or not.
struct meter_reading {
  instant measured_at{};
  node_index node;
  std::array<std::int32_t, 3> current_ma{};
  std::int32_t power_w = 0;
  std::int32_t voltage_mv = 0;
  /// Mains frequency; 0 where not measured. 0 or 40 000..70 000 mHz.
  std::int32_t frequency_mhz = 0;
  /// Of all lines together; 0 where not measured. 0..1000.
  std::int32_t power_factor_permille = 0;
  bool operator==(const meter_reading&) const = default;
};

/// A monitor's verdict on one station.
struct health_report {
  instant checked_at{};
  station_index station;
  bool is_healthy = false;
  /// Failures in a row, this one included; 0 when healthy.
  std::uint16_t failures = 0;
  bool operator==(const health_report&) const = default;
};

/// One record: everything that one gateway has to say about one site at once.
struct telemetry_batch {
  site_id site;
  /// `site::topology_hash` for which the indices below hold.
  std::uint64_t topology_hash = 0;
  instant sent_at{};
  /// Grows by one per sender and site.
  std::uint64_t batch_number = 0;
  std::vector<reading> readings;
  std::vector<meter_reading> meters;
  std::vector<health_report> health;
  bool operator==(const telemetry_batch&) const = default;
};

} // namespace busbar::domain
