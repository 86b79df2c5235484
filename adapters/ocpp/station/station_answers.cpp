#include "adapters/ocpp/station/station_answers.hpp"

#include "adapters/ocpp/station/form_learning.hpp"
#include "adapters/ocpp/station/list_keeping.hpp"
#include "adapters/ocpp/station/onboarding.hpp"
#include "adapters/ocpp/station/payload.hpp"
#include "adapters/ocpp/station/profile_calls.hpp"
#include "adapters/ocpp/station/sample_requests.hpp"
#include "adapters/ocpp/station/settings_order.hpp"
#include "adapters/ocpp/station/station_commands.hpp"
#include "adapters/ocpp/station/transactions.hpp"

#include "ocpp/v16/message_check.hpp"
#include "ocpp/v16/message_form.hpp"
#include "ocpp/v16/value_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace busbar::adapters::ocpp::station {

namespace v16 = busbar::ocpp::v16;
namespace wire = busbar::ocpp::wire;

namespace {

/// After its StopTransaction has been promised, the end is waited for: less than the engine's
/// patience (30 s), and more than a station takes.
constexpr domain::microseconds stop_patience = std::chrono::seconds{15};
/// OCPP-10: so many CALLs without an answer in a row, and the station is asked to come anew.
constexpr std::uint32_t deaf_after = 5;
/// A station that answers so few is asked for no more settings until it comes again.
constexpr std::uint32_t unsettled_after = 2;
constexpr std::size_t settings_max = 200;
/// A transaction that has ended is forgotten, whatever became of the session that it has.
constexpr domain::microseconds settled_after = std::chrono::minutes{10};

/// What an answer comes to, whatever its form.
struct verdict {
  bool is_accepted = false;
  /// "Rejected", "NotSupported: ..."; empty where accepted.
  std::string why;
};

struct answer_context {
  station_state& state;
  const station_call& call;
  const wire::frame& frame;
  domain::instant now;
  station_effects& out;
  /// It is not as the protocol has it: no form of what was asked would change that.
  bool is_faulty = false;
};

std::string shown(std::string_view text) {
  std::string made{text.substr(0, 200)};
  for (auto& c : made)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '?';
  return made;
}

verdict verdict_of(const wire::frame& frame) {
  if (frame.kind == wire::frame_kind::error)
    return {false, shown(frame.error_code) + ": " + shown(frame.error_description)};
  const auto status = text_in(frame.payload, "status").value_or("");
  // Some have words of their own: GetLog ends the upload before it.
  static constexpr std::array<std::string_view, 5> done{"Accepted", "Unlocked", "Scheduled",
                                                        "RebootRequired", "AcceptedCanceled"};
  const bool is_done = !v16::meant_choice(done, status).empty();
  return {is_done, is_done ? std::string{} : shown(status.empty() ? "no status" : status)};
}

void answer(const answer_context& to, domain::outcome what, std::string why,
            domain::maybe<domain::watt_hours> register_at = {}) {
  if (to.call.number == 0) return;
  domain::command_result made{to.state.place.connectors[to.call.connector].index, to.call.number,
                              what, std::move(why), to.now};
  made.register_at = register_at;
  answer_command(to.state, to.call.connector, {to.call.owner, to.call.number}, std::move(made),
                 to.out);
}

void grant_answered(const answer_context& to, const verdict& given) {
  auto& at = to.state.connectors[to.call.connector];
  if (given.is_accepted) {
    if (at.grant && at.grant->number == to.call.number) {
      if (at.accepted_current != at.grant->current) expect_sample(at, to.now);
      at.accepted_grant = to.call.number;
      at.accepted_current = at.grant->current;
    }
    to.state.abilities.grants.none_until.reset();
    return answer(to, domain::outcome::accepted, {});
  }
  if (!to.is_faulty && try_next_grant_form(to.state, to.call, to.frame, to.now, to.out)) return;
  answer(to, domain::outcome::refused, given.why);
}

void start_answered(const answer_context& to, const verdict& given) {
  if (given.is_accepted) return answer(to, domain::outcome::accepted, {});
  to.state.connectors[to.call.connector].start.reset();
  answer(to, domain::outcome::refused, "remote start: " + given.why);
}

void stop_answered(const answer_context& to, const verdict& given) {
  auto& at = to.state.connectors[to.call.connector];
  auto* running = running_at(to.state, to.call.connector);
  // Its end may have come first.
  if (!given.is_accepted && running != nullptr) {
    running->is_stop_asked = false;
    return answer(to, domain::outcome::refused, given.why);
  }
  if (running == nullptr)
    return answer(to, domain::outcome::accepted, {}, domain::watt_hours{at.last_register_wh});
  at.stop = awaited_stop{to.call.owner, to.call.number, to.now + stop_patience};
}

void take_setting(station_state& state, std::string_view key, std::string_view value) {
  auto& abilities = state.abilities;
  if (abilities.settings.size() < settings_max)
    abilities.settings[shown(key)] = shown(value);
  if (key == "ChargeProfileMaxStackLevel") {
    std::int32_t level = 0;
    const auto read = std::from_chars(value.data(), value.data() + value.size(), level);
    if (read.ec == std::errc{} && level >= 0 && level != abilities.level_max) {
      abilities.level_max = level;
      abilities.grants = {};
    }
  }
  if (key == "ChargingScheduleAllowedChargingRateUnit") {
    const bool takes_amperes = value.find("Current") != value.npos || value == "A" ||
                               value.find("A,") != value.npos;
    using control::smart_charging::rate_unit;
    const auto unit = takes_amperes || value.empty() ? rate_unit::ampere : rate_unit::watt;
    if (unit == abilities.unit) return;
    abilities.unit = unit;
    abilities.grants = abilities.fallback = {};
  }
}

void configuration_answered(const answer_context& to) {
  if (to.frame.kind != wire::frame_kind::result) return;
  const auto keys = list_in(to.frame.payload, "configurationKey");
  if (!keys) return;
  const auto unit_before = to.state.abilities.unit;
  for (const auto each : *keys) {
    const auto key = text_in(each, "key");
    if (key) take_setting(to.state, *key, text_in(each, "value").value_or(""));
  }
  leave_settings_that_hold(to.state, to.frame);
  if (unit_before != to.state.abilities.unit) restate_fallback(to.state, true);
  settings_known(to.state);
}

void onboarding_answered(const answer_context& to) {
  if (to.call.action == "GetConfiguration") configuration_answered(to);
  to.state.onboarding.is_running = false;
}

void fallback_answered(const answer_context& to, const verdict& given) {
  if (given.is_accepted) to.state.abilities.fallback.none_until.reset();
  else if (!to.is_faulty)
    try_next_fallback_form(to.state, to.call, to.frame, to.now, to.out);
  onboarding_answered(to);
}

void sample_answered(const answer_context& to) {
  const bool is_error = to.frame.kind == wire::frame_kind::error;
  trigger_refused(to.state, is_error ? to.frame.error_code
                                     : text_in(to.frame.payload, "status").value_or(""));
}

void order_answered(const answer_context& to, const verdict& given) {
  ports::order_reply reply;
  if (to.frame.kind == wire::frame_kind::error) {
    reply.error_code = shown(to.frame.error_code);
    reply.error_description = shown(to.frame.error_description);
    to.out.orders.push_back({to.call.order, ports::order_state::failed, std::move(reply)});
    return;
  }
  reply.answer = simdjson::minify(to.frame.payload);
  const bool has_status = text_in(to.frame.payload, "status").has_value();
  const bool is_done = given.is_accepted || !has_status;
  to.out.orders.push_back({to.call.order,
                           is_done ? ports::order_state::accepted : ports::order_state::refused,
                           std::move(reply)});
}

void give_up(station_state& state, const station_call& call, station_effects& out) {
  out.counts.push_back(count::calls_unanswered);
  if (call.purpose == errand::onboarding || call.purpose == errand::fallback ||
      call.purpose == errand::local_list)
    state.onboarding.is_running = false;
  if (call.order != 0)
    out.orders.push_back({call.order, ports::order_state::timed_out,
                          {answer_so_far(call.settled), "Timeout",
                           "the station has not answered within 30 s"}});
  ++state.timeouts_in_row;
  if (call.purpose == errand::onboarding && state.timeouts_in_row >= unsettled_after)
    leave_settings(state);
  if (state.timeouts_in_row < deaf_after || state.was_closed_as_deaf) return;
  state.was_closed_as_deaf = true;
  out.closes = true;
  out.counts.push_back(count::deaf_closed);
}

void end_awaited(station_state& state, std::size_t connector, domain::instant now,
                 station_effects& out) {
  auto& at = state.connectors[connector];
  if (at.stop && now >= at.stop->until) {
    const control::ownership::command_mark told{at.stop->owner, at.stop->number};
    at.stop.reset();
    answer_command(state, connector, told,
                   {state.place.connectors[connector].index, told.number,
                    domain::outcome::accepted, {}, now},
                   out);
  }
  if (!at.start || now < at.start->until) return;
  // A remote start that came to nothing: its session ends.
  domain::driver_request asked;
  asked.id = domain::request_id{"ocpp-none." + at.start->session.text().substr(0, 50)};
  asked.site = state.place.site;
  asked.driver = at.start->driver;
  asked.kind = domain::request_kind::stop;
  asked.station = state.place.id;
  asked.session = at.start->session;
  asked.asked_at = now;
  out.requests.push_back(std::move(asked));
  // The stop that follows is answered by what is known.
  at.last_session = at.start->session;
  at.last_register_wh = at.newest.energy_wh;
  at.start.reset();
}

/// OCPP-5: what is wrong with an answer beyond what is tolerated of its station.
std::optional<v16::call_error> fault_in(station_state& state, const station_call& call,
                                        const wire::frame& answer, station_effects& out) {
  const auto action = v16::action_from(call.action);
  if (answer.kind != wire::frame_kind::result || !action) return std::nullopt;
  const auto checked = v16::check(*action, v16::direction::response, answer.payload,
                                  state.place.tolerances);
  count_tolerances(state, checked.used, out);
  if (checked.is_accepted()) return std::nullopt;
  out.counts.push_back(count::answers_faulty);
  return checked.faults.front();
}

/// OCPP-9, LIM-4: without its fallback and grants a station draws what it likes.
void state_own_profiles(station_state& state, domain::instant now, station_effects& out) {
  for (auto& each : fallback_calls(state)) enqueue(state, out, std::move(each));
  for (std::size_t i = 0; i < state.connectors.size(); ++i) send_held_grant(state, i, now, out);
}

} // namespace

