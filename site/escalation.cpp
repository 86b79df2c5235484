#include "site/escalation.hpp"

#include "control/safety/obedience.hpp"
#include "domain/events/stations.hpp"

namespace busbar::site {

using domain::command_kind;

void escalate(station_effects& out, const command_channel& channel,
              const session_machine& sessions, const station_notice& notice) {
  auto& notes = channel.notes_of(notice.connector);
  const auto& connector = channel.site().connectors[notice.connector.value()];
  const auto act = control::safety::act_of(
      notice.step, {notice.told, connector.current_min, notes.session != nullptr,
                    notes.is_taken_out});
  switch (act.kind) {
  case command_kind::unspecified: break;
  case command_kind::grant: channel.grant(out, notes, act.current, notice.is_export); break;
  case command_kind::stop: sessions.insist_on_stop(out, notes, "does not obey"); break;
  default:
    notes.is_taken_out = act.kind == command_kind::set_unavailable;
    channel.issue(out, notes, act.kind);
  }
  if (act.kind != command_kind::unspecified)
    out.commands.back().because.which = domain::rule::disobedience;
  out.events.push_back(domain::events::obedience(
      {channel.site().id, notice.now}, domain::events::names_of(channel.site(), notice.connector),
      notice.drawn, notice.is_export ? -notice.told : notice.told, notice.step));
}

} // namespace busbar::site
