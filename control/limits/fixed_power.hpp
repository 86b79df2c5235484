#pragma once
// Powers with a broken exponent in fixed point, the same on every machine: for thermal models.

#include <cstdint>

namespace busbar::control::limits {

/// One in the fixed point of `fixed_power`: 20 binary places.
inline constexpr std::int64_t fixed_one = std::int64_t{1} << 20;

/// base ^ (exponent_permille / 1000), to about a millionth of its value and rounded up by as much,
/// so that a temperature is rather seen too high. REQUIRES: 0 <= base <= 2^10 and
/// 0 <= exponent_permille <= 3000; 0 to any exponent above zero is 0.
[[nodiscard]] std::int64_t fixed_power(std::int64_t base, std::int64_t exponent_permille);

} // namespace busbar::control::limits
