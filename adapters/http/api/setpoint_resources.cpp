// What a station draws, was told and may draw, and limits that an operator sets it for a time:
// phase-currents for AC, dc-power for DC.

#include "adapters/http/api/ordering.hpp"
#include "adapters/http/api/resources.hpp"
#include "adapters/http/api/setpoint_body.hpp"
#include "adapters/http/api/setpoint_place.hpp"
#include "adapters/http/json/body_reader.hpp"
#include "adapters/http/json/query_reader.hpp"
#include "adapters/http/json/view_json.hpp"
#include "control/operators/preview.hpp"
#include "control/stations/connector_profile.hpp"
#include "domain/electrical.hpp"
#include "domain/time_text.hpp"
#include "text/json_writer.hpp"

#include <memory>
#include <utility>

namespace busbar::adapters::http::api {

using namespace json;
using namespace server;

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
  const auto power_at = [&](domain::milliamperes current) {
    return stations::power_at_site(*view.topology, domain::connector_index{place}, current);
  };
  const auto setpoint = power_at(now.acknowledged);
  json.member("setpoint_w", (now.is_export ? -setpoint : setpoint).count());
  json.member("direction", direction_of(now)).member("grant_ma", now.granted.count());
  json.member("plan_allows_ma", now.target.count());
  json.member("plan_allows_w", power_at(now.target).count());
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
setpoint_place queried_place(const ports::engine_node& engine, const request& asked,
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

response show(const ports::engine_node& engine, const request& asked, domain::current_kind kind) {
  const setpoint_place found = queried_place(engine, asked, kind);
  if (found.refusal) return *found.refusal;
  text::json_writer json;
  begin_connectors(json, found, found.view->at);
  for (const std::size_t place : found.connectors) write_now(json, *found.view, place);
  json.end_array().end_object();
  return json_response(json.take());
}

void lift(ports::engine_node& engine, const request& asked, const responder& reply,
          domain::current_kind kind) {
  const setpoint_place found = queried_place(engine, asked, kind);
  if (found.refusal) return reply(*found.refusal);
  ordering order{found.view->topology, {}, asked, nullptr};
  for (const std::size_t place : found.connectors)
    order.wishes.push_back(
        {domain::lift_connector_constraint{domain::connector_index{place}}, {}, {}});
  give(engine, order, reply, [found, at = asked.received_at](const taken_orders&) {
    text::json_writer json;
    begin_connectors(json, found, at);
    for (const std::size_t place : found.connectors)
      json.value(found.view->topology->connectors[place].id.text());
    json.end_array().end_object();
    return json_response(json.take(), 202);
  });
}

/// Names the one connector that a body is about; several and none named is a fault.
std::size_t read_connector(body_reader& body, const setpoint_place& where) {
  const domain::site& topology = *where.view->topology;
  const auto wanted = body.id("connector");
  std::vector<std::string> ids;
  std::string names;
  for (const std::size_t place : where.connectors) {
    ids.push_back(topology.connectors[place].id.text());
    if (wanted == ids.back()) return place;
    names += (names.empty() ? "" : ", ") + ids.back();
  }
  if (wanted) refuse_unknown(body, "connector", *wanted, "allowed are ", ids);
  else if (where.connectors.size() > 1 && !body.has("connector"))
    body.refuse("connector", "missing; allowed are " + names, {"connector"});
  return where.connectors.front();
}

/// It begins where its connector stands when the site takes the order.
domain::limit_ramp ramp_of(milliamperes step, domain::microseconds every, domain::instant at) {
  return {{}, step, every, at};
}

/// null where the limit holds at once.
void write_ramp(text::json_writer& json, const std::optional<domain::limit_ramp>& ramp) {
  json.key("ramp");
  if (ramp) write_limit_ramp(json, *ramp);
  else json.null();
}

/// The lines of the node above the station, now and with what is expected in place of what the
/// connector draws.
void write_imbalance(text::json_writer& json, const domain::site& site,
                     const domain::currents_effect& effect) {
  json.key("imbalance").begin_object();
  json.member("node", site.nodes[effect.node.value()].id.text());
  json.member("now_permille", effect.imbalance_now.count());
  json.member("then_permille", effect.imbalance_then.count()).end_object();
}

void write_receipt_head(text::json_writer& json, const domain::site& site,
                        const domain::order_taken& taken, domain::instant at) {
  const auto& limit = std::get<domain::connector_constraint>(taken.order);
  const domain::connector& connector = site.connectors[limit.connector.value()];
  json.begin_object().member("site", site.id.text());
  json.member("station", site.stations[connector.station.value()].id.text());
  json.member("connector", connector.id.text()).member("at", domain::text_of(at));
  json.member("until", domain::text_of(limit.until));
  json.member("plan_allows_ma", taken.plan_allows.count());
}

response currents_receipt(const domain::site& site, const domain::order_taken& taken,
                          domain::instant at) {
  const auto& limit = std::get<domain::connector_constraint>(taken.order);
  text::json_writer json;
  write_receipt_head(json, site, taken, at);
  write_lines(json, "limit_ma", *limit.current);
  write_lines(json, "recommended_ma", taken.currents->recommended);
  json.member("expected_ma", taken.currents->expected.count());
  write_ramp(json, limit.ramp);
  write_imbalance(json, site, *taken.currents);
  json.end_object();
  return json_response(json.take(), 202);
}

/// The one connector that a body is about, and the body.
struct asked_limit {
  setpoint_place where;
  std::shared_ptr<body_reader> body;
  std::size_t place = 0;
  std::optional<response> refusal;

  [[nodiscard]] const domain::site& site() const { return *where.view->topology; }
  [[nodiscard]] const domain::connector& connector() const { return site().connectors[place]; }
};

asked_limit read_place(const ports::engine_node& engine, const request& asked,
                       domain::current_kind kind) {
  asked_limit found;
  query_reader query{asked};
  const auto site = query.text("site");
  if (!query.faults().empty()) {
    found.refusal = query.problem_of(asked);
    return found;
  }
  found.where = setpoint_place_of(engine, asked, site, {}, kind);
  found.refusal = found.where.refusal;
  if (found.refusal) return found;
  found.body = std::make_shared<body_reader>(asked);
  found.place = read_connector(*found.body, found.where);
  return found;
}

void limit_currents(ports::engine_node& engine, const request& asked, const responder& reply) {
  const asked_limit found = read_place(engine, asked, domain::current_kind::ac);
  if (found.refusal) return reply(*found.refusal);
  const auto profile = stations::profile_of(found.site(), found.connector());
  const currents_wish wish = read_currents(*found.body, found.connector(), profile);
  const auto until = read_until(*found.body, asked.received_at);
  if (auto refusal = found.body->refusal(asked)) return reply(*std::move(refusal));
  domain::connector_constraint limit{domain::connector_index{found.place}, wish.current, {}, until};
  if (wish.ramp)
    limit.ramp = ramp_of(milliamperes{wish.ramp->step}, wish.ramp->every, asked.received_at);
  const ordering order{found.where.view->topology, {{limit, {}, {}}}, asked, found.body};
  give(engine, order, reply,
       [site = found.where.view->topology, at = asked.received_at](const taken_orders& taken) {
         return currents_receipt(*site, taken.front(), at);
       });
}

response power_receipt(const domain::site& site, const domain::order_taken& taken,
                       const power_wish& wish, domain::instant at) {
  const auto& limit = std::get<domain::connector_constraint>(taken.order);
  text::json_writer json;
  write_receipt_head(json, site, taken, at);
  json.member("plan_allows_w", taken.power->allowed.count());
  json.member("limit_w", wish.power.count());
  json.member("voltage_mv", wish.voltage.count());
  json.member("current_ma", domain::current_ceil(size_of(wish.power), wish.voltage, 1).count());
  json.member("direction", limit.is_export() ? "export" : "charge");
  json.member("recommended_w", taken.power->recommended.count());
  json.member("expected_w", taken.power->expected.count());
  write_ramp(json, limit.ramp);
  json.member("note", wish.note).end_object();
  return json_response(json.take(), 202);
}

domain::order_wish power_order(const asked_limit& found, const power_wish& wish,
                               domain::instant until, domain::instant at) {
  const domain::connector_index index{found.place};
  domain::connector_constraint limit{index, {}, wish.power, until, wish.output, {}};
  if (wish.ramp)
    limit.ramp = ramp_of(stations::current_at_site(found.site(), index, watts{wish.ramp->step}),
                         wish.ramp->every, at);
  return {limit, wish.voltage, {}};
}

/// Every fault of a body that has some, and what the site's state forbids beside them.
response power_refusal(const asked_limit& found, const outlet_facts& outlet,
                       const domain::order_wish& wanted, const request& asked) {
  body_reader body{asked};
  static_cast<void>(read_connector(body, found.where));
  static_cast<void>(read_power(body, outlet));
  add_faults(body, wanted, *found.where.view);
  static_cast<void>(read_until(body, asked.received_at));
  return *body.refusal(asked);
}

void limit_power(ports::engine_node& engine, const request& asked, const responder& reply) {
  const asked_limit found = read_place(engine, asked, domain::current_kind::dc);
  if (found.refusal) return reply(*found.refusal);
  const auto profile = stations::profile_of(found.site(), found.connector());
  const outlet_facts outlet{found.connector().id, profile,
                            found.where.view->connectors[found.place].voltage,
                            control::operators::ramp_per_second_of(found.site())};
  const power_wish wish = read_power(*found.body, outlet);
  const auto until = read_until(*found.body, asked.received_at);
  const auto wanted = power_order(found, wish, until, asked.received_at);
  if (found.body->refusal(asked)) return reply(power_refusal(found, outlet, wanted, asked));
  const ordering order{found.where.view->topology, {wanted}, asked, found.body};
  give(engine, order, reply,
       [site = found.where.view->topology, wish, at = asked.received_at](const taken_orders& all) {
         return power_receipt(*site, all.front(), wish, at);
       });
}

using limit_handler = void (*)(ports::engine_node&, const request&, const responder&);

void add_kind(router& routes, ports::engine_node& engine, const std::string& name,
              domain::current_kind kind, limit_handler limit) {
  for (const char* base : {"/api/v1/stations/{station}/", "/api/stations/{station}/"}) {
    routes.add(method::get, base + name,
               [&engine, kind](const request& asked) { return show(engine, asked, kind); });
    routes.add_late(method::post, base + name,
                    [&engine, limit](const request& asked, const responder& reply) {
                      limit(engine, asked, reply);
                    });
    routes.add_late(method::remove, base + name,
                    [&engine, kind](const request& asked, const responder& reply) {
                      lift(engine, asked, reply, kind);
                    });
  }
}

} // namespace

void add_setpoint_resources(router& routes, ports::engine_node& engine) {
  add_kind(routes, engine, "phase-currents", domain::current_kind::ac, limit_currents);
  add_kind(routes, engine, "dc-power", domain::current_kind::dc, limit_power);
}

} // namespace busbar::adapters::http::api
