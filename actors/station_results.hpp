#pragma once
// Work on one station's notebook, by the actor whose turn it is: the station's own, or its feeder
// for the orders of a plan.

#include "actors/interfaces.hpp"
#include "actors/site_context.hpp"
#include "site/station_part.hpp"

#include <optional>

namespace busbar::actors {

/// The station's part of the model. `book`: its notebook, and the caller's turn.
[[nodiscard]] site::station_part part_of(site_context& context, domain::station_index station,
                                         notebook& book);

/// Publishes what leaves the site with `result`: events, session facts, charging profiles. The
/// outcome stays. Counts the work in `book`.
void publish(const site_context& context, site::station_result& result, notebook& book);

/// Carries out the orders of a station as its actor would, and publishes what came of them. Absent:
/// another one is at work with its notebook, and nothing was done. REQUIRES: the actor has answered
/// all that it was sent.
[[nodiscard]] std::optional<station_outcome> carry_out(site_context& context,
                                                       domain::station_index station,
                                                       const station_orders& work);

} // namespace busbar::actors
