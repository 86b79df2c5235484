#pragma once
// What has been configured at a running site on top of its file: by id, so that it holds whatever
// else the file changes. Kept in the changelog, applied by control/operators/configuration. What is
// absent is as the file says.

#include "domain/capability.hpp"
#include "domain/ids.hpp"
#include "domain/protection.hpp"
#include "domain/site_kinds.hpp"
#include "domain/time.hpp"
#include "domain/units.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace busbar::domain {

struct node_configuration {
  node_id node;
  /// Of a node that the file does not have: what it is. It has a parent then.
  std::optional<node_kind> kind;
  /// What it hangs on.
  std::optional<node_id> parent;
  std::optional<std::string> name;
  /// The rating of each line, and of the total power.
  std::optional<milliamperes> current_max;
  std::optional<watts> power_max;
  /// Lines of the supply, from L1 on; the others carry nothing. 1..3.
  std::optional<std::uint8_t> lines;
  /// On the rating (NEC 625.41, 210.20). 1..1000.
  std::optional<permille> continuous;
  std::optional<milliamperes> breaker;
  /// Ampacity under its conditions.
  std::optional<milliamperes> cable;
  /// Transformers only.
  std::optional<volt_amperes> rated;
  /// Load that is given at most, however cool it is; permille of rated.
  std::optional<permille> load_max;
  std::optional<millidegrees_celsius> oil_max;
  std::optional<cooling> cooled;
  /// Of what its meter measures; each in place of the file's band.
  std::optional<permille> imbalance_max;
  std::optional<permille> power_factor_min;
  std::optional<permille> voltage_deviation;
  std::optional<std::int64_t> frequency_mhz;
  std::optional<std::int64_t> frequency_deviation_mhz;
  bool operator==(const node_configuration&) const = default;
};

struct station_configuration {
  station_id station;
  /// The node that it hangs on.
  std::optional<node_id> parent;
  /// What it does without a valid grant (SAFE-1).
  std::optional<fallback_action> action;
  /// reduce: of all its connectors together.
  std::optional<watts> safe_power;
  std::optional<seconds> timeout;
  /// The highest line current that it was told to fall back to from here before: it counts until
  /// each connector has accepted a grant that states what holds now.
  std::optional<milliamperes> told_max;
  /// What discovery found that it can do.
  std::optional<capability> found;
  bool operator==(const station_configuration&) const = default;
};

/// One entry for each node and station at most, in the order in which they came first.
struct site_configuration {
  std::vector<node_configuration> nodes;
  std::vector<station_configuration> stations;
  [[nodiscard]] bool is_empty() const { return nodes.empty() && stations.empty(); }
  bool operator==(const site_configuration&) const = default;
};

/// What is said of one node's place in the tree, and of what hangs on it. Absent: nothing.
struct tree_wish {
  node_id node;
  /// Of a node that the site does not have: feeder (a panel where it hangs on one) or transformer.
  node_kind kind = node_kind::unspecified;
  /// What the node hangs on. A new one without it hangs on the nearest node that all of `stations`
  /// and `children` hang on now.
  std::optional<node_id> parent;
  /// Exactly these are on the node or below it.
  std::optional<std::vector<station_id>> stations;
  /// Exactly these are right below the node.
  std::optional<std::vector<node_id>> children;
};

} // namespace busbar::domain
