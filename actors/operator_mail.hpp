#pragma once
// Orders that have waited in a site's inbox, carried to its desk: checked, each with its event, and
// answered: refusals at once, what is taken with the next state (KEEP-1).

#include "actors/site_context.hpp"
#include "actors/site_inbox.hpp"

#include <vector>

namespace busbar::actors {

/// `to`: the context's own desk, which the caller has borrowed.
void obey(const site_context& context, const std::vector<operator_message>& mail, site_desk& to);

} // namespace busbar::actors
