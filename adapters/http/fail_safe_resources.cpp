// How sites stand towards loss of input (SAFE-1): what is set, and what is in fallback now.

#include "adapters/http/page_writer.hpp"
#include "adapters/http/resources.hpp"
#include "adapters/http/site_scope.hpp"
#include "adapters/http/view_json.hpp"

#include <algorithm>
#include <array>

namespace busbar::adapters::http {

namespace {

constexpr std::array modes{"controlling", "starting", "safe"};

template <class Rows, class Condition> auto count(const Rows& rows, Condition holds) {
  return std::count_if(rows.begin(), rows.end(), holds);
}

bool is_in_fallback(const domain::connector_view& connector) {
  return connector.because.which == domain::rule::fallback ||
         connector.because.which == domain::rule::input_lost;
}

void write_input(json_writer& json, const domain::site& topology) {
  const domain::input_settings& input = topology.input;
  json.member("when_stale", name_of(input.when_stale));
  json.member("stale_after_s", input.stale_after.count());
  json.member("hold_max_s", input.hold_max.count());
  json.member("cycles_max", static_cast<int>(input.cycles_max));
  json.member("cold_start", name_of(input.cold_start));
  json.member("lease_s", topology.lease.count());
}

void write_fallbacks(json_writer& json, const domain::site& topology) {
  json.key("fallbacks").begin_object();
  for (const auto action : {domain::fallback_action::maintain, domain::fallback_action::reduce,
                            domain::fallback_action::stop})
    json.member(name_of(action), count(topology.stations, [=](const auto& each) {
                  return each.when_lost.action == action;
                }));
  json.end_object();
}

void write_members(json_writer& json, const domain::site_view& view) {
  const domain::site& topology = *view.topology;
  json.member("site", topology.id.text()).member("mode", view.mode);
  json.member("mode_because", view.mode_because);
  write_input(json, topology);
  json.member("stale_connectors",
              count(view.connectors, [](const auto& each) { return each.is_stale; }));
  json.member("stale_meters",
              count(view.nodes, [](const auto& each) { return each.is_meter_stale; }));
  json.member("connectors_in_fallback", count(view.connectors, is_in_fallback));
  write_fallbacks(json, topology);
}

void write_connector(json_writer& json, const domain::site_view& view, std::size_t place) {
  const domain::connector_view& now = view.connectors[place];
  json.begin_object().member("connector", view.topology->connectors[place].id.text());
  json.member("is_stale", now.is_stale);
  write_time_or_null(json, "last_heard", now.last_heard);
  json.member("is_in_fallback", is_in_fallback(now));
  json.member("reserve_ma", now.reserved.count()).end_object();
}

void write_station(json_writer& json, const domain::site_view& view, std::size_t place) {
  const domain::station& station = view.topology->stations[place];
  json.begin_object().member("station", station.id.text()).key("fallback");
  write_fallback(json, station.when_lost);
  json.key("connectors").begin_array();
  for (std::uint32_t i = 0; i < station.connector_count; ++i)
    write_connector(json, view, station.first_connector.value() + i);
  json.end_array().end_object();
}

response list_fail_safe(const actors::engine_port& engine, const request& asked) {
  query_reader query{asked};
  page_writer page{read_page(query)};
  const auto site = query.text("site");
  const auto mode = query.choice("mode", modes);
  if (!query.faults().empty()) return query.problem_of(asked);
  const site_scope scope = scope_of(engine, site, asked.path);
  if (scope.refusal) return *scope.refusal;
  for (const shared_view& view : scope.views) {
    if ((mode && view->mode != *mode) || !page.wants_next()) continue;
    page.json().begin_object();
    write_members(page.json(), *view);
    page.json().end_object();
  }
  return json_response(page.finish());
}

response show_fail_safe(const actors::engine_port& engine, const request& asked) {
  query_reader query{asked};
  page_writer page{read_page(query)};
  const auto wanted = query.truth("in_fallback");
  if (!query.faults().empty()) return query.problem_of(asked);
  const site_scope scope = scope_of(engine, asked.captured.front(), asked.path);
  if (scope.refusal) return *scope.refusal;
  const domain::site_view& view = *scope.views.front();
  const auto passes = [&](const domain::station& station) {
    const auto first = view.connectors.begin() + station.first_connector.value();
    return !wanted || *wanted == std::any_of(first, first + station.connector_count,
                                             is_in_fallback);
  };
  for (std::size_t place = 0; place < view.stations.size(); ++place)
    if (passes(view.topology->stations[place]) && page.wants_next())
      write_station(page.json(), view, place);
  return json_response(page.finish([&](json_writer& json) { write_members(json, view); }));
}

} // namespace

void add_fail_safe_resources(router& routes, const actors::engine_port& engine) {
  for (const char* path : {"/api/v1/fail-safe", "/api/fail-safe/status"})
    routes.add(method::get, path,
               [&engine](const request& asked) { return list_fail_safe(engine, asked); });
  routes.add(method::get, "/api/v1/sites/{site}/fail-safe",
             [&engine](const request& asked) { return show_fail_safe(engine, asked); });
}

} // namespace busbar::adapters::http
