#pragma once
// What a feeder does with what comes in for its connector table, beside the table itself: which
// answers are another engine node's, what came of a station's work, what is worth an event.

#include "control/safety/breaker.hpp"
#include "domain/command.hpp"
#include "domain/command_result.hpp"
#include "domain/event.hpp"
#include "domain/time.hpp"
#include "site/connector_table.hpp"
#include "site/conversation.hpp"
#include "site/site_layout.hpp"
#include "site/station_work.hpp"

#include <span>
#include <vector>

namespace busbar::site {

/// OWN-1: an answer to a number that was not given yet is one to another's order, and what is given
/// from now on is refused as older.
[[nodiscard]] bool is_to_another(const table_rows& table, const domain::command_result& answer);

/// Answers of one record. An answer to a command of an epoch before settles no grant; what it is
/// about, an order of charging profiles or a start or stop that was carried over, its station finds
/// by its number.
struct table_answers {
  std::span<const domain::command_result> results;
  domain::instant received_at{};
  bool are_of_before = false;
};
/// Appends what a station must act on.
void take_answers(connector_table& table, const table_answers& answers,
                  std::vector<station_notice>& out);

/// What a station's work changed, into the table.
void take_outcome(connector_table& table, const station_outcome& outcome);
/// A change of its commands or sessions outside of a plan is worth a plan of its own.
[[nodiscard]] bool is_news(const station_outcome& outcome);

/// A fallback that is told while no feeder runs, into the table; its commands.
[[nodiscard]] std::vector<domain::command>
tell_fallback(connector_table& table, conversation talk, const station_order& order);

[[nodiscard]] domain::event health_event(const table_rows& table, domain::station_index station,
                                         domain::instant now);
[[nodiscard]] domain::event clock_event(const site_layout& layout, const clock_news& news,
                                        domain::instant now);

} // namespace busbar::site
