#include "site/conversation.hpp"

#include "control/sessions/admission.hpp"
#include "control/sessions/bill.hpp"
#include "domain/events/sessions.hpp"
#include "domain/events/supervision.hpp"

#include <algorithm>
#include <utility>

namespace busbar::site {

using domain::command_kind;
using domain::session_fact_kind;

namespace {

/// A start that is neither answered nor followed by power within this time has failed.
constexpr domain::seconds start_patience{15};

} // namespace

domain::session_fact denied(const domain::driver_request& request, domain::instant now,
                            std::string why) {
  domain::session_fact fact;
  fact.session = request.session;
  fact.request = request.id;
  fact.site = request.site;
  fact.station = request.station;
  fact.driver = request.driver;
  fact.kind = session_fact_kind::denied;
  fact.at = now;
  fact.why = std::move(why);
  fact.energy_wanted = request.energy_wanted;
  fact.departs_at = request.departs_at;
  return fact;
}

const domain::station& conversation::station() const {
  return terms_.site->stations[station_.value()];
}

connector_notes& conversation::notes_of(domain::connector_index connector) {
  const auto place = connector.value() - station().first_connector.value();
  assert(place < notes_.size());
  return notes_[place];
}

domain::connector_index conversation::connector_of(const connector_notes& notes) const {
  const auto place = static_cast<std::uint32_t>(&notes - notes_.data());
  return domain::connector_index{station().first_connector.value() + place};
}

domain::command& conversation::issue(station_effects& out, connector_notes& notes,
                                     command_kind kind) {
  auto& command = out.commands.emplace_back();
  command.connector = connector_of(notes);
  command.kind = kind;
  command.number = ++notes.number;
  return command;
}

station_effects conversation::order(const station_order& order) {
  station_effects out;
  std::optional<control::safety::breaker_change> change;
  const bool is_permitted = book_.commands.acquire(terms_.breaker_of(station_), order.now, &change);
  say(out, change);
  if (!is_permitted && !order.is_decrease) return out;
  if (order.lines != 0) {
    issue(out, notes_of(order.connector), command_kind::set_phases).lines = order.lines;
    return out;
  }
  auto& command = issue(out, notes_of(order.connector), command_kind::grant);
  command.when_lost = station().told_when_lost;
  command.current = order.current;
  command.is_export = order.is_export;
  command.lease = order.short_lease.value_or(terms_.site->lease);
  command.because = order.because;
  if (book_.profiles)
    book_.profiles->granted(order.connector.value() - station().first_connector.value(),
                            order.current);
  return out;
}

station_effects conversation::notice(const station_notice& notice) {
  station_effects out;
  auto& notes = notes_of(notice.connector);
  if (auto* open = notes.session.get())
    open->register_now_wh = std::max(open->register_now_wh, notice.register_wh);
  switch (notice.kind) {
  case notice_kind::answered: answered(out, notes, notice); break;
  case notice_kind::overdue: overdue(out, notes, notice); break;
  case notice_kind::progress: progress(out, notes, notice); break;
  case notice_kind::heard_again: heard_again(out, notes, notice); break;
  case notice_kind::energy_reached: begin_stop(out, notes, "energy reached"); break;
  case notice_kind::faulted: complete(out, notes, notice, "fault"); break;
  case notice_kind::unplugged: complete(out, notes, notice, "unplugged"); break;
  case notice_kind::disobeys: escalate(out, notes, notice); break;
  case notice_kind::unspecified: break;
  }
  if (book_.profiles) follow_sessions();
  return out;
}

station_effects conversation::routine_answers(std::uint8_t answers, domain::instant now) {
  station_effects out;
  for (auto& notes : notes_) notes.is_unanswered = notes.is_unanswered && answers == 0;
  for (std::uint8_t i = 0; i < answers; ++i) count(out, true, {}, now);
  return out;
}

void conversation::answered(station_effects& out, connector_notes& notes,
                            const station_notice& notice) {
  // A profile that is refused is an answer, no failure of the command channel.
  const bool is_about_profiles = keep_profile_answer(out, notes, notice);
  notes.is_unanswered = notes.is_unanswered && notice.is_of_before;
  const bool is_accepted = notice.answer == domain::outcome::accepted;
  // What an epoch before sent says nothing of the command channel of this one.
  if (!notice.is_of_before) count(out, is_accepted || is_about_profiles, notice.took, notice.now);
  if (notes.unsettled && notes.unsettled->stop_waits == notice.number) {
    const auto told = notice.register_at ? notice.register_at->count() : notice.register_wh;
    settle(out, notes, told, notice.now);
  }
  if (!notes.session) return;
  auto& open = *notes.session;
  if (open.start_waits == notice.number) {
    if (is_accepted)
      out.sessions.push_back({notice.connector, open.state = begun(open, notice.register_at),
                              open.stop_waits.has_value()});
    else complete(out, notes, notice, "start refused: " + notice.why);
  } else if (open.stop_waits == notice.number) {
    if (notice.register_at)
      open.register_now_wh = std::max(open.register_now_wh, notice.register_at->count());
    complete(out, notes, notice, open.stopping_because);
  }
}

void conversation::overdue(station_effects& out, connector_notes& notes,
                           const station_notice& notice) {
  count(out, false, notice.took, notice.now);
  say_unanswered(out, notes, notice);
  give_up_profiles(out, notes, notice);
  if (notes.unsettled && notes.unsettled->stop_waits &&
      *notes.unsettled->stop_waits <= notice.number) {
    notes.unsettled->stop_waits.reset();
    if (!notes.session) await_register(out, notes);
  }
  if (!notes.session) return;
  const auto& open = *notes.session;
  if (open.stop_waits && *open.stop_waits <= notice.number) {
    complete_unsettled(out, notes, notice, open.stopping_because);
  } else if (open.start_waits && *open.start_waits <= notice.number) {
    complete_unsettled(out, notes, notice, "start not answered");
  }
}

/// Once until it answers again: it is tried again and again.
void conversation::say_unanswered(station_effects& out, connector_notes& notes,
                                  const station_notice& notice) {
  if (std::exchange(notes.is_unanswered, true)) return;
  out.events.push_back(domain::events::command_unanswered(
      {terms_.site->id, notice.now}, domain::events::names_of(*terms_.site, notice.connector),
      notice.number, notice.took));
}

void conversation::progress(station_effects& out, connector_notes& notes,
                            const station_notice& notice) {
  if (!notes.session) return;
  if (notes.session->is_of_before) go_on(out, notes);
  const auto& open = *notes.session;
  const bool has_not_begun = open.start_waits && notice.power.count() == 0;
  if (has_not_begun && notice.now - open.state->started_at > start_patience) {
    complete_unsettled(out, notes, notice, "start not answered");
    return;
  }
  measure_profiles(out, notes, notice);
  auto told = fact(*notes.session, session_fact_kind::in_progress, notice.now);
  told.power = notice.power;
  out.facts.push_back(std::move(told));
}

void conversation::begin_stop(station_effects& out, connector_notes& notes,
                              const std::string& why) {
  if (!notes.session || notes.session->stop_waits) return;
  auto& open = *notes.session;
  auto& command = issue(out, notes, command_kind::stop);
  command.session = open.state->id;
  command.driver = open.state->driver;
  open.stop_waits = command.number;
  open.stopping_because = why;
  open.state = with_waits(open);
  out.sessions.push_back({command.connector, open.state, true});
}

void conversation::complete(station_effects& out, connector_notes& notes,
                            const station_notice& notice, const std::string& why) {
  if (!notes.session) return;
  auto ended = fact(*notes.session, session_fact_kind::completed, notice.now);
  ended.why = why;
  flag_energy(out, *notes.session, notice.now);
  out.facts.push_back(std::move(ended));
  out.sessions.push_back({notice.connector, nullptr, false});
  notes.session.reset();
}

/// LIFE-1: what a register says beyond what can have flowed is for people to look at.
void conversation::flag_energy(station_effects& out, const session_notes& open,
                               domain::instant now) const {
  auto state = *open.state;
  state.register_now_wh = open.register_now_wh;
  const auto bill = control::sessions::bill_of(*terms_.site, state, now);
  if (bill.apart.is_zero()) return;
  out.events.push_back(domain::events::energy_kept_apart(
      {terms_.site->id, now}, domain::events::names_of(*terms_.site, state.connector),
      {state.id, bill.energy + bill.apart, bill.energy, bill.apart}));
}

void conversation::count(station_effects& out, bool has_succeeded, domain::microseconds took,
                         domain::instant now) {
  say(out, book_.commands.record(terms_.breaker_of(station_), now, has_succeeded, took));
}

void conversation::say(station_effects& out,
                       const std::optional<control::safety::breaker_change>& change) {
  if (!change) return;
  out.is_breaker_changed = true;
  out.events.push_back(domain::events::breaker_moved({terms_.site->id, change->at},
                                                     station().id.text(), "command channel",
                                                     change->from, change->to));
}

station_effects conversation::request(const domain::driver_request& request,
                                      const station_facts& facts, domain::instant now) {
  station_effects out;
  switch (request.kind) {
  case domain::request_kind::start: start(out, request, facts, now); break;
  case domain::request_kind::stop: stop(out, request, now); break;
  case domain::request_kind::reserve: reserve(out, request, facts, now); break;
  case domain::request_kind::change: change(out, request, now); break;
  case domain::request_kind::unspecified:
    out.facts.push_back(denied(request, now, "unknown request"));
    break;
  }
  if (book_.profiles) follow_sessions();
  return out;
}

station_effects conversation::direct(command_kind kind, domain::fault_kind fault) {
  station_effects out;
  issue(out, notes_.front(), kind).fault = fault;
  return out;
}

bool conversation::is_meant(const domain::driver_request& request,
                            const connector_notes& notes) const {
  return request.connector.is_empty() ||
         terms_.site->connectors[connector_of(notes).value()].id == request.connector;
}

connector_notes* conversation::free_connector(const domain::driver_request& request,
                                              const station_facts& facts, domain::instant now,
                                              std::string& why) {
  const bool is_reserved = book_.reserved && book_.reserved->until > now &&
                           book_.reserved->driver != request.driver;
  const bool would_permit = book_.commands.would_permit(terms_.breaker_of(station_), now);
  why = "station '" + station().id.text() + "' has no connector '" + request.connector.text() + "'";
  for (std::size_t i = 0; i < notes_.size(); ++i) {
    if (!is_meant(request, notes_[i])) continue;
    control::sessions::admission_facts asked;
    asked.state = facts.readings[i].state;
    asked.is_silent = facts.is_silent;
    asked.is_unhealthy = facts.is_unhealthy;
    asked.has_session = notes_[i].session != nullptr;
    asked.is_reserved_for_other = is_reserved;
    asked.commands = would_permit ? domain::breaker_position::closed
                                  : domain::breaker_position::open;
    asked.is_site_safe = facts.is_site_safe;
    why = control::sessions::closed_because(asked);
    if (why.empty()) return &notes_[i];
  }
  return nullptr;
}

void conversation::start(station_effects& out, const domain::driver_request& request,
                         const station_facts& facts, domain::instant now) {
  std::string why;
  auto* notes = free_connector(request, facts, now, why);
  if (notes == nullptr) {
    out.facts.push_back(denied(request, now, why));
    return;
  }
  auto session = std::make_shared<domain::session_state>();
  session->id = domain::session_id{station().id.text() + "." + std::to_string(terms_.owner) + "." +
                                   std::to_string(++book_.sessions_begun)};
  session->request = request.id;
  session->driver = request.driver;
  session->connector = connector_of(*notes);
  session->started_at = now;
  session->energy_wanted = request.energy_wanted;
  session->departs_at = request.departs_at;
  const auto& reading = facts.readings[static_cast<std::size_t>(notes - notes_.data())];
  if (notes->unsettled) {
    stop_unsettled(out, *notes);
    settle(out, *notes, reading.energy_wh, now);
  }
  session->register_start_wh = session->register_now_wh = reading.energy_wh;
  notes->session = std::make_unique<session_notes>();
  auto& open = *notes->session;
  open.register_now_wh = reading.energy_wh;
  open.state = std::move(session);
  book_.reserved.reset();
  open.start_waits = domain::never_sent;
  go_on(out, *notes);
  out.facts.push_back(fact(open, session_fact_kind::accepted, now));
}

void conversation::stop(station_effects& out, const domain::driver_request& request,
                        domain::instant now) {
  auto* notes = notes_of(request);
  if (notes != nullptr) return begin_stop(out, *notes, "driver");
  out.facts.push_back(denied(request, now, "no such session"));
}

void conversation::reserve(station_effects& out, const domain::driver_request& request,
                           const station_facts& facts, domain::instant now) {
  std::string why;
  if (free_connector(request, facts, now, why) == nullptr) {
    out.facts.push_back(denied(request, now, why));
    return;
  }
  book_.reserved = std::make_unique<reservation>(
      reservation{request.driver, now + terms_.reservation_time});
  domain::session_fact accepted;
  accepted.request = request.id;
  accepted.site = terms_.site->id;
  accepted.station = station().id;
  accepted.driver = request.driver;
  accepted.kind = session_fact_kind::accepted;
  accepted.at = now;
  accepted.why = "reserved";
  out.facts.push_back(std::move(accepted));
}

domain::session_fact conversation::fact(const session_notes& open, session_fact_kind kind,
                                        domain::instant now) const {
  auto state = *open.state;
  state.register_now_wh = open.register_now_wh;
  const auto bill = control::sessions::bill_of(*terms_.site, state, now);
  domain::session_fact fact;
  fact.session = std::move(state.id);
  fact.request = std::move(state.request);
  fact.site = terms_.site->id;
  fact.station = station().id;
  fact.driver = std::move(state.driver);
  fact.kind = kind;
  fact.at = now;
  fact.energy = bill.energy;
  fact.cost = bill.cost;
  fact.energy_wanted = state.energy_wanted;
  fact.departs_at = state.departs_at;
  fact.connector = terms_.site->connectors[state.connector.value()].id;
  fact.register_start_wh = state.register_start_wh;
  fact.register_now_wh = state.register_now_wh;
  return fact;
}

} // namespace busbar::site
