#include "adapters/ocpp/station/station_commands.hpp"

#include "adapters/ocpp/station/profile_calls.hpp"
#include "adapters/ocpp/station/transactions.hpp"
#include "control/smart_charging/session_profiles.hpp"
#include "text/json_writer.hpp"

#include <algorithm>
#include <cassert>
#include <charconv>
#include <utility>

namespace busbar::adapters::ocpp::station {

namespace {

using control::ownership::command_mark;
using control::ownership::fence_verdict;
using domain::command_kind;
using text::json_writer;

/// OCPP 1.6 takes tags of this length.
constexpr std::size_t tag_bytes_max = 20;
/// ConnectionTimeOut of a station that does not state its own, or one outside of these bounds.
constexpr std::int64_t usual_connection_s = 60;
constexpr std::int64_t connection_s_max = 600;
/// After a station's ConnectionTimeOut: then a remote start has come to nothing.
constexpr domain::microseconds start_grace = std::chrono::seconds{30};

struct command_context {
  station_state& state;
  std::size_t connector;
  const domain::command& told;
  const command_origin& from;
  domain::instant now;
  station_effects& out;

  [[nodiscard]] connector_state& at() const { return state.connectors[connector]; }
  [[nodiscard]] command_mark mark() const { return {from.owner, told.number}; }
};

void answer(const command_context& to, domain::outcome what, std::string why,
            domain::maybe<domain::watt_hours> register_at = {}) {
  domain::command_result made{to.told.connector, to.told.number, what, std::move(why), to.now};
  made.register_at = register_at;
  answer_command(to.state, to.connector, to.mark(), std::move(made), to.out);
}

void accept(const command_context& to, domain::maybe<domain::watt_hours> register_at = {}) {
  answer(to, domain::outcome::accepted, {}, register_at);
}

void refuse(const command_context& to, std::string why) {
  answer(to, domain::outcome::refused, std::move(why));
}

station_call call_for(const command_context& to, errand purpose, const char* action,
                      std::string payload) {
  station_call call{purpose, action, std::move(payload)};
  call.connector = to.connector;
  call.owner = to.from.owner;
  call.number = to.told.number;
  return call;
}

domain::seconds lease_of(const command_context& to) {
  if (to.told.lease.count() > 0) return to.told.lease;
  const auto& bears = to.told.when_lost ? *to.told.when_lost : to.state.place.when_lost;
  return bears.timeout;
}

void grant(const command_context& to) {
  const auto& place = to.state.place.connectors[to.connector];
  if (to.told.is_export) return refuse(to, "is_export: OCPP 1.6 only charges");
  if (to.told.current.count() < 0 || to.told.current > place.current_max)
    return refuse(to, "current_ma " + std::to_string(to.told.current.count()) +
                          ": allowed is 0.." + std::to_string(place.current_max.count()));
  const auto issued_at = std::min(to.from.issued_at, to.now);
  const held_grant held{to.told.current, issued_at, lease_of(to), to.from.owner, to.told.number};
  if (held.issued_at + held.lease <= to.now) return refuse(to, "lease is over");
  to.at().grant = held;
  const auto* one = running_at(to.state, to.connector);
  if (one != nullptr)
    return enqueue(to.state, to.out, grant_call(to.state, to.connector, held, one->number));
  // Without a transaction nothing is drawn, and one that begins alone draws the fallback.
  to.at().accepted_grant = held.number;
  to.at().accepted_current = held.current;
  accept(to);
}

/// The transaction of a start that the station has made by itself, or that was answered before.
transaction* begun_for(const command_context& to) {
  for (auto& each : to.state.transactions) {
    if (each.connector != to.connector) continue;
    const bool is_known = each.session == to.told.session;
    const bool is_asked = each.session.is_empty() && each.driver == to.told.driver;
    if (is_known || is_asked) return &each;
  }
  return nullptr;
}

std::string remote_start(const command_context& to) {
  json_writer json;
  const auto connector = static_cast<std::int32_t>(to.connector + 1);
  json.begin_object().member("connectorId", connector);
  json.member("idTag", to.told.driver.text().substr(0, tag_bytes_max));
  return json.end_object().take();
}

domain::microseconds start_patience(const station_abilities& abilities) {
  const auto stated = abilities.settings.find("ConnectionTimeOut");
  std::int64_t read_s = 0;
  if (stated != abilities.settings.end()) {
    const auto& text = stated->second;
    std::from_chars(text.data(), text.data() + text.size(), read_s);
  }
  const bool is_usable = read_s > 0 && read_s <= connection_s_max;
  return std::chrono::seconds{is_usable ? read_s : usual_connection_s} + start_grace;
}

void start(const command_context& to) {
  if (auto* one = begun_for(to)) {
    bind_session(to.state, *one, to.told.session, to.told.driver);
    accept(to, domain::watt_hours{one->register_start_wh});
    if (one->has_ended) ask_for_stop(to.state, *one, to.now, to.out);
    return;
  }
  if (running_at(to.state, to.connector) != nullptr)
    return refuse(to, "another transaction is open");
  to.at().start = awaited_start{to.told.session, to.told.driver,
                                to.now + start_patience(to.state.abilities)};
  enqueue(to.state, to.out,
          call_for(to, errand::start, "RemoteStartTransaction", remote_start(to)));
}

transaction* of_session(station_state& state, const domain::session_id& session) {
  const auto found = std::ranges::find(state.transactions, session, &transaction::session);
  return found == state.transactions.end() ? nullptr : &*found;
}

void stop(const command_context& to) {
  auto& at = to.at();
  if (at.start && at.start->session == to.told.session) {
    at.start.reset();
    return accept(to);
  }
  auto* one = of_session(to.state, to.told.session);
  if (one == nullptr) {
    // One that its station does not have is stopped as asked; which register it had is not known.
    if (at.last_session != to.told.session) return accept(to);
    return accept(to, domain::watt_hours{at.last_register_wh});
  }
  one->is_stop_asked = true;
  if (one->has_ended) {
    accept(to, domain::watt_hours{one->meter_stop_wh});
    return forget_settled(to.state, to.told.session);
  }
  json_writer json;
  json.begin_object().member("transactionId", one->number).end_object();
  enqueue(to.state, to.out, call_for(to, errand::stop, "RemoteStopTransaction", json.take()));
}

void reset(const command_context& to) {
  enqueue(to.state, to.out, call_for(to, errand::command, "Reset", R"({"type":"Soft"})"));
}

void unlock(const command_context& to) {
  json_writer json;
  json.begin_object().member("connectorId", to.connector + 1).end_object();
  enqueue(to.state, to.out, call_for(to, errand::command, "UnlockConnector", json.take()));
}

void change_availability(const command_context& to) {
  const bool is_on = to.told.kind == command_kind::set_available;
  json_writer json;
  json.begin_object().member("connectorId", to.connector + 1);
  json.member("type", is_on ? "Operative" : "Inoperative").end_object();
  enqueue(to.state, to.out, call_for(to, errand::command, "ChangeAvailability", json.take()));
}

/// Transactions are numbered by the station's gateway, and by the engine after its sessions.
void renumber(const command_context& to, domain::charging_profile& profile) {
  if (!profile.transaction) return;
  for (const auto& each : to.state.transactions)
    if (!each.session.is_empty() &&
        control::smart_charging::transaction_number(each.session) == *profile.transaction)
      profile.transaction = each.number;
}

void set_profile(const command_context& to) {
  const auto& order = to.told.profile.order;
  if (!order || !order->installs) return refuse(to, "FormationViolation: says no profile");
  auto profile = *order->installs;
  if (profile.serves == domain::profile_purpose::tx &&
      profile.stack_level >= grant_form_of(to.state).stack_level)
    return refuse(to, "PropertyConstraintViolation: stackLevel is reserved for the engine");
  renumber(to, profile);
  const auto connector =
      order->is_station_wide ? 0 : static_cast<std::int32_t>(to.connector + 1);
  enqueue(to.state, to.out,
          call_for(to, errand::command, "SetChargingProfile",
                   set_profile_payload(connector, profile)));
}

void clear_profile(const command_context& to) {
  const auto& order = to.told.profile.order;
  if (!order) return refuse(to, "FormationViolation: says no profile");
  const auto& filter = order->clears;
  json_writer json;
  json.begin_object();
  if (filter.id) json.member("id", *filter.id);
  if (filter.connector) json.member("connectorId", *filter.connector);
  if (filter.serves) json.member("chargingProfilePurpose", name_of(*filter.serves));
  if (filter.stack_level) json.member("stackLevel", *filter.stack_level);
  json.end_object();
  enqueue(to.state, to.out, call_for(to, errand::command, "ClearChargingProfile", json.take()));
}

void report(const command_context& to) {
  domain::station_report said;
  said.has_smart_charging = true;
  domain::command_result made{to.told.connector, to.told.number, domain::outcome::accepted, {},
                              to.now};
  made.reported = {std::make_shared<const domain::station_report>(said)};
  answer_command(to.state, to.connector, to.mark(), std::move(made), to.out);
}

void act(const command_context& to) {
  switch (to.told.kind) {
  case command_kind::grant: return grant(to);
  case command_kind::start: return start(to);
  case command_kind::stop: return stop(to);
  case command_kind::reset: return reset(to);
  case command_kind::unlock: return unlock(to);
  case command_kind::set_available:
  case command_kind::set_unavailable: return change_availability(to);
  case command_kind::set_charging_profile: return set_profile(to);
  case command_kind::clear_charging_profile: return clear_profile(to);
  case command_kind::report: return report(to);
  case command_kind::set_phases: return refuse(to, "this connector cannot switch phases");
  case command_kind::simulate_fault: return refuse(to, "a real station is not told to fail");
  case command_kind::unspecified: return refuse(to, "not a command for a charge point");
  }
}

} // namespace

void answer_command(station_state& state, std::size_t connector, const command_mark& told,
                    domain::command_result made, station_effects& out) {
  auto& at = state.connectors[connector];
  if (made.answer == domain::outcome::refused) out.counts.push_back(count::commands_refused);
  if (at.obeyed == told) at.answer = made;
  out.results.push_back({told.owner, std::move(made)});
}

void take_command(station_state& state, const domain::command& told, const command_origin& from,
                  domain::instant now, station_effects& out) {
  const std::size_t connector =
      told.connector.value() - state.place.connectors.front().index.value();
  assert(connector < state.connectors.size());
  out.counts.push_back(count::commands);
  auto& at = state.connectors[connector];
  const command_context to{state, connector, told, from, now, out};
  const auto verdict = control::ownership::judge(at.obeyed, to.mark());
  if (verdict == fence_verdict::repeated) {
    // One that the station has not answered yet is answered once it has.
    if (at.answer.number == told.number) out.results.push_back({from.owner, at.answer});
    return;
  }
  if (verdict != fence_verdict::fresh) {
    out.counts.push_back(count::commands_out_of_order);
    domain::command_result refused{told.connector, told.number, domain::outcome::refused,
                                   control::ownership::refusal_text(at.obeyed, to.mark()), now};
    // OWN-1: the answer to an older epoch names the one that is obeyed.
    out.results.push_back({at.obeyed.owner, std::move(refused)});
    return;
  }
  at.obeyed = to.mark();
  // A station that is away, or has not booted, answers nothing; the engine counts that.
  if (state.link == 0 || !state.is_accepted) return;
  act(to);
}

namespace {

void forget(station_state& state, const transaction& one) {
  state.ended.push_back(one.number);
  if (state.ended.size() > ended_max) state.ended.erase(state.ended.begin());
  std::erase_if(state.transactions,
                [number = one.number](const transaction& each) { return each.number == number; });
}

} // namespace

void take_fact(station_state& state, const domain::session_fact& fact, domain::instant now,
               station_effects& out) {
  using domain::session_fact_kind;
  for (auto& each : state.transactions) {
    const bool is_answer = !fact.request.is_empty() && fact.request == each.request;
    if (!is_answer || !each.session.is_empty()) continue;
    if (fact.kind == session_fact_kind::accepted && !fact.session.is_empty()) {
      bind_session(state, each, fact.session, fact.driver);
      if (each.has_ended && !each.is_end_reported) ask_for_stop(state, each, now, out);
    } else if (fact.kind == session_fact_kind::denied) {
      denied_session(state, each, fact.why, now, out);
    }
  }
  if (fact.kind != session_fact_kind::completed) return;
  forget_settled(state, fact.session);
  auto* one = of_session(state, fact.session);
  if (one == nullptr || one->is_stop_asked) return;
  // Its station is with another gateway, as far as is known here.
  if (one->is_from_log && state.link == 0) return forget(state, *one);
  // Completed here by a fault or a pulled plug, while the station goes on: it ends there, too.
  one->is_stop_asked = true;
  json_writer json;
  json.begin_object().member("transactionId", one->number).end_object();
  station_call call{errand::onboarding, "RemoteStopTransaction", json.take()};
  enqueue(state, out, std::move(call));
}

void send_held_grant(station_state& state, std::size_t connector, domain::instant now,
                     station_effects& out) {
  const auto& held = state.connectors[connector].grant;
  const auto* one = running_at(state, connector);
  if (!held || one == nullptr || held->issued_at + held->lease <= now) return;
  auto call = grant_call(state, connector, *held, one->number);
  // Its command has been answered.
  call.number = 0;
  enqueue(state, out, std::move(call));
}

} // namespace busbar::adapters::ocpp::station
