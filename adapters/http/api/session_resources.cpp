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

constexpr std::array session_states{"open", "completed", "denied"};
constexpr std::array driver_states{"idle", "asking", "charging", "denied"};

struct session_filter {
  std::optional<std::string> site;
  std::optional<std::string> state;
  std::optional<std::string> driver;
  std::optional<std::string> station;

  [[nodiscard]] bool passes(const std::string& its_state, const std::string& its_driver,
                            const std::string& its_station) const {
    return (!state || *state == its_state) && (!driver || *driver == its_driver) &&
           (!station || *station == its_station);
  }
};

void write_open_session(text::json_writer& json, const domain::site_view& view,
                        const domain::session_view& session) {
  const domain::site& topology = *view.topology;
  const domain::connector& connector = topology.connectors[session.connector.value()];
  const domain::connector_view& now = view.connectors[session.connector.value()];
  json.begin_object().member("session", session.id.text()).member("request", "");
  json.member("site", topology.id.text());
  json.member("station", topology.stations[connector.station.value()].id.text());
  json.member("connector", connector.id.text()).member("driver", session.driver.text());
  json.member("state", "open").member("started_at", domain::text_of(session.started_at));
  json.null_member("ended_at").member("power_w", session.power.count());
  json.member("energy_wh", session.energy.count()).member("cost_micro", session.cost.count());
  json.member("currency", topology.currency).member("why", "");
  json.member("grant_ma", now.granted.count());
  write_why(json, topology, now);
  write_wants(json, session.energy_wanted, session.departs_at);
  write_forecast(json, view, session);
  json.end_object();
}

const char* past_state(const domain::session_fact& fact) {
  return fact.kind == domain::session_fact_kind::denied ? "denied" : "completed";
}

void write_past_session(text::json_writer& json, const ports::engine_node& engine,
                        const domain::session_fact& fact) {
  const shared_view view = whole_view(engine, fact.site);
  json.begin_object().member("session", fact.session.text());
  json.member("request", fact.request.text()).member("site", fact.site.text());
  json.member("station", fact.station.text());
  json.member("connector", fact.connector ? fact.connector->text() : std::string{});
  json.member("driver", fact.driver.text()).member("state", past_state(fact));
  if (fact.began_at) json.member("started_at", domain::text_of(*fact.began_at));
  else json.null_member("started_at");
  json.member("ended_at", domain::text_of(fact.at));
  json.member("power_w", fact.power.count()).member("energy_wh", fact.energy.count());
  json.member("cost_micro", fact.cost.count());
  json.member("currency", view != nullptr ? view->topology->currency : std::string{});
  json.member("why", fact.why).null_member("grant_ma").null_member("because");
  write_wants(json, fact.energy_wanted, fact.departs_at);
  for (const char* name : {"expected_wh", "shortfall_wh", "short_because_of", "short_text"})
    json.null_member(name);
  json.end_object();
}

void add_open_sessions(page_writer& page, const domain::site_view& view,
                       const session_filter& filter) {
  for (const domain::session_view& each : view.sessions) {
    const domain::connector& connector = view.topology->connectors[each.connector.value()];
    const std::string& station = view.topology->stations[connector.station.value()].id.text();
    if (filter.passes("open", each.driver.text(), station) && page.wants_next())
      write_open_session(page.json(), view, each);
  }
}

response list_sessions(const ports::engine_node& engine, const request& asked) {
  query_reader query{asked};
  page_writer page{read_page(query)};
  const session_filter filter{query.text("site"), query.choice("state", session_states),
                              query.text("driver"), query.text("station")};
  if (!query.faults().empty()) return query.problem_of(asked);
  const site_scope scope = scope_of(engine, filter.site, asked.path);
  if (scope.refusal) return *scope.refusal;
  for (const shared_view& view : scope.views) add_open_sessions(page, *view, filter);
  for (const domain::session_fact& fact : engine.past_sessions(past_sessions_max)) {
    const bool is_here = !filter.site || fact.site.text() == *filter.site;
    if (is_here && filter.passes(past_state(fact), fact.driver.text(), fact.station.text()) &&
        page.wants_next())
      write_past_session(page.json(), engine, fact);
  }
  return json_response(page.finish());
}

response show_session(const ports::engine_node& engine, const request& asked) {
  query_reader query{asked};
  const auto site = query.text("site");
  if (!query.faults().empty()) return query.problem_of(asked);
  const auto& name = asked.captured.front();
  const session_scope found = session_named(engine, site, name, asked.path);
  const auto ended = found.refusal ? ended_session(engine, site, name) : std::nullopt;
  if (found.refusal && !ended) return *found.refusal;
  text::json_writer json;
  if (ended) write_past_session(json, engine, *ended);
  else write_open_session(json, *found.view, *found.session);
  return json_response(json.take());
}

void write_driver(text::json_writer& json, const ports::driver_view& driver) {
  json.begin_object().member("driver", driver.driver.text()).member("state", driver.state);
  json.member("site", driver.site.text()).member("station", driver.station.text());
  json.member("session", driver.session.text()).member("since", domain::text_of(driver.since));
  json.member("accepted", driver.accepted).member("denied", driver.denied);
  json.member("completed", driver.completed).end_object();
}

response list_drivers(const ports::engine_node& engine, const request& asked) {
  query_reader query{asked};
  page_writer page{read_page(query)};
  const auto site = query.text("site");
  const auto state = query.choice("state", driver_states);
  const auto part = query.text("q");
  if (!query.faults().empty()) return query.problem_of(asked);
  if (site)
    if (const auto scope = scope_of(engine, site, asked.path); scope.refusal) return *scope.refusal;
  for (const ports::driver_view& each : engine.drivers()) {
    const bool is_asked_for = (!site || each.site.text() == *site) &&
                              (!state || each.state == *state) &&
                              (!part || contains_any_case(each.driver.text(), *part));
    if (is_asked_for && page.wants_next()) write_driver(page.json(), each);
  }
  return json_response(page.finish());
}

} // namespace

void add_session_resources(router& routes, const ports::engine_node& engine) {
  routes.add(method::get, "/api/v1/sessions",
             [&engine](const request& asked) { return list_sessions(engine, asked); });
  routes.add(method::get, "/api/v1/sessions/{session}",
             [&engine](const request& asked) { return show_session(engine, asked); });
  routes.add(method::get, "/api/v1/drivers",
             [&engine](const request& asked) { return list_drivers(engine, asked); });
}

} // namespace busbar::adapters::http::api
