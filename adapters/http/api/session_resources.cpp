#include "adapters/http/api/resources.hpp"
#include "adapters/http/api/session_writer.hpp"
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
  std::optional<std::string> connector;
  std::optional<domain::instant> from;
  std::optional<domain::instant> to;

  struct place {
    const char* state;
    const std::string& driver;
    const std::string& station;
    const std::string& connector;
    domain::instant began_at;
  };
  [[nodiscard]] bool passes(const place& its) const {
    return (!state || *state == its.state) && (!driver || *driver == its.driver) &&
           (!station || *station == its.station) && (!connector || *connector == its.connector) &&
           (!from || its.began_at >= *from) && (!to || its.began_at < *to);
  }
  [[nodiscard]] bool passes(const domain::session_fact& fact) const {
    static const std::string none;
    const bool is_here = !site || fact.site.text() == *site;
    return is_here && passes({state_of(fact), fact.driver.text(), fact.station.text(),
                              fact.connector ? fact.connector->text() : none,
                              fact.began_at.value_or(fact.at)});
  }
};

void add_open_sessions(page_writer& page, const domain::site_view& view,
                       const session_filter& filter) {
  for (const domain::session_view& each : view.sessions) {
    const domain::connector& connector = view.topology->connectors[each.connector.value()];
    const std::string& station = view.topology->stations[connector.station.value()].id.text();
    const session_filter::place its{"open", each.driver.text(), station, connector.id.text(),
                                    each.started_at};
    if (filter.passes(its) && page.wants_next())
      write_open_session(page.json(), view, each);
  }
}

response list_sessions(const ports::engine_node& engine, const request& asked) {
  query_reader query{asked};
  page_writer page{read_page(query)};
  const session_filter filter{query.text("site"), query.choice("state", session_states),
                              query.text("driver"), query.text("station"),
                              query.text("connector"), query.time("from"), query.time("to")};
  if (!query.faults().empty()) return query.problem_of(asked);
  const site_scope scope = scope_of(engine, filter.site, asked.path);
  if (scope.refusal) return *scope.refusal;
  for (const shared_view& view : scope.views) add_open_sessions(page, *view, filter);
  for (const domain::session_fact& fact : engine.past_sessions(past_sessions_max)) {
    if (filter.passes(fact) && page.wants_next())
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
