#include "adapters/http/api/charge_point_orders.hpp"

#include "adapters/http/api/charge_point_order_table.hpp"
#include "adapters/http/json/query_reader.hpp"
#include "adapters/http/server/problem.hpp"
#include "domain/time_text.hpp"
#include "ocpp/v16/message_check.hpp"
#include "ocpp/v16/message_form.hpp"
#include "text/json_text.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace busbar::adapters::http::api {

using namespace server;

namespace {

namespace v16 = busbar::ocpp::v16;

constexpr std::uint64_t wait_max_s = 60;
/// What asks a station by GET waits so long: as long as a station may take.
constexpr std::uint64_t question_wait_s = 30;
constexpr std::uint64_t deadline_s_max = 604'800;
/// Of an order that waits for its station and states none.
constexpr std::uint64_t usual_deadline_s = 86'400;
constexpr std::array absent_choices{"fail", "wait"};

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

/// What is ordered, and on which terms.
struct wish {
  v16::action action{};
  std::string payload;
  /// How long its answer is held.
  std::uint64_t wait_s = 0;
  order_terms terms;
};

wish read_wish(json::query_reader& query, std::uint64_t usual_wait_s) {
  wish made;
  made.wait_s = query.number("wait_s", 0, wait_max_s).value_or(usual_wait_s);
  made.terms = read_terms(query);
  return made;
}

/// The connector of the path, into the body; absent: it stands there.
std::optional<response> take_connector(const request& asked, nlohmann::json& body) {
  const auto connector = number_in_path(asked);
  if (!connector) return no_number(asked);
  if (body.contains("connectorId") && body["connectorId"] != *connector)
    return problem(422, "the body names another connector than the path", asked.path,
                   {{"/connectorId", text::shown(body["connectorId"]) + ": allowed is " +
                                         std::to_string(*connector) + ", or none"}});
  body["connectorId"] = *connector;
  return std::nullopt;
}

/// Absent: the body has become the wish's payload.
std::optional<response> read_body(const request& asked, const order_route& route,
                                  ports::charge_points& stations, wish& into) {
  into.action = route.action;
  into.payload = "{}";
  if (route.is_plain && asked.body.empty()) return std::nullopt;
  if (asked.content_type != "application/json")
    return problem(415, "content type '" + asked.content_type + "': allowed is application/json",
                   asked.path);
  domain::fault_list broken;
  auto body = text::parse_json(asked.body, broken);
  if (!body || !body->is_object()) return problem(400, "the body is no JSON object", asked.path);
  if (route.is_of_connector)
    if (auto refusal = take_connector(asked, *body)) return refusal;
  if (route.complete != nullptr) into.action = route.complete(*body, stations);
  into.payload = body->dump();
  return std::nullopt;
}

/// A URL that the station is to open is one of those that are allowed.
std::vector<input_fault> url_faults_in(const ports::charge_points& stations, v16::action which,
                                       const std::string& payload) {
  const std::string pointer = url_pointer_of(which);
  if (pointer.empty()) return {};
  const auto body = nlohmann::json::parse(payload);
  const auto url = body.at(nlohmann::json::json_pointer{pointer}).get<std::string>();
  auto fault = stations.fault_of_url(url);
  if (fault.empty()) return {};
  return {{pointer, std::move(fault)}};
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

/// What is ordered stands in `wanted.payload`, as it is.
void place(ports::charge_points& stations, const std::string& name, wish wanted,
           const request& asked, const responder& reply) {
  const auto after = [&](std::uint64_t seconds) {
    return asked.received_at + std::chrono::seconds{static_cast<std::int64_t>(seconds)};
  };
  ports::charge_point_order order{asked.captured.front(), name, std::move(wanted.payload),
                                  wanted.terms.waits};
  if (wanted.terms.deadline_s) order.until = after(*wanted.terms.deadline_s);
  const auto number = stations.order(order, asked.received_at);
  if (!number) return reply(problem(number.failure(), asked.path));
  if (wanted.wait_s == 0) {
    ports::order_standing pending;
    pending.number = number.value();
    return reply(receipt_of(pending));
  }
  stations.await(number.value(), after(wanted.wait_s),
                 [reply](const ports::order_standing& standing) { reply(receipt_of(standing)); });
}

void give(ports::charge_points& stations, wish wanted, const request& asked,
          const responder& reply) {
  const std::string name{v16::name_of(wanted.action)};
  const auto faults = payload_faults(stations, wanted.action, wanted.payload);
  if (!faults.empty())
    return reply(problem(422, "the payload is no " + name + ".req", asked.path, faults));
  place(stations, name, std::move(wanted), asked, reply);
}

/// The body is absent, or an object without members: the site's file has what is wanted.
void take_reset(const charge_point_source& source, const request& asked, const responder& reply) {
  json::query_reader query{asked};
  auto wanted = read_wish(query, 0);
  if (!query.faults().empty()) return reply(query.problem_of(asked));
  const auto found = find_station(source, asked);
  if (found.refusal) return reply(*found.refusal);
  const order_route nothing{method::post, ports::reset_configuration, {}, true};
  if (auto refusal = read_body(asked, nothing, *found.stations, wanted))
    return reply(*std::move(refusal));
  if (wanted.payload != "{}")
    return reply(problem(422, "the body has members: allowed are none", asked.path));
  place(*found.stations, ports::reset_configuration, std::move(wanted), asked, reply);
}

void take_order(const charge_point_source& source, const order_route& route,
                const request& asked, const responder& reply) {
  json::query_reader query{asked};
  auto wanted = read_wish(query, 0);
  if (!query.faults().empty()) return reply(query.problem_of(asked));
  const auto found = find_station(source, asked);
  if (found.refusal) return reply(*found.refusal);
  if (auto refusal = read_body(asked, route, *found.stations, wanted))
    return reply(*std::move(refusal));
  give(*found.stations, std::move(wanted), asked, reply);
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
  auto wanted = read_wish(query, route.verb == method::get ? question_wait_s : 0);
  auto payload = route.make(asked, query);
  if (!query.faults().empty()) return reply(query.problem_of(asked));
  const auto found = find_station(source, asked);
  if (found.refusal) return reply(*found.refusal);
  if (auto* refusal = std::get_if<response>(&payload)) return reply(std::move(*refusal));
  wanted.action = route.action;
  wanted.payload = std::get<std::string>(std::move(payload));
  give(*found.stations, std::move(wanted), asked, reply);
}

void write_time(text::json_writer& json, const char* name,
                const std::optional<domain::instant>& at) {
  json.key(name);
  if (at) json.value(domain::text_of(*at));
  else json.null();
}

void write_progress(text::json_writer& json, const ports::order_standing& order) {
  json.key("progress").begin_array();
  for (const auto& each : order.progress) {
    json.begin_object().member("at", domain::text_of(each.at)).member("status", each.status);
    if (each.transaction) json.member("transactionId", *each.transaction);
    json.end_object();
  }
  json.end_array();
}

} // namespace

order_terms read_terms(json::query_reader& query) {
  order_terms made;
  made.waits = query.choice("absent", absent_choices) == "wait";
  made.deadline_s = query.number("deadline_s", 1, deadline_s_max);
  if (made.waits && !made.deadline_s) made.deadline_s = usual_deadline_s;
  return made;
}

std::vector<input_fault> payload_faults(const ports::charge_points& stations, v16::action which,
                                        const std::string& payload) {
  auto faults = faults_in(which, payload);
  if (faults.empty()) faults = url_faults_in(stations, which, payload);
  return faults;
}

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
  write_time(json, "deadline", order.until);
  write_progress(json, order);
  write_time(json, "done_at", order.done_at);
  json.end_object();
}

void add_charge_point_orders(router& routes, const charge_point_source& source) {
  const std::string base = "/api/v1/chargepoints/{id}/";
  constexpr std::chrono::seconds patience{wait_max_s};
  for (const auto& route : order_routes())
    routes.add_late(
        route.verb, base + route.name,
        [source, route](const request& asked, const responder& reply) {
          take_order(source, route, asked, reply);
        },
        patience);
  routes.add_late(
      method::post, base + "configuration/reset",
      [source](const request& asked, const responder& reply) { take_reset(source, asked, reply); },
      patience);
  for (const auto& route : question_routes())
    routes.add_late(
        route.verb, base + route.name,
        [source, route](const request& asked, const responder& reply) {
          take_question(source, route, asked, reply);
        },
        patience);
}

} // namespace busbar::adapters::http::api
