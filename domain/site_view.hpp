#pragma once
// A site as people see it: an immutable snapshot that the site actor publishes on every tick and
// that HTTP, metrics and the stream read without asking an actor.

#include "domain/breaker.hpp"
#include "domain/escalation.hpp"
#include "domain/operator_order.hpp"
#include "domain/reason.hpp"
#include "domain/relief.hpp"
#include "domain/session.hpp"
#include "domain/site.hpp"
#include "domain/telemetry.hpp"
#include "domain/violation.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace busbar::domain {

/// The circuit breaker around what one actor depends on.
struct breaker_view {
  /// "station:CP-001", "feeder:f1", "site:garage", "driver:Alice"...
  std::string actor;
  /// What it guards: "command channel", "meter", "log", "requests", "connection".
  std::string guards;
  breaker_position position = breaker_position::closed;
  std::uint32_t failures = 0;
  std::uint32_t calls = 0;
  std::uint32_t times_opened = 0;
  instant changed_at{};
};

/// What an actor waits for from outside: a station's readings, the answer to a driver's request, a
/// connection's answers. The actor itself may be well while none comes.
struct input_watch_view {
  /// "reading", "station's answer", "connection's answer".
  std::string_view expects;
  microseconds every{};
  instant last_seen{};
  bool is_overdue = false;
};

/// Of one actor: what it must do for its parent, which restarts it where it does not.
struct watchdog_view {
  std::string actor;
  /// "pulse", "tick", "report", "reports", "answer".
  std::string expects;
  microseconds every{};
  /// When it did so last, or was asked to while it owed nothing.
  instant last_seen{};
  bool is_overdue = false;
  std::uint32_t restarts = 0;
  /// Absent: it waits for nothing outside, or is stalled itself.
  std::optional<input_watch_view> input = {};
};

/// What a connector that hung elsewhere before may still draw at a node (LIM-9).
struct left_view {
  station_id station;
  connector_id connector;
  /// As it counts at this node.
  per_line<milliamperes> line{};
  instant until{};
};

struct node_view {
  node_index node;
  /// What is left for managed connectors: the binding source less `unmanaged`.
  per_line<milliamperes> limit_now{};
  /// What the binding source allows, `unmanaged` included. Zero, like `limit_now`, where nothing
  /// bounds the node (`source` unspecified).
  per_line<milliamperes> allowed{};
  /// What is left for managed connectors of its power; absent: its power is not limited.
  std::optional<watts> power_limit;
  /// Load beside the managed connectors that counts here: as measured or declared, here or below.
  /// Of a lost meter the declared maximum, or all of the limit (LIM-3). Below zero: export.
  per_line<milliamperes> unmanaged{};
  /// What of `unmanaged` is reserved for connectors that hung here or below before.
  std::vector<left_view> left_behind;
  limit_source source = limit_source::unspecified;
  /// Every source that is in force, the binding one included.
  std::vector<limit> sources;
  per_line<milliamperes> reserved{};
  /// What the meter says; without one, or while it is lost, what the connectors draw.
  per_line<milliamperes> measured{};
  watts power{};
  bool is_meter_stale = false;
  /// As its meter measures them; absent where it does not, or is silent.
  std::optional<millivolts> voltage;
  std::optional<std::int64_t> frequency_mhz;
  std::optional<permille> power_factor;
};

/// What is known of the battery on a DC outlet's cable.
struct battery_view {
  /// Absent until the session has told (control/stations/battery_estimate).
  std::optional<watt_hours> capacity;
  std::optional<watt_hours> energy_to_full;
  /// State of charge that export leaves to it.
  permille departure_need{};
  /// Given back in this session.
  watt_hours exported{};
  /// What it may give back now; absent: nothing.
  std::optional<watts> export_max;
};

struct connector_view {
  connector_index connector;
  connector_state state = connector_state::unspecified;
  bool is_stale = true;
  /// What is granted flows out of the vehicle.
  bool is_export = false;
  /// It has accepted a grant that states the fallback of this revision.
  bool is_fallback_accepted = false;
  instant last_heard{};
  milliamperes target{};
  milliamperes granted{};
  milliamperes reserved{};
  per_line<milliamperes> drawn{};
  watts power{};
  std::int64_t energy_wh = 0;
  std::optional<permille> soc;
  /// Line to neutral (AC) or of the output (DC), and of its contacts; absent: not measured.
  std::optional<millivolts> voltage;
  std::optional<millidegrees_celsius> temperature;
  reason because;
  relief lifted_by;
  /// The newest command's current, as acknowledged: what `drawn` is compared with.
  milliamperes acknowledged{};
  /// Mean of actual less acknowledged current over the site's `tracking_window`; absent before the
  /// first sample. Positive: it draws more than it was told.
  std::optional<milliamperes> tracking_error;
  std::uint32_t tracking_samples = 0;
  escalation step = escalation::none;
  /// What an operator allows it at most, and until when.
  std::optional<connector_constraint> constraint;
  /// Lines that it uses now, where its station switches phases.
  std::optional<std::uint8_t> lines_now;
  /// The site's lines that its vehicle charges on, where readings have shown that it leaves some of
  /// its connector's out and the plan counts on that (LIM-8).
  std::optional<line_set> used_lines;
  /// Null but at DC outlets with a session.
  std::shared_ptr<const battery_view> battery;
  /// What the driver of its session wants, and when it leaves; absent: not said, or no session.
  maybe<watt_hours> energy_wanted;
  maybe<instant> departs_at;
  /// What its session will miss at its departure; 0: nothing that is said.
  watt_hours shortfall{};
};

/// Load shedding at one site.
struct shedding_view {
  shedding_settings settings;
  /// 0 to 5.
  int level = 0;
  /// An operator set the level by hand; it holds until it is released.
  bool is_forced = false;
  instant changed_at{};
  /// Largest measured load of any node and the part of it that the split cannot explain, permille
  /// of the node's limit; absent where nothing is measured.
  std::optional<permille> load;
  std::optional<permille> unexplained;
  std::optional<node_index> node;
  /// What the level did in the newest plan: connectors held down, and by how much in all.
  std::uint32_t connectors_reduced = 0;
  milliamperes reduced_by{};
};

struct station_view {
  station_index station;
  bool is_healthy = true;
  /// Of its clock against the engine's, as far as its readings prove it; negative: behind.
  microseconds clock_ahead{};
  /// Why it takes no new driver; empty when it does.
  std::string closed_because;
};

struct session_view {
  session_id id;
  driver_id driver;
  connector_index connector;
  instant started_at{};
  watts power{};
  watt_hours energy{};
  micro_currency cost{};
  /// What its driver wants, and when it leaves; absent: not said.
  std::optional<watt_hours> energy_wanted = {};
  std::optional<instant> departs_at = {};
  /// Where both are known and a plan has been made.
  std::optional<session_forecast> forecast = {};
};

/// Everything about one site at one tick. Vectors stand in the topology's order.
struct site_view {
  std::shared_ptr<const domain::site> topology;
  instant at{};
  epoch owner = 0;
  std::uint64_t plan_number = 0;
  microseconds plan_time{};
  /// "controlling", "starting", "safe" (fallback) and why.
  std::string mode;
  std::string mode_because;
  std::vector<node_view> nodes;
  std::vector<connector_view> connectors;
  std::vector<station_view> stations;
  std::vector<session_view> sessions;
  std::vector<violation> violations;
  std::vector<breaker_view> breakers;
  std::vector<watchdog_view> watchdogs;
  shedding_view shedding;
  /// Limits that operators or demand response have set, those that begin later included.
  std::vector<node_constraint> constraints;
};

} // namespace busbar::domain
