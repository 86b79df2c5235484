// SAFE-2: what is said to a station that acknowledges and keeps drawing, step by step.
#include "control/safety/obedience.hpp"
#include "site/conversation.hpp"

namespace busbar::site {

using domain::command_kind;
using domain::escalation;

namespace {

const char* what_is_done(escalation step) {
  switch (step) {
  case escalation::none: return "obeys again";
  case escalation::tell_again: return "is told again";
  case escalation::lower_limit: return "is told a lower limit";
  case escalation::remote_stop: return "its session is stopped";
  case escalation::set_unavailable: return "is set unavailable";
  case escalation::site_operator: return "needs an operator: switch it off by hand";
  }
  return "";
}

domain::severity level_of(escalation step) {
  if (step == escalation::none) return domain::severity::info;
  return step == escalation::site_operator ? domain::severity::critical
                                           : domain::severity::warning;
}

} // namespace

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
  case command_kind::stop: begin_stop(out, notes, "does not obey"); break;
  default:
    notes.is_taken_out = act.kind == command_kind::set_unavailable;
    issue(out, notes, act.kind);
  }
  if (act.kind != command_kind::unspecified)
    out.commands.back().because.which = domain::rule::disobedience;
  domain::event event;
  event.site = terms_.site->id;
  event.at = notice.now;
  event.speaker = domain::speaker::central;
  event.level = level_of(notice.step);
  event.kind = notice.step == escalation::none ? "obeys_again" : "disobedience";
  event.subject = connector.id.text();
  const auto acknowledged = notice.is_export ? -notice.told : notice.told;
  event.text = "draws " + std::to_string(notice.drawn.count()) + " mA, acknowledged " +
               std::to_string(acknowledged.count()) + " mA: " + what_is_done(notice.step);
  out.events.push_back(std::move(event));
}

} // namespace busbar::site
