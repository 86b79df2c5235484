// LIFE-1: the registers that a station's answers tell, and the bill of a session that had to be
// completed while its station did not answer.
#include "control/sessions/bill.hpp"
#include "site/conversation.hpp"

#include <algorithm>

namespace busbar::site {

namespace {

/// A station that is heard and does not answer so many stops settles by its readings.
constexpr std::uint8_t stops_max = 3;

} // namespace

void conversation::complete_unsettled(station_effects& out, connector_notes& notes,
                                      const station_notice& notice, const std::string& why) {
  auto last = std::make_unique<session_notes>(*notes.session);
  last->stop_waits.reset();
  complete(out, notes, notice, why);
  out.facts.back().is_bill_open = true;
  notes.unsettled = std::move(last);
  out.sessions.pop_back();
  await_register(out, notes);
}

void conversation::await_register(station_effects& out, const connector_notes& notes) const {
  auto billed = std::make_shared<domain::session_state>(*notes.unsettled->state);
  billed->register_now_wh = notes.unsettled->register_now_wh;
  billed->start_waits.reset();
  billed->stop_waits.reset();
  out.sessions.push_back({connector_of(notes), nullptr, false, true, std::move(billed)});
}

void conversation::heard_again(station_effects& out, connector_notes& notes,
                               const station_notice& notice) {
  if (!notes.unsettled || notes.unsettled->stop_waits) return;
  // The session may be open still at the station, and energy flow.
  if (notes.unsettled->stops_unanswered < stops_max) stop_unsettled(out, notes);
  else settle(out, notes, notice.register_wh, notice.now);
}

void conversation::stop_unsettled(station_effects& out, connector_notes& notes) {
  auto& last = *notes.unsettled;
  auto& command = issue(out, notes, domain::command_kind::stop);
  command.session = last.state->id;
  command.driver = last.state->driver;
  last.stop_waits = command.number;
  ++last.stops_unanswered;
}

void conversation::settle(station_effects& out, connector_notes& notes, std::int64_t register_wh,
                          domain::instant now) {
  auto last = std::move(notes.unsettled);
  // Without a session: its bill does not wait any more.
  if (!notes.session) out.sessions.push_back({connector_of(notes), nullptr, false});
  const auto billed = fact(*last, domain::session_fact_kind::completed, now).energy;
  last->register_now_wh = std::max(last->register_now_wh, register_wh);
  auto settled = fact(*last, domain::session_fact_kind::settled, now);
  if (settled.energy == billed) return;
  settled.why = "the station is heard again: the register says " +
                std::to_string(settled.energy.count()) + " Wh, " +
                std::to_string(billed.count()) + " Wh were billed";
  flag_energy(out, *last, now);
  out.facts.push_back(std::move(settled));
}

} // namespace busbar::site
