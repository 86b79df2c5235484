#include "control/distribution/worst_draw.hpp"

#include <algorithm>

namespace busbar::control::distribution {

namespace {

using rays = std::vector<phasor>;

bool has(std::uint64_t run, std::size_t ray) { return (run >> ray & 1U) != 0; }

/// `ray` lies at `first`, at `last`, or between them counterclockwise.
bool is_from_to(phasor first, phasor ray, phasor last) {
  if (ray == first || ray == last) return true;
  return sign_of_cross(first, ray) > 0 && sign_of_cross(ray, last) > 0;
}

/// The rays from `first` counterclockwise to `last`; none where that is 180 degrees or more.
std::uint64_t run_of(const rays& all, phasor first, phasor last) {
  if (first != last && sign_of_cross(first, last) <= 0) return 0;
  std::uint64_t run = 0;
  for (std::size_t ray = 0; ray < all.size(); ++ray) {
    if (is_from_to(first, all[ray], last)) run |= std::uint64_t{1} << ray;
  }
  return run;
}

/// Another ray stands against nothing in the run: with it the sum is larger, or as large.
bool can_grow(const rays& all, std::uint64_t run) {
  for (std::size_t ray = 0; ray < all.size(); ++ray) {
    bool is_against = has(run, ray);
    for (std::size_t in = 0; in < all.size() && !is_against; ++in) {
      is_against = has(run, in) && sign_of_dot(all[ray], all[in]) < 0;
    }
    if (!is_against) return true;
  }
  return false;
}

} // namespace

std::vector<std::uint64_t> worst_subsets(const rays& all) {
  // The largest sum is a vertex of the rays' zonotope: the rays within 90 degrees of some
  // direction, which is a run of rays, in the order of angles, that spans less than 180 degrees.
  std::vector<std::uint64_t> result;
  for (const phasor first : all) {
    for (const phasor last : all) {
      const std::uint64_t run = run_of(all, first, last);
      if (run != 0 && !can_grow(all, run)) result.push_back(run);
    }
  }
  std::sort(result.begin(), result.end());
  result.erase(std::unique(result.begin(), result.end()), result.end());
  return result;
}

} // namespace busbar::control::distribution
