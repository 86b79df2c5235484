#pragma once
// What a meter's sample contained of one connector. Connectors and meters are read at times of
// their own: a reading that is newer than the sample may show a draw that was not flowing yet, and
// taking that off the sample would hide unmanaged load. So the smaller of the two readings around
// the sample is taken off: what is unknown counts as unmanaged (LIM-3).

#include "domain/telemetry.hpp"
#include "domain/time.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace busbar::control::metering {

/// Line currents to take off a sample of `sampled_at`. `before`: of the reading before `newest`.
[[nodiscard]] inline std::array<std::int32_t, 3>
drawn_at(const domain::reading& newest, const std::array<std::int32_t, 3>& before,
         domain::instant sampled_at) {
  if (newest.measured_at <= sampled_at) return newest.current_ma;
  std::array<std::int32_t, 3> least{};
  for (std::size_t line = 0; line < least.size(); ++line)
    least[line] = std::min(newest.current_ma[line], before[line]);
  return least;
}

} // namespace busbar::control::metering
