#pragma once
// A telemetry batch on its way to bays: checks that its indices exist in the site and brings the
// readings and verdicts of each bay together. Pure.

#include "site/site_layout.hpp"
#include "domain/result.hpp"
#include "domain/telemetry.hpp"

#include <cstdint>
#include <vector>

namespace busbar::site {

/// One bay's share of a routed batch.
struct bay_part {
  bay_index bay = 0;
  std::uint32_t first_reading = 0;
  std::uint32_t readings = 0;
  std::uint32_t first_health = 0;
  std::uint32_t health = 0;
};

/// Reorders `batch` so that each bay's entries are adjacent (their order within a bay stays) and
/// appends a part for each bay that has some to `parts`. errc::wrong_topology for a batch made for
/// another topology, errc::unknown_reference for an index that the site does not have; nothing is
/// changed then.
[[nodiscard]] domain::result<void> route(domain::telemetry_batch& batch, const site_layout& layout,
                                         std::vector<bay_part>& parts);

} // namespace busbar::site
