#include "adapters/http/api/resources.hpp"
#include "adapters/http/api/site_scope.hpp"
#include "adapters/http/json/page_writer.hpp"
#include "adapters/http/json/view_json.hpp"
#include "domain/time_text.hpp"

#include <algorithm>
#include <array>

namespace busbar::adapters::http::api {

using namespace json;
using namespace server;

namespace {

constexpr std::array modes{"controlling", "starting", "safe"};
constexpr std::array severities{"info", "warning", "critical"};

template <class Condition>
std::size_t count_connectors(const domain::site_view& view, Condition holds) {
  return static_cast<std::size_t>(
      std::count_if(view.connectors.begin(), view.connectors.end(), holds));
}

void write_counts(text::json_writer& json, const domain::site_view& view) {
  using domain::connector_state;
  const auto in_state = [&](connector_state state) {
    return count_connectors(view, [=](const auto& each) { return each.state == state; });
  };
  json.member("stations", view.stations.size()).member("connectors", view.connectors.size());
  json.member("supplying", in_state(connector_state::supplying));
  json.member("faulted", in_state(connector_state::faulted));
  json.member("stale", count_connectors(view, [](const auto& each) { return each.is_stale; }));
  json.member("sessions", view.sessions.size()).member("violations", view.violations.size());
}

/// The name of the engine node that answers, as its own actor bears it; empty before that stands.
std::string node_name(const ports::engine_node& engine) {
  constexpr std::string_view kind{"engine:"};
  for (const domain::watchdog_view& each : engine.node_watchdogs())
    if (each.actor.starts_with(kind)) return each.actor.substr(kind.size());
  return {};
}

/// The least of what limits the service's power as a whole; absent: nothing does.
std::optional<domain::watts> allowed_power(const domain::node_view& service) {
  std::optional<domain::watts> least;
  for (const domain::limit& each : service.sources)
    if (each.power && (!least || *each.power < *least)) least = each.power;
  return least;
}

/// All that flows at the service against all that may.
void write_service_load(text::json_writer& json, const domain::site_view& view) {
  const domain::node_view& service = view.nodes.front();
  write_lines(json, "allowed_ma", service.allowed);
  write_lines(json, "unmanaged_ma", service.unmanaged);
  if (const auto power = allowed_power(service)) json.member("allowed_w", power->count());
  else json.null_member("allowed_w");
  json.member("has_meter", view.topology->nodes.front().has_meter);
  json.member("is_meter_stale", service.is_meter_stale);
}

/// What makes one site worse than another.
void write_troubles(text::json_writer& json, const domain::site_view& view) {
  json.member("meters_lost", std::ranges::count_if(view.nodes, &domain::node_view::is_meter_stale));
  json.member("shedding_level", view.shedding.level);
  const auto worst = std::ranges::max_element(view.violations, {}, &domain::violation::level);
  if (worst == view.violations.end()) json.null_member("worst_violation");
  else json.member("worst_violation", name_of(worst->level));
}

void write_summary_members(text::json_writer& json, const domain::site_view& view,
                           const std::string& owner) {
  const domain::site& topology = *view.topology;
  const domain::node_view& service = view.nodes.front();
  json.member("site", topology.id.text()).member("name", topology.name);
  json.member("at", domain::text_of(view.at)).member("topology", topology_text(topology));
  json.member("mode", view.mode).member("mode_because", view.mode_because);
  json.member("policy", name_of(topology.split)).member("currency", topology.currency);
  json.member("price_per_kwh_micro", topology.price_per_kwh.count());
  json.member("time_zone", topology.zone.name);
  json.member("nominal_mv", topology.nominal.count()).member("owner", owner);
  json.member("epoch", view.owner);
  json.member("plan_number", view.plan_number).member("plan_us", view.plan_time.count());
  write_counts(json, view);
  json.member("power_w", service.power.count());
  write_lines(json, "limit_ma", service.limit_now);
  json.member("source", name_of(service.source));
  write_lines(json, "reserved_ma", service.reserved);
  write_lines(json, "measured_ma", service.measured);
  write_service_load(json, view);
  write_troubles(json, view);
}

const char* winding_name(domain::winding connection) {
  switch (connection) {
  case domain::winding::wye_wye: return "wye-wye";
  case domain::winding::delta_wye: return "delta-wye";
  default: return "unspecified";
  }
}

void write_transformer(text::json_writer& json, const domain::node& node) {
  if (!node.transformer) {
    json.null_member("transformer");
    return;
  }
  const domain::transformer_data& data = *node.transformer;
  json.key("transformer").begin_object().member("rated_va", data.rated.count());
  json.member("winding", winding_name(data.connection));
  if (data.primary) json.member("primary_mv", data.primary->count());
  else json.null_member("primary_mv");
  json.member("secondary_mv", data.secondary.count()).end_object();
}

void write_node(text::json_writer& json, const domain::site_view& view, std::size_t place) {
  const domain::site& topology = *view.topology;
  const domain::node& node = topology.nodes[place];
  json.begin_object().member("node", node.id.text()).member("name", node.name);
  json.member("kind", name_of(node.kind));
  if (node.parent) json.member("parent", topology.nodes[node.parent->value()].id.text());
  else json.null_member("parent");
  json.member("has_meter", node.has_meter);
  write_transformer(json, node);
  write_node_members(json, view, place);
  json.end_object();
}

void write_plan_nodes(text::json_writer& json, const domain::site_view& view) {
  json.key("nodes").begin_array();
  for (std::size_t place = 0; place < view.nodes.size(); ++place) {
    const domain::node_view& node = view.nodes[place];
    json.begin_object().member("node", view.topology->nodes[place].id.text());
    write_lines(json, "limit_ma", node.limit_now);
    json.member("source", name_of(node.source));
    write_lines(json, "reserved_ma", node.reserved);
    json.end_object();
  }
  json.end_array();
}

void write_grant(text::json_writer& json, const domain::site_view& view, std::size_t place) {
  const domain::site& topology = *view.topology;
  const domain::connector& connector = topology.connectors[place];
  const domain::connector_view& now = view.connectors[place];
  json.begin_object().member("connector", connector.id.text());
  json.member("station", topology.stations[connector.station.value()].id.text());
  json.member("target_ma", now.target.count()).member("grant_ma", now.granted.count());
  json.member("reserve_ma", now.reserved.count());
  write_why(json, topology, now);
  json.end_object();
}

void write_grants(text::json_writer& json, const domain::site_view& view, page_bounds bounds) {
  const std::size_t count = view.connectors.size();
  const std::size_t end = std::min<std::size_t>(count, bounds.offset + bounds.limit);
  json.key("grants").begin_array();
  for (std::size_t place = bounds.offset; place < end; ++place) write_grant(json, view, place);
  json.end_array().key("violations").begin_array();
  for (const domain::violation& each : view.violations) write_violation(json, each);
  json.end_array().key("next");
  if (end < count) json.value(std::to_string(end));
  else json.null();
}

response list_sites(const ports::engine_node& engine, const request& asked) {
  query_reader query{asked};
  page_writer page{read_page(query)};
  const auto part = query.text("q");
  const auto mode = query.choice("mode", modes);
  if (!query.faults().empty()) return query.problem_of(asked);
  const std::string owner = node_name(engine);
  for (const shared_view& view : scope_of(engine, std::nullopt, asked.path).views) {
    const domain::site& topology = *view->topology;
    const bool is_named = !part || contains_any_case(topology.id.text(), *part) ||
                          contains_any_case(topology.name, *part);
    if (!is_named || (mode && view->mode != *mode) || !page.wants_next()) continue;
    page.json().begin_object();
    write_summary_members(page.json(), *view, owner);
    page.json().end_object();
  }
  return json_response(page.finish());
}

response show_site(const ports::engine_node& engine, const request& asked) {
  const query_reader query{asked};
  if (!query.faults().empty()) return query.problem_of(asked);
  const site_scope scope = scope_of(engine, asked.captured.front(), asked.path);
  if (scope.refusal) return *scope.refusal;
  const domain::site_view& view = *scope.views.front();
  text::json_writer json;
  json.begin_object();
  write_summary_members(json, view, node_name(engine));
  json.member("faults_allowed", engine.allows_faults());
  json.key("nodes").begin_array();
  for (std::size_t place = 0; place < view.nodes.size(); ++place) write_node(json, view, place);
  json.end_array().end_object();
  return json_response(json.take());
}

response show_plan(const ports::engine_node& engine, const request& asked) {
  query_reader query{asked};
  const page_bounds bounds = read_page(query);
  if (!query.faults().empty()) return query.problem_of(asked);
  const site_scope scope = scope_of(engine, asked.captured.front(), asked.path);
  if (scope.refusal) return *scope.refusal;
  const domain::site_view& view = *scope.views.front();
  text::json_writer json;
  json.begin_object().member("site", view.topology->id.text());
  json.member("now", domain::text_of(view.at));
  json.member("policy", name_of(view.topology->split)).member("epoch", view.owner);
  json.member("plan_number", view.plan_number).member("plan_us", view.plan_time.count());
  write_plan_nodes(json, view);
  write_grants(json, view, bounds);
  json.end_object();
  return json_response(json.take());
}

struct violation_filter {
  std::optional<std::string> severity;
  std::optional<std::string> subject;
  std::optional<std::string> part;
  std::optional<domain::instant> since;

