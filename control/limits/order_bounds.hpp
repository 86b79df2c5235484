#pragma once
// What an order from outside leaves for managed connectors (LIM-7).

#include "control/image.hpp"
#include "control/limits/node_limits.hpp"

namespace busbar::control::limits {

/// Lowers what `limits` leaves to what `order` leaves: its limit less `use`, or, of the chargers'
/// sum, its limit alone; never less than the power that it guarantees, as line currents a third of
/// it on each line, rounded up. Call after `subtract_unmanaged`.
void tighten_to_order(node_limits& limits, const order_limit& order, const unmanaged_use& use,
                      node_voltage voltage);

} // namespace busbar::control::limits
