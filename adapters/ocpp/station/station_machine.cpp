#include "adapters/ocpp/station/station_machine.hpp"

#include "adapters/ocpp/station/connector_reading.hpp"
#include "adapters/ocpp/station/list_keeping.hpp"
#include "adapters/ocpp/station/onboarding.hpp"
#include "adapters/ocpp/station/settings_order.hpp"
#include "adapters/ocpp/station/station_answers.hpp"
#include "adapters/ocpp/station/transactions.hpp"
#include "control/smart_charging/session_profiles.hpp"
#include "ocpp/wire/frame_writer.hpp"

#include <algorithm>
#include <utility>

namespace busbar::adapters::ocpp::station {

namespace wire = busbar::ocpp::wire;

namespace {

/// A CALL whose id can be read is answered, all else is counted. An answer that is no frame ends
/// its call.
void take_fault(station_state& state, const wire::frame_fault& fault, domain::instant now,
                station_effects& out) {
  out.counts.push_back(count::unreadable_frames);
  if (fault.message_id.empty()) return;
  const bool is_answer =
      fault.kind == wire::frame_kind::result || fault.kind == wire::frame_kind::error;
  if (is_answer) {
    wire::frame refused;
    refused.kind = wire::frame_kind::error;
    refused.message_id = fault.message_id;
    refused.error_code = "FormationViolation";
    refused.error_description = fault.description;
    return take_answer(state, refused, now, out);
  }
  if (fault.kind != wire::frame_kind::call) return;
  out.counts.push_back(count::errors_sent);
  out.frames.push_back(
      wire::write_error(fault.message_id, "FormationViolation", fault.description));
}

ports::order_reply lost(const lost_order& order) {
  return {answer_so_far(order.settled), connection_lost,
          order.was_sent ? "the connection has ended before the station's answer"
                   : "the connection has ended before the order was sent"};
}

} // namespace

station_effects station_machine::finish(station_effects out, domain::instant now) {
  continue_onboarding(state_, out);
  send_next(state_, out, now);
  return out;
}

station_effects station_machine::opened(std::uint64_t link, domain::instant now) {
  auto out = closed();
  state_.link = link;
  state_.heard_at = now;
  state_.is_boot_triggered = false;
  state_.timeouts_in_row = 0;
  state_.lane.begin(link);
  state_.onboarding.is_running = false;
  out.requests = std::exchange(state_.refused, {});
  // One that was accepted is served as before, after its fallback has been stated again.
  if (state_.is_accepted) begin_onboarding(state_);
  return finish(std::move(out), now);
}

station_effects station_machine::frame(std::string_view text, const station_house& house,
                                       wire::frame_reader& reader, domain::instant now) {
  station_effects out;
  state_.heard_at = now;
  const auto read = reader.read(text);
  if (const auto* fault = std::get_if<wire::frame_fault>(&read)) {
    take_fault(state_, *fault, now, out);
    return finish(std::move(out), now);
  }
  const auto& frame = std::get<wire::frame>(read);
  if (frame.kind == wire::frame_kind::call) take_call(state_, {frame, text}, house, now, out);
  else if (frame.kind == wire::frame_kind::unknown) out.counts.push_back(count::unreadable_frames);
  else take_answer(state_, frame, now, out);
  update_list(state_, house);
  if (state_.is_accepted) restate_idle(state_, now, out);
  return finish(std::move(out), now);
}

station_effects station_machine::alive(domain::instant now) {
  station_effects out;
  state_.heard_at = now;
  if (state_.is_accepted) restate_idle(state_, now, out);
  return out;
}

station_effects station_machine::closed() {
  station_effects out;
  state_.link = 0;
  for (const auto& each : state_.lane.end())
    out.orders.push_back({each.order, ports::order_state::failed, lost(each)});
  state_.onboarding.is_running = false;
  // The station repeats what has no answer.
  state_.early.reset();
  for (auto& at : state_.connectors) at.stop.reset();
  return out;
}

station_effects station_machine::command(const domain::command& told, const command_origin& from,
                                         domain::instant now) {
  station_effects out;
  take_command(state_, told, from, now, out);
  return finish(std::move(out), now);
}

station_effects station_machine::fact(const domain::session_fact& fact, domain::instant now) {
  station_effects out;
  take_fact(state_, fact, now, out);
  return finish(std::move(out), now);
}

station_effects station_machine::order(station_call call, domain::instant now) {
  station_effects out;
  const auto number = call.order;
  if (!state_.lane.push(std::move(call)))
    out.orders.push_back({number, ports::order_state::failed,
                          {{}, queue_is_full, "32 calls to this station wait already"}});
  return finish(std::move(out), now);
}

station_effects station_machine::refuse(std::int32_t transaction, domain::instant then) {
  station_effects out;
  refuse_tag(state_, transaction, then, out);
  return out;
}

void station_machine::refused(domain::driver_request request) {
  // Its answers were not sent: a repeated CALL is another one.
  state_.answered = {};
  auto& all = state_.refused;
  std::erase_if(all, [&](const auto& each) { return each.id == request.id; });
  if (all.size() >= refused_max) all.erase(all.begin());
  all.push_back(std::move(request));
}

station_effects station_machine::pulse(domain::instant now) {
  station_effects out;
  let_time_pass(state_, now, out);
  return finish(std::move(out), now);
}

std::optional<domain::session_state>
station_machine::begun_by(const domain::session_fact& fact) const {
  const bool is_begin = fact.kind == domain::session_fact_kind::accepted &&
                        !fact.session.is_empty() && transaction_of(fact.request);
  if (!is_begin || !fact.connector) return std::nullopt;
  const auto at = std::ranges::find(state_.place.connectors, *fact.connector,
                                    &connector_place::id);
  const bool is_known =
      std::ranges::any_of(state_.transactions, [&](const transaction& each) {
        return each.number == transaction_of(fact.request);
      });
  if (at == state_.place.connectors.end() || is_known) return std::nullopt;
  domain::session_state begun;
  begun.id = fact.session;
  begun.request = fact.request;
  begun.driver = fact.driver;
  begun.connector = at->index;
  begun.started_at = fact.began_at.value_or(fact.at);
  begun.register_start_wh = fact.register_start_wh.value_or(0);
  begun.register_now_wh = fact.register_now_wh.value_or(begun.register_start_wh);
  return begun;
}

bool station_machine::restore(const domain::session_state& open, number_source& numbers) {
  const auto number =
      transaction_of(open.request)
          .value_or(control::smart_charging::transaction_number(open.id));
  for (const auto& each : state_.transactions)
    if (each.session == open.id || each.number == number) return false;
  if (std::ranges::find(state_.ended, number) != state_.ended.end()) return false;
  const auto first = state_.place.connectors.front().index.value();
  transaction made;
  made.connector = open.connector.value() - first;
  // Of a remote start it was derived from the session's name.
  made.number = number;
  made.is_from_log = true;
  made.logged_at = open.started_at;
  made.driver = open.driver;
  made.tag = open.driver.text();
  made.session = open.id;
  made.request = open.request;
  made.meter_start_wh = made.register_start_wh = open.register_start_wh;
  static_cast<void>(numbers.keep(made.number));
  auto& at = state_.connectors[made.connector];
  at.newest.energy_wh = std::max(at.newest.energy_wh, open.register_now_wh);
  state_.transactions.push_back(std::move(made));
  // It has charged under this gateway, or one before it: it was accepted.
  state_.is_accepted = true;
  return true;
}

void station_machine::restore(const domain::told_state& told, domain::epoch owner) {
  const auto first = state_.place.connectors.front().index.value();
  auto& at = state_.connectors[told.connector.value() - first];
  const control::ownership::command_mark known{owner, told.number};
  const bool is_newer = at.obeyed.owner == 0 || domain::is_older(at.obeyed.owner, owner) ||
                        (at.obeyed.owner == owner && at.obeyed.number < told.number);
  if (is_newer) at.obeyed = known;
}

} // namespace busbar::adapters::ocpp::station
