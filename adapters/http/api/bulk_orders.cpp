#include "adapters/http/api/bulk_orders.hpp"

#include "adapters/http/api/charge_point_filter.hpp"
#include "adapters/http/api/charge_point_order_table.hpp"
#include "adapters/http/api/charge_point_orders.hpp"
#include "adapters/http/json/page_writer.hpp"
#include "adapters/http/json/query_reader.hpp"
#include "adapters/http/server/problem.hpp"
#include "domain/time_text.hpp"
#include "text/json_text.hpp"
#include "text/json_writer.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <set>
#include <utility>

namespace busbar::adapters::http::api {

using namespace server;
using json_value = nlohmann::json;

std::uint64_t bulk_book::add(bulk_order made) {
  const std::lock_guard lock{guard_};
  if (kept_.size() >= bulks_max) kept_.pop_front();
  made.number = ++last_;
  kept_.push_back(std::move(made));
  return last_;
}

std::optional<bulk_order> bulk_book::find(const std::string& number) const {
  const std::lock_guard lock{guard_};
  const auto found = std::ranges::find_if(
      kept_, [&](const bulk_order& each) { return std::to_string(each.number) == number; });
  return found == kept_.end() ? std::nullopt : std::optional{*found};
}

namespace {

constexpr std::uint64_t usual_per_second = 10;
constexpr std::uint64_t per_second_max = 1'000;
constexpr std::array members{"ids", "site", "filter", "payload", "per_second"};

/// What a body states, and what is wrong with it.
struct bulk_wish {
  std::optional<std::set<std::string>> ids;
  station_filter filter;
  json_value payload = json_value::object();
  std::uint64_t per_second = usual_per_second;
  std::vector<input_fault> faults;
};

void read_ids(const json_value& stated, bulk_wish& into) {
  constexpr auto most = ports::charge_points::kept_orders_max;
  const bool is_right = stated.is_array() && !stated.empty() && stated.size() <= most &&
                        std::ranges::all_of(stated, [](const auto& id) { return id.is_string(); });
  if (!is_right)
    return into.faults.push_back({"/ids", text::shown(stated) + ": allowed are 1 to " +
                                              std::to_string(most) + " identities"});
  into.ids.emplace(stated.begin(), stated.end());
}

/// As the list of stations takes it.
void read_filter_of(const json_value& stated, bulk_wish& into) {
  request asked;
  if (stated.is_object())
    for (const auto& [name, value] : stated.items())
      asked.query.push_back({name, value.is_string() ? value.get<std::string>() : value.dump()});
  else into.faults.push_back({"/filter", text::shown(stated) + ": allowed is an object"});
  json::query_reader query{asked};
  into.filter = read_filter(query);
  for (const auto& each : query.faults())
    into.faults.push_back({"/filter/" + each.pointer, each.detail});
}

void read_rate(const json_value& stated, bulk_wish& into) {
  const bool is_right = stated.is_number_unsigned() && stated.get<std::uint64_t>() >= 1 &&
                        stated.get<std::uint64_t>() <= per_second_max;
  if (is_right) into.per_second = stated.get<std::uint64_t>();
  else
    into.faults.push_back({"/per_second", text::shown(stated) + ": allowed is 1 to " +
                                              std::to_string(per_second_max)});
}

bulk_wish wish_in(const json_value& body) {
  bulk_wish made;
  for (const auto& [name, value] : body.items())
    if (std::ranges::find(members, name) == members.end())
      made.faults.push_back({"/" + text::pointer_part(name), "is not known"});
  if (body.contains("ids")) read_ids(body["ids"], made);
  if (body.contains("filter")) read_filter_of(body["filter"], made);
  if (body.contains("per_second")) read_rate(body["per_second"], made);
  if (body.contains("site")) {
    if (body["site"].is_string()) made.filter.site = body["site"].get<std::string>();
    else made.faults.push_back({"/site", text::shown(body["site"]) + ": allowed is a site's id"});
  }
  if (body.contains("payload")) made.payload = body["payload"];
  if (!made.payload.is_object())
    made.faults.push_back({"/payload", text::shown(made.payload) + ": allowed is an object"});
  if (!body.contains("ids") && !body.contains("site") && !body.contains("filter"))
    made.faults.push_back({"/ids", "is missing: allowed are ids, a site or a filter"});
  return made;
}

/// Those that are meant, by identity; those that are named and not there with why.
std::vector<bulk_part> parts_of(const ports::charge_points& stations, const bulk_wish& wanted) {
  std::vector<bulk_part> made;
  auto missing = wanted.ids.value_or(std::set<std::string>{});
  for (const auto& each : stations.stations()) {
    missing.erase(each.identity);
    const bool is_named = !wanted.ids || wanted.ids->contains(each.identity);
    if (is_named && wanted.filter.takes(each))
      made.push_back({each.identity, each.site, std::nullopt, {}});
  }
  for (const auto& each : missing)
    made.push_back({each, std::nullopt, std::nullopt, "none comes under this identity"});
  return made;
}

/// The faults of the payload that the first station would be given.
std::vector<input_fault> faults_for_all(ports::charge_points& stations, const order_route& route,
                                        json_value payload) {
  auto which = route.action;
  if (route.complete != nullptr) which = route.complete(payload, stations);
  auto faults = payload_faults(stations, which, payload.dump());
  for (auto& each : faults) each.pointer.insert(0, "/payload");
  return faults;
}

/// OCPP-11: so many a second, the first ones at once.
void give_all(ports::charge_points& stations, const order_route& route, const bulk_wish& wanted,
              const order_terms& terms, bulk_order& into) {
  std::uint64_t given = 0;
  for (auto& part : into.parts) {
    if (!part.refusal.empty()) continue;
    auto payload = wanted.payload;
    auto which = route.action;
    if (route.complete != nullptr) which = route.complete(payload, stations);
    ports::charge_point_order order{part.identity, std::string{ocpp::v16::name_of(which)},
                                    payload.dump(), terms.waits};
    const std::chrono::seconds later{static_cast<std::int64_t>(given++ / wanted.per_second)};
    if (later.count() > 0) order.from = into.asked_at + later;
    if (terms.deadline_s)
      order.until = into.asked_at + later +
                    std::chrono::seconds{static_cast<std::int64_t>(*terms.deadline_s)};
    const auto number = stations.order(order, into.asked_at);
    if (number) part.order = number.value();
    else part.refusal = number.failure().message;
  }
}

response take_bulk(const charge_point_source& source, bulk_book& bulks, const request& asked) {
  json::query_reader query{asked};
  const auto terms = read_terms(query);
  if (!query.faults().empty()) return query.problem_of(asked);
  const auto routes = order_routes();
  const auto route = std::ranges::find_if(
      routes, [&](const order_route& each) { return each.name == asked.captured.back(); });
  if (route == routes.end())
    return problem(404, "'" + asked.captured.back() + "' is no order to many stations", asked.path);
  auto* stations = source();
  if (stations == nullptr)
    return problem(503, "no gateway for stations runs in this process (--ocpp)", asked.path);
  if (asked.content_type != "application/json")
    return problem(415, "content type '" + asked.content_type + "': allowed is application/json",
                   asked.path);
  domain::fault_list broken;
  const auto body = text::parse_json(asked.body, broken);
  if (!body || !body->is_object()) return problem(400, "the body is no JSON object", asked.path);
  auto wanted = wish_in(*body);
  if (wanted.faults.empty()) wanted.faults = faults_for_all(*stations, *route, wanted.payload);
  if (!wanted.faults.empty())
    return problem(422, "the body is no order to many stations", asked.path, wanted.faults);
  bulk_order made{0,
                  route->name,
                  wanted.per_second,
                  asked.received_at,
                  asked.who ? asked.who->user_id : "",
                  parts_of(*stations, wanted)};
  constexpr auto most = ports::charge_points::kept_orders_max;
  if (made.parts.size() > most)
    return problem(422, std::to_string(made.parts.size()) +
                            " stations are meant: allowed are at most " + std::to_string(most) +
                            " at once, by a narrower `filter`, `site` or `ids`",
                   asked.path);
  give_all(*stations, *route, wanted, terms, made);
  const auto count = made.parts.size();
  text::json_writer json;
  json.begin_object().member("id", bulks.add(std::move(made))).member("state", "pending");
  return json_response(json.member("stations", count).end_object().take(), 202);
}

/// Of each state how many there are, in the order of `order_state`; then those without an order.
std::array<std::size_t, 8> counts_in(const ports::charge_points& stations,
                                     const std::vector<bulk_part>& parts) {
  std::array<std::size_t, 8> counts{};
  for (const auto& each : parts) {
    const auto order = each.order ? stations.order_numbered(*each.order) : std::nullopt;
    ++counts[order ? static_cast<std::size_t>(order->state) : counts.size() - 1];
  }
  return counts;
}

void write_part(text::json_writer& json, const ports::charge_points& stations,
                const bulk_part& part) {
  const auto order = part.order ? stations.order_numbered(*part.order) : std::nullopt;
  json.begin_object().member("id", part.identity).key("order");
  if (order) write_order(json, *order);
  else json.null();
  json.key("refusal");
  if (order) json.null();
  else json.value(part.refusal.empty() ? "its order is not among the newest" : part.refusal);
  json.end_object();
}

/// A user who is bound to some sites sees stations that were of these, and what the user has named.
void keep_own_parts(bulk_order& of, const domain::principal& who) {
  if (!who.sites) return;
  const auto is_own = [&](const bulk_part& part) {
    if (!part.site) return of.user_id == who.user_id;
    return std::ranges::find(*who.sites, domain::site_id{*part.site}) != who.sites->end();
  };
  std::erase_if(of.parts, [&](const bulk_part& each) { return !is_own(each); });
}

response show_bulk(const charge_point_source& source, const bulk_book& bulks,
                   const request& asked) {
  json::query_reader query{asked};
  const auto page = json::read_page(query);
  if (!query.faults().empty()) return query.problem_of(asked);
  auto* stations = source();
  if (stations == nullptr)
    return problem(503, "no gateway for stations runs in this process (--ocpp)", asked.path);
  auto found = bulks.find(asked.captured.back());
  if (found && asked.who) keep_own_parts(*found, *asked.who);
  if (!found || found->parts.empty())
    return problem(404, "order '" + asked.captured.back() + "' to many: not among the newest",
                   asked.path);
  json::page_writer list{page};
  for (const auto& each : found->parts)
    if (list.wants_next()) write_part(list.json(), *stations, each);
  const auto counts = counts_in(*stations, found->parts);
  return json_response(list.finish([&](text::json_writer& json) {
    json.member("id", found->number).member("order", found->name);
    json.member("asked_at", domain::text_of(found->asked_at));
    json.member("per_second", found->per_second).key("counts").begin_object();
    for (std::size_t i = 0; i + 1 < counts.size(); ++i)
      json.member(name_of(static_cast<ports::order_state>(i)), counts[i]);
    json.member("not_ordered", counts.back()).end_object();
    json.member("is_done", counts[0] + counts[1] == 0);
  }));
}

} // namespace

void add_bulk_orders(router& routes, const charge_point_source& source,
                     std::shared_ptr<bulk_book> bulks) {
  const std::string base = "/api/v1/chargepoints/bulk/";
  routes.add(method::post, base + "{order}", [source, bulks](const request& asked) {
    return take_bulk(source, *bulks, asked);
  });
  routes.add(method::get, base + "{n}", [source, bulks](const request& asked) {
    return show_bulk(source, *bulks, asked);
  });
}

} // namespace busbar::adapters::http::api
