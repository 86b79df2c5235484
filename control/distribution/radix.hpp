#pragma once
// Stable sort of rows by a whole number, in time linear in the rows.

#include <array>
#include <bit>
#include <cstdint>
#include <utility>
#include <vector>

namespace busbar::control::distribution {

/// Ascending by `key_of(row)`; equal keys keep their order. `spare` is working memory. Only the
/// bits in which keys differ cost anything.
template <class Row, class KeyOf>
void sort_by_key(std::vector<Row>& rows, std::vector<Row>& spare, KeyOf key_of) {
  constexpr int digit_bits = 9;
  std::uint64_t differing = 0;
  for (const auto& each : rows) differing |= key_of(each) ^ key_of(rows.front());
  spare.resize(rows.size());
  int from = 0;
  while (from < 64 && differing >> from != 0) {
    from += std::countr_zero(differing >> from);
    const auto digit = [&](const Row& row) {
      return key_of(row) >> from & ((std::uint64_t{1} << digit_bits) - 1);
    };
    std::array<std::uint32_t, std::size_t{1} << digit_bits> place{};
    for (const auto& each : rows) ++place[digit(each)];
    std::uint32_t sum = 0;
    for (auto& count : place) sum += std::exchange(count, sum);
    for (const auto& each : rows) spare[place[digit(each)]++] = each;
    rows.swap(spare);
    from += digit_bits;
  }
}

} // namespace busbar::control::distribution
