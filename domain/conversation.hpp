#pragma once
// What is asked for, commanded, answered and told: the contents of the topics busbar.requests.v1,
// .commands.v1, .results.v1, .sessions.v1, .events.v1.

#include "domain/capability.hpp"
#include "domain/charging_profile.hpp"
#include "domain/ids.hpp"
#include "domain/maybe.hpp"
#include "domain/site.hpp"
#include "domain/time.hpp"
#include "domain/units.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace busbar::domain {

enum class request_kind : std::uint8_t {
  unspecified = 0,
  start,
  stop,
  reserve,
  /// What an open session wants is `energy_wanted` and `departs_at` from now on, both of them.
  change,
};
[[nodiscard]] const char* name_of(request_kind kind);

/// What a change of an open session may state at most: energy, and how far ahead its departure is.
inline constexpr watt_hours energy_wanted_max{1'000'000};
inline constexpr seconds departure_ahead_max{366 * 86'400};

/// A driver asks for something.
struct driver_request {
  request_id id;
  site_id site;
  driver_id driver;
  request_kind kind = request_kind::unspecified;
  station_id station;
  /// Empty for start: the engine names the session.
  session_id session;
  instant asked_at{};
  /// Absent: until the driver stops.
  std::optional<watt_hours> energy_wanted;
  std::optional<instant> departs_at;
  /// For start: of `station`, that one alone. Empty: whichever is free.
  connector_id connector;
  bool operator==(const driver_request&) const = default;
};

enum class rule : std::uint8_t {
  unspecified = 0,
  limit,
  maximum,
  demand,
  turn,
  not_wanted,
  ramp,
  fallback,
  /// its readings are lost: told zero (SAFE-1)
  input_lost,
  load_shedding,
  /// an operator holds this connector down
  site_operator,
  /// hot contacts or a nearly full battery (DC)
  derating,
  /// draws above what it acknowledged: reserved at what it draws, nobody decides about it (SAFE-2)
  disobedience,
};
[[nodiscard]] const char* name_of(rule which);

/// Which bound of a node holds something down.
enum class binding_line : std::uint8_t {
  unspecified = 0, l1, l2, l3, primary_l1, primary_l2, primary_l3, power,
  /// What may be added to a line by loads that do not load all three alike. Inside `control/` only:
  /// reasons say the line and the source `phase_imbalance`.
  balance_l1, balance_l2, balance_l3
};
[[nodiscard]] const char* name_of(binding_line which);

/// Why a connector gets what it gets. `node`, `line`, `source` are set for rule::limit, and for
/// rule::turn where a limit makes turns needed.
struct reason {
  rule which = rule::unspecified;
  std::optional<node_index> node;
  binding_line line = binding_line::unspecified;
  limit_source source = limit_source::unspecified;
  /// rule::turn: its place in the line, 1 comes next; 0: none. Not on the log.
  std::uint32_t place = 0;
  /// rule::turn: its turn begins by then at the latest (FAIR-2). Not on the log.
  maybe<instant> turn_by;
  /// It was off for less than the minimum off time, which ends then: until then nothing else lifts
  /// the reason. The same as `turn_by` where nothing else stands against its turn. Not on the log.
  maybe<instant> rests_until;
  bool operator==(const reason&) const = default;
};

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

enum class outcome : std::uint8_t { unspecified = 0, accepted, refused };
[[nodiscard]] const char* name_of(outcome which);

/// A station's answer to one command.
struct command_result {
  connector_index connector;
  sequence number = 0;
  outcome answer = outcome::unspecified;
  /// Why refused; empty when accepted.
  std::string why;
  instant answered_at{};
  /// start, stop: the meter's register at that moment; absent: it was not told.
  maybe<watt_hours> register_at{};
  /// report: what the station is. Otherwise null.
  shared_station_report reported{};
  bool operator==(const command_result&) const = default;
};

struct result_batch {
  site_id site;
  std::uint64_t topology_hash = 0;
  epoch owner = 0;
  std::vector<command_result> results;
  bool operator==(const result_batch&) const = default;
};

enum class session_fact_kind : std::uint8_t {
  unspecified = 0,
  accepted,
  denied,
  in_progress,
  completed,
  /// The bill of a session that was completed while its station did not answer, as the register
  /// says once the station is heard again. At most one, after COMPLETED.
  settled,
  /// Its wanted energy and departure are others from now on: those that the fact says.
  changed,
};
[[nodiscard]] const char* name_of(session_fact_kind kind);

/// One fact in the life of a session or of a request for one (LIFE-1).
struct session_fact {
  session_id session;
  request_id request;
  site_id site;
  station_id station;
  driver_id driver;
  session_fact_kind kind = session_fact_kind::unspecified;
  instant at{};
  watts power{};
  /// Energy since the session's start. >= 0.
  watt_hours energy{};
  micro_currency cost{};
  /// Why denied or completed ("driver", "energy reached", "fault", ...).
  std::string why;
  /// What its driver wants, and when it leaves; absent: not said.
  std::optional<watt_hours> energy_wanted = {};
  std::optional<instant> departs_at = {};
  bool operator==(const session_fact&) const = default;
};

enum class severity : std::uint8_t { unspecified = 0, info, warning, critical };
[[nodiscard]] const char* name_of(severity how);

/// Who speaks in the structured log.
enum class role : std::uint8_t { unspecified = 0, central, charge_point, monitor, driver, log };
/// "central", "cp", "monitor", "driver", "log".
[[nodiscard]] const char* name_of(role who);
[[nodiscard]] std::optional<role> role_from(const std::string& name);

/// Something happened that people or audits may ask about.
struct event {
  site_id site;
  instant at{};
  role speaker = role::unspecified;
  severity level = severity::info;
  /// A stable kind: "breaker_opened", "watchdog_restart", "fault", "violation_raised"...
  std::string kind;
  /// The thing it is about: a node, station, driver or topic name.
  std::string subject;
  /// For people.
  std::string text;
  bool operator==(const event&) const = default;
};

} // namespace busbar::domain
