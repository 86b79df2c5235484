#include "adapters/http/api/resources.hpp"
#include "adapters/http/api/site_scope.hpp"
#include "adapters/http/json/page_writer.hpp"
#include "adapters/http/json/view_json.hpp"
#include "domain/time_text.hpp"

#include <array>

namespace busbar::adapters::http::api {

using namespace json;
using namespace server;

namespace {

constexpr std::array positions{"closed", "open", "half-open"};

/// The position in the load manager's own words.
const char* state_of(domain::breaker_position position) {
  switch (position) {
  case domain::breaker_position::closed: return "CLOSED";
  case domain::breaker_position::open: return "OPEN";
  case domain::breaker_position::half_open: return "HALF_OPEN";
  default: return "UNSPECIFIED";
  }
}

void write(text::json_writer& json, const std::string& site, const domain::breaker_view& breaker) {
  json.begin_object().member("site", site).member("actor", breaker.actor);
  json.member("guards", breaker.guards).member("position", name_of(breaker.position));
  json.member("state", state_of(breaker.position));
  json.member("failures", breaker.failures).member("calls", breaker.calls);
  json.member("times_opened", breaker.times_opened);
  write_time_or_null(json, "changed_at", breaker.changed_at);
  json.end_object();
}

void write(text::json_writer& json, const std::optional<domain::input_watch_view>& input) {
  json.key("input");
  if (!input) {
    json.null();
    return;
  }
  json.begin_object().member("expects", input->expects).member("every_us", input->every.count());
  write_time_or_null(json, "last_seen", input->last_seen);
  json.member("is_overdue", input->is_overdue).end_object();
}

void write(text::json_writer& json, const std::string& site,
           const domain::watchdog_view& watchdog) {
  json.begin_object().member("site", site).member("actor", watchdog.actor);
  json.member("expects", watchdog.expects).member("every_us", watchdog.every.count());
  json.member("last_seen", domain::text_of(watchdog.last_seen));
  json.member("is_overdue", watchdog.is_overdue).member("restarts", watchdog.restarts);
  write(json, watchdog.input);
  json.end_object();
}

/// The node's own, then every site's; `of_site` names the table of a snapshot.
template <class View, class Passes>
response list(const ports::engine_node& engine, const request& asked, query_reader& query,
              std::vector<View> of_node, std::vector<View> domain::site_view::*of_site,
              Passes passes) {
  page_writer page{read_page(query)};
  const auto site = query.text("site");
  const auto part = query.text("q");
  if (!query.faults().empty()) return query.problem_of(asked);
  const site_scope scope = scope_of(engine, site, asked.path);
  if (scope.refusal) return *scope.refusal;
  const auto add = [&](const std::string& owner, const std::vector<View>& views) {
    for (const View& each : views)
      if (passes(each) && (!part || contains_any_case(each.actor, *part)) && page.wants_next())
        write(page.json(), owner, each);
  };
  if (!site) add("", of_node);
  for (const shared_view& view : scope.views) add(view->topology->id.text(), (*view).*of_site);
  return json_response(page.finish());
}

response list_breakers(const ports::engine_node& engine, const request& asked) {
  query_reader query{asked};
  const auto position = query.choice("position", positions);
  return list(engine, asked, query, engine.node_breakers(), &domain::site_view::breakers,
              [&](const auto& each) { return !position || *position == name_of(each.position); });
}

response list_watchdogs(const ports::engine_node& engine, const request& asked) {
  query_reader query{asked};
  const auto overdue = query.truth("overdue");
  return list(engine, asked, query, engine.node_watchdogs(), &domain::site_view::watchdogs,
              [&](const auto& each) {
                const bool is_input = each.input && each.input->is_overdue;
                return !overdue || *overdue == (each.is_overdue || is_input);
              });
}

} // namespace

void add_supervision_resources(router& routes, const ports::engine_node& engine) {
  for (const char* path : {"/api/v1/circuit-breakers", "/api/circuit-breakers"})
    routes.add(method::get, path,
               [&engine](const request& asked) { return list_breakers(engine, asked); });
  for (const char* path : {"/api/v1/watchdogs", "/api/watchdogs"})
    routes.add(method::get, path,
               [&engine](const request& asked) { return list_watchdogs(engine, asked); });
}

} // namespace busbar::adapters::http::api
