// What stations measure, in the load manager's own units; power to line currents and back at the
// voltage that is there; how well a site's lines are balanced; how a DC outlet tapers.

#include "adapters/http/api/constraint_status.hpp"
#include "adapters/http/api/ordering.hpp"
#include "adapters/http/api/resources.hpp"
#include "adapters/http/api/setpoint_body.hpp"
#include "adapters/http/api/setpoint_place.hpp"
#include "adapters/http/api/station_profile.hpp"
#include "adapters/http/json/body_reader.hpp"
#include "adapters/http/json/page_writer.hpp"
#include "adapters/http/json/query_reader.hpp"
#include "adapters/http/json/view_json.hpp"
#include "control/limits/node_limits.hpp"
#include "control/stations/connector_profile.hpp"
#include "control/stations/dc_limits.hpp"
#include "control/stations/phase_currents.hpp"
#include "domain/electrical.hpp"
#include "domain/time_text.hpp"

#include <algorithm>
#include <array>
#include <span>

namespace busbar::adapters::http::api {

using namespace json;
using namespace server;

namespace {

namespace stations = control::stations;
using domain::milliamperes;
using domain::millivolts;
using domain::watts;

constexpr std::uint64_t value_max = 100'000'000;
constexpr std::array current_names{"l1_ma", "l2_ma", "l3_ma"};

/// The nominal voltage line to neutral above the connector.
millivolts nominal_of(const domain::site& site, const domain::connector& connector) {
  const auto node = site.stations[connector.station.value()].parent.value();
  const auto voltage = control::limits::voltages_of(site)[node];
  domain::connector one_line;
  one_line.line_count = 1;
  return millivolts{control::limits::milliwatts_per_ampere(one_line, voltage)};
}

void write_lines_in_amperes(text::json_writer& json, const domain::per_line<milliamperes>& lines) {
  json.key("phases").begin_object();
  for (const auto& [name, place] : {std::pair{"A", 0U}, std::pair{"B", 1U}, std::pair{"C", 2U}})
    json.key(name).raw(decimal_of(lines[place].count()));
  json.end_object();
}

/// Line currents of a power, or the power of line currents, on the lines of the first AC connector.
response convert(const ports::engine_node& engine, const request& asked) {
  query_reader query{asked};
  const auto site = query.text("site");
  const auto power = query.number("power_w", 0, value_max);
  domain::per_line<milliamperes> currents{};
  bool has_current = false;
  for (std::size_t i = 0; i < currents.size(); ++i) {
    const auto value = query.number(current_names[i], 0, value_max);
    has_current = has_current || value.has_value();
    currents[i] = milliamperes{static_cast<std::int64_t>(value.value_or(0))};
  }
  if (power && has_current) query.refuse("power_w", "state a power or currents, not both");
  if (!query.faults().empty()) return query.problem_of(asked);
  const auto where = setpoint_place_of(engine, asked, site, {}, domain::current_kind::ac);
  if (where.refusal) return *where.refusal;
  const domain::site_view& view = *where.view;
  const std::size_t place = where.connectors.front();
  const domain::connector& connector = view.topology->connectors[place];
  const auto& measured = view.connectors[place].voltage;
  const millivolts each = measured.value_or(nominal_of(*view.topology, connector));
  const domain::per_line<millivolts> voltage{each, each, each};
  const std::span used{connector.lines.data(), connector.line_count};
  if (power)
    currents = stations::phase_currents(watts{static_cast<std::int64_t>(*power)}, voltage, used);
  else if (!has_current) currents = view.connectors[place].drawn;
  text::json_writer json;
  json.begin_object().member("station", asked.captured.front());
  json.member("connector", connector.id.text()).key("voltage").raw(decimal_of(each.count()));
  json.member("is_measured", measured.has_value());
  write_lines_in_amperes(json, currents);
  json.key("power_kw").raw(kilowatts(stations::power_of(currents, voltage))).end_object();
  return json_response(json.take());
}

void write_balance(text::json_writer& json, const domain::site_view& view) {
  const auto imbalance = stations::imbalance(view.nodes.front().measured);
  const auto most = view.topology->nodes.front().protection.quality.imbalance_max.value_or(
      stations::system_imbalance_max);
  json.begin_object().member("site", view.topology->id.text());
  json.member("balanced", imbalance <= most);
  json.key("imbalance").raw(decimal_of(imbalance.count()));
  json.key("max_imbalance").raw(decimal_of(most.count()));
  write_lines_in_amperes(json, view.nodes.front().measured);
  json.end_object();
}

response list_balance(const ports::engine_node& engine, const request& asked) {
  query_reader query{asked};
  page_writer page{read_page(query)};
  const auto site = query.text("site");
  if (!query.faults().empty()) return query.problem_of(asked);
  const site_scope scope = scope_of(engine, site, asked.path);
  if (scope.refusal) return *scope.refusal;
  for (const shared_view& view : scope.views)
    if (page.wants_next()) write_balance(page.json(), *view);
  return json_response(page.finish());
}

template <class Value>
void write_decimal(text::json_writer& json, const char* name, const std::optional<Value>& value) {
  json.key(name);
  if (value) json.raw(decimal_of(value->count()));
  else json.null();
}

void write_measurements(text::json_writer& json, const domain::site_view& view, std::size_t place) {
  const domain::connector_view& now = view.connectors[place];
  const bool is_dc = view.topology->connectors[place].kind == domain::current_kind::dc;
  std::optional<milliamperes> output;
  if (is_dc && now.voltage)
    output = domain::current_ceil(size_of(now.power), *now.voltage, 1);
  json.begin_object().member("connector", view.topology->connectors[place].id.text());
  json.member("kind", text_of(view.topology->connectors[place].kind));
  json.member("is_stale", now.is_stale);
  write_time_or_null(json, "at", now.last_heard);
  json.key("power").raw(kilowatts(now.power));
  write_decimal(json, "current", output);
  write_decimal(json, "voltage", now.voltage);
  write_decimal(json, "temperature", now.temperature);
  // A tenth of a percent is a permille.
  json.key("soc");
  if (now.soc) json.raw(decimal_of(now.soc->count() * 100));
  else json.null();
  write_lines_in_amperes(json, now.drawn);
  json.end_object();
}

response show_measurements(const ports::engine_node& engine, const request& asked) {
  query_reader query{asked};
  const auto site = query.text("site");
  if (!query.faults().empty()) return query.problem_of(asked);
  const station_scope found = station_named(engine, site, asked.captured.front(), asked.path);
  if (found.refusal) return *found.refusal;
  const domain::station& station = found.view->topology->stations[found.place];
  text::json_writer json;
  json.begin_object().member("station", station.id.text()).key("connectors").begin_array();
  for (std::uint32_t i = 0; i < station.connector_count; ++i)
    write_measurements(json, *found.view, station.first_connector.value() + i);
  json.end_array().end_object();
  return json_response(json.take());
}

struct taper_answer {
  std::string station;
  domain::soc_taper taper;
  domain::watts full;
  /// As the body states it, or else of the vehicle that is there.
  std::optional<domain::permille> soc;
};

void write_taper(text::json_writer& json, const taper_answer& answer) {
  const auto& taper = answer.taper;
  // What is left at a full battery, in permille of full power.
  const auto lost = (1'000 - taper.start.count()) * taper.permille_per_percent.count() / 10;
  const auto left = std::max(1'000 - lost, taper.floor.count());
  json.begin_object().member("station", answer.station);
  json.member("enabled", taper.permille_per_percent.count() > 0);
  json.key("taperStartSoC").raw(decimal_of(taper.start.count() * 100));
  json.key("taperRate").raw(decimal_of(1'000 - left));
  json.key("soc");
  if (answer.soc) json.raw(decimal_of(answer.soc->count() * 100));
  else json.null();
  json.key("power");
  if (answer.soc) json.raw(kilowatts(stations::tapered(taper, *answer.soc, answer.full)));
  else json.null();
  json.end_object();
}

response show_taper(const ports::engine_node& engine, const request& asked) {
  query_reader query{asked};
  const auto site = query.text("site");
  if (!query.faults().empty()) return query.problem_of(asked);
  const auto where = setpoint_place_of(engine, asked, site, {}, domain::current_kind::dc);
  if (where.refusal) return *where.refusal;
  const domain::site& topology = *where.view->topology;
  const auto profile =
      stations::profile_of(topology, topology.connectors[where.connectors.front()]);
  text::json_writer json;
  write_taper(json, {asked.captured.front(), profile.taper, profile.power_max,
                     where.view->connectors[where.connectors.front()].soc});
  return json_response(json.take());
}

/// From `taperStartSoC` percent on evenly down by `taperRate` of full power at 100 %, rounded so
/// that it is never less.
domain::soc_taper read_taper(body_reader& body) {
  const auto start = body.thousandths("taperStartSoC", 0, 99'000).value_or(80'000) / 100;
  const auto rate = body.thousandths("taperRate", 0, 1'000).value_or(700);
  const bool is_enabled = body.truth("enabled").value_or(true);
  domain::soc_taper taper;
  taper.start = domain::permille{start};
  taper.floor = domain::permille{is_enabled ? 1'000 - rate : 1'000};
  const auto steepness = domain::rounding::divide_ceil(rate * 10, 1'000 - start);
  taper.permille_per_percent = domain::permille{is_enabled ? steepness : 0};
  const bool is_stated = body.has("taperStartSoC") || body.has("taperRate") ||
                         body.has("enabled") || body.has("soc");
  if (!is_stated)
    body.refuse("taperRate", "missing; state enabled, taperStartSoC, taperRate or soc",
                        {"taperStartSoC", "taperRate", "enabled", "soc"});
  return taper;
}

/// Kept with what the station can do: a revision of the site.
void set_taper(ports::engine_node& engine, const request& asked, const responder& reply) {
  query_reader query{asked};
  const auto site = query.text("site");
  if (!query.faults().empty()) return reply(query.problem_of(asked));
  body_reader body{asked};
  const auto taper = read_taper(body);
  // Says nothing about the curve: the answer states what is left at it.
  const auto percent = body.thousandths("soc", 0, 100'000);
  const auto soc = percent ? std::optional{domain::permille{*percent / 100}} : std::nullopt;
  if (auto refusal = body.refusal(asked)) return reply(*refusal);
  const auto where = setpoint_place_of(engine, asked, site, {}, domain::current_kind::dc);
  if (where.refusal) return reply(*where.refusal);
  const domain::site& topology = *where.view->topology;
  const domain::station& station = topology.stations[where.station];
  const domain::capability* known = stations::find_capability(topology, station.capability);
  if (known == nullptr)
    return reply(problem(409, "station '" + station.id.text() + "' states no capability profile: "
                              "find one with capabilities/discover first",
                         asked.path));
  domain::station_configuration entry;
  entry.station = station.id;
  entry.found = *known;
  entry.found->taper = taper;
  const std::string own = station.id.text() + " ";
  if (!entry.found->name.starts_with(own)) entry.found->name = own + entry.found->name;
  text::json_writer json;
  const auto first = where.connectors.front();
  write_taper(json, {asked.captured.front(), taper,
                     stations::profile_of(topology, topology.connectors[first]).power_max,
                     soc ? soc : where.view->connectors[first].soc});
  const auto done = engine.configure(topology.id, {{}, {entry}}, asked.by,
                                     when_kept(reply, asked, json_response(json.take(), 202)));
  if (!done) reply(problem(done.failure(), asked.path));
}

} // namespace

void add_measurement_resources(router& routes, ports::engine_node& engine) {
  for (const std::string base : {"/api/v1/stations/{station}/", "/api/stations/{station}/"}) {
    routes.add(method::get, base + "phase-currents/convert",
               [&engine](const request& asked) { return convert(engine, asked); });
    routes.add(method::get, base + "measurements",
               [&engine](const request& asked) { return show_measurements(engine, asked); });
    routes.add(method::get, base + "dc-power/taper",
               [&engine](const request& asked) { return show_taper(engine, asked); });
    routes.add_late(method::post, base + "dc-power/taper",
                    [&engine](const request& asked, const responder& reply) {
                      set_taper(engine, asked, reply);
                    });
  }
  for (const char* path : {"/api/v1/phase-balance", "/api/phase-balance"})
    routes.add(method::get, path,
               [&engine](const request& asked) { return list_balance(engine, asked); });
}

} // namespace busbar::adapters::http::api
