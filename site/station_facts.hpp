#pragma once
// What a driver's request is judged by, beside the notebook of its station.

#include "domain/telemetry.hpp"

#include <vector>

namespace busbar::site {

/// What the bay knows of a station when a driver asks.
struct station_facts {
  bool is_silent = false;
  bool is_unhealthy = false;
  bool is_site_safe = false;
  std::vector<domain::reading> readings;
};

} // namespace busbar::site
