#pragma once
// Physical quantities as distinct integer types. No arithmetic mixes two units; every conversion
// names its rounding (see domain/electrical.hpp). Positive power and current flow into the vehicle.

#include <array>
#include <compare>
#include <cstdint>

namespace busbar::domain {

/// A whole number of `Unit`. Explicit in (constructor) and out (`count()`); trivially copyable.
template <class Unit> class quantity {
public:
  constexpr quantity() = default;
  constexpr explicit quantity(std::int64_t count) : count_(count) {}

  [[nodiscard]] constexpr std::int64_t count() const { return count_; }
  [[nodiscard]] constexpr bool is_zero() const { return count_ == 0; }

  constexpr auto operator<=>(const quantity&) const = default;
  constexpr quantity operator-() const { return quantity{-count_}; }
  constexpr quantity& operator+=(quantity other) {
    count_ += other.count_;
    return *this;
  }
  constexpr quantity& operator-=(quantity other) {
    count_ -= other.count_;
    return *this;
  }
  friend constexpr quantity operator+(quantity a, quantity b) { return a += b; }
  friend constexpr quantity operator-(quantity a, quantity b) { return a -= b; }
  friend constexpr quantity operator*(quantity a, std::int64_t n) { return quantity{a.count_ * n}; }
  friend constexpr quantity operator*(std::int64_t n, quantity a) { return quantity{a.count_ * n}; }

private:
  std::int64_t count_ = 0;
};

using milliamperes = quantity<struct milliampere_unit>;
using millivolts = quantity<struct millivolt_unit>;
using watts = quantity<struct watt_unit>;
using volt_amperes = quantity<struct volt_ampere_unit>;
using watt_hours = quantity<struct watt_hour_unit>;
using permille = quantity<struct permille_unit>;
using millidegrees_celsius = quantity<struct millidegree_celsius_unit>;
/// Money: a millionth of the site's currency. 0.30 EUR is 300 000.
using micro_currency = quantity<struct micro_currency_unit>;

/// The three lines of a three-phase supply; also an index into `per_line`.
enum class line : std::uint8_t { l1 = 0, l2 = 1, l3 = 2 };
inline constexpr std::array<line, 3> all_lines{line::l1, line::l2, line::l3};

template <class Value> using per_line = std::array<Value, 3>;

[[nodiscard]] constexpr std::size_t index_of(line which) { return static_cast<std::size_t>(which); }

} // namespace busbar::domain
