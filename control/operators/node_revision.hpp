#pragma once
// Puts what has been configured of one node on top of what its file states.

#include "domain/result.hpp"
#include "domain/site.hpp"
#include "domain/site_configuration.hpp"

namespace busbar::control::operators {

/// errc::out_of_range with field, value and range; errc::conflict where the node is of another kind
/// than a field is for. The node is as it was then, or partly changed: REQUIRES a copy.
[[nodiscard]] domain::result<void> revise(domain::node& node,
                                          const domain::node_configuration& wanted);

} // namespace busbar::control::operators
