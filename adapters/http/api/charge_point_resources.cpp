#include "adapters/http/api/charge_point_resources.hpp"

#include "adapters/http/api/bulk_orders.hpp"
#include "adapters/http/api/charge_point_filter.hpp"
#include "adapters/http/api/charge_point_history.hpp"
#include "adapters/http/api/charge_point_orders.hpp"
#include "adapters/http/json/page_writer.hpp"
#include "adapters/http/json/query_reader.hpp"
#include "adapters/http/server/problem.hpp"
#include "domain/time_text.hpp"
#include "text/json_text.hpp"
#include "text/json_writer.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>

namespace busbar::adapters::http::api {

using namespace json;
using namespace server;

namespace {

void write_text(text::json_writer& json, const char* name, const std::string& value) {
  json.key(name);
  if (value.empty()) json.null();
  else json.value(value);
}

void write_connectors(text::json_writer& json, const ports::charge_point_now& from) {
  json.key("connectors").begin_array();
  std::int64_t number = 0;
  for (const auto& at : from.connectors) {
    json.begin_object().member("connectorId", ++number);
    write_text(json, "status", at.status);
    write_text(json, "errorCode", at.error_code);
    json.key("transactionId");
    if (at.transaction) json.value(*at.transaction);
    else json.null();
    json.end_object();
  }
  json.end_array();
}

void write_station(text::json_writer& json, const ports::charge_point_now& from) {
  json.begin_object().member("id", from.identity).member("site", from.site);
  json.member("station", from.station).member("connected", from.is_connected);
  json.member("accepted", from.is_accepted);
  write_text(json, "vendor", from.vendor);
  write_text(json, "model", from.model);
  write_text(json, "firmware", from.firmware);
  write_text(json, "heard_at", from.heard_at ? domain::text_of(*from.heard_at) : std::string{});
  json.key("tolerated").begin_array();
  for (const auto& each : from.tolerated) json.value(each);
  json.end_array();
  write_connectors(json, from);
  json.end_object();
}

response list_stations(const charge_point_source& source, const request& asked) {
  query_reader query{asked};
  const auto page = read_page(query);
  const auto wanted = read_filter(query);
  if (!query.faults().empty()) return query.problem_of(asked);
  auto* stations = source();
  if (stations == nullptr)
    return problem(503, "no gateway for stations runs in this process (--ocpp)", asked.path);
  page_writer list{page};
  for (const auto& each : stations->stations())
    if (wanted.takes(each) && list.wants_next()) write_station(list.json(), each);
  return json_response(list.finish());
}

response show_station(const charge_point_source& source, const request& asked) {
  const query_reader query{asked};
  if (!query.faults().empty()) return query.problem_of(asked);
  const auto found = find_station(source, asked);
  if (found.refusal) return *found.refusal;
  text::json_writer json;
  for (const auto& each : found.stations->stations())
    if (each.identity == asked.captured.front()) write_station(json, each);
  return json_response(json.take());
}

/// A page of what `of` gives for the station of the path, each written by `write`.
template <class Of, class Write>
response list_of(const charge_point_source& source, const request& asked, Of of, Write write) {
  query_reader query{asked};
  const auto page = read_page(query);
  if (!query.faults().empty()) return query.problem_of(asked);
  const auto found = find_station(source, asked);
  if (found.refusal) return *found.refusal;
  page_writer list{page};
  for (const auto& each : (found.stations->*of)(asked.captured.front()))
    if (list.wants_next()) write(list.json(), each);
  return json_response(list.finish());
}

void write_profile(text::json_writer& json, const ports::charge_point_profile& from) {
  json.begin_object().member("connectorId", from.connector);
  json.member("installed_at", domain::text_of(from.installed_at));
  json.key("csChargingProfiles").raw(from.profile);
  json.end_object();
}

response list_profiles(const charge_point_source& source, const request& asked) {
  return list_of(source, asked, &ports::charge_points::profiles_of, write_profile);
}

response list_orders(const charge_point_source& source, const request& asked) {
  return list_of(source, asked, &ports::charge_points::orders_of, write_order);
}

/// The array of a frame; what is none, as text.
void write_frame(text::json_writer& json, const ports::charge_point_frame& from) {
  domain::fault_list broken;
  const auto read = text::parse_json(from.text, broken);
  const bool is_frame = read && read->is_array();
  json.begin_object().member("at", domain::text_of(from.at));
  json.member("from", from.is_from_station ? "station" : "gateway");
  json.key("frame");
  if (is_frame) json.raw(from.text);
  else json.null();
  json.key("text");
  if (is_frame) json.null();
  else json.value(from.text);
  json.end_object();
}

response list_frames(const charge_point_source& source, const request& asked) {
  return list_of(source, asked, &ports::charge_points::frames_of, write_frame);
}

response no_order(const request& asked) {
  return problem(404, "order '" + asked.captured.back() +
                          "': not among the newest of this charge point",
                 asked.path);
}

response show_order(const charge_point_source& source, const request& asked) {
  const query_reader query{asked};
  if (!query.faults().empty()) return query.problem_of(asked);
  const auto found = find_station(source, asked);
  if (found.refusal) return *found.refusal;
  for (const auto& each : found.stations->orders_of(asked.captured.front())) {
    if (std::to_string(each.number) != asked.captured.back()) continue;
    text::json_writer json;
    write_order(json, each);
    return json_response(json.take());
  }
  return no_order(asked);
}

response cancel_order(const charge_point_source& source, const request& asked) {
  const query_reader query{asked};
  if (!query.faults().empty()) return query.problem_of(asked);
  const auto found = find_station(source, asked);
  if (found.refusal) return *found.refusal;
  const auto& text = asked.captured.back();
  std::uint64_t number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  if (read.ec != std::errc{} || read.ptr != text.data() + text.size()) return no_order(asked);
  const auto done = found.stations->cancel(asked.captured.front(), number, asked.received_at);
  if (!done) return problem(done.failure(), asked.path);
  return show_order(source, asked);
}

} // namespace

void add_charge_point_resources(router& routes, charge_point_source stations,
                                std::shared_ptr<bulk_book> bulks) {
  const auto with_stations = [&stations](auto handle) {
    return [stations, handle](const request& asked) { return handle(stations, asked); };
  };
  const std::string all = "/api/v1/chargepoints";
  const std::string one = all + "/{id}";
  // Before those of one station: none has the identity "bulk".
  add_bulk_orders(routes, stations, std::move(bulks));
  routes.add(method::get, all, with_stations(list_stations));
  routes.add(method::get, one, with_stations(show_station));
  routes.add(method::get, one + "/charging-profiles", with_stations(list_profiles));
  routes.add(method::get, one + "/messages", with_stations(list_frames));
  routes.add(method::get, one + "/commands", with_stations(list_orders));
  routes.add(method::get, one + "/commands/{n}", with_stations(show_order));
  routes.add(method::remove, one + "/commands/{n}", with_stations(cancel_order));
  add_charge_point_orders(routes, stations);
  add_charge_point_history(routes, stations);
  add_id_tag_resources(routes, stations);
}

} // namespace busbar::adapters::http::api
