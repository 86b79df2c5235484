#pragma once
// What a kind of station can do. Built-in profiles are the usual connector standards
// (control/stations/capability.hpp); site files and stations' reports add others.

#include "domain/site_kinds.hpp"
#include "domain/units.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace busbar::domain {

/// Linear derating by connector temperature: full up to `start`, falling linearly to zero at
/// `stop`. REQUIRES start < stop.
struct thermal_derating {
  millidegrees_celsius start{70'000};
  millidegrees_celsius stop{90'000};
  bool operator==(const thermal_derating&) const = default;
};

/// One point of a measured charging curve: at this state of charge at most this power.
struct curve_point {
  permille soc;
  watts power;
  bool operator==(const curve_point&) const = default;
};

/// The end of charging. Without a measured curve: full power up to `start`, then falling by
/// `permille_per_percent` of full power for each percent of charge, not below `floor`.
struct soc_taper {
  permille start{800};
  permille permille_per_percent{45};
  permille floor{50};
  /// Ascending in soc; empty: none measured. Between points linear, outside the end points' power.
  std::vector<curve_point> measured;
  bool operator==(const soc_taper&) const = default;
};

/// Ranges are inclusive. Currents of an AC profile are line currents, of a DC profile the output's.
struct capability {
  std::string name;
  /// The standard it comes from, for people.
  std::string standard;
  current_kind kind = current_kind::unspecified;
  int line_count = 1;
  millivolts voltage_min{};
  millivolts voltage_max{};
  milliamperes current_min{};
  milliamperes current_max{};
  /// DC only; AC power follows from current, voltage and lines.
  watts power_min{};
  watts power_max{};
  /// Smallest change of a setpoint. >= 1 mA.
  milliamperes step{1'000};
  bool is_bidirectional = false;
  bool can_switch_phases = false;
  bool has_smart_charging = true;
  /// Profile writes that its memory bears; 0: no bound. A safety decrease is never held back.
  std::uint32_t writes_per_minute = 0;
  std::uint32_t writes_per_day = 0;
  /// DC only.
  thermal_derating derating;
  soc_taper taper;
  bool operator==(const capability&) const = default;
};

/// What a station reports of itself (OCPP configuration keys and observed readings); of a station
/// with several connectors what its first one can do. Absent: not reported.
struct station_report {
  /// 1..3.
  std::optional<int> line_count;
  std::optional<milliamperes> current_max;
  std::optional<watts> power_max;
  /// AC: line to neutral. DC: the output's highest.
  std::optional<millivolts> voltage;
  std::optional<bool> is_dc;
  std::optional<bool> can_switch_phases;
  std::optional<bool> has_smart_charging;
  bool operator==(const station_report&) const = default;
};

/// A report that few answers carry and all of them are copied with; equal by value.
struct shared_station_report {
  std::shared_ptr<const station_report> report;
  bool operator==(const shared_station_report& other) const {
    if (!report || !other.report) return !report && !other.report;
    return *report == *other.report;
  }
};

} // namespace busbar::domain
