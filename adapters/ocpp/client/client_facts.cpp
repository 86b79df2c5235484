#include "adapters/ocpp/client/client_facts.hpp"

#include "adapters/ocpp/client/client_lists.hpp"
#include "adapters/ocpp/station/payload.hpp"
#include "domain/time_text.hpp"
#include "text/json_writer.hpp"

#include <algorithm>

namespace busbar::adapters::ocpp::client {

namespace {

using station::integer_in;
using station::member_of;
using station::text_in;

std::string text_of(domain::instant at) {
  return domain::text_of(std::chrono::floor<std::chrono::milliseconds>(at));
}

client_call start_call(const client_transaction& of) {
  text::json_writer json;
  json.begin_object().member("connectorId", of.connector).member("idTag", of.tag);
  json.member("meterStart", of.meter_start_wh).member("timestamp", text_of(of.began_at));
  if (of.reservation) json.member("reservationId", *of.reservation);
  return {"StartTransaction", json.end_object().take(), 0, of.connector};
}

client_call stop_call(const client_transaction& of) {
  text::json_writer json;
  json.begin_object().member("transactionId", *of.number).member("idTag", of.tag);
  json.member("meterStop", of.meter_stop_wh).member("timestamp", text_of(of.ended_at));
  json.member("reason", name_of(of.why));
  return {"StopTransaction", json.end_object().take(), 0, of.connector};
}

/// The oldest one of `connector`, whose start or stop is what was out.
auto oldest_at(client_state& state, std::int32_t connector) {
  return std::ranges::find(state.transactions, connector, &client_transaction::connector);
}

void start_answered(client_state& state, client_transaction& of,
                    const busbar::ocpp::wire::frame& frame, domain::instant now) {
  const bool is_error = frame.kind == busbar::ocpp::wire::frame_kind::error;
  const auto number = is_error ? std::nullopt : integer_in(frame.payload, "transactionId");
  // Without a number of its own it goes on as -1, as stations do.
  of.number = static_cast<std::int32_t>(number.value_or(-1));
  if (is_error) return;
  const auto info = member_of(frame.payload, "idTagInfo");
  const auto status = info ? text_in(*info, "status").value_or("") : "";
  if (status != "Accepted" && !of.has_ended)
    end_transaction(state, of.connector, stop_reason::not_authorized, now);
}

} // namespace

void begin_transaction(client_state& state, std::int32_t connector, const std::string& tag,
                       domain::instant now) {
  client_transaction made;
  made.connector = connector;
  made.tag = tag;
  made.began_at = now;
  made.meter_start_wh = state.body.sample(connector, now).energy_wh;
  made.reservation = use_reservation(state, connector, now);
  state.transactions.push_back(std::move(made));
  state.reported[static_cast<std::size_t>(connector)].measured_at = now;
}

void end_transaction(client_state& state, std::int32_t connector, stop_reason why,
                     domain::instant now) {
  auto* one = running_at(state, connector);
  if (one == nullptr) return;
  state.body.stop(connector, now);
  one->has_ended = true;
  one->ended_at = now;
  one->why = why;
  one->meter_stop_wh = state.body.sample(connector, now).energy_wh;
}

std::optional<client_call> next_fact(const client_state& state) {
  for (const auto& each : state.transactions) {
    if (!each.number) return start_call(each);
    if (each.has_ended) return stop_call(each);
  }
  return std::nullopt;
}

void take_fact_answer(client_state& state, const client_call& call,
                      const busbar::ocpp::wire::frame& frame, domain::instant now) {
  const auto one = oldest_at(state, call.fact_of);
  if (one == state.transactions.end()) return;
  if (!one->number) return start_answered(state, *one, frame, now);
  state.transactions.erase(one);
}

} // namespace busbar::adapters::ocpp::client
