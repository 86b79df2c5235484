#pragma once
// What a station is told: topic busbar.commands.v1.

#include "domain/charging_profile.hpp"
#include "domain/ids.hpp"
#include "domain/reason.hpp"
#include "domain/simulated_fault.hpp"
#include "domain/site.hpp"
#include "domain/time.hpp"
#include "domain/units.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace busbar::domain {

enum class command_kind : std::uint8_t {
  unspecified = 0,
  grant,
  start,
  stop,
  reset,
  unlock,
  set_available,
  set_unavailable,
  /// Simulated charge points only: misbehave as `command::fault` says. Real adapters refuse it.
  simulate_fault,
  /// `command::profile` says what to install, or what to remove.
  set_charging_profile,
  clear_charging_profile,
  /// Charge on `command::lines` lines from now on.
  set_phases,
  /// Say what you are: the answer carries a station_report.
  report,
};
[[nodiscard]] const char* name_of(command_kind kind);

struct command {
  connector_index connector;
  command_kind kind = command_kind::unspecified;
  sequence number = 0;
  /// grant: line current from now until the lease ends.
  milliamperes current{};
  /// grant: how long it holds from its issue, or from its receipt where that is earlier.
  seconds lease{};
  reason because;
  /// start, stop.
  session_id session;
  driver_id driver;
  /// simulate_fault.
  fault_kind fault = fault_kind::unspecified;
  /// set_phases: 1 or 3. Otherwise 0.
  std::uint8_t lines = 0;
  /// grant: `current` flows out of the vehicle. Otherwise false.
  bool is_export = false;
  /// grant: what the station does once this grant's lease has ended, in place of its own fallback.
  std::optional<fallback> when_lost;
  /// set_charging_profile, clear_charging_profile. Otherwise null.
  shared_profile_order profile;
  bool operator==(const command&) const = default;
};

/// One record: all commands of one tick to one site.
struct command_batch {
  site_id site;
  std::uint64_t topology_hash = 0;
  epoch owner = 0;
  instant issued_at{};
  std::vector<command> commands;
  bool operator==(const command_batch&) const = default;
};

} // namespace busbar::domain
