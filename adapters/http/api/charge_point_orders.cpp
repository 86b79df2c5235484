#include "adapters/http/api/charge_point_orders.hpp"

#include "adapters/http/json/query_reader.hpp"
#include "adapters/http/server/problem.hpp"
#include "domain/time_text.hpp"
#include "ocpp/v16/message_check.hpp"
#include "ocpp/v16/message_form.hpp"
#include "text/json_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace busbar::adapters::http::api {

using namespace server;

namespace {

namespace v16 = busbar::ocpp::v16;
using v16::action;

constexpr std::uint64_t wait_max_s = 60;
/// What asks a station by GET waits so long: as long as a station may take.
constexpr std::uint64_t question_wait_s = 30;
constexpr std::uint64_t day_s = 86'400;
constexpr std::uint64_t int_max = std::numeric_limits<std::int32_t>::max();
constexpr std::array units{"A", "W"};
constexpr std::array purposes{"ChargePointMaxProfile", "TxDefaultProfile", "TxProfile"};

/// An order with a body: the payload is the body.
struct order_route {
  method verb;
  const char* name;
  v16::action action;
  /// The body may be absent.
  bool is_plain = false;
};
constexpr std::array<order_route, 12> order_routes{{
    {method::post, "remote-start", action::remote_start_transaction},
    {method::post, "remote-stop", action::remote_stop_transaction},
    {method::post, "charging-profiles", action::set_charging_profile},
    {method::put, "configuration", action::change_configuration},
    {method::post, "unlock-connector", action::unlock_connector},
    {method::post, "reset", action::reset},
    {method::post, "change-availability", action::change_availability},
    {method::post, "trigger-message", action::trigger_message},
    {method::post, "clear-cache", action::clear_cache, true},
    {method::post, "data-transfer", action::data_transfer},
    {method::post, "local-list", action::send_local_list},
    {method::post, "reservations", action::reserve_now},
}};

/// A payload, or why there is none.
using payload_or_refusal = std::variant<std::string, response>;
using query_of = json::query_reader;
using payload_maker = payload_or_refusal (*)(const request& asked, query_of& query);

/// An order without a body: path and query make the payload.
struct question_route {
  method verb;
  const char* name;
  v16::action action;
  payload_maker make;
};

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

constexpr std::array<question_route, 6> question_routes{{
    {method::get, "configuration", action::get_configuration, configuration_payload},
    {method::get, "connectors/{connectorID}/composite-schedule", action::get_composite_schedule,
     composite_payload},
    {method::get, "local-list", action::get_local_list_version, empty_payload},
    {method::remove, "charging-profiles", action::clear_charging_profile, clear_payload},
    {method::remove, "charging-profiles/{profileID}", action::clear_charging_profile,
     clear_one_payload},
    {method::remove, "reservations/{n}", action::cancel_reservation, cancel_payload},
}};

/// Strictly: what goes out is right, whatever stations bear.
std::vector<input_fault> faults_in(v16::action which, const std::string& payload) {
  simdjson::dom::parser parser;
  const simdjson::dom::element body = parser.parse(payload);
  const auto checked =
      v16::check(which, v16::direction::request, body, v16::tolerance_set::none());
  std::vector<input_fault> faults;
  for (const auto& each : checked.faults) faults.push_back({each.pointer, each.detail});
  return faults;
}

payload_or_refusal body_payload(const request& asked, bool may_be_absent) {
  if (may_be_absent && asked.body.empty()) return std::string{"{}"};
  if (asked.content_type != "application/json")
    return problem(415, "content type '" + asked.content_type + "': allowed is application/json",
                   asked.path);
  domain::fault_list broken;
  const auto body = text::parse_json(asked.body, broken);
  if (!body || !body->is_object()) return problem(400, "the body is no JSON object", asked.path);
  return body->dump();
}

response receipt_of(const ports::order_standing& order) {
  text::json_writer json;
  if (is_final(order.state)) {
    write_order(json, order);
    return json_response(json.take());
  }
  json.begin_object().member("id", order.number).member("state", name_of(order.state));
  return json_response(json.end_object().take(), 202);
}

/// What is ordered, and how long its answer is held.
struct wish {
  v16::action action;
  std::string payload;
  std::uint64_t wait_s = 0;
};

void give(ports::charge_points& stations, const wish& wanted, const request& asked,
          const responder& reply) {
  const std::string name{v16::name_of(wanted.action)};
  if (const auto faults = faults_in(wanted.action, wanted.payload); !faults.empty())
    return reply(problem(422, "the payload is no " + name + ".req", asked.path, faults));
  const auto number =
      stations.order({asked.captured.front(), name, wanted.payload}, asked.received_at);
  if (!number) return reply(problem(number.failure(), asked.path));
  if (wanted.wait_s == 0) {
    ports::order_standing pending;
    pending.number = number.value();
    return reply(receipt_of(pending));
  }
  const domain::microseconds wait =
      std::chrono::seconds{static_cast<std::int64_t>(wanted.wait_s)};
  stations.await(number.value(), asked.received_at + wait,
                 [reply](const ports::order_standing& order) { reply(receipt_of(order)); });
}

void take_order(const charge_point_source& source, const order_route& route,
                const request& asked, const responder& reply) {
  json::query_reader query{asked};
  const auto wait = query.number("wait_s", 0, wait_max_s).value_or(0);
  if (!query.faults().empty()) return reply(query.problem_of(asked));
  const auto found = find_station(source, asked);
  if (found.refusal) return reply(*found.refusal);
  auto payload = body_payload(asked, route.is_plain);
  if (auto* refusal = std::get_if<response>(&payload)) return reply(std::move(*refusal));
  give(*found.stations, {route.action, std::get<std::string>(std::move(payload)), wait}, asked,
       reply);
}

/// `key` may stand several times: the reader, which takes every name once, sees the first.
std::vector<query_parameter> with_one_key(std::vector<query_parameter> given) {
  bool has_one = false;
  std::erase_if(given, [&](const query_parameter& each) {
    return each.name == "key" && std::exchange(has_one, true);
  });
  return given;
}

void take_question(const charge_point_source& source, const question_route& route,
                   const request& asked, const responder& reply) {
  auto first = asked;
  first.query = with_one_key(asked.query);
  json::query_reader query{first};
  const auto usual = route.verb == method::get ? question_wait_s : 0;
  const auto wait = query.number("wait_s", 0, wait_max_s).value_or(usual);
  auto payload = route.make(asked, query);
  if (!query.faults().empty()) return reply(query.problem_of(asked));
  const auto found = find_station(source, asked);
  if (found.refusal) return reply(*found.refusal);
  if (auto* refusal = std::get_if<response>(&payload)) return reply(std::move(*refusal));
  give(*found.stations, {route.action, std::get<std::string>(std::move(payload)), wait}, asked,
       reply);
}

void write_time(text::json_writer& json, const char* name,
                const std::optional<domain::instant>& at) {
  json.key(name);
  if (at) json.value(domain::text_of(*at));
  else json.null();
}

} // namespace

