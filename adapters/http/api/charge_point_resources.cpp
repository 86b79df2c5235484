#include "adapters/http/api/charge_point_resources.hpp"

#include "adapters/http/json/query_reader.hpp"
#include "adapters/http/server/message.hpp"
#include "adapters/http/server/problem.hpp"
#include "domain/time_text.hpp"
#include "ocpp/v16/message_check.hpp"
#include "ocpp/v16/message_form.hpp"
#include "text/json_text.hpp"
#include "text/json_writer.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace busbar::adapters::http::api {

using namespace server;

namespace {

namespace v16 = busbar::ocpp::v16;

/// An order of this API, and the action that it is.
struct order_route {
  const char* name;
  v16::action action;
};
constexpr std::array<order_route, 5> order_routes{{
    {"remote-start", v16::action::remote_start_transaction},
    {"remote-stop", v16::action::remote_stop_transaction},
    {"charging-profiles", v16::action::set_charging_profile},
    {"composite-schedule", v16::action::get_composite_schedule},
    {"configuration", v16::action::change_configuration},
}};

/// A station here, or why there is none.
struct found_stations {
  ports::charge_points* stations = nullptr;
  std::optional<response> refusal;
};

found_stations find(const charge_point_source& source, const request& asked) {
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

/// Strictly: what goes out is right, whatever stations bear.
std::vector<input_fault> faults_in(const order_route& route, const std::string& payload) {
  simdjson::dom::parser parser;
  const simdjson::dom::element body = parser.parse(payload);
  const auto checked =
      v16::check(route.action, v16::direction::request, body, v16::tolerance_set::none());
  std::vector<input_fault> faults;
  for (const auto& each : checked.faults) faults.push_back({each.pointer, each.detail});
  return faults;
}

response post_order(const charge_point_source& source, const order_route& route,
                    const request& asked) {
  const auto found = find(source, asked);
  if (found.refusal) return *found.refusal;
  if (asked.content_type != "application/json")
    return problem(415, "content type '" + asked.content_type + "': allowed is application/json",
                   asked.path);
  domain::fault_list broken;
  const auto body = text::parse_json(asked.body, broken);
  if (!body || !body->is_object()) return problem(400, "the body is no JSON object", asked.path);
  const auto payload = body->dump();
  const std::string action{v16::name_of(route.action)};
  if (const auto faults = faults_in(route, payload); !faults.empty())
    return problem(422, "the payload is no " + action + ".req", asked.path, faults);
  const auto done =
      found.stations->order({asked.captured.front(), action, payload}, asked.received_at);
  if (!done) return problem(done.failure(), asked.path);
  text::json_writer json;
  json.begin_object().member("id", done.value()).member("state", "pending").end_object();
  return json_response(json.take(), 202);
}

void write(text::json_writer& json, const ports::order_standing& order) {
  json.begin_object().member("id", order.number).member("action", order.action);
  json.member("state", order.state).member("asked_at", domain::text_of(order.asked_at));
  json.key("request").raw(order.request);
  json.key("answer");
  if (order.answer.empty()) json.null();
  else json.raw(order.answer);
  json.end_object();
}

response list_orders(const charge_point_source& source, const request& asked) {
  const json::query_reader query{asked};
  if (!query.faults().empty()) return query.problem_of(asked);
  const auto found = find(source, asked);
  if (found.refusal) return *found.refusal;
  text::json_writer json;
  json.begin_object().key("items").begin_array();
  for (const auto& each : found.stations->orders_of(asked.captured.front())) write(json, each);
  return json_response(json.end_array().end_object().take());
}

response show_order(const charge_point_source& source, const request& asked) {
  const json::query_reader query{asked};
  if (!query.faults().empty()) return query.problem_of(asked);
  const auto found = find(source, asked);
  if (found.refusal) return *found.refusal;
  const auto& text = asked.captured.back();
  for (const auto& each : found.stations->orders_of(asked.captured.front())) {
    if (std::to_string(each.number) != text) continue;
    text::json_writer json;
    write(json, each);
    return json_response(json.take());
  }
  return problem(404, "order '" + text + "': not among the newest of this charge point",
                 asked.path);
}

} // namespace

void add_charge_point_resources(router& routes, charge_point_source stations) {
  const std::string base = "/api/v1/chargepoints/{id}/";
  for (const auto& route : order_routes)
    routes.add(method::post, base + route.name, [stations, route](const request& asked) {
      return post_order(stations, route, asked);
    });
  routes.add(method::get, base + "commands",
             [stations](const request& asked) { return list_orders(stations, asked); });
  routes.add(method::get, base + "commands/{n}",
             [stations](const request& asked) { return show_order(stations, asked); });
}

} // namespace busbar::adapters::http::api
