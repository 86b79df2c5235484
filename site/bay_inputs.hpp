#pragma once
// What a feeder does with what comes in for its bay, beside the bay's own table: which answers are
// another engine node's, what came of a station's work, what is worth an event.

#include "domain/command.hpp"
#include "domain/command_result.hpp"
#include "domain/event.hpp"
#include "domain/time.hpp"
#include "site/bay.hpp"
#include "site/conversation.hpp"
#include "site/site_layout.hpp"
#include "site/station_work.hpp"

#include <vector>

namespace busbar::site {

/// OWN-1: an answer to a number that was not given yet is one to another's order, and what is given
/// from now on is refused as older.
[[nodiscard]] bool is_to_another(const bay& table, const site_layout& layout,
                                 const domain::command_result& answer);

/// What a station's work changed, into the table.
void take_outcome(bay& table, const station_outcome& outcome);
/// A change of its commands or sessions outside of a plan is worth a plan of its own.
[[nodiscard]] bool is_news(const station_outcome& outcome);

/// A fallback that is told while no feeder runs, into the table; its commands.
[[nodiscard]] std::vector<domain::command> tell_fallback(bay& table, conversation talk,
                                                         const station_order& order);

[[nodiscard]] domain::event health_event(const bay& table, const site_layout& layout,
                                         domain::station_index station, domain::instant now);
[[nodiscard]] domain::event clock_event(const site_layout& layout, const clock_news& news,
                                        domain::instant now);

/// One station's orders of a tick.
struct station_share {
  domain::station_index station;
  std::vector<station_order> orders;
};
/// In the order of stations; of one station in the order in which they stand.
[[nodiscard]] std::vector<station_share> by_station(std::vector<station_order> orders,
                                                    const site_layout& layout);

} // namespace busbar::site