  [[nodiscard]] bool passes(const domain::violation& violation) const {
    if (severity && *severity != name_of(violation.level)) return false;
    if (subject && violation.subject != *subject) return false;
    if (since && violation.since < *since) return false;
    return !part || contains_any_case(violation.subject, *part) ||
           contains_any_case(violation.what, *part);
  }
};

response list_violations(const ports::engine_node& engine, const request& asked) {
  query_reader query{asked};
  page_writer page{read_page(query)};
  const auto site = query.text("site");
  const violation_filter filter{query.choice("severity", severities), query.text("subject"),
                                query.text("q"), query.time("since")};
  if (!query.faults().empty()) return query.problem_of(asked);
  const site_scope scope = scope_of(engine, site, asked.path);
  if (scope.refusal) return *scope.refusal;
  const auto show = [&](const domain::site_view& view, const domain::violation& violation) {
    if (!filter.passes(violation) || !page.wants_next()) return;
    page.json().begin_object().member("site", view.topology->id.text());
    write_violation_members(page.json(), violation);
    page.json().end_object();
  };
  for (const shared_view& view : scope.views)
    for (const domain::violation& each : view->violations) show(*view, each);
  return json_response(page.finish());
}

} // namespace

void add_site_resources(router& routes, const ports::engine_node& engine) {
  const auto with_engine = [&engine](auto handle) {
    return [&engine, handle](const request& asked) { return handle(engine, asked); };
  };
  routes.add(method::get, "/api/v1/sites", with_engine(list_sites));
  routes.add(method::get, "/api/v1/sites/{site}", with_engine(show_site));
  routes.add(method::get, "/api/v1/sites/{site}/plan", with_engine(show_plan));
  routes.add(method::get, "/api/v1/violations", with_engine(list_violations));
}

} // namespace busbar::adapters::http::api
