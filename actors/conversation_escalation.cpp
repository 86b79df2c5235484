// SAFE-2: what is said to a station that acknowledges and keeps drawing, step by step.
#include "actors/conversation.hpp"

namespace busbar::actors {

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
                        domain::milliamperes current) {
  auto& command = issue(out, notes, domain::command_kind::grant);
  command.current = current;
  command.lease = terms_.site->lease;
  command.because.which = domain::rule::disobedience;
}

void conversation::escalate(station_effects& out, connector_notes& notes,
                            const station_notice& notice) {
  const auto& connector = terms_.site->connectors[notice.connector.value()];
  switch (notice.step) {
  case escalation::none:
    if (std::exchange(notes.is_taken_out, false))
      issue(out, notes, domain::command_kind::set_available);
    break;
  case escalation::tell_again: tell(out, notes, notice.told); break;
  case escalation::lower_limit:
    tell(out, notes, notice.told > connector.current_min ? connector.current_min
                                                         : domain::milliamperes{});
    break;
  case escalation::remote_stop:
    if (notes.session) begin_stop(out, notes, "does not obey");
    else tell(out, notes, domain::milliamperes{});
    break;
  case escalation::set_unavailable:
    notes.is_taken_out = true;
    issue(out, notes, domain::command_kind::set_unavailable);
    break;
  case escalation::site_operator: break;
  }
  domain::event event;
  event.site = terms_.site->id;
  event.at = notice.now;
  event.speaker = domain::role::central;
  event.level = level_of(notice.step);
  event.kind = notice.step == escalation::none ? "obeys_again" : "disobedience";
  event.subject = connector.id.text();
  event.text = "draws " + std::to_string(notice.drawn.count()) + " mA, acknowledged " +
               std::to_string(notice.told.count()) + " mA: " + what_is_done(notice.step);
  out.events.push_back(std::move(event));
}

} // namespace busbar::actors
