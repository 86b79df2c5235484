// What may be asked of the engine: driver requests, and faults for simulated stations.

#include "adapters/http/api/ordering.hpp"
#include "adapters/http/api/resources.hpp"
#include "adapters/http/api/site_scope.hpp"
#include "adapters/http/json/body_reader.hpp"
#include "adapters/http/json/view_json.hpp"
#include "domain/time_text.hpp"
#include "text/json_writer.hpp"
#include "text/suggestion.hpp"

#include <array>

namespace busbar::adapters::http::api {

using namespace json;
using namespace server;

namespace {

constexpr std::array request_kinds{"start", "stop", "reserve"};
constexpr std::array fault_kinds{"clear",       "station_fault", "monitor_failure", "silence",
                                 "disobey",     "meter_loss",    "low_voltage",     "low_frequency",
                                 "low_power_factor"};

/// Of a kind that is misspelt, `session` shows that a stop is meant.
domain::request_kind read_kind(body_reader& body) {
  const std::string name = body.required_choice("kind", request_kinds);
  if (name == "start") return domain::request_kind::start;
  if (name == "stop") return domain::request_kind::stop;
  if (!name.empty()) return domain::request_kind::reserve;
  constexpr std::array session{"session"};
  return body.meant_of(session).empty() ? domain::request_kind::start : domain::request_kind::stop;
}

domain::driver_request read_request(body_reader& body, const request& asked) {
  domain::driver_request wanted;
  wanted.kind = read_kind(body);
  const bool is_stop = wanted.kind == domain::request_kind::stop;
  // The session of a stop says the rest.
  const auto place = [&](const char* name) {
    return is_stop ? body.id(name).value_or("") : body.required_id(name);
  };
  wanted.site = domain::site_id{place("site")};
  wanted.driver = domain::driver_id{place("driver")};
  wanted.station = domain::station_id{place("station")};
  wanted.session = domain::session_id{is_stop ? body.required_id("session") : ""};
  wanted.id = request_id_from(body, asked, "web");
  wanted.asked_at = asked.received_at;
  if (const auto energy = body.number("energy_wanted_wh", 1, domain::energy_wanted_max.count()))
    wanted.energy_wanted = domain::watt_hours{*energy};
  wanted.departs_at =
      body.time_after("departs_at", asked.received_at, domain::departure_ahead_max);
  if (!is_stop) wanted.connector = domain::connector_id{body.id("connector").value_or("")};
  return wanted;
}

/// Refuses sites and stations that do not exist; an empty station is none.
std::optional<response> refuse_place(const ports::engine_node& engine, const domain::site_id& site,
                                     const domain::station_id& station, const std::string& path) {
  const site_scope scope = scope_of(engine, site.text(), path);
  if (scope.refusal || station.is_empty()) return scope.refusal;
  const auto& stations = scope.views.front()->topology->stations;
  if (place_of(engine, *scope.views.front()->topology, station)) return std::nullopt;
  return problem(404,
                 "site '" + site.text() + "' has no station '" + station.text() + "'" +
                     text::did_you_mean(station.text(), stations,
                                        [](const auto& each) { return each.id.text(); }),
                 path);
}

/// Refuses a connector that is not the station's; an empty one is any.
std::optional<response> refuse_connector(const ports::engine_node& engine,
                                         const domain::driver_request& wanted,
                                         const std::string& path) {
  if (wanted.connector.is_empty()) return std::nullopt;
  const station_scope found =
      station_named(engine, wanted.site.text(), wanted.station.text(), path);
  if (found.refusal) return found.refusal;
  const domain::site& site = *found.view->topology;
  const domain::station& station = site.stations[found.place];
  std::string ids;
  text::nearest_name nearest{wanted.connector.text()};
  for (std::uint32_t i = 0; i < station.connector_count; ++i) {
    const auto& id = site.connectors[station.first_connector.value() + i].id;
    if (id == wanted.connector) return std::nullopt;
    ids += (ids.empty() ? "" : ", ") + id.text();
    nearest.offer(id.text());
  }
  return problem(404, "station '" + station.id.text() + "' has no connector '" +
                          wanted.connector.text() + "': its own are " + ids + nearest.text(),
                 path);
}

/// Where an open session is, and whose.
struct session_place {
  domain::site_id site;
  domain::driver_id driver;
  domain::station_id station;
};

/// Entries of the journal that may be younger than the newest snapshots.
constexpr std::size_t newest_entries = 256;

/// Of a session that was accepted after the newest snapshot was made.
std::optional<session_place> just_begun(const ports::engine_node& engine,
                                        const domain::driver_request& wanted) {
  for (const auto& entry : engine.journal_before(engine.journal_end() + 1, newest_entries)) {
    if (!entry.fact || entry.fact->session != wanted.session) continue;
    const auto& newest = *entry.fact;
    const bool is_open = newest.kind == domain::session_fact_kind::accepted ||
                         newest.kind == domain::session_fact_kind::in_progress;
    const bool is_meant = wanted.site.is_empty() || newest.site == wanted.site;
    if (!is_open || !is_meant) return std::nullopt;
    return session_place{newest.site, newest.driver, newest.station};
  }
  return std::nullopt;
}

/// A stop is for an open session, and may name that alone: site, driver and station are the
/// session's. What it states of them otherwise has to be so.
std::optional<response> find_session(const ports::engine_node& engine,
                                     domain::driver_request& wanted, const std::string& path) {
  if (wanted.kind != domain::request_kind::stop) return std::nullopt;
  const auto site = wanted.site.is_empty() ? std::nullopt : std::optional{wanted.site.text()};
  const session_scope found = session_named(engine, site, wanted.session.text(), path);
  auto place = found.refusal ? just_begun(engine, wanted) : std::nullopt;
  if (found.refusal && !place) return found.refusal;
  if (!place) {
    const domain::site& topology = *found.view->topology;
    const auto& connector = topology.connectors[found.session->connector.value()];
    const auto& station = topology.stations[connector.station.value()];
    place = session_place{topology.id, found.session->driver, station.id};
  }
  const auto differs = [&](const char* what, const auto& stated, const auto& own) {
    return problem(409, "session '" + wanted.session.text() + "' is of " + what + " '" +
                            own.text() + "', not '" + stated.text() + "'", path);
  };
  if (!wanted.driver.is_empty() && wanted.driver != place->driver)
    return differs("driver", wanted.driver, place->driver);
  if (!wanted.station.is_empty() && wanted.station != place->station)
    return differs("station", wanted.station, place->station);
  wanted.site = place->site;
  wanted.driver = place->driver;
  wanted.station = place->station;
  return std::nullopt;
}

response receipt_of(const domain::driver_request& wanted, std::uint64_t before) {
  text::json_writer json;
  json.begin_object().member("request", wanted.id.text());
  json.member("kind", name_of(wanted.kind)).member("site", wanted.site.text());
  json.member("driver", wanted.driver.text()).member("asked_at", domain::text_of(wanted.asked_at));
  json.member("events", "/api/v1/events?request=" + percent_encoded(wanted.id.text()) +
                            "&after=" + std::to_string(before));
  json.end_object();
  return json_response(json.take(), 202);
}

/// Answered once the log has it (KEEP-1).
void post_request(ports::engine_node& engine, const request& asked, const responder& reply) {
  body_reader body{asked};
  domain::driver_request wanted = read_request(body, asked);
  if (auto refusal = body.refusal(asked)) return reply(*refusal);
  if (auto refusal = find_session(engine, wanted, asked.path)) return reply(*refusal);
  if (auto refusal = refuse_place(engine, wanted.site, wanted.station, asked.path))
    return reply(*refusal);
  if (auto refusal = refuse_connector(engine, wanted, asked.path)) return reply(*refusal);
  engine.submit(wanted, when_kept(reply, asked, receipt_of(wanted, engine.journal_end())));
}

response post_fault(ports::engine_node& engine, const request& asked) {
  // Whoever may not inject faults need not be told what is wrong with this one.
  if (!engine.allows_faults())
    return problem({domain::errc::forbidden, ports::orders::faults_are_off}, asked.path);
  body_reader body{asked};
  ports::fault_request fault;
  fault.site = domain::site_id{body.required_id("site")};
  fault.station = domain::station_id{body.required_id("station")};
  const std::string kind = body.required_choice("kind", fault_kinds);
  if (auto refusal = body.refusal(asked)) return *refusal;
  fault.kind = domain::fault_kind_from(kind).value_or(domain::fault_kind::unspecified);
  if (auto refusal = refuse_place(engine, fault.site, fault.station, asked.path)) return *refusal;
  if (const auto done = engine.inject(fault); !done) return problem(done.failure(), asked.path);
  text::json_writer json;
  json.begin_object().member("site", fault.site.text()).member("station", fault.station.text());
  json.member("kind", kind).member("at", domain::text_of(asked.received_at)).end_object();
  return json_response(json.take(), 202);
}

/// The body is an empty object, or left out.
void post_reload(ports::engine_node& engine, const request& asked, const responder& reply) {
  const auto body = body_reader::of_optional(asked);
  if (auto refusal = body.refusal(asked)) return reply(*refusal);
  const domain::site_id site{asked.captured.front()};
  if (auto refusal = refuse_place(engine, site, {}, asked.path)) return reply(*refusal);
  text::json_writer json;
  json.begin_object().member("site", site.text());
  json.member("at", domain::text_of(asked.received_at)).end_object();
  const auto done =
      engine.reload(site, when_kept(reply, asked, json_response(json.take(), 202)));
  if (!done) reply(problem(done.failure(), asked.path));
}

} // namespace

void add_command_resources(router& routes, ports::engine_node& engine) {
  routes.add_late(method::post, "/api/v1/requests",
                  [&engine](const request& asked, const responder& reply) {
                    post_request(engine, asked, reply);
                  });
  routes.add(method::post, "/api/v1/faults",
             [&engine](const request& asked) { return post_fault(engine, asked); });
  routes.add_late(method::post, "/api/v1/sites/{site}/reload",
                  [&engine](const request& asked, const responder& reply) {
                    post_reload(engine, asked, reply);
                  });
}

} // namespace busbar::adapters::http::api
