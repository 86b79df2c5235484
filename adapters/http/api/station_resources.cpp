#include "adapters/http/api/resources.hpp"
#include "adapters/http/api/site_scope.hpp"
#include "adapters/http/api/station_profile.hpp"
#include "adapters/http/json/page_writer.hpp"
#include "adapters/http/json/view_json.hpp"
#include "control/stations/capability.hpp"
#include "control/stations/fallback.hpp"

#include <algorithm>
#include <array>

namespace busbar::adapters::http::api {

using namespace json;
using namespace server;

namespace {

constexpr std::array states{"DISCONNECTED", "ACTIVATED", "SUPPLYING", "FAULTED", "UNAVAILABLE"};

const char* wiring_name(domain::connection wiring) {
  switch (wiring) {
  case domain::connection::wye: return "wye";
  case domain::connection::delta: return "delta";
  default: return "unspecified";
  }
}

/// Writes stations of one site; knows whose session is at which connector.
class station_writer {
public:
  explicit station_writer(const domain::site_view& view)
      : view_(view), sessions_(view.connectors.size(), nullptr) {
    for (const domain::session_view& each : view.sessions)
      sessions_[each.connector.value()] = &each;
  }

  void write(text::json_writer& json, std::size_t place) const {
    const domain::site& topology = *view_.topology;
    const domain::station& station = topology.stations[place];
    const domain::station_view& now = view_.stations[place];
    json.begin_object().member("site", topology.id.text()).member("station", station.id.text());
    json.member("name", station.name);
    json.member("node", topology.nodes[station.parent.value()].id.text());
    json.member("is_healthy", now.is_healthy).member("closed_because", now.closed_because);
    json.member("clock_ahead_ms", now.clock_ahead / std::chrono::milliseconds{1});
    json.member("priority", station.priority).member("weight", station.weight);
    json.member("price_per_kwh_micro",
                station.price_per_kwh.value_or(topology.price_per_kwh).count());
    json.member("capability", station.capability);
    json.key("fallback");
    write_fallback(json, control::stations::fallback_told(station));
    json.key("connectors").begin_array();
    for (std::uint32_t i = 0; i < station.connector_count; ++i)
      write_connector(json, station.first_connector.value() + i);
    json.end_array().end_object();
  }

private:
  void write_connector(text::json_writer& json, std::size_t place) const {
    const domain::connector& connector = view_.topology->connectors[place];
    json.begin_object().member("connector", connector.id.text());
    json.member("kind", text_of(connector.kind));
    json.member("connection", wiring_name(connector.wiring)).key("lines").begin_array();
    for (std::size_t i = 0; i < std::min<std::size_t>(connector.line_count, 3); ++i)
      json.value(name_of(connector.lines[i]));
    json.end_array().member("min_ma", connector.current_min.count());
    json.member("max_ma", connector.current_max.count());
    json.member("step_ma", connector.step.count());
    json.member("power_max_w", connector.power_max.count());
    write_connector_members(json, view_, place);
    if (sessions_[place] != nullptr) json.member("session", sessions_[place]->id.text());
    else json.null_member("session");
    json.end_object();
  }

  const domain::site_view& view_;
  std::vector<const domain::session_view*> sessions_;
};

struct station_filter {
  std::optional<std::string> node;
  std::optional<std::string> state;
  std::optional<bool> is_healthy;
  std::optional<std::string> part;
  std::optional<std::string> wanted_feature;

  [[nodiscard]] bool passes(const domain::site_view& view, std::size_t place) const {
    const domain::site& topology = *view.topology;
    const domain::station& station = topology.stations[place];
    if (node && topology.nodes[station.parent.value()].id.text() != *node) return false;
    if (is_healthy && view.stations[place].is_healthy != *is_healthy) return false;
    if (part && !contains_any_case(station.id.text(), *part) &&
        !contains_any_case(station.name, *part))
      return false;
    if (wanted_feature && !offers(topology, station)) return false;
    return !state || has_connector_in_state(view, station);
  }

  [[nodiscard]] bool offers(const domain::site& topology, const domain::station& station) const {
    const domain::capability* profile =
        control::stations::find_capability(topology, station.capability);
    return profile != nullptr && has_feature(*profile, feature_from(*wanted_feature));
  }

