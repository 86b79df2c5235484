// What bounds each node of a site, and the limits that operators and demand response set on one.

#include "adapters/http/api/constraint_status.hpp"
#include "adapters/http/api/node_configuration_body.hpp"
#include "adapters/http/api/node_kinds.hpp"
#include "adapters/http/api/ordering.hpp"
#include "adapters/http/api/resources.hpp"
#include "adapters/http/api/site_scope.hpp"
#include "adapters/http/json/body_reader.hpp"
#include "adapters/http/json/page_writer.hpp"
#include "adapters/http/json/view_json.hpp"
#include "domain/time_text.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <utility>

namespace busbar::adapters::http::api {

using namespace json;
using namespace server;

namespace {

/// What the routes of a kind call them, in A and kW.
constexpr std::array configuration_names{other_name{"maxCurrent", "limit_ma"},
                                         other_name{"maxPower", "limit_w"},
                                         other_name{"id", "node"}};
constexpr std::array kinds{"service", "transformer", "feeder", "panel"};
constexpr std::array counted{"everything", "chargers"};
constexpr std::array sources{"operator", "demand_response"};
constexpr std::int64_t value_max = 100'000'000;

void write_node(text::json_writer& json, const domain::site_view& view, std::size_t place) {
  const domain::node& node = view.topology->nodes[place];
  const domain::node_view& now = view.nodes[place];
  json.begin_object().member("site", view.topology->id.text());
  json.member("node", node.id.text()).member("name", node.name);
  json.member("kind", name_of(node.kind));
  write_lines(json, "limit_ma", now.limit_now);
  json.member("source", name_of(now.source)).key("sources").begin_array();
  for (const domain::limit& each : now.sources) write_limit(json, each);
  json.end_array().key("constraints").begin_array();
  for (const domain::node_constraint& each : view.constraints)
    if (each.node.value() == place) write_node_constraint(json, view, each);
  json.end_array();
  write_constraint_members(json, view, place);
  json.end_object();
}

response list_constraints(const ports::engine_node& engine, const request& asked,
                          const std::optional<std::string>& site, query_reader& query,
                          const std::string& kind) {
  page_writer page{read_page(query)};
  const auto node = query.text("node");
  if (!query.faults().empty()) return query.problem_of(asked);
  const site_scope scope = scope_of(engine, site, asked.path);
  if (scope.refusal) return *scope.refusal;
  const auto passes = [&](const domain::node& each) {
    return is_of_kind(each, kind) && (!node || each.id.text() == *node);
  };
  for (const shared_view& view : scope.views)
    for (std::size_t place = 0; place < view->nodes.size(); ++place)
      if (passes(view->topology->nodes[place]) && page.wants_next())
        write_node(page.json(), *view, place);
  return json_response(page.finish([&](text::json_writer& json) {
    json.key("sites").begin_array();
    for (const shared_view& view : scope.views) write_site_constraints(json, *view);
    json.end_array();
  }));
}

/// A body about one node of a site.
struct asked_constraint {
  std::shared_ptr<body_reader> body;
  site_scope scope;
  std::string kind;
};

/// What a body asks of one node.
struct constraint_wish {
  domain::limit_source source = domain::limit_source::site_operator;
  std::optional<domain::per_line<std::int64_t>> current;
  std::optional<std::int64_t> power;
  std::optional<domain::instant> from;
  std::optional<domain::instant> until;
  domain::counted_load counts = domain::counted_load::everything;
  std::optional<domain::guaranteed_minimum> guaranteed;
  bool lifts = false;

