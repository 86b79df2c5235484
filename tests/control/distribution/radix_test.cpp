#include "control/distribution/radix.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace busbar::control::distribution {
namespace {

struct row {
  std::uint64_t key = 0;
  std::uint32_t place = 0;
  bool operator==(const row&) const = default;
};

std::vector<row> rows_of(const std::vector<std::uint64_t>& keys) {
  std::vector<row> made;
  for (const auto key : keys) made.push_back({key, static_cast<std::uint32_t>(made.size())});
  return made;
}

void expect_sorted(const std::vector<std::uint64_t>& keys) {
  auto rows = rows_of(keys);
  auto expected = rows;
  std::ranges::stable_sort(expected, {}, &row::key);
  std::vector<row> spare;
  sort_by_key(rows, spare, [](const row& each) { return each.key; });
  EXPECT_EQ(rows, expected);
}

} // namespace

TEST(radix, keys_are_sorted_on_every_bit_up_to_the_last) {
  expect_sorted({});
  expect_sorted({7});
  expect_sorted({5, 5, 5});
  for (int bit = 0; bit < 64; ++bit) {
    SCOPED_TRACE(bit);
    const auto high = std::uint64_t{1} << bit;
    expect_sorted({high, 0});
    // Two digits: where one ends at the last bit, there is no third.
    expect_sorted({high | 1, high, 1, 0});
    expect_sorted({high, high | 1, 0, 1});
  }
}

TEST(radix, equal_keys_keep_their_order) {
  std::mt19937_64 random{20260501};
  for (int round = 0; round < 200; ++round) {
    SCOPED_TRACE(round);
    const auto mask = random() & random() & random();
    std::vector<std::uint64_t> keys(static_cast<std::size_t>(1 + random() % 60));
    for (auto& key : keys) key = random() & mask;
    expect_sorted(keys);
  }
}

} // namespace busbar::control::distribution
