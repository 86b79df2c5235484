#include "adapters/http/api/setpoint_place.hpp"

#include "adapters/http/json/view_json.hpp"
#include "adapters/http/server/problem.hpp"
#include "text/suggestion.hpp"

namespace busbar::adapters::http::api {

using namespace json;
using namespace server;

setpoint_place setpoint_place_of(const ports::engine_node& engine, const request& asked,
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
  text::nearest_name nearest{connector ? std::string_view{*connector} : std::string_view{}};
  for (std::uint32_t i = 0; i < station.connector_count; ++i) {
    const std::size_t place = station.first_connector.value() + i;
    nearest.offer(topology.connectors[place].id.text());
    const bool is_wanted = !connector || topology.connectors[place].id.text() == *connector;
    is_known = is_known || is_wanted;
    if (is_wanted && topology.connectors[place].kind == kind) found.connectors.push_back(place);
  }
  if (!is_known)
    found.refusal =
        problem(404,
                "station '" + name + "' has no connector '" + *connector + "'" + nearest.text(),
                asked.path);
  else if (found.connectors.empty())
    found.refusal = problem(409, std::string("'") + connector.value_or(name) + "' is not " +
                                     text_of(kind) + ": phase-currents are for ac, dc-power for dc",
                            asked.path);
  return found;
}

} // namespace busbar::adapters::http::api
