#include "adapters/ocpp/station/transactions.hpp"

#include "adapters/ocpp/station/connector_reading.hpp"
#include "adapters/ocpp/station/sample_requests.hpp"
#include "control/sessions/authorisation.hpp"
#include "control/smart_charging/session_profiles.hpp"

#include <algorithm>
#include <utility>

namespace busbar::adapters::ocpp::station {

namespace {

/// Transactions of one station whose session is not settled; the oldest ones are given up.
constexpr std::size_t kept_max = 64;
/// A transaction whose session was denied is reported again, twice as long each time up to
/// `denied_pause`, `reports_max` times (about an hour); one without an answer may be lost.
constexpr domain::microseconds asks_again = std::chrono::seconds{5};
constexpr domain::microseconds denied_pause = std::chrono::minutes{5};
constexpr std::uint32_t reports_max = 16;
/// After a boot a station goes on with a transaction, or sends the stop that it has kept.
constexpr domain::microseconds resumes_within = std::chrono::minutes{2};
/// A transaction whose tag was refused is stopped by its station within it.
constexpr domain::microseconds refused_pause = std::chrono::seconds{10};
constexpr domain::microseconds kept_stop_within = std::chrono::seconds{30};
constexpr domain::microseconds asks_once_more = std::chrono::minutes{1};

/// Of one that has ended the times must be known and the same: registers of meters that begin from
/// zero are all alike.
bool is_same_start(const transaction& known, const reported_start& from) {
  const bool is_unsure = !known.began_at || !from.at;
  const bool is_same_time = is_unsure ? !known.has_ended : *known.began_at == *from.at;
  return known.connector == from.connector && known.driver == driver_of(from.tag) &&
         known.meter_start_wh == from.meter_wh && is_same_time;
}

/// Of a start that the engine ordered it follows from the session's name, so that a gateway that
/// starts again knows it.
std::int32_t number_for(const connector_state& at, std::string_view tag, number_source& numbers) {
  if (!is_ordered(at, tag)) return numbers.next();
  const auto derived = control::smart_charging::transaction_number(at.start->session);
  return numbers.keep(derived) ? derived : numbers.next();
}

domain::driver_request request_of(const station_state& state, const transaction& of,
                                  domain::request_kind kind, domain::instant now) {
  domain::driver_request asked;
  asked.site = state.place.site;
  asked.driver = of.driver;
  asked.kind = kind;
  asked.station = state.place.id;
  asked.asked_at = now;
  asked.connector = state.place.connectors[of.connector].id;
  return asked;
}

/// Times by the station's clock, none of them after the gateway's. A clock that is ahead moves both
/// back: how long it lasted is what the bill is held to.
domain::reported_transaction report_of(const transaction& of) {
  domain::reported_transaction report;
  report.began_at = of.began_at.value_or(of.reported_at);
  report.register_start_wh = of.register_start_wh;
  if (!of.has_ended) {
    report.began_at = std::min(report.began_at, of.reported_at);
    return report;
  }
  const auto ended_at = std::max(of.stopped_at.value_or(of.ended_at), report.began_at);
  const auto ahead = std::max(ended_at - of.ended_at, domain::microseconds{0});
  report.began_at -= ahead;
  report.ended_at = ended_at - ahead;
  // Whatever the register of now is, which a late report says nothing about.
  report.register_stop_wh = of.register_start_wh +
                            std::max<std::int64_t>(of.stated_stop_wh - of.meter_start_wh, 0);
  return report;
}

void count_step(register_step step, station_effects& out) {
  if (step == register_step::quarantined) out.counts.push_back(count::registers_quarantined);
}

void close(station_state& state, transaction& one, std::int64_t meter_wh, domain::instant now,
           station_effects& out) {
  auto& at = state.connectors[one.connector];
  count_step(take_register(at, meter_wh, false), out);
  one.has_ended = true;
  state.profiles.end_transaction(static_cast<std::int32_t>(one.connector + 1));
  one.ended_at = now;
  one.meter_stop_wh = std::max(at.newest.energy_wh, one.register_start_wh);
  at.last_session = one.session;
  at.last_register_wh = one.meter_stop_wh;
  at.newest.current_ma = {};
  at.newest.power_w = 0;
  state.ended.push_back(one.number);
  if (state.ended.size() > ended_max) state.ended.erase(state.ended.begin());
  out.counts.push_back(count::transactions_ended);
  publish_reading(state, one.connector, now, out);
}

/// The stop that the engine ordered waits for this: it is answered with the register.
void answer_ordered_stop(station_state& state, transaction& one, domain::instant now,
                         station_effects& out) {
  auto& at = state.connectors[one.connector];
  if (!at.stop) return;
  domain::command_result answer{state.place.connectors[one.connector].index, at.stop->number,
                                domain::outcome::accepted, {}, now};
  answer.register_at = domain::watt_hours{one.meter_stop_wh};
  out.results.push_back({at.stop->owner, answer});
  at.answer = answer;
  at.stop.reset();
}

/// The engine learns of the end, also where it has asked for it: an answer to a command is not
/// waited for by the station. Where there is no session it learns of both ends.
void report_end(station_state& state, transaction& one, domain::instant now, station_effects& out,
                const std::string& why = {}) {
  answer_ordered_stop(state, one, now, out);
  if (!one.session.is_empty() || one.waits_for_answer) ask_for_stop(state, one, now, out, why);
  else ask_for_session(state, one, now, out);
}

transaction* meant_by(station_state& state, const reported_stop& from) {
  if (from.number && *from.number > 0 && *from.number <= 0x7fff'ffff)
    if (auto* known = transaction_numbered(state, static_cast<std::int32_t>(*from.number)))
      return known;
  // A number that was never given: of a start that the station did not learn the answer to.
  if (from.number && *from.number > 0) return nullptr;
  transaction* only = nullptr;
  for (auto& each : state.transactions) {
    const bool is_later = each.began_at && from.at && *from.at < *each.began_at;
    if (each.has_ended || is_later) continue;
    if (only != nullptr) return nullptr;
    only = &each;
  }
  return only;
}

} // namespace

bool is_ordered(const connector_state& at, std::string_view tag) {
  using control::sessions::tag_key;
  constexpr auto most = control::sessions::tag_length_max;
  if (!at.start) return false;
  const auto& named = at.start->driver.text();
  return tag_key(tag.substr(0, most)) == tag_key(named.substr(0, most));
}

std::int32_t begin_transaction(station_state& state, const reported_start& from,
                               number_source& numbers, domain::instant now,
                               station_effects& out) {
  for (const auto& each : state.transactions) {
    if (!is_same_start(each, from)) continue;
    offer_refused(state, each.number, out);
    return each.number;
  }
  auto& at = state.connectors[from.connector];
  // One that never ended here has: its stop was lost, or comes later.
  if (auto* before = running_at(state, from.connector)) {
    before->has_lost_stop = true;
    before->stated_stop_wh = at.raw_register_wh.value_or(before->meter_start_wh);
    close(state, *before, before->stated_stop_wh, now, out);
    report_end(state, *before, now, out);
  }
  if (state.transactions.size() >= kept_max)
    retire(state, [oldest = state.transactions.front().number](const transaction& each) {
      return each.number == oldest;
    });
  count_step(take_register(at, from.meter_wh, true), out);
  transaction made;
  made.number = number_for(at, from.tag, numbers);
  made.connector = from.connector;
  made.tag = from.tag;
  made.driver = driver_of(from.tag);
  made.meter_start_wh = from.meter_wh;
  made.register_start_wh = at.newest.energy_wh;
  made.began_at = from.at;
  made.reported_at = now;
  state.transactions.push_back(std::move(made));
  auto& one = state.transactions.back();
  out.counts.push_back(count::transactions_begun);
  publish_reading(state, from.connector, now, out);
  expect_sample(at, now);
  if (is_ordered(at, from.tag)) {
    bind_session(state, one, at.start->session, at.start->driver);
    at.start.reset();
  } else {
    ask_for_session(state, one, now, out);
  }
  return one.number;
}

bool end_transaction(station_state& state, const reported_stop& from, domain::instant now,
                     station_effects& out) {
  auto* one = meant_by(state, from);
  if (one == nullptr) return false;
  offer_refused(state, one->number, out);
  if (one->has_ended) return true;
  const bool is_backwards = from.meter_wh < one->meter_start_wh;
  one->stopped_at = from.at;
  one->reason = from.reason;
  one->stated_stop_wh = from.meter_wh;
  close(state, *one, from.meter_wh, now, out);
  if (is_backwards) out.counts.push_back(count::tolerated);
  report_end(state, *one, now, out);
  return true;
}

void ask_for_session(station_state& state, transaction& of, domain::instant now,
                     station_effects& out) {
  if (!of.waits_for_answer) {
    ++of.tries;
    of.request = request_id_of(of);
    of.is_end_reported = of.has_ended;
  }
  of.waits_for_answer = true;
  of.ask_at = now + asks_once_more;
  auto asked = request_of(state, of, domain::request_kind::start, now);
  asked.id = of.request;
  asked.reported = report_of(of);
  if (!of.is_end_reported) asked.reported->ended_at.reset();
  out.requests.push_back(std::move(asked));
}

void ask_for_stop(station_state& state, transaction& of, domain::instant now,
                  station_effects& out, const std::string& why) {
  if (of.is_stop_reported) return;
  of.is_stop_asked = of.is_stop_reported = true;
  auto asked = request_of(state, of, domain::request_kind::stop, now);
  const bool is_named = !of.session.is_empty();
  asked.id = stop_id_of(of, is_named);
  asked.session = of.session;
  if (!is_named) asked.begun_by = of.request;
  asked.connector = {};
  asked.why = why;
  asked.reported = report_of(of);
  asked.reported->register_stop_wh = of.meter_stop_wh;
  out.requests.push_back(std::move(asked));
}

void denied_session(const station_state& state, transaction& of, const std::string& why,
                    domain::instant now, station_effects& out) {
  of.waits_for_answer = false;
  const auto pause = asks_again * (std::int64_t{1} << std::min(of.tries, 10u)) / 2;
  of.ask_at = now + std::min(pause, denied_pause);
  if (of.tries < reports_max) return;
  of.is_given_up = true;
  out.counts.push_back(count::reports_given_up);
  out.notices.push_back("station " + state.place.id.text() + ": transaction " +
                        std::to_string(of.number) + " of " + of.tag + " has no session, denied " +
                        std::to_string(of.tries) + " times (" + why +
                        "): it is not reported again");
}

void refuse_tag(station_state& state, std::int32_t number, domain::instant now,
                station_effects& out) {
  auto* one = transaction_numbered(state, number);
  if (one == nullptr || one->has_ended || one->stops_at) return;
  one->stops_at = now + refused_pause;
  out.counts.push_back(count::tags_refused);
}

void stop_refused(station_state& state, domain::instant now, station_effects& out) {
  if (state.link == 0) return;
  for (auto& each : state.transactions) {
    if (each.has_ended || !each.stops_at || now < *each.stops_at) continue;
    each.stops_at = now + refused_pause * 6;
    enqueue(state, out,
            {errand::onboarding, "RemoteStopTransaction",
             "{\"transactionId\":" + std::to_string(each.number) + "}"});
  }
}

void await_resumption(station_state& state, domain::instant now) {
  for (auto& each : state.transactions)
    if (!each.has_ended) each.resumes_by = now + resumes_within;
}

void take_resumption(station_state& state, std::size_t connector, bool goes_on,
                     domain::instant now) {
  auto* one = running_at(state, connector);
  if (one == nullptr || !one->resumes_by) return;
  if (goes_on) one->resumes_by.reset();
  else one->resumes_by = std::min(*one->resumes_by, now + kept_stop_within);
}

void end_unresumed(station_state& state, domain::instant now, station_effects& out) {
  for (auto& each : state.transactions) {
    if (each.has_ended || !each.resumes_by || now < *each.resumes_by) continue;
    const auto& at = state.connectors[each.connector];
    each.was_not_resumed = true;
    // Of one that an earlier gateway began the log has the register.
    each.stated_stop_wh =
        at.raw_register_wh.value_or(at.newest.energy_wh - at.register_offset_wh);
    out.counts.push_back(count::transactions_not_resumed);
    close(state, each, each.stated_stop_wh, now, out);
    report_end(state, each, now, out, "not resumed after a boot");
  }
}

void take_early_stop(station_state& state, domain::instant now, station_effects& out) {
  if (!state.early) return;
  const bool is_known = transaction_numbered(state, state.early->number) != nullptr;
  if (!is_known && now < state.early->until) return;
  const auto early = std::exchange(state.early, std::nullopt);
  if (is_known)
    end_transaction(state, {early->number, early->meter_wh, early->at, early->reason}, now, out);
  else out.counts.push_back(count::transactions_unmatched);
  out.frames.insert(out.frames.begin(), early->answer);
}

void bind_session(station_state& state, transaction& to, const domain::session_id& session,
                  const domain::driver_id& driver) {
  // A stop that named the request alone may have come before it.
  if (to.session.is_empty()) to.is_stop_reported = false;
  to.session = session;
  to.driver = driver;
  to.waits_for_answer = false;
  if (to.has_ended) state.connectors[to.connector].last_session = session;
}

void forget_settled(station_state& state, const domain::session_id& session) {
  retire(state, [&](const transaction& each) {
    return each.session == session && each.has_ended;
  });
}

} // namespace busbar::adapters::ocpp::station
