#pragma once
// Sessions of the ACN CSV: arrival_5min, departure_5min, est_departure_5min (periods of five
// minutes since the file's midnight), arrival_local, station_id, requested_kwh,
// battery_capacity_kwh, init_charge_kwh, max_power_kw.

#include "domain/fault_list.hpp"
#include "domain/site.hpp"
#include "domain/time.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace busbar::apps::evaluate {

struct recorded_session {
  domain::connector_index connector;
  domain::instant arrives{};
  domain::instant departs{};
  /// What the driver said when arriving.
  domain::instant announced{};
  std::int64_t requested_wh = 0;
  /// What the battery can take; never above the request.
  std::int64_t takes_wh = 0;
  std::int64_t power_max_w = 0;
};

struct recorded_sessions {
  /// In the order of arrival; at most one at a time on a connector.
  std::vector<recorded_session> sessions;
  /// Every fault, with file, place, value and what is allowed; then `sessions` is of no use.
  domain::fault_list faults;
};

/// Local civil time stands as if it were UTC. A station's session lies on its first connector.
[[nodiscard]] recorded_sessions read_recorded_sessions(const std::string& path,
                                                       const domain::site& site);

} // namespace busbar::apps::evaluate
