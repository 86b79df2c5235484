#pragma once
// Exact integer arithmetic with a named rounding, for limits and conversions.

#include <cassert>
#include <cstdint>

namespace busbar::control::limits {

__extension__ using wide = __int128;

/// Division with its rounding named. REQUIRES: divisor > 0.
[[nodiscard]] constexpr wide floor_of(wide dividend, wide divisor) {
  const wide quotient = dividend / divisor;
  return quotient - (dividend % divisor < 0 ? 1 : 0);
}
[[nodiscard]] constexpr wide ceil_of(wide dividend, wide divisor) {
  return -floor_of(-dividend, divisor);
}

/// The largest r with r * r <= value. REQUIRES: 0 <= value < 2^126.
[[nodiscard]] constexpr std::int64_t root_floor(wide value) {
  wide low = 0;
  wide high = 1;
  while (high * high <= value) high *= 2;
  while (high - low > 1) {
    const wide middle = (low + high) / 2;
    (middle * middle <= value ? low : high) = middle;
  }
  return static_cast<std::int64_t>(low);
}

/// The smallest r with r * r >= value. REQUIRES: 0 <= value < 2^126.
[[nodiscard]] constexpr std::int64_t root_ceil(wide value) {
  const std::int64_t low = root_floor(value);
  return wide{low} * low == value ? low : low + 1;
}

} // namespace busbar::control::limits
