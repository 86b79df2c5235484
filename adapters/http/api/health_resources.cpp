#include "adapters/http/api/resources.hpp"
#include "adapters/http/json/query_reader.hpp"
#include "text/json_writer.hpp"

#include <algorithm>

namespace busbar::adapters::http::api {

using namespace json;
using namespace server;

namespace {

void write_check(text::json_writer& json, const ports::health_check& check) {
  json.begin_object().member("name", check.name).member("is_critical", check.is_critical);
  json.member("is_passing", check.is_passing).member("message", check.message);
  json.member("took_us", check.took.count()).end_object();
}

response health_response(const std::vector<ports::health_check>& checks) {
  const auto fails = [](const auto& check) { return !check.is_passing; };
  const auto is_fatal = [](const auto& check) { return !check.is_passing && check.is_critical; };
  const bool is_unhealthy = std::any_of(checks.begin(), checks.end(), is_fatal);
  const bool is_degraded = std::any_of(checks.begin(), checks.end(), fails);
  text::json_writer json;
  json.begin_object();
  json.member("status", is_unhealthy ? "unhealthy" : is_degraded ? "degraded" : "healthy");
  json.key("checks").begin_array();
  for (const ports::health_check& each : checks) write_check(json, each);
  json.end_array().end_object();
  return json_response(json.take(), is_unhealthy ? 503 : 200);
}

response metrics_response(const std::string& text) {
  response answer = json_response(text);
  answer.content_type = "text/plain; version=0.0.4; charset=utf-8";
  return answer;
}

/// A handler for a path that takes no parameters.
template <class Answer> handler without_query(Answer answer) {
  return [answer](const request& asked) {
    const query_reader query{asked};
    return query.faults().empty() ? answer() : query.problem_of(asked);
  };
}

} // namespace

void add_health_resources(router& routes, const ports::engine_node& engine,
                          std::function<std::string()> metrics_text) {
  for (const char* path : {"/health", "/health/ready"})
    routes.add(method::get, path,
               without_query([&engine] { return health_response(engine.health_checks()); }));
  routes.add(method::get, "/health/live", without_query([] { return health_response({}); }));
  routes.add(method::get, "/metrics",
             without_query([text = std::move(metrics_text)] { return metrics_response(text()); }));
}

} // namespace busbar::adapters::http::api
