// How well stations keep to what they were told.

#include "adapters/http/api/resources.hpp"
#include "adapters/http/api/site_scope.hpp"
#include "adapters/http/json/page_writer.hpp"
#include "adapters/http/json/view_json.hpp"
#include "domain/time_text.hpp"

#include <algorithm>
#include <cstdlib>

namespace busbar::adapters::http::api {

using namespace json;
using namespace server;

namespace {

struct site_tracking {
  std::int64_t sum = 0;
  std::int64_t sum_of_sizes = 0;
  std::int64_t count = 0;
};

site_tracking tracking_of(const domain::site_view& view) {
  site_tracking all;
  for (const domain::connector_view& each : view.connectors) {
    if (!each.tracking_error) continue;
    all.sum += each.tracking_error->count();
    all.sum_of_sizes += std::abs(each.tracking_error->count());
    ++all.count;
  }
  return all;
}

void write_mean(text::json_writer& json, const char* name, std::int64_t sum, std::int64_t count) {
  if (count == 0) json.null_member(name);
  else json.member(name, sum / count);
}

void write_site(text::json_writer& json, const domain::site_view& view) {
  const site_tracking all = tracking_of(view);
  json.begin_object().member("site", view.topology->id.text());
  json.member("at", domain::text_of(view.at));
  json.member("window_samples", view.topology->tracking_window);
  json.member("connectors", all.count);
  write_mean(json, "mean_ma", all.sum, all.count);
  write_mean(json, "mean_size_ma", all.sum_of_sizes, all.count);
  json.end_object();
}

void write_connector(text::json_writer& json, const domain::site_view& view, std::size_t place) {
  const domain::connector& connector = view.topology->connectors[place];
  const domain::connector_view& now = view.connectors[place];
  json.begin_object().member("site", view.topology->id.text());
  json.member("station", view.topology->stations[connector.station.value()].id.text());
  json.member("connector", connector.id.text()).member("setpoint_ma", now.acknowledged.count());
  json.member("actual_ma", std::max_element(now.drawn.begin(), now.drawn.end())->count());
  json.key("tracking_error_ma");
  if (now.tracking_error) json.value(now.tracking_error->count());
  else json.null();
  json.member("samples", now.tracking_samples).member("escalation", name_of(now.step));
  json.end_object();
}

response list_tracking(const ports::engine_node& engine, const request& asked,
                       const std::optional<std::string>& site, query_reader& query) {
  page_writer page{read_page(query)};
  const auto station = query.text("station");
  if (!query.faults().empty()) return query.problem_of(asked);
  const site_scope scope = scope_of(engine, site, asked.path);
  if (scope.refusal) return *scope.refusal;
  const auto passes = [&](const domain::site_view& view, std::size_t place) {
    const auto index = view.topology->connectors[place].station.value();
    return !station || view.topology->stations[index].id.text() == *station;
  };
  for (const shared_view& view : scope.views)
    for (std::size_t place = 0; place < view->connectors.size(); ++place)
      if (passes(*view, place) && page.wants_next()) write_connector(page.json(), *view, place);
  return json_response(page.finish([&](text::json_writer& json) {
    json.key("sites").begin_array();
    for (const shared_view& view : scope.views) write_site(json, *view);
    json.end_array();
  }));
}

} // namespace

void add_tracking_resources(router& routes, const ports::engine_node& engine) {
  routes.add(method::get, "/api/v1/sites/{site}/tracking-error", [&engine](const request& asked) {
    query_reader query{asked};
    return list_tracking(engine, asked, asked.captured.front(), query);
  });
  routes.add(method::get, "/api/metrics/tracking-error", [&engine](const request& asked) {
    query_reader query{asked};
    const auto site = query.text("site");
    return list_tracking(engine, asked, site, query);
  });
}

} // namespace busbar::adapters::http::api
