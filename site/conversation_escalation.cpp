// SAFE-2: what is said to a station that acknowledges and keeps drawing, step by step.
#include "control/safety/obedience.hpp"
#include "domain/events/stations.hpp"
#include "site/conversation.hpp"

#include <utility>

namespace busbar::site {

using domain::command_kind;

void conversation::tell(station_effects& out, connector_notes& notes,
                        domain::milliamperes current, bool is_export) {
  auto& command = issue(out, notes, domain::command_kind::grant);
  command.when_lost = station().told_when_lost;
  command.current = current;
  command.is_export = is_export;
  command.lease = terms_.site->lease;
}

void conversation::escalate(station_effects& out, connector_notes& notes,
                            const station_notice& notice) {
  const auto& connector = terms_.site->connectors[notice.connector.value()];
  const auto act = control::safety::act_of(
      notice.step, {notice.told, connector.current_min, notes.session != nullptr,
                    notes.is_taken_out});
  switch (act.kind) {
  case command_kind::unspecified: break;
  case command_kind::grant: tell(out, notes, act.current, notice.is_export); break;
  case command_kind::stop: {
    // One that waits for its answer is sent once more.
    const bool waits = std::exchange(notes.session->stop_waits, std::nullopt).has_value();
    begin_stop(out, notes, waits ? notes.session->stopping_because : "does not obey");
    break;
  }
  default:
    notes.is_taken_out = act.kind == command_kind::set_unavailable;
    issue(out, notes, act.kind);
  }
  if (act.kind != command_kind::unspecified)
    out.commands.back().because.which = domain::rule::disobedience;
  out.events.push_back(domain::events::obedience(
      {terms_.site->id, notice.now}, domain::events::names_of(*terms_.site, notice.connector),
      notice.drawn, notice.is_export ? -notice.told : notice.told, notice.step));
}

} // namespace busbar::site
