#pragma once
// A node's bounds summed up for people: three line currents and the source of the smallest.

#include "control/limits/node_limits.hpp"
#include "domain/decision.hpp"
#include "domain/units.hpp"

namespace busbar::control::limits {

/// What is left on each line (mA), with the source of the smallest of them. Where power alone
/// bounds the node: what its power would be on one line, rounded down. `node` and `reserved` stay
/// empty.
[[nodiscard]] domain::decided_limit summary_of(const node_limits& limits, node_voltage voltage);

/// What `summary_of` sums up, before unmanaged load is taken off; all zero for a node that nothing
/// bounds.
[[nodiscard]] domain::per_line<domain::milliamperes> allowed_by(const node_limits& limits,
                                                                node_voltage voltage);

} // namespace busbar::control::limits
