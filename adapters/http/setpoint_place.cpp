#include "adapters/http/setpoint_place.hpp"

#include "adapters/http/problem.hpp"
#include "adapters/http/view_json.hpp"
#include "control/limits/node_limits.hpp"
#include "domain/electrical.hpp"

namespace busbar::adapters::http {

setpoint_place setpoint_place_of(const actors::engine_port& engine, const request& asked,
                                 const std::optional<std::string>& site,
                                 const std::optional<std::string>& connector,
                                 domain::current_kind kind) {
  setpoint_place found;
  const std::string& name = asked.captured.front();
  station_scope scope = station_named(engine, site, name, asked.path);
  found.refusal = std::move(scope.refusal);
  if (found.refusal) return found;
  found.view = scope.view;
  found.station = scope.place;
  const domain::site& topology = *scope.view->topology;
  const domain::station& station = topology.stations[scope.place];
  bool is_known = !connector;
  for (std::uint32_t i = 0; i < station.connector_count; ++i) {
    const std::size_t place = station.first_connector.value() + i;
    const bool is_wanted = !connector || topology.connectors[place].id.text() == *connector;
    is_known = is_known || is_wanted;
    if (is_wanted && topology.connectors[place].kind == kind) found.connectors.push_back(place);
  }
  if (!is_known)
    found.refusal =
        problem(404, "station '" + name + "' has no connector '" + *connector + "'", asked.path);
  else if (found.connectors.empty())
    found.refusal = problem(409, std::string("'") + connector.value_or(name) + "' is not " +
                                     text_of(kind) + ": phase-currents are for ac, dc-power for dc",
                            asked.path);
  return found;
}

namespace {

std::int64_t milliwatts_per_ampere(const domain::site_view& view, std::size_t connector) {
  const domain::site& site = *view.topology;
  const domain::connector& stated = site.connectors[connector];
  const auto node = site.stations[stated.station.value()].parent.value();
  const auto voltage = control::limits::voltages_of(site)[node];
  return control::limits::milliwatts_per_ampere(stated, voltage);
}

} // namespace

domain::watts power_at_site(const domain::site_view& view, std::size_t connector,
                            domain::milliamperes current) {
  const std::int64_t milliwatts = milliwatts_per_ampere(view, connector);
  return domain::watts{domain::rounding::divide_floor(current.count() * milliwatts, 1'000'000)};
}

domain::milliamperes current_at_site(const domain::site_view& view, std::size_t connector,
                                     domain::watts power) {
  const std::int64_t milliwatts = milliwatts_per_ampere(view, connector);
  return domain::milliamperes{
      domain::rounding::divide_floor(power.count() * 1'000'000, milliwatts)};
}

} // namespace busbar::adapters::http
