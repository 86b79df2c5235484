// What a station draws, was told and may draw, and limits that an operator sets it for a time:
// phase-currents for AC, dc-power for DC.

#include "adapters/http/body_reader.hpp"
#include "adapters/http/json_writer.hpp"
#include "adapters/http/query_reader.hpp"
#include "adapters/http/resources.hpp"
#include "adapters/http/setpoint_place.hpp"
#include "adapters/http/station_profile.hpp"
#include "adapters/http/view_json.hpp"
#include "control/stations/phase_currents.hpp"
#include "domain/electrical.hpp"
#include "domain/time_text.hpp"

#include <algorithm>
#include <array>

namespace busbar::adapters::http {

namespace {

namespace stations = control::stations;
using domain::milliamperes;
using domain::watts;

constexpr std::int64_t value_max = 100'000'000;
constexpr std::int64_t hold_s_max = 86'400;
constexpr std::array current_names{"l1_ma", "l2_ma", "l3_ma"};

/// `until`, or now and `duration_s`.
std::optional<domain::instant> read_until(body_reader& body, domain::instant now) {
  const auto until = body.time("until");
  const auto duration = body.number("duration_s", 1, hold_s_max);
  if (!body.has("until") && !body.has("duration_s"))
    body.refuse("until", "missing; state until or duration_s (1 to 86400)");
  if (body.has("until") && body.has("duration_s"))
    body.refuse("duration_s", "until is stated already; state one of the two");
  if (until && (*until <= now || *until - now > domain::seconds{hold_s_max}))
    body.refuse("until", domain::text_of(*until) + "; allowed is a time later than now, within a "
                                                   "day (86400 s)");
  return duration ? std::optional{now + domain::seconds{*duration}} : until;
}

std::string range_text(std::int64_t low, std::int64_t high) {
  const std::string range = std::to_string(low) + " to " + std::to_string(high);
  return low > 0 ? "0 or " + range : range;
}

void write_now(json_writer& json, const domain::site_view& view, std::size_t place) {
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
  json.member("max_w", connector.power_max.count()).key("because");
  write_reason(json, *view.topology, now.because);
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

void begin_connectors(json_writer& json, const setpoint_place& of, domain::instant at) {
  const domain::site& topology = *of.view->topology;
  json.begin_object().member("site", topology.id.text());
  json.member("station", topology.stations[of.station].id.text());
  json.member("at", domain::text_of(at)).key("connectors").begin_array();
}

response show(const actors::engine_port& engine, const request& asked, domain::current_kind kind) {
  const setpoint_place found = queried_place(engine, asked, kind);
  if (found.refusal) return *found.refusal;
  json_writer json;
  begin_connectors(json, found, found.view->at);
  for (const std::size_t place : found.connectors) write_now(json, *found.view, place);
  json.end_array().end_object();
  return json_response(json.take());
}

response lift(actors::engine_port& engine, const request& asked, domain::current_kind kind) {
  const setpoint_place found = queried_place(engine, asked, kind);
  if (found.refusal) return *found.refusal;
  const domain::site& topology = *found.view->topology;
  json_writer json;
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

bool lies_on(const domain::connector& connector, domain::line line) {
  const auto* end = connector.lines.begin() + connector.line_count;
  return std::find(connector.lines.begin(), end, line) != end;
}

using currents = domain::per_line<milliamperes>;

/// Every line of the connector is to be stated, and to fit its profile.
currents read_currents(body_reader& body, const domain::connector& connector,
                       const domain::capability& profile) {
  currents wish{};
  for (const domain::line line : domain::all_lines) {
    const std::size_t place = domain::index_of(line);
    const std::string name = current_names[place];
    const auto value = body.number(name, 0, value_max);
    const bool is_used = lies_on(connector, line);
    if (is_used && !body.has(name)) body.refuse(name, "missing; the connector lies on this line");
    if (!value) continue;
    wish[place] = milliamperes{*value};
    if (!is_used && *value > 0)
      body.refuse(name, std::to_string(*value) + "; the connector does not lie on this line");
    if (is_used && !stations::validate(profile, {wish[place], {}, {}, {}}).empty())
      body.refuse(name, std::to_string(*value) + "; allowed are " +
                            range_text(profile.current_min.count(), profile.current_max.count()) +
                            "; recommended is " +
                            std::to_string(
                                stations::recommended_current(profile, wish[place]).count()));
  }
  return wish;
}

/// What the limit leaves to the connector: its draw is equal on all of its lines.
milliamperes left_by(const currents& limit, const domain::connector& connector) {
  auto least = limit[domain::index_of(connector.lines[0])];
  for (std::size_t i = 1; i < connector.line_count; ++i)
    least = std::min(least, limit[domain::index_of(connector.lines[i])]);
  return least;
}

/// The lines of the node above the station, now and with `expected` in place of what it draws.
void write_imbalance(json_writer& json, const domain::site_view& view, std::size_t place,
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

void write_receipt_head(json_writer& json, const domain::site_view& view, std::size_t place,
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
  const currents wish = read_currents(body, connector, profile);
  const auto until = read_until(body, asked.received_at);
  if (auto refusal = body.refusal(asked)) return *refusal;
  const domain::connector_constraint order{domain::connector_index{place}, wish, {}, *until};
  if (const auto done = engine.order(view.topology->id, order); !done)
    return problem(done.failure(), asked.path);
  currents recommended{};
  for (std::size_t i = 0; i < wish.size(); ++i)
    recommended[i] = stations::recommended_current(profile, wish[i]);
  const auto expected =
      std::min(view.connectors[place].target, left_by(recommended, connector));
  json_writer json;
  write_receipt_head(json, view, place, asked.received_at, *until);
  write_lines(json, "limit_ma", wish);
  write_lines(json, "recommended_ma", recommended);
  json.member("expected_ma", expected.count());
  write_imbalance(json, view, place, expected);
  json.end_object();
  return json_response(json.take(), 202);
}

struct power_wish {
  watts power{};
  /// Of the output; where none is stated the profile's highest, where the current is least.
  domain::millivolts voltage{};
};

std::string plain_range(const stations::setpoint_fault& fault) {
  return std::to_string(fault.low) + " to " + std::to_string(fault.high);
}

watts size_of(watts power) { return power < watts{} ? -power : power; }

/// "-50000 to -5000, 0 or 5000 to 50000" where the station is bidirectional.
std::string power_range(const domain::capability& profile) {
  const auto low = profile.power_min.count();
  const auto high = profile.power_max.count();
  if (!profile.is_bidirectional) return range_text(low, high);
  return std::to_string(-high) + " to " + std::to_string(-low) + ", " + range_text(low, high);
}

/// The wish's direction, and a size that the profile allows.
watts recommended_for(const domain::capability& profile, const power_wish& wish) {
  if (wish.power >= watts{}) return recommended_power(profile, wish.power, wish.voltage);
  if (!profile.is_bidirectional) return watts{};
  return -recommended_power(profile, -wish.power, wish.voltage);
}

/// What the profile says to the power, to the voltage, and to the current that follows from both.
void refuse_power(body_reader& body, const domain::capability& profile, const power_wish& wish,
                  bool has_voltage) {
  const auto recommended = recommended_for(profile, wish).count();
  const std::string advice = "; recommended is " + std::to_string(recommended);
  const auto found = stations::validate(profile, {{}, wish.power, wish.voltage, {}});
  for (const stations::setpoint_fault& each : found)
    body.refuse(each.field, std::to_string(each.value) + "; allowed are " +
                                (each.field == "power_w" ? power_range(profile) + advice
                                                         : plain_range(each)));
  const auto current = domain::current_ceil(size_of(wish.power), wish.voltage, 1);
  if (!found.empty() || stations::validate(profile, {current, {}, {}, {}}).empty()) return;
  body.refuse("power_w", std::to_string(wish.power.count()) + " W at " +
                             std::to_string(wish.voltage.count()) + " mV" +
                             (has_voltage ? "" : " (the highest)") + " is " +
                             std::to_string(current.count()) + " mA; allowed are " +
                             range_text(profile.current_min.count(), profile.current_max.count()) +
                             advice);
}

power_wish read_power(body_reader& body, const domain::capability& profile) {
  const auto power = body.number("power_w", -value_max, value_max);
  const auto voltage = body.number("voltage_mv", 1, 2'000'000);
  if (!body.has("power_w")) body.refuse("power_w", "missing");
  const power_wish wish{watts{power.value_or(0)},
                        domain::millivolts{voltage.value_or(profile.voltage_max.count())}};
  refuse_power(body, profile, wish, voltage.has_value());
  return wish;
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
  const power_wish wish = read_power(body, profile);
  const bool is_export = wish.power < watts{};
  if (is_export && profile.is_bidirectional) refuse_export(body, view, place);
  const auto until = read_until(body, asked.received_at);
  if (auto refusal = body.refusal(asked)) return *refusal;
  const domain::connector_constraint order{domain::connector_index{place}, {}, wish.power, *until};
  if (const auto done = engine.order(view.topology->id, order); !done)
    return problem(done.failure(), asked.path);
  const watts allowed = power_at_site(view, place, view.connectors[place].target);
  const watts recommended = recommended_for(profile, wish);
  // What it gives back is decided by the next plan, which does not know the order yet.
  const watts expected =
      is_export ? std::max(recommended, -*view.connectors[place].battery->export_max)
                : std::min(allowed, recommended);
  json_writer json;
  write_receipt_head(json, view, place, asked.received_at, *until);
  json.member("plan_allows_w", allowed.count()).member("limit_w", wish.power.count());
  json.member("voltage_mv", wish.voltage.count());
  json.member("current_ma", domain::current_ceil(size_of(wish.power), wish.voltage, 1).count());
  json.member("direction", is_export ? "export" : "charge");
  json.member("recommended_w", recommended.count());
  json.member("expected_w", expected.count()).end_object();
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
