#pragma once
// What an order from outside leaves for managed connectors (LIM-7).

#include "control/image.hpp"
#include "control/limits/node_limits.hpp"

#include <span>

namespace busbar::control::limits {

/// Lowers what `limits` leaves to what `order` leaves: its limit less `use`, or, of the chargers'
/// sum, its limit alone; never less than the power that it guarantees, as line currents a third of
/// it on each line, rounded up. Call after `subtract_unmanaged`.
void tighten_to_order(node_limits& limits, const order_limit& order, const unmanaged_use& use,
                      node_voltage voltage);

/// What narrows a node beside its sources: unmanaged load, orders, the balance of its lines.
void take_off(node_limits& limits, const domain::node& node, const node_image& image,
              const unmanaged_use& use, node_voltage voltage);

/// What holds `connector` down where `found` does: nearer to it a node whose meter is lost without
/// a declared maximum, if there is one, on the first of `lines`, which it counts on.
[[nodiscard]] distribution::excess nearest_full(const domain::site& site,
                                                std::span<const unmanaged_use> uses,
                                                std::size_t connector, domain::line_set lines,
                                                const distribution::excess& found);

} // namespace busbar::control::limits
