#pragma once
// What a driver's request is judged by, beside the notebook of its station.

#include "domain/ids.hpp"
#include "domain/telemetry.hpp"
#include "domain/time.hpp"

#include <vector>

namespace busbar::site {

struct table_rows;

/// What its connector table shows of a station when a driver asks.
struct station_facts {
  bool is_silent = false;
  bool is_unhealthy = false;
  bool is_site_safe = false;
  std::vector<domain::reading> readings;
};

/// REQUIRES: the station is of that bay.
[[nodiscard]] station_facts facts_of(const table_rows& table, domain::station_index station,
                                     domain::instant now);

} // namespace busbar::site