  [[nodiscard]] domain::operator_order order(domain::node_index node) const {
    if (lifts) return domain::lift_node_constraint{node, source};
    domain::node_constraint order{node, {source, {}, {}}, from.value_or(domain::instant{}), until};
    order.counts = counts;
    order.guaranteed = guaranteed;
    if (power) order.limit.power = domain::watts{*power};
    if (!current) return order;
    domain::per_line<domain::milliamperes> lines{};
    for (std::size_t i = 0; i < lines.size(); ++i) lines[i] = domain::milliamperes{(*current)[i]};
    order.limit.current = lines;
    return order;
  }
};

void refuse_times(body_reader& body, const constraint_wish& wish, domain::instant now) {
  if (wish.lifts && (wish.from || wish.until))
    body.refuse(wish.from ? "from" : "until", "a limit is lifted at once and for good");
  else if (wish.until && *wish.until <= std::max(now, wish.from.value_or(now)))
    body.refuse("until", domain::text_of(*wish.until) + "; allowed is a time later than now and " +
                             "than `from`");
}

/// What the chargers keep whatever is ordered.
std::optional<domain::guaranteed_minimum> read_guaranteed(body_reader& body) {
  if (!body.has("guaranteed_each_w")) {
    for (const auto* name : {"guaranteed_of_rated_permille", "guaranteed_simultaneity_permille"})
      if (body.has(name))
        body.refuse(name, "needs guaranteed_each_w beside it", {"guaranteed_each_w"});
    return std::nullopt;
  }
  domain::guaranteed_minimum minimum;
  minimum.each = domain::watts{body.number("guaranteed_each_w", 0, 10'000'000).value_or(0)};
  if (body.has("guaranteed_of_rated_permille"))
    minimum.of_rated =
        domain::permille{body.number("guaranteed_of_rated_permille", 0, 1'000).value_or(0)};
  if (body.has("guaranteed_simultaneity_permille"))
    minimum.simultaneity =
        domain::permille{body.number("guaranteed_simultaneity_permille", 0, 1'000).value_or(0)};
  return minimum;
}

constraint_wish read_wish(body_reader& body, const request& asked) {
  constraint_wish wish;
  const auto source = body.choice("source", sources);
  if (source == "demand_response") wish.source = domain::limit_source::demand_response;
  const bool is_stated = body.has("limit_ma") || body.has("limit_w");
  const bool has_current = body.has("limit_ma") && !body.is_null("limit_ma");
  const bool has_power = body.has("limit_w") && !body.is_null("limit_w");
  if (has_current) wish.current = body.lines("limit_ma", 0, value_max);
  if (has_power) wish.power = body.number("limit_w", 0, value_max);
  wish.lifts = is_stated && !has_current && !has_power;
  if (body.choice("counts", counted) == "chargers")
    wish.counts = domain::counted_load::chargers;
  wish.guaranteed = read_guaranteed(body);
  wish.from = body.time("from");
  wish.until = body.time("until");
  if (!is_stated)
    body.refuse("limit_ma", "missing; state limit_ma or limit_w, null lifts",
                        {"limit_ma", "limit_w"});
  refuse_times(body, wish, asked.received_at);
  return wish;
}

/// The node that is named, or the only one of its kind.
std::optional<domain::node_index> read_node(body_reader& body, const domain::site& site,
                                            const std::string& kind) {
  const auto wanted = body.id("node");
  std::vector<std::size_t> found;
  std::vector<std::string> names;
  for (std::size_t place = 0; place < site.nodes.size(); ++place) {
    const domain::node& each = site.nodes[place];
    if (!is_of_kind(each, kind)) continue;
    names.push_back(each.id.text());
    if (!wanted || each.id.text() == *wanted) found.push_back(place);
  }
  if (found.size() == 1 && (wanted || !kind.empty())) return domain::node_index{found.front()};
  refuse_node(body, wanted, "node", names);
  return std::nullopt;
}

text::json_writer receipt_of(const domain::site_view& view, domain::node_index node,
                       const constraint_wish& wish, domain::instant at,
                       const std::optional<domain::fallback_load>& if_engine_stops) {
  text::json_writer json;
  json.begin_object().member("site", view.topology->id.text());
  json.member("at", domain::text_of(at));
  json.member("node", view.topology->nodes[node.value()].id.text());
  json.member("source", name_of(wish.source)).member("is_lifted", wish.lifts).key("limit_ma");
  if (wish.current) {
    json.begin_array();
    for (const std::int64_t each : *wish.current) json.value(each);
    json.end_array();
  } else {
    json.null();
  }
  json.key("limit_w");
  if (wish.power) json.value(*wish.power);
  else json.null();
  write_time_or_null(json, "from", wish.from.value_or(domain::instant{}));
  write_time_or_null(json, "until", wish.until.value_or(domain::instant{}));
  json.member("counts", name_of(wish.counts));
  write_guaranteed(json, wish.guaranteed);
  write_if_engine_stops(json, if_engine_stops, wish.until);
  json.end_object();
  return json;
}

void constrain(ports::engine_node& engine, const request& asked, const responder& reply,
               const asked_constraint& of) {
  constraint_wish wish = read_wish(*of.body, asked);
  std::optional<domain::node_index> node;
  if (of.scope.refusal) static_cast<void>(of.body->id("node"));
  else node = read_node(*of.body, *of.scope.views.front()->topology, of.kind);
  if (auto refusal = of.body->refusal(asked)) return reply(*std::move(refusal));
  if (of.scope.refusal) return reply(*of.scope.refusal);
  if (!wish.lifts && !wish.from) wish.from = asked.received_at;
  const auto view = of.scope.views.front();
  const ordering order{view->topology, {{wish.order(*node), {}, {}}}, asked, of.body};
  give(engine, order, reply,
       [view, node = *node, wish, at = asked.received_at](const taken_orders& taken) {
         auto json = receipt_of(*view, node, wish, at, taken.front().if_engine_stops);
         return json_response(json.take(), 202);
       });
}

/// `wanted` and where the node hangs, as one entry.
void add(domain::site_configuration& change, domain::node_configuration wanted) {
  for (auto& each : change.nodes) {
    if (each.node != wanted.node) continue;
    wanted.kind = each.kind;
    wanted.parent = each.parent;
    each = std::move(wanted);
    return;
  }
  change.nodes.push_back(std::move(wanted));
}

response configuration_receipt(const domain::site& site, const configured_node& node,
                               const domain::site_configuration& change, domain::instant at) {
  text::json_writer json;
  json.begin_object().member("site", site.id.text());
  json.member("at", domain::text_of(at)).member("node", node.id.text());
  json.member("has_meter", node.place && site.nodes[node.place->value()].has_meter);
  json.key("configured");
  for (const auto& each : change.nodes)
    if (each.node == node.id) write_configuration(json, each);
  json.key("moved").begin_array();
  for (const auto& each : change.nodes)
    if (each.parent && each.node != node.id) json.value(each.node.text());
  for (const auto& each : change.stations) json.value(each.station.text());
  json.end_array();
  json.end_object();
  return json_response(json.take(), 202);
}

/// A revision of the site.
void configure(ports::engine_node& engine, const request& asked, const responder& reply,
               const asked_constraint& of) {
  const auto& [shared, scope, kind] = of;
  auto& body = *shared;
  if (scope.refusal) {
    static_cast<void>(read_configuration(body, kind));
    leave_tree_unread(body);
    if (auto refusal = body.refusal(asked)) return reply(*refusal);
    return reply(*scope.refusal);
  }
  const domain::site& site = *scope.views.front()->topology;
  const auto node = read_configured_node(body, site, kind);
  domain::node_configuration wanted = read_configuration(body, kind);
  if (!node) leave_tree_unread(body);
  const auto supply = node ? check_supply(body, site, kind) : domain::result<void>{};
  const auto wish = node ? read_tree(body, *node, kind) : domain::tree_wish{};
  if (auto refusal = body.refusal(asked)) return reply(*refusal);
  if (!supply) return reply(problem(supply.failure(), asked.path));
  auto change = engine.moves_of(site.id, wish);
  if (!change) {
    const auto& why = change.failure();
    const bool is_unknown = why.code == domain::errc::unknown_reference;
    return reply(problem({why.code, why.message + (is_unknown ? meant_place(wish, site) : "")},
                         asked.path));
  }
  wanted.node = node->id;
  add(change.value(), std::move(wanted));
  auto receipt = configuration_receipt(site, *node, change.value(), asked.received_at);
  const auto done = engine.configure(site.id, change.value(), asked.by,
                                     when_kept(reply, asked, std::move(receipt)));
  if (!done) reply(problem(done.failure(), asked.path));
}

void add_whole_site(router& routes, ports::engine_node& engine) {
  const std::string path = "/api/v1/sites/{site}/site-constraints";
  routes.add(method::get, path, [&engine](const request& asked) {
    query_reader query{asked};
    const std::string kind = query.choice("kind", kinds).value_or("");
    return list_constraints(engine, asked, asked.captured.front(), query, kind);
  });
  routes.add_late(method::post, path, [&engine](const request& asked, const responder& reply) {
    constrain(engine, asked, reply,
              {std::make_shared<body_reader>(asked, configuration_names),
               scope_of(engine, asked.captured.front(), asked.path), ""});
  });
  routes.add(method::get, "/api/site-constraints/status", [&engine](const request& asked) {
    query_reader query{asked};
    const auto site = query.text("site");
    const std::string kind = query.choice("kind", kinds).value_or("");
    return list_constraints(engine, asked, site, query, kind);
  });
}

void add_kind(router& routes, ports::engine_node& engine, const std::string& kind) {
  const std::string path = "/api/site-constraints/" + kind;
  routes.add(method::get, path, [&engine, kind](const request& asked) {
    query_reader query{asked};
    const auto site = query.text("site");
    return list_constraints(engine, asked, site, query, kind);
  });
  const auto post = [&engine, kind](const request& asked, const responder& reply) {
    const auto body = std::make_shared<body_reader>(asked);
    const site_scope scope = one_site(engine, body->id("site"), asked.path);
    if (is_configuration(*body)) return configure(engine, asked, reply, {body, scope, kind});
    constrain(engine, asked, reply, {body, scope, kind});
  };
  routes.add_late(method::post, path, post);
}

} // namespace

void add_constraint_resources(router& routes, ports::engine_node& engine) {
  add_whole_site(routes, engine);
  for (const char* kind : {"service", "feeder", "transformer"}) add_kind(routes, engine, kind);
}

} // namespace busbar::adapters::http::api
