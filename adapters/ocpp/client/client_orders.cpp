#include "adapters/ocpp/client/client_orders.hpp"

#include "adapters/ocpp/client/client_certificates.hpp"
#include "adapters/ocpp/client/client_facts.hpp"
#include "adapters/ocpp/client/client_lists.hpp"
#include "adapters/ocpp/client/client_reports.hpp"
#include "adapters/ocpp/client/client_upkeep.hpp"
#include "adapters/ocpp/station/payload.hpp"
#include "domain/time_text.hpp"
#include "ocpp/v16/charging_profile_payload.hpp"
#include "ocpp/v16/charging_profile_writer.hpp"
#include "ocpp/v16/message_check.hpp"
#include "ocpp/v16/message_form.hpp"
#include "ocpp/wire/frame_writer.hpp"
#include "text/json_text.hpp"
#include "text/json_writer.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <variant>

namespace busbar::adapters::ocpp::client {

namespace v16 = busbar::ocpp::v16;
namespace wire = busbar::ocpp::wire;

namespace {

using station::integer_in;
using station::json_element;
using station::list_in;
using station::member_of;
using station::text_in;
using text::json_writer;

/// After the answer, so that it is read.
constexpr domain::microseconds reset_after = std::chrono::milliseconds{500};

/// As nlohmann reads it: the payload has been held to its table already.
nlohmann::json as_json(const json_element& payload) {
  domain::fault_list broken;
  return text::parse_json(simdjson::minify(payload), broken).value_or(nlohmann::json::object());
}

/// A TxProfile is for the transaction that runs: its number is known here alone.
std::string install(const order_context& order, v16::set_profile_request wanted) {
  if (!has_connector(order, wanted.connector, 0)) return "no such connector";
  if (wanted.profile.transaction) {
    const auto* one = running_at(order.state, wanted.connector);
    if (one == nullptr || one->number != wanted.profile.transaction)
      return "another transaction runs";
    wanted.profile.transaction.reset();
  }
  return order.state.body.set_profile(wanted.connector, wanted.profile, order.now);
}

std::string set_profile(const order_context& order) {
  auto read = v16::parse_set_profile(as_json(order.payload));
  auto* wanted = std::get_if<v16::set_profile_request>(&read);
  return accepted_where(wanted != nullptr && install(order, std::move(*wanted)).empty());
}

std::string clear_profile(const order_context& order) {
  const auto read = v16::parse_clear_profile(as_json(order.payload));
  const auto* filter = std::get_if<domain::profile_filter>(&read);
  const bool is_done = filter != nullptr && order.state.body.clear_profiles(*filter, order.now);
  return status(is_done ? "Accepted" : "Unknown");
}

/// As ChargingSchedule of GetCompositeSchedule.conf.
void write_schedule(json_writer& json, const control::smart_charging::composite_schedule& from) {
  json.begin_object().member("duration", from.duration.count());
  json.member("chargingRateUnit", from.unit == domain::rate_unit::watt ? "W" : "A");
  json.key("chargingSchedulePeriod").begin_array();
  for (const auto& each : from.periods) {
    json.begin_object().member("startPeriod", each.start.count());
    v16::write_rate(json, "limit", each.limit_tenths);
    if (each.phases) json.member("numberPhases", *each.phases);
    json.end_object();
  }
  json.end_array().end_object();
}

std::string composite(const order_context& order) {
  const auto read = v16::parse_get_composite(as_json(order.payload));
  const auto* wanted = std::get_if<v16::get_composite_request>(&read);
  if (wanted == nullptr || !has_connector(order, wanted->connector, 0)) return status("Rejected");
  const auto unit = wanted->unit.value_or(domain::rate_unit::ampere);
  const auto schedule =
      order.state.body.compose(wanted->connector, wanted->duration, unit, order.now);
  json_writer json;
  json.begin_object().member("status", "Accepted").member("connectorId", wanted->connector);
  // Nothing limits it: there is no schedule of no periods.
  if (!schedule.periods.empty()) {
    json.member("scheduleStart", domain::text_of(domain::instant{schedule.start}));
    json.key("chargingSchedule");
    write_schedule(json, schedule);
  }
  return json.end_object().take();
}

/// The connector that is named, or the first one that is free for that tag; 0: none.
std::int32_t free_connector(const order_context& order, const std::string& tag) {
  const auto stated = integer_in(order.payload, "connectorId");
  for (std::int32_t at = 1; at <= order.state.body.connectors(); ++at) {
    if (stated && *stated != at) continue;
    const auto state = order.state.body.sample(at, order.now).state;
    const bool is_out = state == domain::connector_state::faulted ||
                        state == domain::connector_state::unavailable;
    const bool is_taken = order.state.body.has_session(at) ||
                          is_held_for_another(order.state, at, tag, order.now);
    if (!is_out && !is_taken) return at;
  }
  return 0;
}

std::string remote_start(const order_context& order) {
  const std::string tag{text_in(order.payload, "idTag").value_or("")};
  const auto connector = free_connector(order, tag);
  if (connector == 0 || !order.state.body.start(connector, tag, order.now).empty())
    return status("Rejected");
  begin_transaction(order.state, connector, tag, order.now);
  if (const auto profile = member_of(order.payload, "chargingProfile")) {
    nlohmann::json request{{"connectorId", connector}, {"csChargingProfiles", as_json(*profile)}};
    auto read = v16::parse_set_profile(request);
    if (auto* wanted = std::get_if<v16::set_profile_request>(&read))
      static_cast<void>(install(order, std::move(*wanted)));
  }
  return status("Accepted");
}

std::string remote_stop(const order_context& order) {
  const auto number = integer_in(order.payload, "transactionId");
  const auto& all = order.state.transactions;
  const auto one = std::ranges::find_if(all, [&](const client_transaction& each) {
    return !each.has_ended && each.number && *each.number == number;
  });
  if (one == all.end()) return status("Rejected");
  end_transaction(order.state, one->connector, stop_reason::remote, order.now);
  return status("Accepted");
}

void write_setting(json_writer& json, const setting& from) {
  json.begin_object().member("key", from.key).member("readonly", from.is_read_only);
  json.member("value", from.value).end_object();
}

std::string configuration(const order_context& order) {
  const auto keys = list_in(order.payload, "key");
  std::vector<std::string> unknown;
  json_writer json;
  json.begin_object().key("configurationKey").begin_array();
  if (!keys || keys->size() == 0)
    for (const auto& each : order.state.settings.all()) write_setting(json, each);
  else
    for (const auto each : *keys) {
      std::string_view name;
      if (each.get(name) != simdjson::SUCCESS) continue;
      if (const auto* known = order.state.settings.find(name)) write_setting(json, *known);
      else unknown.emplace_back(name);
    }
  json.end_array();
  if (!unknown.empty()) {
    json.key("unknownKey").begin_array();
    for (const auto& each : unknown) json.value(each);
    json.end_array();
  }
  return json.end_object().take();
}

std::string change_configuration(const order_context& order) {
  const auto key = text_in(order.payload, "key").value_or("");
  const auto value = text_in(order.payload, "value").value_or("");
  static constexpr std::array names{"Accepted", "Rejected", "NotSupported"};
  return status(names[static_cast<std::size_t>(order.state.settings.change(key, value))]);
}

std::string trigger(const order_context& order) {
  const auto wanted = text_in(order.payload, "requestedMessage").value_or("");
  const auto stated = integer_in(order.payload, "connectorId");
  if (stated && !has_connector(order, *stated, 0)) return status("Rejected");
  auto& state = order.state;
  const auto first = static_cast<std::int32_t>(stated.value_or(wanted == "MeterValues" ? 1 : 0));
  const auto last = stated ? first : state.body.connectors();
  if (wanted == "Heartbeat") enqueue(state, heartbeat_call());
  else if (wanted == "BootNotification") enqueue(state, boot_call(state));
  else if (wanted == "FirmwareStatusNotification") enqueue(state, firmware_status_call(state));
  else if (wanted == "DiagnosticsStatusNotification")
    enqueue(state, diagnostics_status_call(state));
  else if (wanted != "StatusNotification" && wanted != "MeterValues")
    return status("NotImplemented");
  for (std::int32_t at = first; at <= last; ++at) {
    if (wanted == "StatusNotification") enqueue(state, status_call(state, at, order.now));
    if (wanted == "MeterValues" && at > 0)
      enqueue(state, measured_call(state, at, "Trigger", order.now));
  }
  return status("Accepted");
}

std::string reset(const order_context& order) {
  const bool is_hard = text_in(order.payload, "type") == "Hard";
  const auto why = is_hard ? stop_reason::hard_reset : stop_reason::soft_reset;
  for (std::int32_t at = 1; at <= order.state.body.connectors(); ++at)
    end_transaction(order.state, at, why, order.now);
  order.state.resets_at = order.now + reset_after;
  return status("Accepted");
}

std::string unlock(const order_context& order) {
  const auto connector = integer_in(order.payload, "connectorId").value_or(0);
  if (!has_connector(order, connector)) return status("NotSupported");
  end_transaction(order.state, static_cast<std::int32_t>(connector), stop_reason::unlocked,
                  order.now);
  return status("Unlocked");
}

std::string change_availability(const order_context& order) {
  const auto stated = integer_in(order.payload, "connectorId").value_or(-1);
  if (!has_connector(order, stated, 0)) return status("Rejected");
  const bool is_on = text_in(order.payload, "type") == "Operative";
  bool is_busy = false;
  if (stated == 0) {
    order.state.is_out_of_service = !is_on;
    enqueue(order.state, status_call(order.state, 0, order.now));
  }
  const auto first = static_cast<std::int32_t>(std::max<std::int64_t>(stated, 1));
  const auto last = stated == 0 ? order.state.body.connectors() : first;
  for (std::int32_t at = first; at <= last; ++at) {
    order.state.body.set_available(at, is_on, order.now);
    is_busy = is_busy || running_at(order.state, at) != nullptr;
  }
  // What charges there goes on to its end.
  return status(is_busy && !is_on ? "Scheduled" : "Accepted");
}

std::string clear_cache(const order_context&) { return status("Accepted"); }

std::string data_transfer(const order_context&) { return status("UnknownVendorId"); }

struct served_order {
  v16::action is;
  std::string (*answer)(const order_context&);
};
constexpr std::array<served_order, 24> served{{
    {v16::action::set_charging_profile, set_profile},
    {v16::action::clear_charging_profile, clear_profile},
    {v16::action::get_composite_schedule, composite},
    {v16::action::remote_start_transaction, remote_start},
    {v16::action::remote_stop_transaction, remote_stop},
    {v16::action::get_configuration, configuration},
    {v16::action::change_configuration, change_configuration},
    {v16::action::trigger_message, trigger},
    {v16::action::reset, reset},
    {v16::action::unlock_connector, unlock},
    {v16::action::change_availability, change_availability},
    {v16::action::clear_cache, clear_cache},
    {v16::action::data_transfer, data_transfer},
    {v16::action::reserve_now, reserve},
    {v16::action::cancel_reservation, cancel_reservation},
    {v16::action::send_local_list, take_local_list},
    {v16::action::get_local_list_version, local_list_version},
    {v16::action::get_diagnostics, give_diagnostics},
    {v16::action::get_log, give_log},
    {v16::action::update_firmware, update_firmware},
    {v16::action::signed_update_firmware, update_signed_firmware},
    {v16::action::install_certificate, install_certificate},
    {v16::action::get_installed_certificate_ids, installed_certificates},
    {v16::action::delete_certificate, delete_certificate},
}};

std::string error_of(const wire::frame& call, std::string_view code, const std::string& why) {
  return wire::write_error(call.message_id, code, why);
}

std::string answer_to(client_state& state, const wire::frame& call, domain::instant now) {
  const auto known = v16::action_from(call.action);
  if (!known) return error_of(call, "NotImplemented", "no such action");
  const auto found = std::ranges::find(served, *known, &served_order::is);
  if (found == served.end()) return error_of(call, "NotSupported", "is off here");
  const auto checked = v16::check(*known, v16::direction::request, call.payload,
                                  v16::tolerance_set::none());
  if (!checked.is_accepted()) {
    const auto& fault = checked.faults.front();
    return error_of(call, v16::name_of(fault.code), fault.description());
  }
  return wire::write_result(call.message_id, found->answer({state, call.payload, now}));
}

} // namespace

void take_order(client_state& state, const wire::frame& call, domain::instant now,
                client_effects& out) {
  out.frames.push_back(answer_to(state, call, now));
}

void reset_when_due(client_state& state, domain::instant now, client_effects& out) {
  if (!state.resets_at || now < *state.resets_at) return;
  state.resets_at.reset();
  out.reconnects = true;
}

} // namespace busbar::adapters::ocpp::client
