#pragma once
// The verdict of `busbar fleet --audit`, as lines for people and as JSON.

#include "apps/fleet/fleet_audit.hpp"

#include <string>
#include <vector>

namespace busbar::apps {

[[nodiscard]] std::uint64_t findings_of(const std::vector<site_verdict>& sites);

/// A line for each site, a line for each finding that was kept, and the sum.
[[nodiscard]] std::string audit_text(const std::vector<site_verdict>& sites);

/// {"verdict": "holds" or "broken", "findings": n, "sites": [{"site", "looks", "sessions_ended",
/// "sessions_open", "bills", "unjudged_facts", "fullest_permille", "findings_total", "findings":
/// [{"at", "rule", "text"}]}]}
[[nodiscard]] std::string audit_json(const std::vector<site_verdict>& sites);

} // namespace busbar::apps
