#pragma once
// A node's bounds summed up for people: three line currents and the source of what binds.

#include "control/limits/node_limits.hpp"
#include "domain/decision.hpp"
#include "domain/reason.hpp"
#include "domain/site.hpp"
#include "domain/units.hpp"

#include <cstdint>

namespace busbar::control::limits {

/// The bounds of one node that hold connectors down in this plan.
class held_bounds {
public:
  void add(domain::binding_line which);
  [[nodiscard]] bool contains(domain::binding_line which) const;

private:
  std::uint16_t bits_ = 0;
};

/// What binds a node: a bound that holds connectors down. Where several do, or none does: the total
/// power where it is less than all lines together carry, else the smallest line.
/// `unspecified`: nothing bounds the node.
[[nodiscard]] domain::binding_line binding_of(const node_limits& limits, held_bounds held,
                                              node_voltage voltage);

/// What is left on each line (mA), with the source of what binds. Where power alone bounds the
/// node: what its power would be on one line, rounded down. `node` and `reserved` stay empty.
[[nodiscard]] domain::decided_limit summary_of(const node_limits& limits, held_bounds held,
                                               node_voltage voltage);

/// What `summary_of` sums up, before unmanaged load is taken off; all zero for a node that nothing
/// bounds.
[[nodiscard]] domain::per_line<domain::milliamperes> allowed_by(const node_limits& limits,
                                                                node_voltage voltage);

} // namespace busbar::control::limits
