#include "control/distribution/phasor.hpp"

#include <algorithm>
#include <bit>

namespace busbar::control::distribution {

namespace {

/// A product of two 128-bit numbers, most significant part first.
struct product {
  unsigned_wide high, low;
  auto operator<=>(const product&) const = default;
};

product multiply(unsigned_wide x, unsigned_wide y) {
  const unsigned_wide mask = ~std::uint64_t{0};
  const unsigned_wide low = (x & mask) * (y & mask);
  const unsigned_wide cross = (x >> 64) * (y & mask) + (low >> 64);
  const unsigned_wide other = (x & mask) * (y >> 64) + (cross & mask);
  return {(x >> 64) * (y >> 64) + (cross >> 64) + (other >> 64), (other << 64) | (low & mask)};
}

int sign(wide value) { return value > 0 ? 1 : (value < 0 ? -1 : 0); }

unsigned_wide magnitude(wide value) {
  return value < 0 ? static_cast<unsigned_wide>(-value) : static_cast<unsigned_wide>(value);
}

int width_of(unsigned_wide value) {
  const auto high = static_cast<std::uint64_t>(value >> 64);
  const auto low = static_cast<std::uint64_t>(value);
  return high != 0 ? 128 - std::countl_zero(high) : 64 - std::countl_zero(low);
}

/// Compares |p| with |q| sqrt3.
int compare_magnitudes(unsigned_wide p, unsigned_wide q) {
  // The 62 leading bits decide nearly always.
  const int shift = std::max(width_of(p | q) - 61, 0);
  const auto p_most = p >> shift, q_most = q >> shift;
  if (p_most * p_most > 3 * (q_most + 1) * (q_most + 1)) return 1;
  if ((p_most + 1) * (p_most + 1) < 3 * q_most * q_most) return -1;
  const auto left = multiply(p, p);
  const auto right = multiply(3 * q, q);
  return left == right ? 0 : (left < right ? -1 : 1);
}

/// Four times |sum|^2 is `rational + surd * sqrt3`.
struct quadruple_square {
  wide rational, surd;
};

quadruple_square square_of(const phasor_sum& sum) {
  const wide a = sum.a, b = sum.b, c = sum.c, d = sum.d;
  return {a * a + 3 * b * b + c * c + 3 * d * d, 2 * (a * b + c * d)};
}

bool is_within_limit(const quadruple_square& square, wide limit) {
  return sign_of_surd(4 * limit * limit - square.rational, -square.surd) >= 0;
}

} // namespace

int sign_of_surd(wide p, wide q) {
  const int of_p = sign(p), of_q = sign(q);
  if (of_p * of_q >= 0) return of_p != 0 ? of_p : of_q;
  return of_p * compare_magnitudes(magnitude(p), magnitude(q));
}

std::uint64_t root_floor(unsigned_wide square) {
  if (square == 0) return 0;
  // Newton from above converges downwards; the first estimate is a power of two not below the root.
  unsigned_wide root = unsigned_wide{1} << ((width_of(square) + 1) / 2);
  for (;;) {
    const unsigned_wide next = (root + square / root) / 2;
    if (next >= root) return static_cast<std::uint64_t>(root);
    root = next;
  }
}

int sign_of_dot(phasor x, phasor y) {
  return sign_of_surd(wide{x.a} * y.a + 3 * wide{x.b} * y.b + wide{x.c} * y.c + 3 * wide{x.d} * y.d,
                      wide{x.a} * y.b + wide{x.b} * y.a + wide{x.c} * y.d + wide{x.d} * y.c);
}

int sign_of_cross(phasor x, phasor y) {
  return sign_of_surd(wide{x.a} * y.c + 3 * wide{x.b} * y.d - wide{x.c} * y.a - 3 * wide{x.d} * y.b,
                      wide{x.a} * y.d + wide{x.b} * y.c - wide{x.c} * y.b - wide{x.d} * y.a);
}

int sign_of_dot(phasor x, const phasor_sum& y) {
  return sign_of_surd(wide{x.a} * y.a + 3 * wide{x.b} * y.b + wide{x.c} * y.c + 3 * wide{x.d} * y.d,
                      wide{x.a} * y.b + wide{x.b} * y.a + wide{x.c} * y.d + wide{x.d} * y.c);
}

bool phasor_sum::is_within(std::int64_t limit) const {
  return is_within_limit(square_of(*this), limit);
}

std::int64_t phasor_sum::magnitude_ceil(const ratio& unit) const {
  const auto square = square_of(*this);
  // sqrt3 lies between 3 719 550 786 and 3 719 550 787 over 2^31: a guess from above, off by a few
  // parts in 2^31, from which the exact comparison walks down.
  const wide root3 = square.surd < 0 ? 3'719'550'786 : 3'719'550'787;
  const wide above = square.rational + ((square.surd >> 31) + 1) * root3;
  const wide root = root_floor(static_cast<unsigned_wide>(above)) / 2 + 1;
  const auto over = static_cast<std::int64_t>(unit.over);
  const auto under = static_cast<std::int64_t>(unit.under);
  wide magnitude = root * under / over + 1;
  while (magnitude > 0 && is_within_limit(square, (magnitude - 1) * over / under)) --magnitude;
  return static_cast<std::int64_t>(magnitude);
}

} // namespace busbar::control::distribution
