#pragma once
// What a site in its safe mode does without its branches: it borrows the tables and notebooks that
// they have let go, and makes the commands that tell every station its fallback.

#include "actors/site_context.hpp"

#include <vector>

namespace busbar::actors {

/// Appends the commands of `orders`. False: some table or notebook was not free; its stations were
/// not told (their leases run out by themselves).
[[nodiscard]] bool tell_fallback(site_context& context, const plan_orders& orders,
                                 std::vector<domain::command>& out);

/// Nothing is routed to a feeder of this site any more.
void close_routes(site_context& context);

} // namespace busbar::actors
