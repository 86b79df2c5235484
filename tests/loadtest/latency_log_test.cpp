#include "loadtest/latency_log.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

namespace busbar::loadtest {

using std::chrono::microseconds;

TEST(latency_log, small_values_are_exact) {
  latency_log log;
  for (int us = 1; us <= 100; ++us) log.add(microseconds{us});
  EXPECT_EQ(log.at(5'000), microseconds{50});
  EXPECT_EQ(log.at(9'900), microseconds{99});
  EXPECT_EQ(log.at(10'000), microseconds{100});
  EXPECT_EQ(log.longest(), microseconds{100});
  EXPECT_EQ(log.count(), 100U);
}

TEST(latency_log, percentiles_are_within_a_64th_above_the_sorted_truth) {
  std::mt19937_64 random{7};
  latency_log log;
  std::vector<std::int64_t> truth;
  for (int i = 0; i < 20'000; ++i) {
    const auto us = static_cast<std::int64_t>(random() >> (31 + random() % 30));
    truth.push_back(std::min<std::int64_t>(us, 3'600'000'000));
    log.add(microseconds{us});
  }
  std::ranges::sort(truth);
  for (const int share : {1, 100, 5'000, 9'000, 9'900, 9'990, 10'000}) {
    const auto rank = std::max<std::size_t>((truth.size() * share + 9'999) / 10'000, 1);
    const auto exact = truth[rank - 1];
    EXPECT_GE(log.at(share).count(), exact) << share;
    EXPECT_LE(log.at(share).count(), exact + exact / 64 + 1) << share;
  }
}

TEST(latency_log, nothing_measured_is_zero) { EXPECT_EQ(latency_log{}.at(9'900), microseconds{0}); }

} // namespace busbar::loadtest
