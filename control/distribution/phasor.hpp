#pragma once
// Exact arithmetic of line currents. With every load at unity power factor, each line current is a
// sum of phasors whose angles are multiples of 30 degrees, so that every number here lies in the
// ring of the 12th roots of unity: ((a + b sqrt3) + i (c + d sqrt3)) / 2 with whole a, b, c, d.
// Squared magnitudes are p + q sqrt3, and are compared with squared limits without rounding.

#include <array>
#include <compare>
#include <cstdint>

namespace busbar::control::distribution {

__extension__ using wide = __int128;
__extension__ using unsigned_wide = unsigned __int128;

/// Sign (-1, 0, 1) of p + q sqrt3. REQUIRES: |p| and |q| below 2^125.
[[nodiscard]] int sign_of_surd(wide p, wide q);
/// The largest r with r * r <= square.
[[nodiscard]] std::uint64_t root_floor(unsigned_wide square);

/// ((a + b sqrt3) + i (c + d sqrt3)) / 2, small.
struct phasor {
  std::int32_t a = 0, b = 0, c = 0, d = 0;

  bool operator==(const phasor&) const = default;
  friend constexpr phasor operator+(phasor x, phasor y) {
    return {x.a + y.a, x.b + y.b, x.c + y.c, x.d + y.d};
  }
  friend constexpr phasor operator-(phasor x, phasor y) {
    return {x.a - y.a, x.b - y.b, x.c - y.c, x.d - y.d};
  }
  constexpr phasor operator-() const { return {-a, -b, -c, -d}; }
  [[nodiscard]] constexpr bool is_zero() const { return *this == phasor{}; }
  /// Magnitude one: four times its square is 4 + 0 sqrt3.
  [[nodiscard]] constexpr bool is_unit() const {
    return a * a + 3 * b * b + c * c + 3 * d * d == 4 && a * b + c * d == 0;
  }
  /// Turned by 30 degrees. Exact: numbers of the ring have a + d and b + c even.
  [[nodiscard]] constexpr phasor turned() const {
    return {(3 * b - c) / 2, (a - d) / 2, (a + 3 * d) / 2, (b + c) / 2};
  }
  [[nodiscard]] constexpr phasor times_root3() const { return {3 * b, a, 3 * d, c}; }
  [[nodiscard]] constexpr bool is_multiple_of_3() const {
    return a % 3 == 0 && b % 3 == 0 && c % 3 == 0 && d % 3 == 0;
  }
  [[nodiscard]] constexpr phasor third() const { return {a / 3, b / 3, c / 3, d / 3}; }
};

/// One at an angle of `steps` times 30 degrees; any whole number.
[[nodiscard]] constexpr phasor unit_at(int steps) {
  phasor unit{2, 0, 0, 0};
  for (int step = ((steps % 12) + 12) % 12; step > 0; --step) unit = unit.turned();
  return unit;
}

/// Sign of the scalar product.
[[nodiscard]] int sign_of_dot(phasor x, phasor y);
/// Sign of the cross product: 1 where `y` lies counterclockwise (within 180 degrees) of `x`.
[[nodiscard]] int sign_of_cross(phasor x, phasor y);

/// A factor `over / under` on currents, in lowest terms or rounded up.
struct ratio {
  std::uint64_t over = 1;
  std::uint64_t under = 1;
  bool operator==(const ratio&) const = default;
};

/// A sum of phasors times currents, in the same form. REQUIRES: each part below 2^59.
struct phasor_sum {
  std::int64_t a = 0, b = 0, c = 0, d = 0;

  void add(phasor direction, std::int64_t current) {
    a += direction.a * current;
    b += direction.b * current;
    c += direction.c * current;
    d += direction.d * current;
  }
  phasor_sum& operator+=(const phasor_sum& other) {
    a += other.a;
    b += other.b;
    c += other.c;
    d += other.d;
    return *this;
  }
  /// |sum| <= limit, exactly. REQUIRES: 0 <= limit < 2^58.
  [[nodiscard]] bool is_within(std::int64_t limit) const;
  /// The smallest m with |sum| <= floor(m * unit.over / unit.under).
  [[nodiscard]] std::int64_t magnitude_ceil(const ratio& unit) const;
};

[[nodiscard]] int sign_of_dot(phasor x, const phasor_sum& y);

} // namespace busbar::control::distribution