found_stations find_station(const charge_point_source& source, const request& asked) {
  auto* stations = source();
  if (stations == nullptr)
    return {nullptr, problem(503, "no gateway for stations runs in this process (--ocpp)",
                             asked.path)};
  if (!stations->has_station(asked.captured.front()))
    return {nullptr, problem(404, "charge point '" + asked.captured.front() +
                                      "': none comes under this identity",
                             asked.path)};
  return {stations, std::nullopt};
}

void write_order(text::json_writer& json, const ports::order_standing& order) {
  json.begin_object().member("id", order.number).member("action", order.action);
  json.member("state", name_of(order.state));
  write_time(json, "asked_at", order.asked_at);
  write_time(json, "sent_at", order.sent_at);
  write_time(json, "ended_at", order.ended_at);
  json.key("request").raw(order.request);
  json.key("answer");
  if (order.reply.answer.empty()) json.null();
  else json.raw(order.reply.answer);
  json.key("error");
  if (order.reply.error_code.empty()) json.null();
  else
    json.begin_object()
        .member("code", order.reply.error_code)
        .member("description", order.reply.error_description)
        .end_object();
  json.end_object();
}

void add_charge_point_orders(router& routes, const charge_point_source& source) {
  const std::string base = "/api/v1/chargepoints/{id}/";
  constexpr std::chrono::seconds patience{wait_max_s};
  for (const auto& route : order_routes)
    routes.add_late(
        route.verb, base + route.name,
        [source, route](const request& asked, const responder& reply) {
          take_order(source, route, asked, reply);
        },
        patience);
  for (const auto& route : question_routes)
    routes.add_late(
        route.verb, base + route.name,
        [source, route](const request& asked, const responder& reply) {
          take_question(source, route, asked, reply);
        },
        patience);
}

} // namespace busbar::adapters::http::api
