// What a station draws, was told and may draw, and limits that an operator sets it for a time:
// phase-currents for AC, dc-power for DC.

#include "adapters/http/body_reader.hpp"
#include "adapters/http/query_reader.hpp"
#include "adapters/http/resources.hpp"
#include "adapters/http/setpoint_body.hpp"
#include "adapters/http/setpoint_place.hpp"
#include "adapters/http/station_profile.hpp"
#include "adapters/http/view_json.hpp"
#include "control/stations/phase_currents.hpp"
#include "domain/electrical.hpp"
#include "domain/time_text.hpp"
#include "text/json_writer.hpp"

#include <algorithm>

namespace busbar::adapters::http {

namespace {

namespace stations = control::stations;
using domain::milliamperes;
using domain::watts;

void write_now(text::json_writer& json, const domain::site_view& view, std::size_t place) {
  const domain::connector& connector = view.topology->connectors[place];
  const domain::connector_view& now = view.connectors[place];
  json.begin_object().member("connector", connector.id.text());
  json.member("kind", text_of(connector.kind)).key("lines").begin_array();
  for (std::size_t i = 0; i < connector.line_count; ++i)
    json.value(name_of(connector.lines[i]));
  json.end_array();
  write_lines(json, "actual_ma", now.drawn);
  json.member("actual_w", now.power.count()).member("setpoint_ma", now.acknowledged.count());
  const auto setpoint = power_at_site(view, place, now.acknowledged);
  json.member("setpoint_w", (now.is_export ? -setpoint : setpoint).count());
  json.member("direction", direction_of(now)).member("grant_ma", now.granted.count());
  json.member("plan_allows_ma", now.target.count());
  json.member("plan_allows_w", power_at_site(view, place, now.target).count());
  json.member("max_ma", connector.current_max.count());
  json.member("max_w", connector.power_max.count());
  write_why(json, *view.topology, now);
  json.key("constraint");
  if (now.constraint) write_connector_constraint(json, *now.constraint);
  else json.null();
  json.key("battery");
  write_battery(json, now);
  json.end_object();
}

/// What a request without a body is about: the station, or the connector that its query names.
setpoint_place queried_place(const actors::engine_port& engine, const request& asked,
                             domain::current_kind kind) {
  query_reader query{asked};
  const auto site = query.text("site");
  const auto connector = query.text("connector");
  if (query.faults().empty()) return setpoint_place_of(engine, asked, site, connector, kind);
  setpoint_place refused;
  refused.refusal = query.problem_of(asked);
  return refused;
}

void begin_connectors(text::json_writer& json, const setpoint_place& of, domain::instant at) {
  const domain::site& topology = *of.view->topology;
  json.begin_object().member("site", topology.id.text());
  json.member("station", topology.stations[of.station].id.text());
  json.member("at", domain::text_of(at)).key("connectors").begin_array();
}

response show(const actors::engine_port& engine, const request& asked, domain::current_kind kind) {
  const setpoint_place found = queried_place(engine, asked, kind);
  if (found.refusal) return *found.refusal;
  text::json_writer json;
  begin_connectors(json, found, found.view->at);
  for (const std::size_t place : found.connectors) write_now(json, *found.view, place);
  json.end_array().end_object();
  return json_response(json.take());
}

response lift(actors::engine_port& engine, const request& asked, domain::current_kind kind) {
  const setpoint_place found = queried_place(engine, asked, kind);
  if (found.refusal) return *found.refusal;
  const domain::site& topology = *found.view->topology;
  text::json_writer json;
  begin_connectors(json, found, asked.received_at);
  for (const std::size_t place : found.connectors) {
    const domain::lift_connector_constraint order{domain::connector_index{place}};
    if (const auto done = engine.order(topology.id, order); !done)
      return problem(done.failure(), asked.path);
    json.value(topology.connectors[place].id.text());
  }
  json.end_array().end_object();
  return json_response(json.take(), 202);
}

/// Names the one connector that a body is about; several and none named is a fault.
std::size_t read_connector(body_reader& body, const setpoint_place& where) {
  const domain::site& topology = *where.view->topology;
  const auto wanted = body.id("connector");
  std::string names;
  for (const std::size_t place : where.connectors) {
    const std::string& name = topology.connectors[place].id.text();
    if (wanted == name) return place;
    names += (names.empty() ? "" : ", ") + name;
  }
  if (wanted) body.refuse("connector", "'" + *wanted + "'; allowed are " + names);
  else if (where.connectors.size() > 1 && !body.has("connector"))
    body.refuse("connector", "missing; allowed are " + names);
  return where.connectors.front();
}

using currents = domain::per_line<milliamperes>;

/// What the limit leaves to the connector: its draw is equal on all of its lines.
milliamperes left_by(const currents& limit, const domain::connector& connector) {
  auto least = limit[domain::index_of(connector.lines[0])];
  for (std::size_t i = 1; i < connector.line_count; ++i)
    least = std::min(least, limit[domain::index_of(connector.lines[i])]);
  return least;
}

/// From what it was told last and has acknowledged.
domain::limit_ramp ramp_from(const domain::connector_view& now, milliamperes step,
                             domain::microseconds every, domain::instant at) {
  return {now.acknowledged, std::max(step, milliamperes{1}), every, at};
}

/// null where the limit holds at once.
void write_ramp(text::json_writer& json, const std::optional<domain::limit_ramp>& ramp) {
  json.key("ramp");
  if (ramp) write_limit_ramp(json, *ramp);
  else json.null();
}

/// As the site ramps DC stations, 10 kW a second where it does not say.
watts ramp_per_second_of(const domain::site& site) {
  constexpr watts usual{10'000};
  return site.ramping ? site.ramping->dc_up_per_second.value_or(usual) : usual;
}

/// The lines of the node above the station, now and with `expected` in place of what it draws.
void write_imbalance(text::json_writer& json, const domain::site_view& view, std::size_t place,
                     milliamperes expected) {
  const domain::connector& connector = view.topology->connectors[place];
  const auto node = view.topology->stations[connector.station.value()].parent.value();
  const currents now = view.nodes[node].measured;
  currents then = now;
  for (const domain::line line : domain::all_lines) {
    milliamperes& each = then[domain::index_of(line)];
    each -= view.connectors[place].drawn[domain::index_of(line)];
    if (lies_on(connector, line)) each += expected;
    each = std::max(each, milliamperes{});
  }
  json.key("imbalance").begin_object();
  json.member("node", view.topology->nodes[node].id.text());
  json.member("now_permille", stations::imbalance(now).count());
  json.member("then_permille", stations::imbalance(then).count()).end_object();
}

void write_receipt_head(text::json_writer& json, const domain::site_view& view, std::size_t place,
                        domain::instant at, domain::instant until) {
  const domain::site& topology = *view.topology;
  const domain::connector& connector = topology.connectors[place];
  json.begin_object().member("site", topology.id.text());
  json.member("station", topology.stations[connector.station.value()].id.text());
  json.member("connector", connector.id.text()).member("at", domain::text_of(at));
  json.member("until", domain::text_of(until));
  json.member("plan_allows_ma", view.connectors[place].target.count());
}

response limit_currents(actors::engine_port& engine, const request& asked) {
  query_reader query{asked};
  const auto site = query.text("site");
  if (!query.faults().empty()) return query.problem_of(asked);
  const auto where = setpoint_place_of(engine, asked, site, {}, domain::current_kind::ac);
  if (where.refusal) return *where.refusal;
  const domain::site_view& view = *where.view;
  body_reader body{asked};
  const std::size_t place = read_connector(body, where);
  const domain::connector& connector = view.topology->connectors[place];
  const domain::capability profile = profile_of(*view.topology, connector);
  const currents_wish wish = read_currents(body, connector, profile);
  const auto until = read_until(body, asked.received_at);
  if (auto refusal = body.refusal(asked)) return *refusal;
  domain::connector_constraint order{domain::connector_index{place}, wish.current, {}, until};
  if (wish.ramp)
    order.ramp = ramp_from(view.connectors[place], milliamperes{wish.ramp->step},
                           wish.ramp->every, asked.received_at);
  if (const auto done = engine.order(view.topology->id, order); !done)
    return problem(done.failure(), asked.path);
  currents recommended{};
  for (std::size_t i = 0; i < recommended.size(); ++i)
    recommended[i] = stations::recommended_current(profile, wish.current[i]);
  const auto expected =
      std::min(view.connectors[place].target, left_by(recommended, connector));
  text::json_writer json;
  write_receipt_head(json, view, place, asked.received_at, until);
  write_lines(json, "limit_ma", wish.current);
  write_lines(json, "recommended_ma", recommended);
  json.member("expected_ma", expected.count());
  write_ramp(json, order.ramp);
  write_imbalance(json, view, place, expected);
  json.end_object();
  return json_response(json.take(), 202);
}

/// What the vehicle says to export: whether it may give anything back now.
void refuse_export(body_reader& body, const domain::site_view& view, std::size_t place) {
  const domain::connector_view& now = view.connectors[place];
  const auto need = view.topology->soc_target.count();
  const std::string above = "; export needs a state of charge above the departure need of " +
                            std::to_string(need) + " permille";
  if (now.is_stale) body.refuse("power_w", "its readings are stale; export needs fresh ones");
  if (!now.battery) body.refuse("power_w", "it has no session; export needs one");
  if (!now.soc) body.refuse("power_w", "its state of charge is not known" + above);
  else if (now.soc->count() <= need)
    body.refuse("power_w", "its state of charge is " + std::to_string(now.soc->count()) +
                               " permille" + above);
  else if (now.battery && !now.battery->export_max)
    body.refuse("power_w", "its vehicle can spare nothing now: what its driver asked for is owed "
                           "yet, or too little is left above the departure need of " +
                               std::to_string(need) + " permille");
}

response limit_power(actors::engine_port& engine, const request& asked) {
  query_reader query{asked};
  const auto site = query.text("site");
  if (!query.faults().empty()) return query.problem_of(asked);
  const auto where = setpoint_place_of(engine, asked, site, {}, domain::current_kind::dc);
  if (where.refusal) return *where.refusal;
  const domain::site_view& view = *where.view;
  body_reader body{asked};
  const std::size_t place = read_connector(body, where);
  const domain::capability profile =
      profile_of(*view.topology, view.topology->connectors[place]);
  const outlet_facts outlet{view.topology->connectors[place].id, profile,
                            view.connectors[place].voltage, ramp_per_second_of(*view.topology)};
  const power_wish wish = read_power(body, outlet);
  const bool is_export = wish.power < watts{};
  if (is_export && profile.is_bidirectional) refuse_export(body, view, place);
  const auto until = read_until(body, asked.received_at);
  if (auto refusal = body.refusal(asked)) return *refusal;
  domain::connector_constraint order{domain::connector_index{place}, {}, wish.power, until,
                                     wish.output, {}};
  if (wish.ramp)
    order.ramp = ramp_from(view.connectors[place],
                           current_at_site(view, place, watts{wish.ramp->step}),
                           wish.ramp->every, asked.received_at);
  if (const auto done = engine.order(view.topology->id, order); !done)
    return problem(done.failure(), asked.path);
  const watts allowed = power_at_site(view, place, view.connectors[place].target);
  const watts recommended = recommended_for(profile, wish);
  // What it gives back is decided by the next plan, which does not know the order yet.
  const watts expected =
      is_export ? std::max(recommended, -*view.connectors[place].battery->export_max)
                : std::min(allowed, recommended);
  text::json_writer json;
  write_receipt_head(json, view, place, asked.received_at, until);
  json.member("plan_allows_w", allowed.count()).member("limit_w", wish.power.count());
  json.member("voltage_mv", wish.voltage.count());
  json.member("current_ma", domain::current_ceil(size_of(wish.power), wish.voltage, 1).count());
  json.member("direction", is_export ? "export" : "charge");
  json.member("recommended_w", recommended.count());
  json.member("expected_w", expected.count());
  write_ramp(json, order.ramp);
  json.member("note", wish.note).end_object();
  return json_response(json.take(), 202);
}

void add_kind(router& routes, actors::engine_port& engine, const std::string& name,
              domain::current_kind kind,
              response (*limit)(actors::engine_port&, const request&)) {
  for (const char* base : {"/api/v1/stations/{station}/", "/api/stations/{station}/"}) {
    routes.add(method::get, base + name,
               [&engine, kind](const request& asked) { return show(engine, asked, kind); });
    routes.add(method::post, base + name,
               [&engine, limit](const request& asked) { return limit(engine, asked); });
    routes.add(method::remove, base + name,
               [&engine, kind](const request& asked) { return lift(engine, asked, kind); });
  }
}

} // namespace

void add_setpoint_resources(router& routes, actors::engine_port& engine) {
  add_kind(routes, engine, "phase-currents", domain::current_kind::ac, limit_currents);
  add_kind(routes, engine, "dc-power", domain::current_kind::dc, limit_power);
}

} // namespace busbar::adapters::http