  [[nodiscard]] bool has_connector_in_state(const domain::site_view& view,
                                            const domain::station& station) const {
    const auto first = view.connectors.begin() + station.first_connector.value();
    return std::any_of(first, first + station.connector_count,
                       [&](const auto& each) { return *state == state_name(each); });
  }
};

response list_stations(const ports::engine_node& engine, const request& asked) {
  query_reader query{asked};
  page_writer page{read_page(query)};
  const auto site = query.text("site");
  const station_filter filter{query.text("node"), query.choice("state", states),
                              query.truth("healthy"), query.text("q"),
                              query.choice("feature", feature_names)};
  if (!query.faults().empty()) return query.problem_of(asked);
  const site_scope scope = scope_of(engine, site, asked.path);
  if (scope.refusal) return *scope.refusal;
  for (const shared_view& view : scope.views) {
    const station_writer writer{*view};
    for (std::size_t place = 0; place < view->stations.size(); ++place)
      if (filter.passes(*view, place) && page.wants_next()) writer.write(page.json(), place);
  }
  return json_response(page.finish());
}

response show_station(const ports::engine_node& engine, const request& asked) {
  query_reader query{asked};
  const auto site = query.text("site");
  if (!query.faults().empty()) return query.problem_of(asked);
  const station_scope found = station_named(engine, site, asked.captured.front(), asked.path);
  if (found.refusal) return *found.refusal;
  text::json_writer json;
  station_writer{*found.view}.write(json, found.place);
  return json_response(json.take());
}

/// Calls `write(json, view, place)` for every connector of the page.
template <class Passes, class Write>
response list_connectors(const ports::engine_node& engine, const request& asked,
                         query_reader& query, page_bounds bounds, Passes passes, Write write) {
  const auto site = query.text("site");
  if (!query.faults().empty()) return query.problem_of(asked);
  const site_scope scope = scope_of(engine, site, asked.path);
  if (scope.refusal) return *scope.refusal;
  page_writer page{bounds};
  for (const shared_view& view : scope.views)
    for (std::size_t place = 0; place < view->connectors.size(); ++place)
      if (passes(*view, place) && page.wants_next()) write(page.json(), *view, place);
  return json_response(page.finish());
}

const domain::station& station_at(const domain::site_view& view, std::size_t connector) {
  return view.topology->stations[view.topology->connectors[connector].station.value()];
}

void write_place(text::json_writer& json, const domain::site_view& view, std::size_t place) {
  json.member("site", view.topology->id.text());
  json.member("station", station_at(view, place).id.text());
  json.member("connector", view.topology->connectors[place].id.text());
  json.member("state", state_name(view.connectors[place]));
}

response list_charge_points(const ports::engine_node& engine, const request& asked) {
  query_reader query{asked};
  const page_bounds bounds = read_page(query);
  const auto state = query.choice("state", states);
  const auto passes = [&](const domain::site_view& view, std::size_t place) {
    return !state || *state == state_name(view.connectors[place]);
  };
  const auto write = [](text::json_writer& json, const domain::site_view& view, std::size_t place) {
    const auto station = view.topology->connectors[place].station.value();
    json.begin_object();
    write_place(json, view, place);
    json.member("is_healthy", view.stations[station].is_healthy).end_object();
  };
  return list_connectors(engine, asked, query, bounds, passes, write);
}

/// What the session at a connector has had and costs until now; null without one.
void write_session(text::json_writer& json, const domain::site_view& view, std::size_t place) {
  const auto open = std::ranges::find(view.sessions, domain::connector_index{place},
                                      &domain::session_view::connector);
  if (open == view.sessions.end()) {
    for (const char* name : {"session", "driver", "session_wh", "cost_micro"})
      json.null_member(name);
  } else {
    json.member("session", open->id.text()).member("driver", open->driver.text());
    json.member("session_wh", open->energy.count()).member("cost_micro", open->cost.count());
  }
  json.member("currency", view.topology->currency);
}

response list_telemetry(const ports::engine_node& engine, const request& asked) {
  query_reader query{asked};
  const page_bounds bounds = read_page(query);
  const auto station = query.text("station");
  const auto passes = [&](const domain::site_view& view, std::size_t place) {
    return !station || station_at(view, place).id.text() == *station;
  };
  const auto write = [](text::json_writer& json, const domain::site_view& view, std::size_t place) {
    const domain::connector_view& now = view.connectors[place];
    json.begin_object();
    write_place(json, view, place);
    write_time_or_null(json, "measured_at", now.last_heard);
    json.member("is_stale", now.is_stale).member("power_w", now.power.count());
    write_lines(json, "drawn_ma", now.drawn);
    json.member("energy_wh", now.energy_wh).key("soc_permille");
    if (now.soc) json.value(now.soc->count());
    else json.null();
    write_session(json, view, place);
    json.end_object();
  };
  return list_connectors(engine, asked, query, bounds, passes, write);
}

} // namespace

void add_station_resources(router& routes, const ports::engine_node& engine) {
  const auto with_engine = [&engine](auto handle) {
    return [&engine, handle](const request& asked) { return handle(engine, asked); };
  };
  routes.add(method::get, "/api/v1/stations", with_engine(list_stations));
  routes.add(method::get, "/api/v1/stations/{station}", with_engine(show_station));
  routes.add(method::get, "/cp", with_engine(list_charge_points));
  routes.add(method::get, "/telemetry", with_engine(list_telemetry));
}

} // namespace busbar::adapters::http::api
