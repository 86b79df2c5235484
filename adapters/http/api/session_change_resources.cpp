// One open session: what its driver wants of it, shown and changed while it lasts.

#include "adapters/http/api/ordering.hpp"
#include "adapters/http/api/resources.hpp"
#include "adapters/http/api/site_scope.hpp"
#include "adapters/http/json/body_reader.hpp"
#include "adapters/http/json/query_reader.hpp"
#include "adapters/http/json/view_json.hpp"
#include "domain/time_text.hpp"
#include "text/json_writer.hpp"

#include <algorithm>

namespace busbar::adapters::http::api {

using namespace json;
using namespace server;

namespace {

/// What stands in the body; what does not stays as the session has it.
void read_energy(body_reader& body, const domain::session_view& session,
                 domain::driver_request& wanted) {
  if (body.is_null("energy_wanted_wh")) return wanted.energy_wanted.reset();
  const auto least = std::max<std::int64_t>(session.energy.count(), 1);
  const auto most = std::max(least, domain::energy_wanted_max.count());
  if (const auto energy = body.number("energy_wanted_wh", least, most))
    wanted.energy_wanted = domain::watt_hours{*energy};
}

void read_departure(body_reader& body, domain::driver_request& wanted) {
  if (body.is_null("departs_at")) return wanted.departs_at.reset();
  const auto departs_at =
      body.time_after("departs_at", wanted.asked_at, domain::departure_ahead_max);
  if (departs_at) wanted.departs_at = departs_at;
}

domain::driver_request read_change(body_reader& body, const session_scope& found,
                                   const request& asked) {
  const auto& topology = *found.view->topology;
  const auto& connector = topology.connectors[found.session->connector.value()];
  domain::driver_request wanted;
  wanted.kind = domain::request_kind::change;
  wanted.id = request_id_from(body, asked, "change");
  wanted.site = topology.id;
  wanted.driver = found.session->driver;
  wanted.station = topology.stations[connector.station.value()].id;
  wanted.session = found.session->id;
  wanted.asked_at = asked.received_at;
  wanted.energy_wanted = found.session->energy_wanted;
  wanted.departs_at = found.session->departs_at;
  if (!body.has("energy_wanted_wh") && !body.has("departs_at"))
    body.refuse("departs_at",
                        "missing, and so is energy_wanted_wh: one of them is to be changed",
                        {"departs_at", "energy_wanted_wh"});
  read_energy(body, *found.session, wanted);
  read_departure(body, wanted);
  return wanted;
}

response receipt_of(const domain::driver_request& wanted, std::uint64_t before) {
  text::json_writer json;
  json.begin_object().member("request", wanted.id.text()).member("site", wanted.site.text());
  json.member("session", wanted.session.text()).member("driver", wanted.driver.text());
  write_wants(json, wanted.energy_wanted, wanted.departs_at);
  json.member("asked_at", domain::text_of(wanted.asked_at));
  json.member("events", "/api/v1/events?request=" + percent_encoded(wanted.id.text()) +
                            "&after=" + std::to_string(before));
  json.end_object();
  return json_response(json.take(), 202);
}

/// Answered once the log has it (KEEP-1).
void patch_session(ports::engine_node& engine, const request& asked, const responder& reply) {
  query_reader query{asked};
  const auto site = query.text("site");
  if (!query.faults().empty()) return reply(query.problem_of(asked));
  const session_scope found = session_named(engine, site, asked.captured.front(), asked.path);
  if (found.refusal) return reply(*found.refusal);
  body_reader body{asked};
  const domain::driver_request wanted = read_change(body, found, asked);
  if (auto refusal = body.refusal(asked)) return reply(*refusal);
  engine.submit(wanted, when_kept(reply, asked, receipt_of(wanted, engine.journal_end())));
}

} // namespace

void add_session_change_resources(router& routes, ports::engine_node& engine) {
  routes.add_late(method::patch, "/api/v1/sessions/{session}",
                  [&engine](const request& asked, const responder& reply) {
                    patch_session(engine, asked, reply);
                  });
}

} // namespace busbar::adapters::http::api
