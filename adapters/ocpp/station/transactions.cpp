#include "adapters/ocpp/station/transactions.hpp"

#include "adapters/ocpp/station/connector_reading.hpp"
#include "adapters/ocpp/station/sample_requests.hpp"
#include "control/smart_charging/session_profiles.hpp"

#include <algorithm>
#include <utility>

namespace busbar::adapters::ocpp::station {

namespace {

constexpr std::size_t ended_max = 8;
/// Transactions of one station whose session is not settled; the oldest ones are given up.
constexpr std::size_t kept_max = 64;
/// A session that was denied is asked for again.
constexpr domain::microseconds asks_again = std::chrono::seconds{5};

bool is_same_start(const transaction& known, const reported_start& from) {
  const bool is_same_time = !known.began_at || !from.at || *known.began_at == *from.at;
  return known.connector == from.connector && known.driver == driver_of(from.tag) &&
         known.meter_start_wh == from.meter_wh && is_same_time;
}

/// Of a start that the engine ordered it follows from the session's name, so that a gateway that
/// starts again knows it.
std::int32_t number_for(const connector_state& at, number_source& numbers) {
  if (!at.start) return numbers.next();
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
bool answer_ordered_stop(station_state& state, transaction& one, domain::instant now,
                         station_effects& out) {
  auto& at = state.connectors[one.connector];
  if (!at.stop) return false;
  domain::command_result answer{state.place.connectors[one.connector].index, at.stop->number,
                                domain::outcome::accepted, {}, now};
  answer.register_at = domain::watt_hours{one.meter_stop_wh};
  out.results.push_back({at.stop->owner, answer});
  at.answer = answer;
  at.stop.reset();
  return true;
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

std::int32_t begin_transaction(station_state& state, const reported_start& from,
                               number_source& numbers, domain::instant now,
                               station_effects& out) {
  for (const auto& each : state.transactions)
    if (is_same_start(each, from)) return each.number;
  auto& at = state.connectors[from.connector];
  // One that never ended here has: its stop was lost, or comes later.
  if (auto* before = running_at(state, from.connector)) {
    close(state, *before, at.raw_register_wh.value_or(before->meter_start_wh), now, out);
    ask_for_stop(state, *before, now, out);
  }
  if (state.transactions.size() >= kept_max) state.transactions.erase(state.transactions.begin());
  count_step(take_register(at, from.meter_wh, true), out);
  transaction made;
  made.number = number_for(at, numbers);
  made.connector = from.connector;
  made.tag = from.tag;
  made.driver = driver_of(from.tag);
  made.meter_start_wh = from.meter_wh;
  made.register_start_wh = at.newest.energy_wh;
  made.began_at = from.at;
  state.transactions.push_back(std::move(made));
  auto& one = state.transactions.back();
  out.counts.push_back(count::transactions_begun);
  publish_reading(state, from.connector, now, out);
  expect_sample(at, now);
  if (at.start) {
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
  if (one->has_ended) return true;
  const bool is_backwards = from.meter_wh < one->meter_start_wh;
  close(state, *one, from.meter_wh, now, out);
  if (is_backwards) out.counts.push_back(count::tolerated);
  if (!answer_ordered_stop(state, *one, now, out)) ask_for_stop(state, *one, now, out);
  return true;
}

void ask_for_session(station_state& state, transaction& of, domain::instant now,
                     station_effects& out) {
  ++of.tries;
  of.request = request_id_of(of);
  of.waits_for_answer = true;
  of.ask_at = now + asks_again;
  auto asked = request_of(state, of, domain::request_kind::start, now);
  asked.id = of.request;
  out.requests.push_back(std::move(asked));
}

void ask_for_stop(station_state& state, transaction& of, domain::instant now,
                  station_effects& out) {
  if (of.session.is_empty() || of.is_stop_asked) return;
  of.is_stop_asked = true;
  auto asked = request_of(state, of, domain::request_kind::stop, now);
  asked.id = domain::request_id{"ocpp-stop." + std::to_string(of.number)};
  asked.session = of.session;
  asked.connector = {};
  out.requests.push_back(std::move(asked));
}

void bind_session(station_state& state, transaction& to, const domain::session_id& session,
                  const domain::driver_id& driver) {
  to.session = session;
  to.driver = driver;
  to.waits_for_answer = false;
  if (to.has_ended) state.connectors[to.connector].last_session = session;
}

void forget_settled(station_state& state, const domain::session_id& session) {
  std::erase_if(state.transactions, [&](const transaction& each) {
    return each.session == session && each.has_ended;
  });
}

} // namespace busbar::adapters::ocpp::station
