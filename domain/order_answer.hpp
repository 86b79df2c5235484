#pragma once
// An order as it is asked for, and what the site that owns its places answers.

#include "domain/operator_order.hpp"
#include "domain/result.hpp"
#include "domain/time.hpp"
#include "domain/units.hpp"

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace busbar::domain {

/// Settings of load shedding to change; what is absent stays as the site has it.
struct shedding_change {
  std::optional<bool> is_enabled;
  std::optional<permille> rise;
  std::optional<permille> fall;
  std::optional<permille> unexplained;
  std::optional<microseconds> dwell_up;
  std::optional<microseconds> dwell_down;
  /// 0 to 5: a level by hand.
  std::optional<int> level;
  /// A level by hand ends; the level follows the load again.
  bool releases = false;
};

/// The site fills in what depends on how it stands when the order reaches it: a ramp begins at what
/// its connector has acknowledged, settings that `change` leaves out are those of the site.
struct order_wish {
  operator_order order;
  /// DC: the voltage of the output at which the order's power was worked out.
  millivolts voltage{};
  /// In place of the settings of a `configure_shedding`.
  shedding_change change;
};

/// Why an order may not be taken: a field of it, and the reason for people.
struct order_fault {
  std::string field;
  std::string text;
  bool operator==(const order_fault&) const = default;
};

struct order_refusal {
  error why;
  /// Every one; empty where `why` is about no field of the order.
  std::vector<order_fault> faults;
};

/// What a limit comes to at its AC connector.
struct currents_effect {
  /// By line: the largest that the station can follow, not above the limit.
  per_line<milliamperes> recommended{};
  /// What the newest plan and the limit leave it.
  milliamperes expected{};
  /// The node above its station.
  node_index node;
  /// Of the lines of `node` as they are.
  permille imbalance_now{};
  /// The same with `expected` in place of what the connector draws.
  permille imbalance_then{};
};

/// What a limit comes to at its DC connector.
struct power_effect {
  /// By the newest plan.
  watts allowed{};
  /// The largest that the station can follow, not above the limit; negative: export.
  watts recommended{};
  /// What the newest plan and the limit leave it; negative: what it gives back at most.
  watts expected{};
};

/// The order as it is in force from the next plan on, and what is expected of it.
struct order_taken {
  operator_order order;
  /// Of a connector's limit: what the newest plan allows it.
  milliamperes plan_allows{};
  std::optional<currents_effect> currents;
  std::optional<power_effect> power;
  /// Of a node's limit: what flows where the engine stops, if that is more than it allows (LIM-7).
  std::optional<fallback_load> if_engine_stops;
};

/// All orders of one request, in their order, or why none of them is taken. errc::timeout: the site
/// has not answered in time, and does not take them later either.
using order_answer = std::variant<std::vector<order_taken>, order_refusal>;

} // namespace busbar::domain
