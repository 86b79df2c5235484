// What stations can do: their profiles, whether a setpoint fits, which profile a report fits.

#include "adapters/http/api/ordering.hpp"
#include "adapters/http/api/resources.hpp"
#include "adapters/http/api/site_scope.hpp"
#include "adapters/http/api/station_profile.hpp"
#include "adapters/http/json/body_reader.hpp"
#include "adapters/http/json/page_writer.hpp"
#include "adapters/http/json/query_reader.hpp"
#include "adapters/http/json/view_json.hpp"
#include "control/stations/connector_profile.hpp"
#include "control/stations/discovery.hpp"
#include "text/json_writer.hpp"
#include "text/suggestion.hpp"

#include <algorithm>
#include <array>

namespace busbar::adapters::http::api {

using namespace json;
using namespace server;

namespace {

namespace stations = control::stations;

constexpr std::uint64_t value_max = 2'000'000;

void write_capability(text::json_writer& json, const stations::capability& profile) {
  json.begin_object().member("name", profile.name).member("standard", profile.standard);
  json.member("kind", text_of(profile.kind)).member("line_count", profile.line_count);
  json.member("min_mv", profile.voltage_min.count()).member("max_mv", profile.voltage_max.count());
  json.member("min_ma", profile.current_min.count()).member("max_ma", profile.current_max.count());
  json.member("min_w", profile.power_min.count()).member("max_w", profile.power_max.count());
  json.member("step_ma", profile.step.count());
  json.member("is_bidirectional", profile.is_bidirectional);
  json.member("can_switch_phases", profile.can_switch_phases);
  json.member("has_smart_charging", profile.has_smart_charging).end_object();
}

template <class Quantity>
std::optional<Quantity> read(query_reader& query, const char* name) {
  const auto value = query.number(name, 0, value_max);
  return value ? std::optional{Quantity{static_cast<std::int64_t>(*value)}} : std::nullopt;
}

stations::setpoint read_setpoint(query_reader& query) {
  stations::setpoint wish;
  wish.current = read<domain::milliamperes>(query, "current_ma");
  wish.power = read<domain::watts>(query, "power_w");
  wish.voltage = read<domain::millivolts>(query, "voltage_mv");
  if (const auto lines = query.number("lines", 1, 3)) wish.lines = static_cast<int>(*lines);
  return wish;
}

void write_verdict(text::json_writer& json, const stations::capability& profile,
                   const stations::setpoint& wish) {
  const auto faults = stations::validate(profile, wish);
  json.begin_object().member("fits", faults.empty()).key("faults").begin_array();
  for (const stations::setpoint_fault& each : faults) {
    json.begin_object().member("field", each.field).member("value", each.value);
    json.member("low", each.low).member("high", each.high).member("text", each.text());
    json.end_object();
  }
  json.end_array().key("recommended_ma");
  if (wish.current) json.value(stations::recommended_current(profile, *wish.current).count());
  else json.null();
  json.end_object();
}

/// The station's profile, narrowed to its first connector: a recommended setpoint is never above
/// what that can carry. Absent where the station states none.
std::optional<stations::capability> narrowed_to_station(const domain::site& site,
                                                        const domain::station& station) {
  if (stations::find_capability(site, station.capability) == nullptr) return std::nullopt;
  return stations::profile_of(site, site.connectors[station.first_connector.value()]);
}

response show_capabilities(const ports::engine_node& engine, const request& asked) {
  query_reader query{asked};
  const auto site = query.text("site");
  const auto wanted = query.choice("feature", feature_names);
  const stations::setpoint wish = read_setpoint(query);
  if (!query.faults().empty()) return query.problem_of(asked);
  const station_scope found = station_named(engine, site, asked.captured.front(), asked.path);
  if (found.refusal) return *found.refusal;
  const domain::site& topology = *found.view->topology;
  const domain::station& station = topology.stations[found.place];
  const auto narrowed = narrowed_to_station(topology, station);
  const stations::capability* profile = narrowed ? &*narrowed : nullptr;
  const bool asks = wish.current || wish.power || wish.voltage || wish.lines;
  text::json_writer json;
  json.begin_object().member("site", topology.id.text()).member("station", station.id.text());
  json.key("capability");
  if (profile != nullptr) write_capability(json, *profile);
  else json.null();
  json.key("setpoint");
  if (profile != nullptr && asks) write_verdict(json, *profile, wish);
  else json.null();
  json.key("has_feature");
  if (wanted) json.value(profile != nullptr && has_feature(*profile, feature_from(*wanted)));
  else json.null();
  json.end_object();
  return json_response(json.take());
}

/// The built-in profiles and the sites' own.
response list_capabilities(const ports::engine_node& engine, const request& asked) {
  query_reader query{asked};
  page_writer page{read_page(query)};
  const auto site = query.text("site");
  const auto wanted = query.choice("feature", feature_names);
  if (!query.faults().empty()) return query.problem_of(asked);
  const site_scope scope = scope_of(engine, site, asked.path);
  if (scope.refusal) return *scope.refusal;
  const auto add = [&](const std::string& owner, const std::vector<domain::capability>& all) {
    for (const domain::capability& each : all) {
      if ((wanted && !has_feature(each, feature_from(*wanted))) || !page.wants_next()) continue;
      page.json().begin_object().member("site", owner).key("capability");
      write_capability(page.json(), each);
      page.json().end_object();
    }
  };
  add("", stations::built_in_capabilities());
  for (const shared_view& view : scope.views)
    add(view->topology->id.text(), view->topology->capabilities);
  return json_response(page.finish());
}

template <class Quantity>
std::optional<Quantity> read(body_reader& body, const char* name) {
  const auto value = body.number(name, 1, static_cast<std::int64_t>(value_max));
  return value ? std::optional{Quantity{*value}} : std::nullopt;
}

constexpr std::array report_fields{"profile", "line_count",        "max_ma",
                                   "max_w",   "voltage_mv",        "is_dc",
                                   "can_switch_phases", "has_smart_charging"};

stations::station_report read_report(body_reader& body) {
  stations::station_report report;
  if (const auto lines = body.number("line_count", 1, 3))
    report.line_count = static_cast<int>(*lines);
  report.current_max = read<domain::milliamperes>(body, "max_ma");
  report.power_max = read<domain::watts>(body, "max_w");
  report.voltage = read<domain::millivolts>(body, "voltage_mv");
  report.is_dc = body.truth("is_dc");
  report.can_switch_phases = body.truth("can_switch_phases");
  report.has_smart_charging = body.truth("has_smart_charging");
  return report;
}

/// What is known of a station without being told: what it has measured and what its connector is.
/// What the body states comes over it.
void add_observed(stations::station_report& report, const domain::site_view& view,
                  std::size_t connector) {
  const domain::connector& stated = view.topology->connectors[connector];
  const domain::connector_view& now = view.connectors[connector];
  const bool is_dc = stated.kind == domain::current_kind::dc;
  if (!report.is_dc) report.is_dc = is_dc;
  if (!report.voltage && now.voltage) report.voltage = now.voltage;
  if (!report.line_count && !is_dc) report.line_count = stated.line_count;
  if (!report.current_max && !is_dc) report.current_max = stated.current_max;
  if (!report.power_max && stated.power_max > domain::watts{})
    report.power_max = stated.power_max;
  if (!report.can_switch_phases) report.can_switch_phases = stated.can_switch_phases;
}

/// Whether the body states something to go by, instead of the station.
bool states_anything(body_reader& body) { return !body.meant_of(report_fields).empty(); }

std::string names_of(const std::vector<domain::capability>& all) {
  std::string names;
  for (const auto& each : all) names += (names.empty() ? "" : ", ") + each.name;
  return names;
}

/// Of the built-in profiles and the site's own.
std::string meant_profile(const std::string& named, const domain::site& site) {
  text::nearest_name nearest{named};
  for (const auto& each : stations::built_in_capabilities()) nearest.offer(each.name);
  for (const auto& each : site.capabilities) nearest.offer(each.name);
  return nearest.text();
}

/// The profile that the body names, or the one that the report and what was observed fit.
std::optional<stations::capability> found_for(body_reader& body, const domain::site_view& view,
                                              std::size_t connector) {
  const auto named = body.id("profile");
  stations::station_report report = read_report(body);
  if (!named) {
    add_observed(report, view, connector);
    if (states_anything(body)) return stations::discover(report);
    const domain::connector& stated = view.topology->connectors[connector];
    const auto& own = view.topology->stations[stated.station.value()].capability;
    auto found = stations::discovered(report, stated,
                                      stations::find_capability(*view.topology, own));
    return found ? std::optional{std::move(found.value())} : std::nullopt;
  }
  const stations::capability* known = stations::find_capability(*view.topology, *named);
  if (known == nullptr) {
    const auto& own = view.topology->capabilities;
    body.refuse("profile", "'" + *named + "'; built in are " +
                               names_of(stations::built_in_capabilities()) +
                               (own.empty() ? "" : "; the site's own are " + names_of(own)) +
                               meant_profile(*named, *view.topology));
    return std::nullopt;
  }
  if (known->kind == view.topology->connectors[connector].kind) return *known;
  body.refuse("profile", "'" + *named + "' is " + text_of(known->kind) + ", the station's " +
                             "connector is " + text_of(view.topology->connectors[connector].kind));
  return std::nullopt;
}

/// Keeps what the body names or states as a revision of the site; without either the station is
/// asked, and what it reports is kept once it answers.
void discover(ports::engine_node& engine, const request& asked, const responder& reply) {
  query_reader query{asked};
  const auto site = query.text("site");
  if (!query.faults().empty()) return reply(query.problem_of(asked));
  auto body = body_reader::of_optional(asked);
  const station_scope found = station_named(engine, site, asked.captured.front(), asked.path);
  if (found.refusal) {
    static_cast<void>(body.id("profile"));
    static_cast<void>(read_report(body));
    if (auto refusal = body.refusal(asked)) return reply(*refusal);
    return reply(*found.refusal);
  }
  const domain::site_view& view = *found.view;
  const domain::station& station = view.topology->stations[found.place];
  auto profile = found_for(body, view, station.first_connector.value());
  if (auto refusal = body.refusal(asked)) return reply(*refusal);
  if (!profile)
    return reply(
        problem(422, "the report says neither is_dc nor voltage_mv to tell by", asked.path));
  stations::narrow_to(*profile, view.topology->connectors[station.first_connector.value()]);
  const bool is_asked = !states_anything(body);
  const std::uint64_t before = engine.journal_end();
  text::json_writer json;
  json.begin_object().member("station", station.id.text()).member("is_asked", is_asked);
  json.member("events", "/api/v1/events?after=" + std::to_string(before));
  json.key("capability");
  write_capability(json, *profile);
  json.end_object();
  const auto answer = when_kept(reply, asked, json_response(json.take(), 202));
  const auto done =
      is_asked ? engine.ask_capability(view.topology->id, station.id)
               : engine.configure(view.topology->id,
                                  {{}, {stations::kept_for(station.id, *profile)}}, asked.by,
                                  answer);
  if (!done) return reply(problem(done.failure(), asked.path));
  // The station's report is what is kept, once it comes.
  if (is_asked) answer({});
}

} // namespace

void add_capability_resources(router& routes, ports::engine_node& engine) {
  routes.add(method::get, "/api/v1/capabilities",
             [&engine](const request& asked) { return list_capabilities(engine, asked); });
  for (const char* path :
       {"/api/v1/stations/{station}/capabilities", "/api/capabilities/{station}"})
    routes.add(method::get, path,
               [&engine](const request& asked) { return show_capabilities(engine, asked); });
  for (const char* path : {"/api/v1/stations/{station}/capabilities/discover",
                           "/api/stations/{station}/capabilities/discover"})
    routes.add_late(method::post, path, [&engine](const request& asked, const responder& reply) {
      discover(engine, asked, reply);
    });
}

} // namespace busbar::adapters::http::api
