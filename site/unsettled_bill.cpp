#include "site/unsettled_bill.hpp"

#include "site/session_facts.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace busbar::site {

namespace {

/// A station that is heard and does not answer so many stops settles by its readings.
constexpr std::uint8_t stops_max = 3;

} // namespace

void unsettled_bill::keep(station_effects& out, connector_notes& notes,
                          std::unique_ptr<session_notes> last) const {
  last->stop_waits.reset();
  notes.unsettled = std::move(last);
  await_register(out, notes);
}

void unsettled_bill::await_register(station_effects& out, const connector_notes& notes) const {
  auto billed = std::make_shared<domain::session_state>(*notes.unsettled->state);
  billed->register_now_wh = notes.unsettled->register_now_wh;
  billed->start_waits = notes.unsettled->start_waits;
  billed->stop_waits.reset();
  out.sessions.push_back(
      {channel_.connector_of(notes), nullptr, false, true, std::move(billed)});
}

void unsettled_bill::heard_again(station_effects& out, connector_notes& notes,
                                 const station_notice& notice) const {
  if (!notes.unsettled || notes.unsettled->stop_waits) return;
  // The session may be open still at the station, and energy flow.
  if (notes.unsettled->stops_unanswered < stops_max) stop(out, notes);
  else settle(out, notes, notice.register_wh, notice.now);
}

void unsettled_bill::answered(station_effects& out, connector_notes& notes,
                              const station_notice& notice) const {
  if (!notes.unsettled) return;
  const auto& last = *notes.unsettled;
  if (last.start_waits == notice.number) return start_answered(out, notes, notice);
  if (last.stop_waits != notice.number) return;
  if (last.start_waits && notice.answer == domain::outcome::refused)
    return settle_as_nothing(out, notes, notice.now);
  const auto told = notice.register_at ? notice.register_at->count() : notice.register_wh;
  settle(out, notes, told, notice.now);
}

void unsettled_bill::start_answered(station_effects& out, connector_notes& notes,
                                    const station_notice& notice) const {
  auto& last = *notes.unsettled;
  if (notice.answer == domain::outcome::refused) return settle_as_nothing(out, notes, notice.now);
  last.start_waits.reset();
  if (notice.register_at) {
    auto state = std::make_shared<domain::session_state>(*last.state);
    state->register_begun_wh = notice.register_at->count();
    last.state = std::move(state);
  }
  if (!notes.session) await_register(out, notes);
}

void unsettled_bill::settle_as_nothing(station_effects& out, connector_notes& notes,
                                       domain::instant now) const {
  const auto start_wh = notes.unsettled->state->register_start_wh;
  settle(out, notes, registers{start_wh, start_wh}, now);
}

void unsettled_bill::overdue(station_effects& out, connector_notes& notes,
                             const station_notice& notice) const {
  if (!notes.unsettled || !notes.unsettled->stop_waits ||
      *notes.unsettled->stop_waits > notice.number)
    return;
  notes.unsettled->stop_waits.reset();
  if (!notes.session) await_register(out, notes);
}

void unsettled_bill::ended(station_effects& out, connector_notes& notes,
                           const domain::driver_request& request, domain::instant now) const {
  settle(out, notes,
         request.reported->register_stop_wh.value_or(notes.unsettled->register_now_wh), now);
}

void unsettled_bill::give_way(station_effects& out, connector_notes& notes,
                              std::int64_t register_wh, domain::instant now) const {
  if (!notes.unsettled) return;
  stop(out, notes);
  settle(out, notes, register_wh, now);
}

void unsettled_bill::stop(station_effects& out, connector_notes& notes) const {
  auto& last = *notes.unsettled;
  auto& command = channel_.issue(out, notes, domain::command_kind::stop);
  command.session = last.state->id;
  command.driver = last.state->driver;
  last.stop_waits = command.number;
  ++last.stops_unanswered;
}

void unsettled_bill::settle(station_effects& out, connector_notes& notes,
                            std::int64_t register_wh, domain::instant now) const {
  const auto& last = *notes.unsettled;
  const auto start_wh = last.state->register_begun_wh.value_or(last.state->register_start_wh);
  const auto now_wh = std::max({last.register_now_wh, register_wh, start_wh});
  settle(out, notes, registers{start_wh, now_wh}, now);
}

void unsettled_bill::settle(station_effects& out, connector_notes& notes, registers metered,
                            domain::instant now) const {
  const auto last = std::move(notes.unsettled);
  // Without a session: its bill does not wait any more.
  if (!notes.session) out.sessions.push_back({channel_.connector_of(notes), nullptr, false});
  const auto& site = channel_.site();
  const auto billed = fact_about(site, *last, domain::session_fact_kind::completed, now).energy;
  auto state = std::make_shared<domain::session_state>(*last->state);
  state->register_start_wh = metered.start_wh;
  last->state = std::move(state);
  last->register_now_wh = metered.now_wh;
  auto settled = fact_about(site, *last, domain::session_fact_kind::settled, now);
  if (settled.energy == billed) return;
  settled.why = "the station is heard again: the register says " +
                std::to_string(settled.energy.count()) + " Wh, " +
                std::to_string(billed.count()) + " Wh were billed";
  if (auto event = energy_event(site, *last, now)) out.events.push_back(std::move(*event));
  out.facts.push_back(std::move(settled));
}

} // namespace busbar::site
