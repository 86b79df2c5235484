#pragma once
// Some of a site's three lines.

#include "domain/units.hpp"

#include <bit>
#include <cstdint>

namespace busbar::domain {

class line_set {
public:
  constexpr line_set() = default;
  [[nodiscard]] static constexpr line_set all() { return line_set{0b111}; }
  /// Bit 0 is L1. REQUIRES: bits <= 7.
  [[nodiscard]] static constexpr line_set of_bits(std::uint8_t bits) { return line_set{bits}; }

  constexpr void add(line which) { bits_ = static_cast<std::uint8_t>(bits_ | bit_of(which)); }
  [[nodiscard]] constexpr bool contains(line which) const { return (bits_ & bit_of(which)) != 0; }
  [[nodiscard]] constexpr bool is_empty() const { return bits_ == 0; }
  [[nodiscard]] constexpr std::size_t count() const {
    return static_cast<std::size_t>(std::popcount(bits_));
  }
  [[nodiscard]] constexpr std::uint8_t bits() const { return bits_; }
  bool operator==(const line_set&) const = default;

private:
  constexpr explicit line_set(std::uint8_t bits) : bits_(bits) {}
  [[nodiscard]] static constexpr unsigned bit_of(line which) { return 1U << index_of(which); }

  std::uint8_t bits_ = 0;
};

} // namespace busbar::domain
