#pragma once
// What a node bears for ever: what the site file states of it, and what its protection allows after
// a long time at that load. LIM-4 and `busbar check` ask it, since fallbacks may last; the planner
// starts from `stated_limits` and takes the moment's limits from `live_limits`.

#include "control/limits/node_limits.hpp"

namespace busbar::control::limits {

/// What the protection of `node` allows for good, each source by its name: the breaker's rating,
/// the transformer's settled temperatures, the peak-demand threshold, the apparent rating at a
/// power factor of one.
[[nodiscard]] std::vector<domain::limit> lasting_protection(const domain::node& node);

/// `stated_limits`, lowered to `lasting_protection`.
[[nodiscard]] node_limits lasting_limits(const domain::node& node);

} // namespace busbar::control::limits
