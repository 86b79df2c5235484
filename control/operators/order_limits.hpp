#pragma once
// What an order from outside leaves at its node, and what remains of the load if the engine stops
// while it is in force (LIM-7).

#include "control/image.hpp"
#include "domain/operator_order.hpp"
#include "domain/site.hpp"

#include <optional>

namespace busbar::control::operators {

/// Whether `connector` hangs at `node` or below it.
[[nodiscard]] bool is_below(const domain::site& site, domain::connector_index connector,
                            domain::node_index node);

/// The power that `minimum` guarantees to the connectors below `node`, rounded up:
/// max(of_rated x sum of rated, each) + (n - 1) x simultaneity x each for n connectors, nothing for
/// none. Rated is a connector's nameplate power; where it states none, its maximum current at the
/// node's voltage.
[[nodiscard]] domain::watts guaranteed_power(const domain::site& site, domain::node_index node,
                                             const domain::guaranteed_minimum& minimum);

/// `order` as its node's limit of the moment.
[[nodiscard]] order_limit limit_of(const domain::site& site, const domain::node_constraint& order);

/// What stations in their fallbacks would put on the order's node (LIM-6), where that is more than
/// the order leaves beside the unmanaged load at its declared maximum (of an order for the chargers
/// alone: without it). Absent: it fits, a stopped engine breaks nothing.
[[nodiscard]] std::optional<domain::fallback_load>
what_remains(const domain::site& site, const domain::node_constraint& order);

} // namespace busbar::control::operators
