#include "adapters/http/api/session_writer.hpp"

#include "adapters/http/json/view_json.hpp"
#include "domain/time_text.hpp"

#include <string>

namespace busbar::adapters::http::api {

using namespace json;

namespace {

bool is_open(const domain::session_fact& fact) {
  return fact.kind == domain::session_fact_kind::in_progress;
}

} // namespace

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

const char* state_of(const domain::session_fact& fact) {
  if (fact.kind == domain::session_fact_kind::denied) return "denied";
  return fact.kind == domain::session_fact_kind::completed ? "completed" : "open";
}

void write_past_session(text::json_writer& json, const ports::engine_node& engine,
                        const domain::session_fact& fact) {
  const auto view = whole_view(engine, fact.site);
  json.begin_object().member("session", fact.session.text());
  json.member("request", fact.request.text()).member("site", fact.site.text());
  json.member("station", fact.station.text());
  json.member("connector", fact.connector ? fact.connector->text() : std::string{});
  json.member("driver", fact.driver.text()).member("state", state_of(fact));
  if (fact.began_at) json.member("started_at", domain::text_of(*fact.began_at));
  else json.null_member("started_at");
  if (is_open(fact)) json.null_member("ended_at");
  else json.member("ended_at", domain::text_of(fact.at));
  json.member("power_w", fact.power.count()).member("energy_wh", fact.energy.count());
  json.member("cost_micro", fact.cost.count());
  json.member("currency", view != nullptr ? view->topology->currency : std::string{});
  json.member("why", fact.why).null_member("grant_ma").null_member("because");
  write_wants(json, fact.energy_wanted, fact.departs_at);
  for (const char* name : {"expected_wh", "shortfall_wh", "short_because_of", "short_text"})
    json.null_member(name);
  json.end_object();
}

} // namespace busbar::adapters::http::api
