#include "site/conversation.hpp"

#include "site/driver_requests.hpp"
#include "site/escalation.hpp"

namespace busbar::site {

using domain::command_kind;

station_effects conversation::order(const station_order& order) {
  station_effects out;
  const bool is_permitted = channel_.acquire(out, order.now);
  if (!is_permitted && !order.is_decrease) return out;
  auto& notes = channel_.notes_of(order.connector);
  if (order.lines != 0) {
    channel_.issue(out, notes, command_kind::set_phases).lines = order.lines;
    return out;
  }
  auto& command = channel_.grant(out, notes, order.current, order.is_export);
  if (order.short_lease) command.lease = *order.short_lease;
  command.because = order.because;
  profiles_.granted(notes, order.current);
  return out;
}

station_effects conversation::notice(const station_notice& notice) {
  station_effects out;
  auto& notes = channel_.notes_of(notice.connector);
  sessions_.note_register(notes, notice.register_wh);
  switch (notice.kind) {
  case notice_kind::answered: answered(out, notes, notice); break;
  case notice_kind::overdue: overdue(out, notes, notice); break;
  case notice_kind::progress:
    if (sessions_.progress(out, notes, notice)) profiles_.measure(out, notes, notice);
    break;
  case notice_kind::heard_again: sessions_.bill().heard_again(out, notes, notice); break;
  case notice_kind::energy_reached: sessions_.stop(out, notes, "energy reached"); break;
  case notice_kind::faulted: sessions_.complete(out, notes, notice, "fault"); break;
  case notice_kind::unplugged: sessions_.unplugged(out, notes, notice); break;
  case notice_kind::reports_again: channel_.reports_again(out, notice.now); break;
  case notice_kind::disobeys: escalate(out, channel_, sessions_, notice); break;
  case notice_kind::unspecified: break;
  }
  profiles_.follow_sessions();
  return out;
}

station_effects conversation::routine_answers(std::uint8_t answers, domain::instant now) {
  station_effects out;
  for (auto& notes : channel_.connectors())
    notes.is_unanswered = notes.is_unanswered && answers == 0;
  for (std::uint8_t i = 0; i < answers; ++i) channel_.count(out, true, {}, now);
  return out;
}

void conversation::answered(station_effects& out, connector_notes& notes,
                            const station_notice& notice) {
  // A profile that is refused is an answer, no failure of the command channel.
  const bool is_about_profiles = profiles_.answered(out, notes, notice);
  notes.is_unanswered = notes.is_unanswered && notice.is_of_before;
  const bool is_accepted = notice.answer == domain::outcome::accepted;
  // What an epoch before sent says nothing of the command channel of this one.
  if (!notice.is_of_before)
    channel_.count(out, is_accepted || is_about_profiles, notice.took, notice.now);
  sessions_.answered(out, notes, notice);
}

void conversation::overdue(station_effects& out, connector_notes& notes,
                           const station_notice& notice) {
  channel_.count(out, false, notice.took, notice.now);
  channel_.say_unanswered(out, notes, notice);
  profiles_.overdue(out, notes, notice);
  sessions_.overdue(out, notes, notice);
}

station_effects conversation::request(const domain::driver_request& request,
                                      const station_facts& facts, domain::instant now) {
  station_effects out;
  driver_requests{channel_, sessions_}.take(out, request, facts, now);
  profiles_.follow_sessions();
  return out;
}

station_effects conversation::direct(command_kind kind, domain::fault_kind fault) {
  station_effects out;
  channel_.issue(out, channel_.connectors().front(), kind).fault = fault;
  return out;
}

station_effects
conversation::manage(const profile_errand& errand,
                     const control::smart_charging::station_settings& settings) {
  station_effects out;
  profiles_.manage(out, errand, settings);
  return out;
}

} // namespace busbar::site
