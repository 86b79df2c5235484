#pragma once
// What a node bears for ever: what the site file states of it, and what its protection allows after
// a long time at that load. LIM-4 and `busbar check` ask it, since fallbacks may last; the planner
// starts from `stated_limits` and takes the moment's limits from `live_limits`.

#include "control/limits/node_limits.hpp"

namespace busbar::control::limits {

/// `stated_limits`, lowered to the breaker's rating, the transformer's settled temperatures, the
/// peak-demand threshold, and the apparent rating at a power factor of one.
[[nodiscard]] node_limits lasting_limits(const domain::node& node);

} // namespace busbar::control::limits
