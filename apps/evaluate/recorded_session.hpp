#pragma once
// Recorded sessions on the connectors of a site. The formats: `apps/sessions/recorded_file.hpp`.

#include "apps/sessions/session_places.hpp"
#include "domain/fault_list.hpp"
#include "domain/site.hpp"
#include "domain/time.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace busbar::apps::evaluate {

struct recorded_session {
  /// Where it stands in its file: "month.csv:7".
  std::string where;
  domain::connector_index connector;
  /// Both in whole seconds.
  domain::instant arrives{};
  domain::instant departs{};
  /// What the driver said when arriving.
  domain::instant announced{};
  std::int64_t requested_wh = 0;
  /// What the battery can take; never above the request.
  std::int64_t takes_wh = 0;
  /// Absent: the file does not say; the connector's maximum holds.
  std::optional<std::int64_t> power_max_w;
};

struct recorded_sessions {
  /// In the order of arrival; at most one at a time on a connector.
  std::vector<recorded_session> sessions;
  /// Every fault, with file, place, value and what is allowed; then `sessions` is of no use.
  domain::fault_list faults;
  /// Times are UTC, not the site's local civil time.
  bool is_utc = false;
};

/// Local civil time stands as if it were UTC. A place is a station's or a connector's id, after
/// `renamed`; a station's session lies on its first connector. Two sessions at once on a connector
/// are a fault.
[[nodiscard]] recorded_sessions read_recorded_sessions(const std::string& path,
                                                       const domain::site& site,
                                                       const place_names& renamed = {});

} // namespace busbar::apps::evaluate
