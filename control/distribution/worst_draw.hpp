#pragma once
// Which draws below the grants can load a line most (LIM-6): with loads that partly stand against
// each other, less of one can mean more current.

#include "control/distribution/phasor.hpp"

#include <cstdint>
#include <vector>

namespace busbar::control::distribution {

/// Distinct angles of load that one line can see. Without two-phase connectors behind two delta-wye
/// transformers there are 12; each further one in a chain adds some.
inline constexpr std::uint32_t angles_max = 64;

/// The subsets of `rays` (bit masks) of which one has the largest sum for any non-negative
/// currents. REQUIRES: at most angles_max rays, none zero, no two at the same angle.
[[nodiscard]] std::vector<std::uint64_t> worst_subsets(const std::vector<phasor>& rays);

} // namespace busbar::control::distribution
