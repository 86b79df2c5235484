#pragma once
// What an operator (or a demand-response event) may change at a running site. Nothing here can
// raise a limit above what the site file states. An order is obeyed at once, whatever the fallbacks
// (LIM-7).

#include "domain/site.hpp"
#include "domain/time.hpp"
#include "domain/units.hpp"

#include <cstdint>
#include <optional>
#include <variant>

namespace busbar::domain {

/// What an order counts at its node.
enum class counted_load : std::uint8_t {
  unspecified = 0,
  /// all that flows through the node
  everything,
  /// the connectors' sum, whatever the building draws beside them
  chargers,
};
[[nodiscard]] const char* name_of(counted_load which);

/// What an order may not take from the connectors below its node, as national rules state it:
/// max(of_rated x sum of rated power, each) + (n - 1) x simultaneity x each, n the connectors.
struct guaranteed_minimum {
  /// 0..10 000 000 W.
  watts each{};
  /// 0..1000.
  permille of_rated{0};
  /// 0..1000.
  permille simultaneity{1000};
  bool operator==(const guaranteed_minimum&) const = default;
};

/// What an order would count without an engine: the fallbacks, and beside them the declared load.
struct fallback_load {
  per_line<milliamperes> line{};
  watts power{};
  bool operator==(const fallback_load&) const = default;
};

/// A limit on a node for a time, in force in [from, until). One for each node and source: a newer
/// one replaces it.
struct node_constraint {
  node_index node;
  /// `source` is site_operator or demand_response.
  domain::limit limit;
  instant from{};
  /// Absent: until it is lifted.
  std::optional<instant> until;
  counted_load counts = counted_load::everything;
  std::optional<guaranteed_minimum> guaranteed;
  /// What flows at the node where the engine stops while this is in force: more than it allows.
  /// Worked out by the site that takes the order; absent: nothing is exceeded then.
  std::optional<fallback_load> if_engine_stops;
  bool operator==(const node_constraint&) const = default;
};

/// Lifts the constraint of that source.
struct lift_node_constraint {
  node_index node;
  limit_source source = limit_source::site_operator;
  bool operator==(const lift_node_constraint&) const = default;
};

/// A limit that moves in steps from what its connector was told to where it shall be: a first step
/// at once, then one each time `every` has passed.
struct limit_ramp {
  /// Line current at the site's side.
  milliamperes from{};
  /// The same. > 0.
  milliamperes step{};
  /// > 0.
  microseconds every{};
  instant begun_at{};
  bool operator==(const limit_ramp&) const = default;
};

/// What a connector may draw at most for a time, below what the plan allows. AC: per site line.
/// DC: power at its output; negative: it gives back that much at most (export), in place of
/// charging, for as long as the session lasts.
struct connector_constraint {
  connector_index connector;
  /// The smallest of the connector's lines binds: its draw is equal on all of them.
  std::optional<per_line<milliamperes>> current;
  std::optional<watts> power;
  /// REQUIRES: later than now, at most a day.
  instant until{};
  /// DC: current at its output. Whatever voltage is measured there, the power is at most this
  /// current times it; `power` is what it was when the order came. Not for export.
  std::optional<milliamperes> output = {};
  /// Absent: it holds at once. Not for export.
  std::optional<limit_ramp> ramp = {};
  [[nodiscard]] bool is_export() const { return power && *power < watts{}; }
  bool operator==(const connector_constraint&) const = default;
};

struct lift_connector_constraint {
  connector_index connector;
  bool operator==(const lift_connector_constraint&) const = default;
};

/// New settings of load shedding, and a level by hand.
struct configure_shedding {
  shedding_settings settings;
  /// 0 to 5: holds until released. Absent: the level follows the load.
  std::optional<int> forced_level;
  bool operator==(const configure_shedding&) const = default;
};

using operator_order = std::variant<node_constraint, lift_node_constraint, connector_constraint,
                                    lift_connector_constraint, configure_shedding>;

} // namespace busbar::domain
