#include "control/distribution/gauges.hpp"

#include <numeric>

namespace busbar::control::distribution {

bool is_within(const network& net, const gauge& of, const angle_sums& sums, std::int64_t limit) {
  // Every phasor is at least 1 long, and some subset sums to a third or more of all lengths:
  // beyond four times the limit there is nothing to compute (and nothing can overflow below it).
  if (sums.total > 4 * limit) return false;
  for (std::uint32_t s = of.first_subset; s < of.end_subset; ++s) {
    if (!sum_of_subset(of, sums, net.subsets[s]).is_within(limit)) return false;
  }
  return true;
}

wide limit_before_ratio(const network& net, const gauge& of, std::int64_t limit_ma) {
  if (limit_ma < 0) return -1;
  const auto& factor = net.ratios[of.ratio_index];
  const wide limit = wide{std::min(limit_ma, current_ma_max)} << fine_bits;
  if (factor.over == factor.under) return limit;
  const auto scaled = static_cast<unsigned_wide>(limit) * factor.under / factor.over;
  return static_cast<wide>(std::min(scaled, static_cast<unsigned_wide>(fine_max)));
}

std::int64_t worst_current_ma(const network& net, const gauge& of, const angle_sums& sums) {
  if (sums.total > 4 * fine_max) return current_ma_max;
  const auto& factor = net.ratios[of.ratio_index];
  const auto divisor = std::gcd(factor.over, std::uint64_t{fine_per_milliampere});
  const ratio unit{factor.under * (fine_per_milliampere / divisor), factor.over / divisor};
  std::int64_t worst = 0;
  for (std::uint32_t s = of.first_subset; s < of.end_subset; ++s) {
    const auto sum = sum_of_subset(of, sums, net.subsets[s]);
    worst = std::max(worst, sum.magnitude_ceil(unit));
  }
  return std::min(worst, current_ma_max);
}

} // namespace busbar::control::distribution
