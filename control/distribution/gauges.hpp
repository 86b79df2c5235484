#pragma once
// Evaluates gauges. Currents are counted finely, in 2^-20 mA, so that a common level can be
// resolved well below 1 mA; a current seen through a transformer is rounded up to the next such
// part.

#include "control/distribution/network.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace busbar::control::distribution {

inline constexpr int fine_bits = 20;
inline constexpr std::int64_t fine_per_milliampere = std::int64_t{1} << fine_bits;
/// No current or limit counts as more than this (2^33 mA). Sums stay below 2^59.
inline constexpr std::int64_t current_ma_max = std::int64_t{1} << 33;
inline constexpr std::int64_t fine_max = current_ma_max << fine_bits;
/// Nanowatts of one watt, per fine part of a milliampere.
inline constexpr wide fine_power_per_watt = wide{1'000'000'000} << fine_bits;

[[nodiscard]] inline std::int64_t through_ratio(std::int64_t fine, const ratio& factor) {
  if (factor.over == factor.under) return fine;
  const auto scaled =
      (unsigned_wide{static_cast<std::uint64_t>(fine)} * factor.over + (factor.under - 1)) /
      factor.under;
  const auto bound = static_cast<unsigned_wide>(fine_max) * 4;
  return static_cast<std::int64_t>(std::min(scaled, bound));
}

/// What a gauge carries at each angle, and the sum of all magnitudes (or a little more).
struct angle_sums {
  std::array<phasor_sum, angles_max> at;
  std::int64_t total = 0;
};

/// `fine_of(slot)`: that slot's current, 0 .. 2^56.
template <class FineOf>
void sum_angles(const network& net, const gauge& of, FineOf fine_of, angle_sums& sums) {
  std::fill_n(sums.at.begin(), of.end_angle - of.first_angle, phasor_sum{});
  sums.total = 0;
  for (std::uint32_t t = of.first_term; t < of.end_term;) {
    const std::uint32_t ray_index = net.terms[t].ray;
    std::int64_t carried = 0;
    for (; t < of.end_term && net.terms[t].ray == ray_index; ++t) {
      carried = std::min(carried + fine_of(net.terms[t].slot), 8 * fine_max);
    }
    const auto& ray = net.rays[of.first_ray + ray_index];
    const std::int64_t seen = through_ratio(carried, net.ratios[ray.ratio_index]);
    sums.total += seen;
    // Nothing is computed from sums that are too large (`is_within`, `worst_current_ma`).
    if (sums.total > 4 * fine_max) return;
    sums.at[ray.angle].add(ray.direction, seen);
  }
}

[[nodiscard]] inline phasor_sum sum_of_subset(const gauge& of, const angle_sums& sums,
                                              std::uint64_t subset) {
  phasor_sum sum;
  for (std::uint32_t k = 0; k < of.end_angle - of.first_angle; ++k) {
    if ((subset >> k & 1U) != 0) sum += sums.at[k];
  }
  return sum;
}

/// No draw below `sums` carries more than `limit` (fine) over this line.
[[nodiscard]] bool is_within(const network& net, const gauge& of, const angle_sums& sums,
                             std::int64_t limit);

template <class FineOf>
[[nodiscard]] std::int64_t linear_sum(const network& net, const gauge& of, FineOf fine_of) {
  std::int64_t sum = 0;
  for (std::uint32_t t = of.first_term; t < of.end_term; ++t) sum += fine_of(net.terms[t].slot);
  return sum;
}

template <class FineOf>
[[nodiscard]] wide power_sum(const network& net, const gauge& of, FineOf fine_of) {
  wide sum = 0;
  for (std::uint32_t t = of.first_term; t < of.end_term; ++t) {
    const std::uint32_t slot = net.terms[t].slot;
    sum += wide{fine_of(slot)} * static_cast<std::int64_t>(net.slot_microvolts[slot]);
  }
  return sum;
}

/// The gauge's worst draw, before the gauge's ratio, is within `limit` (fine; power: in
/// fine_power_per_watt of a watt).
template <class FineOf>
[[nodiscard]] bool holds(const network& net, const gauge& of, wide limit, FineOf fine_of) {
  if (limit < 0) return false;
  if (of.is_power()) return power_sum(net, of, fine_of) <= limit;
  if (of.is_linear) return linear_sum(net, of, fine_of) <= limit;
  angle_sums sums;
  sum_angles(net, of, fine_of, sums);
  return is_within(net, of, sums, static_cast<std::int64_t>(limit));
}

/// A limit on the gauge's load as a limit for `holds`. Exact for loads of whole milliamperes: such
/// a load that is rational lies on a fine part.
[[nodiscard]] wide limit_before_ratio(const network& net, const gauge& of, std::int64_t limit_ma);

/// The worst draw's line current, rounded up to 1 mA; at most `current_ma_max` is told.
[[nodiscard]] std::int64_t worst_current_ma(const network& net, const gauge& of,
                                            const angle_sums& sums);

} // namespace busbar::control::distribution
