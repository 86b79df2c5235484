#include "adapters/ocpp/client/client_station.hpp"

#include "adapters/ocpp/client/client_facts.hpp"
#include "adapters/ocpp/client/client_lists.hpp"
#include "adapters/ocpp/client/client_orders.hpp"
#include "adapters/ocpp/client/client_reports.hpp"
#include "adapters/ocpp/station/payload.hpp"
#include "text/json_writer.hpp"

#include <utility>
#include <variant>

namespace busbar::adapters::ocpp::client {

namespace wire = busbar::ocpp::wire;

namespace {

std::string refusal_in(const wire::frame& frame) {
  if (frame.kind == wire::frame_kind::error) return std::string{frame.error_code};
  const auto info = station::member_of(frame.payload, "idTagInfo");
  const auto status = info ? station::text_in(*info, "status").value_or("") : "";
  if (status == "Accepted") return {};
  return status.empty() ? "no status" : std::string{status};
}

} // namespace

client_station::client_station(std::string model, charge_point_body& body)
    : state_{std::move(model), body, client_settings{body.connectors()}} {
  state_.reported.resize(static_cast<std::size_t>(body.connectors()) + 1);
}

client_effects client_station::connected(std::uint64_t link, domain::instant now) {
  state_.phase = client_phase::asking;
  state_.prefix = std::to_string(link) + "-";
  state_.boots_at = now;
  client_effects out;
  send_next(state_, out, now);
  return out;
}

void client_station::disconnected() {
  state_.phase = client_phase::away;
  state_.out.reset();
  state_.queue.clear();
}

client_effects client_station::frame(std::string_view text, wire::frame_reader& reader,
                                     domain::instant now) {
  client_effects out;
  const auto read = reader.read(text);
  if (const auto* frame = std::get_if<wire::frame>(&read)) {
    if (frame->kind == wire::frame_kind::call) take_order(state_, *frame, now, out);
    else if (frame->kind != wire::frame_kind::unknown) take_answer(*frame, now, out);
  }
  send_next(state_, out, now);
  return out;
}

void client_station::take_answer(const wire::frame& frame, domain::instant now,
                                 client_effects& out) {
  if (!state_.out || frame.message_id != state_.out->id) return;
  const auto call = std::exchange(state_.out, std::nullopt)->call;
  if (call.action == "BootNotification") return take_boot_answer(state_, frame, now);
  if (call.fact_of > 0) return take_fact_answer(state_, call, frame, now);
  if (call.question != 0) out.tags.push_back({call.question, refusal_in(frame)});
}

client_effects client_station::step(domain::instant now) {
  client_effects out;
  const bool is_overdue = state_.out && now - state_.out->sent_at >= client_state::answer_within;
  if (is_overdue) {
    const auto call = std::exchange(state_.out, std::nullopt)->call;
    if (call.question != 0) out.tags.push_back({call.question, "no answer within 30 s"});
  }
  look(state_, now);
  reset_when_due(state_, now, out);
  send_next(state_, out, now);
  return out;
}

bool client_station::ask(const std::string& tag, std::uint64_t question) {
  const bool is_served = state_.phase == client_phase::serving &&
                         state_.queue.size() < client_state::queued_max;
  if (!is_served) return false;
  text::json_writer json;
  json.begin_object().member("idTag", tag).end_object();
  enqueue(state_, {"Authorize", json.take(), question, 0});
  return true;
}

bool client_station::is_free_for(const std::string& tag, std::int32_t connector,
                                 domain::instant now) const {
  return !is_held_for_another(state_, connector, tag, now);
}

void client_station::begin(std::int32_t connector, const std::string& tag, domain::instant now) {
  begin_transaction(state_, connector, tag, now);
}

void client_station::end(std::int32_t connector, domain::instant now) {
  end_transaction(state_, connector, stop_reason::local, now);
}

} // namespace busbar::adapters::ocpp::client