void take_answer(station_state& state, const wire::frame& arrived, domain::instant now,
                 station_effects& out) {
  const auto call = state.lane.take_answer(arrived.message_id);
  if (!call) {
    out.counts.push_back(count::stray_answers);
    return;
  }
  out.counts.push_back(count::answers_received);
  state.timeouts_in_row = 0;
  state.was_closed_as_deaf = false;
  auto frame = arrived;
  const auto fault = fault_in(state, *call, arrived, out);
  const auto description = fault ? fault->description() : std::string{};
  if (fault) {
    // An answer that is not as the protocol has it is an error.
    frame.kind = wire::frame_kind::error;
    frame.error_code = v16::name_of(fault->code);
    frame.error_description = description;
  }
  const auto given = verdict_of(frame);
  if (!given.is_accepted && call->action != "GetConfiguration")
    out.counts.push_back(count::calls_refused);
  if (given.is_accepted && state.profiles.keep(*call, now)) state_own_profiles(state, now, out);
  const answer_context to{state, *call, frame, now, out, fault.has_value()};
  switch (call->purpose) {
  case errand::grant: return grant_answered(to, given);
  case errand::start: return start_answered(to, given);
  case errand::stop: return stop_answered(to, given);
  case errand::command:
    return answer(to, given.is_accepted ? domain::outcome::accepted : domain::outcome::refused,
                  given.why);
  case errand::order: return order_answered(to, given);
  case errand::settings: return settings_answered(state, *call, frame, out);
  case errand::sample: return sample_answered(to);
  case errand::fallback: return fallback_answered(to, given);
  case errand::onboarding: return onboarding_answered(to);
  case errand::local_list:
    list_answered(state, *call, frame, out);
    return onboarding_answered(to);
  }
}

void let_time_pass(station_state& state, domain::instant now, station_effects& out) {
  if (const auto overdue = state.lane.take_overdue(now)) give_up(state, *overdue, out);
  if (state.boot_trigger_at && now >= *state.boot_trigger_at) {
    state.boot_trigger_at.reset();
    state.is_boot_triggered = true;
    enqueue(state, out, boot_trigger());
  }
  for (std::size_t i = 0; i < state.connectors.size(); ++i) end_awaited(state, i, now, out);
  ask_for_samples(state, now, out);
  for (auto& each : state.transactions) {
    const bool is_due = each.session.is_empty() && !each.is_given_up && now >= each.ask_at;
    if (is_due) ask_for_session(state, each, now, out);
  }
  end_unresumed(state, now, out);
  stop_refused(state, now, out);
  take_early_stop(state, now, out);
  retire(state, [&](const transaction& each) {
    const bool is_settled = !each.session.is_empty() || each.is_given_up;
    return each.has_ended && is_settled && now - each.ended_at > settled_after;
  });
}

} // namespace busbar::adapters::ocpp::station
