#include "control/limits/fixed_power.hpp"

#include "control/limits/integer_math.hpp"

#include <array>
#include <cassert>

namespace busbar::control::limits {

namespace {

/// Working precision inside: 40 binary places.
constexpr int places = 40;
constexpr wide one = wide{1} << places;

constexpr std::int64_t root_of(std::int64_t value) {
  return root_floor(wide{value} << places);
}

/// 2^(1/2), 2^(1/4), ...: the factors of 2 to a binary fraction.
constexpr std::array<std::int64_t, 32> roots_of_two = [] {
  std::array<std::int64_t, 32> roots{};
  std::int64_t root = std::int64_t{2} << places;
  for (auto& each : roots) each = root = root_of(root);
  return roots;
}();

/// Binary logarithm by squaring: each square that reaches 2 is a one in the next place.
std::int64_t log_of(wide value) {
  std::int64_t logarithm = 0;
  for (; value >= 2 * one; value /= 2) logarithm += std::int64_t{1} << places;
  for (; value < one; value *= 2) logarithm -= std::int64_t{1} << places;
  for (int place = 1; place <= 32; ++place) {
    value = value * value >> places;
    if (value < 2 * one) continue;
    value /= 2;
    logarithm += std::int64_t{1} << (places - place);
  }
  return logarithm;
}

wide power_of_two(std::int64_t exponent) {
  const std::int64_t whole = exponent >> places;
  wide value = one;
  for (std::size_t place = 0; place < roots_of_two.size(); ++place)
    if (exponent >> (places - 1 - static_cast<int>(place)) & 1)
      value = value * roots_of_two[place] >> places;
  return whole >= 0 ? value << whole : value >> -whole;
}

} // namespace

std::int64_t fixed_power(std::int64_t base, std::int64_t exponent_permille) {
  assert(base >= 0 && base <= fixed_one << 10);
  assert(exponent_permille >= 0 && exponent_permille <= 3000);
  if (exponent_permille == 0) return fixed_one;
  if (base == 0) return 0;
  const wide logarithm = log_of(wide{base} << (places - 20));
  const auto exponent =
      static_cast<std::int64_t>(floor_of(logarithm * exponent_permille, 1000));
  if (exponent < -(std::int64_t{30} << places)) return 1;
  const auto power = static_cast<std::int64_t>(power_of_two(exponent) >> (places - 20));
  return power + (power >> 20) + 1;
}

} // namespace busbar::control::limits
