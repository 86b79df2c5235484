#include "control/distribution/gauges.hpp"

namespace busbar::control::distribution {

bool is_within(const network& net, const gauge& of, const ray_currents& sums, std::int64_t limit) {
  // Every ray is at least 1 long, and some subset of rays sums to a third or more of their lengths:
  // beyond four times the limit there is nothing to compute (and nothing can overflow below it).
  if (sums.total > 4 * limit) return false;
  for (std::uint32_t s = of.first_subset; s < of.end_subset; ++s) {
    if (!sum_of_subset(net, of, sums, net.subsets[s]).is_within(limit)) return false;
  }
  return true;
}

std::int64_t worst_current_ma(const network& net, const gauge& of, const ray_currents& sums) {
  if (sums.total > 4 * fine_max) return current_ma_max;
  std::int64_t worst = 0;
  for (std::uint32_t s = of.first_subset; s < of.end_subset; ++s) {
    const auto sum = sum_of_subset(net, of, sums, net.subsets[s]);
    worst = std::max(worst, sum.magnitude_ceil(fine_per_milliampere));
  }
  return std::min(worst, current_ma_max);
}

} // namespace busbar::control::distribution
