// How sites stand towards loss of input (SAFE-1): what is set, and what is in fallback now.

#include "adapters/http/api/constraint_status.hpp"
#include "adapters/http/api/ordering.hpp"
#include "adapters/http/api/resources.hpp"
#include "adapters/http/api/site_scope.hpp"
#include "adapters/http/json/body_reader.hpp"
#include "adapters/http/json/page_writer.hpp"
#include "adapters/http/json/view_json.hpp"
#include "control/stations/fallback.hpp"
#include "control/stations/station_power.hpp"
#include "domain/point_state.hpp"
#include "domain/time_text.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace busbar::adapters::http::api {

using namespace json;
using namespace server;

namespace {

constexpr std::array offline_actions{"maintain", "reduce", "stop"};
constexpr std::array modes{"controlling", "starting", "safe"};

template <class Rows, class Condition> auto count(const Rows& rows, Condition holds) {
  return std::count_if(rows.begin(), rows.end(), holds);
}

bool is_in_fallback(const domain::connector_view& connector) {
  return connector.because.which == domain::rule::fallback ||
         connector.because.which == domain::rule::input_lost;
}

void write_input(text::json_writer& json, const domain::site& topology) {
  const domain::input_settings& input = topology.input;
  json.member("when_stale", name_of(input.when_stale));
  json.member("stale_after_s", input.stale_after.count());
  json.member("hold_max_s", input.hold_max.count());
  json.member("cycles_max", static_cast<int>(input.cycles_max));
  json.member("cold_start", name_of(input.cold_start));
  json.member("lease_s", topology.lease.count());
}

void write_fallbacks(text::json_writer& json, const domain::site& topology) {
  json.key("fallbacks").begin_object();
  for (const auto action : {domain::fallback_action::maintain, domain::fallback_action::reduce,
                            domain::fallback_action::stop})
    json.member(name_of(action), count(topology.stations, [=](const auto& each) {
                  return control::stations::fallback_told(each).action == action;
                }));
  json.end_object();
}

/// "fail_safe" where the site is, "degraded" where one of its connectors is in its fallback.
const char* state_of(const domain::site_view& view) {
  if (view.mode == "safe") return "fail_safe";
  const auto& all = view.connectors;
  return std::any_of(all.begin(), all.end(), is_in_fallback) ? "degraded" : "normal";
}

void write_members(text::json_writer& json, const domain::site_view& view) {
  const domain::site& topology = *view.topology;
  json.member("state", state_of(view)).member("active", view.mode == "safe");
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

void write_connector(text::json_writer& json, const domain::site_view& view, std::size_t place) {
  const domain::connector_view& now = view.connectors[place];
  json.begin_object().member("connector", view.topology->connectors[place].id.text());
  json.member("is_stale", now.is_stale);
  write_time_or_null(json, "last_heard", now.last_heard);
  json.member("is_in_fallback", is_in_fallback(now));
  json.member("reserve_ma", now.reserved.count()).key("last_good").begin_object();
  json.member("current_ma", now.acknowledged.count());
  json.member("power_w", now.power.count());
  json.member("state", name_of(domain::reported_state(now)));
  write_time_or_null(json, "at", now.last_heard);
  json.end_object().end_object();
}

/// What has been configured of the station by API, or null.
void write_configured(text::json_writer& json, const domain::site& site,
                      const domain::station& station) {
  json.key("configured");
  const auto& told = station.told_when_lost;
  if (!told) return static_cast<void>(json.null());
  json.begin_object().key("safePowerLimit");
  std::optional<domain::watts> safe_power;
  for (const auto& each : site.configured->stations)
    if (each.station == station.id) safe_power = each.safe_power;
  if (safe_power) json.raw(kilowatts(*safe_power));
  else json.null();
  json.member("offlineAction", name_of(told->action));
  json.member("commTimeout", told->timeout.count() * 1'000);
  json.member("current_ma", told->current.count()).end_object();
}

void write_station(text::json_writer& json, const domain::site_view& view, std::size_t place) {
  const domain::station& station = view.topology->stations[place];
  json.begin_object().member("station", station.id.text()).key("fallback");
  write_fallback(json, control::stations::fallback_told(station));
  json.member("counted_ma", station.when_lost.current.count());
  write_configured(json, *view.topology, station);
  json.key("connectors").begin_array();
  for (std::uint32_t i = 0; i < station.connector_count; ++i)
    write_connector(json, view, station.first_connector.value() + i);
  json.end_array().end_object();
}

response list_fail_safe(const ports::engine_node& engine, const request& asked) {
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

response show_fail_safe(const ports::engine_node& engine, const request& asked) {
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
  return json_response(page.finish([&](text::json_writer& json) { write_members(json, view); }));
}

/// One station: what it does without a valid grant, and its last good configuration.
response show_station(const ports::engine_node& engine, const request& asked) {
  query_reader query{asked};
  const auto site = query.text("site");
  if (!query.faults().empty()) return query.problem_of(asked);
  const station_scope found = station_named(engine, site, asked.captured.front(), asked.path);
  if (found.refusal) return *found.refusal;
  text::json_writer json;
  write_station(json, *found.view, found.place);
  return json_response(json.take());
}

/// `safePowerLimit` in kW, `offlineAction`, `commTimeout` in ms.
domain::station_configuration read_fail_safe(body_reader& body) {
  constexpr std::int64_t watts_max = 10'000'000, ms_min = 5'000, ms_max = 86'400'000;
  domain::station_configuration wanted;
  if (const auto power = body.thousandths("safePowerLimit", 0, watts_max))
    wanted.safe_power = domain::watts{*power};
  if (const auto action = body.choice("offlineAction", offline_actions))
    wanted.action = *action == "maintain" ? domain::fallback_action::maintain
                    : *action == "stop"   ? domain::fallback_action::stop
                                          : domain::fallback_action::reduce;
  // A whole second less is a second earlier in the fallback.
  if (const auto timeout = body.number("commTimeout", ms_min, ms_max))
    wanted.timeout = domain::seconds{*timeout / 1'000};
  const bool is_empty = !wanted.safe_power && !wanted.action && !wanted.timeout;
  if (is_empty && !body.has("safePowerLimit") && !body.has("offlineAction"))
    body.refuse("safePowerLimit",
                        "missing; state safePowerLimit, offlineAction or commTimeout",
                        {"safePowerLimit", "offlineAction", "commTimeout"});
  return wanted;
}

/// More than the station's connectors give together would not be more than that.
std::string cap_safe_power(domain::station_configuration& wanted, const domain::site& site,
                           std::size_t place) {
  if (!wanted.safe_power) return {};
  const auto most = control::stations::power_max_of(site, domain::station_index{place});
  if (*wanted.safe_power <= most) return {};
  const auto asked = std::exchange(*wanted.safe_power, most);
  return "safePowerLimit " + kilowatts(asked) + " kW is above what " + wanted.station.text() +
         " gives at most: " + kilowatts(most) + " kW are kept";
}

/// What the site file states, or what was told before, goes on to count where that is more.
std::string text_of_counted(const domain::station_configuration& wanted, const domain::site& site,
                            std::size_t place) {
  if (!wanted.safe_power) return {};
  const domain::station_index index{place};
  const auto told = control::stations::safe_current_of(site, index, *wanted.safe_power);
  const auto counted = site.stations[place].when_lost.current;
  if (told >= counted) return {};
  return "once a grant has told it, " + wanted.station.text() + " falls back to " +
         std::to_string(told.count()) + " mA on each line; LIM-4 goes on counting " +
         std::to_string(counted.count()) +
         " mA, to which it may fall back until then and after its own restart";
}

void configure_station(ports::engine_node& engine, const request& asked, const responder& reply) {
  query_reader query{asked};
  const auto site = query.text("site");
  if (!query.faults().empty()) return reply(query.problem_of(asked));
  body_reader body{asked};
  auto wanted = read_fail_safe(body);
  if (auto refusal = body.refusal(asked)) return reply(*refusal);
  const station_scope found = station_named(engine, site, asked.captured.front(), asked.path);
  if (found.refusal) return reply(*found.refusal);
  const domain::site& topology = *found.view->topology;
  wanted.station = topology.stations[found.place].id;
  auto note = cap_safe_power(wanted, topology, found.place);
  if (note.empty()) note = text_of_counted(wanted, topology, found.place);
  text::json_writer json;
  json.begin_object().member("site", topology.id.text());
  json.member("at", domain::text_of(asked.received_at));
  json.member("station", wanted.station.text()).key("safePowerLimit");
  if (wanted.safe_power) json.raw(kilowatts(*wanted.safe_power));
  else json.null();
  json.member("note", note).end_object();
  const auto done = engine.configure(topology.id, {{}, {wanted}}, asked.by,
                                     when_kept(reply, asked, json_response(json.take(), 202)));
  if (!done) reply(problem(done.failure(), asked.path));
}

} // namespace

void add_fail_safe_resources(router& routes, ports::engine_node& engine) {
  for (const char* path :
       {"/api/v1/stations/{station}/fail-safe", "/api/stations/{station}/fail-safe"}) {
    routes.add(method::get, path,
               [&engine](const request& asked) { return show_station(engine, asked); });
    routes.add_late(method::post, path, [&engine](const request& asked, const responder& reply) {
      configure_station(engine, asked, reply);
    });
  }
  for (const char* path : {"/api/v1/fail-safe", "/api/fail-safe/status"})
    routes.add(method::get, path,
               [&engine](const request& asked) { return list_fail_safe(engine, asked); });
  routes.add(method::get, "/api/v1/sites/{site}/fail-safe",
             [&engine](const request& asked) { return show_fail_safe(engine, asked); });
}

} // namespace busbar::adapters::http::api
