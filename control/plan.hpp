#pragma once
// What was decided from one image.

#include "control/limits/node_limits.hpp"
#include "domain/decision.hpp"
#include "domain/site.hpp"
#include "domain/time.hpp"
#include "domain/units.hpp"
#include "domain/violation.hpp"

#include <cstdint>
#include <vector>

namespace busbar::control {

enum class effect_kind : std::uint8_t {
  unspecified = 0,
  /// Tell the connector a lower current now.
  decrease,
  /// Tell the connector a higher current now: everything that pays for it is acknowledged.
  raise,
};

/// One thing to do about a connector.
struct effect {
  domain::connector_index connector;
  effect_kind kind = effect_kind::unspecified;
  domain::milliamperes current{};
  /// The current flows out of the vehicle.
  bool is_export = false;
};

/// `grants`, `limits` and `bounds` stand in the topology's order, one per connector or node.
/// `effects`: decreases before raises.
struct plan {
  domain::instant at{};
  std::vector<domain::decided_grant> grants;
  std::vector<domain::decided_limit> limits;
  /// By node: what `limits` says before unmanaged load is taken off.
  std::vector<domain::per_line<domain::milliamperes>> allowed;
  /// Every bound of every node, with its source: what `limits` is a summary of.
  std::vector<limits::node_limits> bounds;
  /// By node: the unmanaged load that counts there, in its own voltage (a lost meter's maximum
  /// among it).
  std::vector<domain::per_line<domain::milliamperes>> unmanaged;
  std::vector<effect> effects;
  std::vector<domain::violation> violations;
  /// By connector: the lines that its station is to use, 1 or 3 where it can switch (FAIR-2);
  /// elsewhere all that it has. One that is to change stands at zero until it has.
  std::vector<std::uint8_t> phase_choices;
  /// By connector: this plan cannot change it, its reserve counts. It cannot be reached, does not
  /// obey, or has not yet acknowledged a decrease.
  std::vector<bool> is_fixed;
  /// What load shedding took away: connectors held down, and by how much in all.
  std::uint32_t connectors_shed = 0;
  domain::milliamperes shed{};
};

} // namespace busbar::control
