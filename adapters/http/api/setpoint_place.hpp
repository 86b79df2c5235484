#pragma once
// The connectors of one station that a setpoint is about.

#include "adapters/http/api/site_scope.hpp"
#include "domain/site_view.hpp"
#include "domain/units.hpp"

#include <optional>
#include <string>
#include <vector>

namespace busbar::adapters::http::api {

struct setpoint_place {
  shared_view view;
  /// Its place in the topology's stations.
  std::size_t station = 0;
  /// Places of its connectors of the kind asked for, or of the one that was named. Never empty.
  std::vector<std::size_t> connectors;
  /// Set where there is no such station or connector (404), several sites have one, or none of its
  /// connectors is of that kind (409).
  std::optional<server::response> refusal;
};

/// REQUIRES: the route captured the station.
[[nodiscard]] setpoint_place setpoint_place_of(const ports::engine_node& engine,
                                               const server::request& asked,
                                               const std::optional<std::string>& site,
                                               const std::optional<std::string>& connector,
                                               domain::current_kind kind);

} // namespace busbar::adapters::http::api
