#pragma once
// The connectors of one station that a setpoint is about.

#include "adapters/http/site_scope.hpp"
#include "domain/site_view.hpp"
#include "domain/units.hpp"

#include <optional>
#include <string>
#include <vector>

namespace busbar::adapters::http {

struct setpoint_place {
  shared_view view;
  /// Its place in the topology's stations.
  std::size_t station = 0;
  /// Places of its connectors of the kind asked for, or of the one that was named. Never empty.
  std::vector<std::size_t> connectors;
  /// Set where there is no such station or connector (404), several sites have one, or none of its
  /// connectors is of that kind (409).
  std::optional<response> refusal;
};

/// REQUIRES: the route captured the station.
[[nodiscard]] setpoint_place setpoint_place_of(const actors::engine_port& engine,
                                               const request& asked,
                                               const std::optional<std::string>& site,
                                               const std::optional<std::string>& connector,
                                               domain::current_kind kind);

/// Power of a line current of the connector at the nominal voltage above it, rounded down.
[[nodiscard]] domain::watts power_at_site(const domain::site_view& view, std::size_t connector,
                                          domain::milliamperes current);

/// The other way round: the largest line current that carries at most `power`.
[[nodiscard]] domain::milliamperes current_at_site(const domain::site_view& view,
                                                   std::size_t connector, domain::watts power);

} // namespace busbar::adapters::http
