#include "adapters/http/api/charge_point_order_table.hpp"

#include "adapters/http/server/problem.hpp"
#include "text/json_writer.hpp"

#include <nlohmann/json.hpp>

#include <array>
#include <charconv>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

namespace busbar::adapters::http::api {

using namespace server;

namespace {

namespace v16 = busbar::ocpp::v16;
using query_of = json::query_reader;
using nlohmann_json = nlohmann::json;
using v16::action;

constexpr std::uint64_t day_s = 86'400;
constexpr std::uint64_t int_max = std::numeric_limits<std::int32_t>::max();
constexpr std::array units{"A", "W"};
/// The first one where none is stated.
constexpr std::array certificate_types{"CentralSystemRootCertificate",
                                       "ManufacturerRootCertificate"};
constexpr std::array purposes{"ChargePointMaxProfile", "TxDefaultProfile", "TxProfile"};

void number(nlohmann_json& body, const char* member, ports::charge_points& from) {
  if (!body.contains(member)) body[member] = from.new_number();
}

v16::action with_reservation_number(nlohmann_json& body, ports::charge_points& from) {
  number(body, "reservationId", from);
  return action::reserve_now;
}

v16::action with_request_number(nlohmann_json& body, ports::charge_points& from) {
  number(body, "requestId", from);
  return action::get_log;
}

/// Members of UpdateFirmware.req beside certificate and signature, as `firmware` names them.
constexpr std::array<std::pair<const char*, const char*>, 5> firmware_members{{
    {"location", "location"},
    {"retrieveDate", "retrieveDateTime"},
    {"installDateTime", "installDateTime"},
    {"signingCertificate", "signingCertificate"},
    {"signature", "signature"},
}};

/// Signed where a certificate and a signature are given, in `firmware` or beside the location.
v16::action with_firmware(nlohmann_json& body, ports::charge_points& from) {
  const bool is_beside = body.contains("signingCertificate") || body.contains("signature");
  if (!is_beside && !body.contains("firmware")) return action::update_firmware;
  if (is_beside && !body.contains("firmware")) {
    auto firmware = nlohmann_json::object();
    for (const auto& [name, signed_name] : firmware_members) {
      if (!body.contains(name)) continue;
      firmware[signed_name] = std::move(body[name]);
      body.erase(name);
    }
    body["firmware"] = std::move(firmware);
  }
  number(body, "requestId", from);
  return action::signed_update_firmware;
}

constexpr std::array<order_route, 18> orders{{
    {method::post, "remote-start", action::remote_start_transaction},
    {method::post, "remote-stop", action::remote_stop_transaction},
    {method::post, "charging-profiles", action::set_charging_profile},
    {method::post, "connectors/{connectorID}/set-charging-profile", action::set_charging_profile,
     false, nullptr, true},
    {method::put, "configuration", action::change_configuration},
    {method::post, "unlock-connector", action::unlock_connector},
    {method::post, "reset", action::reset},
    {method::post, "change-availability", action::change_availability},
    {method::post, "trigger-message", action::trigger_message},
    {method::post, "clear-cache", action::clear_cache, true},
    {method::post, "data-transfer", action::data_transfer},
    {method::post, "local-list", action::send_local_list},
    {method::post, "reservations", action::reserve_now, false, with_reservation_number},
    {method::post, "get-diagnostics", action::get_diagnostics},
    {method::post, "get-log", action::get_log, false, with_request_number},
    {method::post, "update-firmware", action::update_firmware, false, with_firmware},
    // The order to many stations of that name is the first one.
    {method::post, "certificates", action::install_certificate},
    {method::remove, "certificates", action::delete_certificate},
}};

payload_or_refusal numbered(const request& asked, const char* member) {
  const auto number = number_in_path(asked);
  if (!number) return no_number(asked);
  text::json_writer json;
  return json.begin_object().member(member, *number).end_object().take();
}

payload_or_refusal configuration_payload(const request& asked, query_of& query) {
  static_cast<void>(query.text("key", 50));
  std::vector<std::string> keys;
  for (const auto& each : asked.query)
    if (each.name == "key") keys.push_back(each.value);
  text::json_writer json;
  json.begin_object();
  if (!keys.empty()) {
    json.key("key").begin_array();
    for (const auto& each : keys) json.value(each);
    json.end_array();
  }
  return json.end_object().take();
}

payload_or_refusal composite_payload(const request& asked, query_of& query) {
  const auto connector = number_in_path(asked);
  if (!connector) return no_number(asked);
  const auto duration = query.number("duration_s", 1, int_max).value_or(day_s);
  const auto unit = query.choice("unit", units);
  text::json_writer json;
  json.begin_object().member("connectorId", *connector).member("duration", duration);
  if (unit) json.member("chargingRateUnit", *unit);
  return json.end_object().take();
}

payload_or_refusal certificates_payload(const request&, query_of& query) {
  // By its short name, or as the payload has it.
  const auto type = query.choice("type", certificate_types);
  const auto member = query.choice("certificateType", certificate_types);
  text::json_writer json;
  json.begin_object().member("certificateType",
                             type.value_or(member.value_or(certificate_types.front())));
  return json.end_object().take();
}

payload_or_refusal clear_payload(const request&, query_of& query) {
  const auto connector = query.number("connector", 0, int_max);
  const auto purpose = query.choice("purpose", purposes);
  const auto level = query.number("stack_level", 0, int_max);
  text::json_writer json;
  json.begin_object();
  if (connector) json.member("connectorId", *connector);
  if (purpose) json.member("chargingProfilePurpose", *purpose);
  if (level) json.member("stackLevel", *level);
  return json.end_object().take();
}

payload_or_refusal clear_one_payload(const request& asked, query_of&) {
  return numbered(asked, "id");
}

payload_or_refusal cancel_payload(const request& asked, query_of&) {
  return numbered(asked, "reservationId");
}

payload_or_refusal empty_payload(const request&, query_of&) { return std::string{"{}"}; }

constexpr std::array<question_route, 7> questions{{
    {method::get, "configuration", action::get_configuration, configuration_payload},
    {method::get, "connectors/{connectorID}/composite-schedule", action::get_composite_schedule,
     composite_payload},
    {method::get, "certificates", action::get_installed_certificate_ids, certificates_payload},
    {method::get, "local-list", action::get_local_list_version, empty_payload},
    {method::remove, "charging-profiles", action::clear_charging_profile, clear_payload},
    {method::remove, "charging-profiles/{profileID}", action::clear_charging_profile,
     clear_one_payload},
    {method::remove, "reservations/{n}", action::cancel_reservation, cancel_payload},
}};

} // namespace

std::optional<std::int64_t> number_in_path(const request& asked) {
  const auto& text = asked.captured.back();
  std::int64_t number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool is_whole = read.ec == std::errc{} && read.ptr == text.data() + text.size();
  if (!is_whole || number < 0 || std::cmp_greater(number, int_max)) return std::nullopt;
  return number;
}

response no_number(const request& asked) {
  return problem(404, "'" + asked.captured.back() + "': allowed is a number from 0 to " +
                          std::to_string(int_max),
                 asked.path);
}

std::span<const order_route> order_routes() { return orders; }
std::span<const question_route> question_routes() { return questions; }

const char* url_pointer_of(v16::action which) {
  switch (which) {
  case action::get_diagnostics:
  case action::update_firmware: return "/location";
  case action::signed_update_firmware: return "/firmware/location";
  case action::get_log: return "/log/remoteLocation";
  default: return "";
  }
}

} // namespace busbar::adapters::http::api
