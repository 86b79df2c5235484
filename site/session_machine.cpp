#include "site/session_machine.hpp"

#include "domain/events/sessions.hpp"
#include "site/session_facts.hpp"

#include <algorithm>
#include <memory>
#include <utility>

namespace busbar::site {

using domain::command_kind;
using domain::session_fact_kind;

namespace {

/// A start that is neither answered nor followed by power within this time has failed.
constexpr domain::seconds start_patience{15};
/// Between two stops of a station that refuses them.
constexpr domain::microseconds refused_pause = std::chrono::minutes{1};
/// One that has refused so many, and draws nothing, does not have the session.
constexpr std::uint8_t refusals_max = 3;

/// What the register shows since is not its energy.
void never_began(connector_notes& notes) {
  notes.session->register_now_wh = notes.session->state->register_start_wh;
}

} // namespace

std::shared_ptr<domain::session_state>
session_machine::new_session(const connector_notes& notes, const domain::driver_request& request,
                             domain::instant now) const {
  auto& book = channel_.book();
  auto session = std::make_shared<domain::session_state>();
  // The owner's epoch makes it unlike those of every engine before, whose count is lost with it.
  session->id = domain::session_id{channel_.station().id.text() + "." +
                                   std::to_string(channel_.terms().owner) + "." +
                                   std::to_string(++book.sessions_begun)};
  session->request = request.id;
  session->driver = request.driver;
  session->connector = channel_.connector_of(notes);
  session->started_at = now;
  session->energy_wanted = request.energy_wanted;
  session->departs_at = request.departs_at;
  if (!request.reported) return session;
  session->is_reported = true;
  session->started_at = std::min(request.reported->began_at, now);
  session->register_start_wh = session->register_now_wh = request.reported->register_start_wh;
  return session;
}

void session_machine::start(station_effects& out, connector_notes& notes,
                            const domain::driver_request& request, const domain::reading& newest,
                            domain::instant now) const {
  auto session = new_session(notes, request, now);
  // Before the start: its stop must not end the session that begins.
  bill_.give_way(out, notes, request.reported ? session->register_start_wh : newest.energy_wh,
                 now);
  if (!request.reported) session->register_start_wh = newest.energy_wh;
  session->register_now_wh = std::max(session->register_start_wh, newest.energy_wh);
  notes.session = std::make_unique<session_notes>();
  auto& open = *notes.session;
  open.register_now_wh = session->register_now_wh;
  open.state = std::move(session);
  channel_.book().reserved.reset();
  if (request.reported) out.sessions.push_back({channel_.connector_of(notes), open.state, false});
  else send_start(out, notes);
  out.facts.push_back(fact_about(channel_.site(), open, session_fact_kind::accepted, now));
  if (request.reported) out.facts.back().began_at = open.state->started_at;
}

void session_machine::record(station_effects& out, const connector_notes& notes,
                             const domain::driver_request& request, domain::instant now) const {
  const auto& report = *request.reported;
  auto session = new_session(notes, request, now);
  const auto ended_at = std::clamp(report.ended_at.value_or(now), session->started_at, now);
  session_notes whole;
  whole.state = session;
  whole.register_now_wh = session->register_start_wh;
  out.facts.push_back(fact_about(channel_.site(), whole, session_fact_kind::accepted, now));
  out.facts.back().began_at = session->started_at;
  whole.register_now_wh = report.register_stop_wh.value_or(session->register_start_wh);
  // The bill is that of the time which it lasted.
  if (auto event = energy_event(channel_.site(), whole, ended_at)) {
    event->at = now;
    out.events.push_back(std::move(*event));
  }
  out.facts.push_back(fact_about(channel_.site(), whole, session_fact_kind::completed, ended_at));
  out.facts.back().at = now;
  out.facts.back().why = "reported after its end";
}

void session_machine::ended(station_effects& out, connector_notes& notes,
                            const domain::driver_request& request, domain::instant now) const {
  const auto& open = *notes.session;
  note_register(notes, request.reported->register_stop_wh.value_or(open.register_now_wh));
  auto why = open.stopping_because.empty() ? request.why : open.stopping_because;
  station_notice over;
  over.connector = channel_.connector_of(notes);
  over.now = now;
  complete(out, notes, over, why.empty() ? "driver" : why);
}

void session_machine::send_start(station_effects& out, connector_notes& notes) const {
  auto& open = *notes.session;
  auto& command = channel_.issue(out, notes, command_kind::start);
  command.session = open.state->id;
  command.driver = open.state->driver;
  open.start_waits = command.number;
  open.state = with_waits(open);
  out.sessions.push_back({command.connector, open.state, open.stop_waits.has_value()});
}

void session_machine::go_on(station_effects& out, connector_notes& notes) const {
  auto& open = *notes.session;
  open.is_of_before = false;
  if (open.start_waits == domain::never_sent) send_start(out, notes);
  if (open.stop_waits) insist_on_stop(out, notes, open.stopping_because);
}

void session_machine::stop(station_effects& out, connector_notes& notes,
                           const std::string& why) const {
  if (!notes.session || notes.session->stop_waits) return;
  auto& open = *notes.session;
  auto& command = channel_.issue(out, notes, command_kind::stop);
  command.session = open.state->id;
  command.driver = open.state->driver;
  open.stop_waits = command.number;
  open.stops_again_at.reset();
  open.stopping_because = why;
  open.state = with_waits(open);
  out.sessions.push_back({command.connector, open.state, true});
}

void session_machine::insist_on_stop(station_effects& out, connector_notes& notes,
                                     const std::string& why) const {
  const bool waits = std::exchange(notes.session->stop_waits, std::nullopt).has_value();
  stop(out, notes, waits ? notes.session->stopping_because : why);
}

void session_machine::note_register(connector_notes& notes, std::int64_t register_wh) const {
  if (auto* open = notes.session.get())
    open->register_now_wh = std::max(open->register_now_wh, register_wh);
}

void session_machine::answered(station_effects& out, connector_notes& notes,
                               const station_notice& notice) const {
  bill_.answered(out, notes, notice);
  if (!notes.session) return;
  const auto& open = *notes.session;
  if (open.start_waits == notice.number) return start_answered(out, notes, notice);
  if (open.stop_waits != notice.number) return;
  stop_answered(out, notes, notice);
}

void session_machine::stop_answered(station_effects& out, connector_notes& notes,
                                    const station_notice& notice) const {
  const auto& open = *notes.session;
  const bool is_drawing = notice.power.count() != 0;
  const bool goes_on = notice.answer == domain::outcome::refused && !open.start_waits &&
                       (is_drawing || open.stops_refused + 1 < refusals_max);
  if (goes_on) return stop_refused(out, notes, notice);
  if (notice.answer == domain::outcome::refused && open.start_waits) never_began(notes);
  if (notice.register_at) note_register(notes, notice.register_at->count());
  complete(out, notes, notice, open.stopping_because);
}

void session_machine::stop_refused(station_effects& out, connector_notes& notes,
                                   const station_notice& notice) const {
  auto& open = *notes.session;
  open.stop_waits.reset();
  open.stops_again_at = notice.now + refused_pause;
  const bool is_first = open.stops_refused == 0;
  if (open.stops_refused < refusals_max) ++open.stops_refused;
  open.state = with_waits(open);
  out.sessions.push_back({notice.connector, open.state, true});
  if (is_first)
    out.events.push_back(domain::events::stop_refused(
        {channel_.site().id, notice.now},
        domain::events::names_of(channel_.site(), notice.connector), open.state->id,
        notice.why));
}

void session_machine::start_answered(station_effects& out, connector_notes& notes,
                                     const station_notice& notice) const {
  notes.session->start_waits.reset();
  if (notice.answer == domain::outcome::accepted) return begin(out, notes, notice);
  never_began(notes);
  complete(out, notes, notice, "start refused: " + notice.why);
}

void session_machine::begin(station_effects& out, connector_notes& notes,
                            const station_notice& notice) const {
  auto& open = *notes.session;
  auto state = std::make_shared<domain::session_state>(*with_waits(open));
  if (notice.register_at) {
    note_register(notes, notice.register_at->count());
    state->register_start_wh = notice.register_at->count();
    state->register_now_wh = open.register_now_wh;
  }
  open.state = std::move(state);
  out.sessions.push_back(
      {channel_.connector_of(notes), open.state, open.stop_waits.has_value()});
}

void session_machine::overdue(station_effects& out, connector_notes& notes,
                              const station_notice& notice) const {
  bill_.overdue(out, notes, notice);
  if (!notes.session) return;
  const auto& open = *notes.session;
  // A command that came after the one that is overdue may be answered still.
  if (open.stop_waits && *open.stop_waits <= notice.number) {
    complete_unsettled(out, notes, notice, open.stopping_because);
  } else if (open.start_waits && *open.start_waits <= notice.number) {
    complete_unsettled(out, notes, notice, "start not answered");
  }
}

bool session_machine::progress(station_effects& out, connector_notes& notes,
                               const station_notice& notice) const {
  if (!notes.session) return false;
  if (notes.session->is_of_before) go_on(out, notes);
  const auto& open = *notes.session;
  if (open.stops_again_at && notice.now >= *open.stops_again_at)
    stop(out, notes, open.stopping_because);
  const bool has_not_begun = open.start_waits && notice.power.count() == 0;
  if (has_not_begun && notice.now - open.state->started_at > start_patience) {
    complete_unsettled(out, notes, notice, "start not answered");
    return false;
  }
  auto told = fact_about(channel_.site(), open, session_fact_kind::in_progress, notice.now);
  told.power = notice.power;
  out.facts.push_back(std::move(told));
  return true;
}

void session_machine::complete(station_effects& out, connector_notes& notes,
                               const station_notice& notice, const std::string& why) const {
  if (!notes.session) return;
  const auto& site = channel_.site();
  auto ended = fact_about(site, *notes.session, session_fact_kind::completed, notice.now);
  ended.why = why;
  if (auto event = energy_event(site, *notes.session, notice.now))
    out.events.push_back(std::move(*event));
  out.facts.push_back(std::move(ended));
  out.sessions.push_back({notice.connector, nullptr, false});
  notes.session.reset();
}

void session_machine::unplugged(station_effects& out, connector_notes& notes,
                                const station_notice& notice) const {
  if (!notes.session || notice.measured_at < notes.session->state->started_at) return;
  complete(out, notes, notice, "unplugged");
}

void session_machine::complete_unsettled(station_effects& out, connector_notes& notes,
                                         const station_notice& notice,
                                         const std::string& why) const {
  auto last = std::make_unique<session_notes>(*notes.session);
  complete(out, notes, notice, why);
  out.facts.back().is_bill_open = true;
  // One change for the table: that it ended, and that its bill waits.
  out.sessions.pop_back();
  bill_.keep(out, notes, std::move(last));
}

} // namespace busbar::site
