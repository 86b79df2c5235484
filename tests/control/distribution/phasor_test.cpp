#include "control/distribution/phasor.hpp"
#include "control/distribution/worst_draw.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <complex>
#include <numbers>
#include <random>

namespace busbar::control::distribution::tests {

namespace {

std::complex<double> value_of(phasor x) {
  return {(x.a + x.b * std::numbers::sqrt3) / 2, (x.c + x.d * std::numbers::sqrt3) / 2};
}

} // namespace

TEST(phasors, LIM_6_units_stand_at_multiples_of_30_degrees) {
  for (int step = -12; step < 24; ++step) {
    const auto expected = std::polar(1.0, step * std::numbers::pi / 6);
    EXPECT_NEAR(std::abs(value_of(unit_at(step)) - expected), 0, 1e-12) << step;
    EXPECT_TRUE(unit_at(step).is_unit());
  }
}

TEST(phasors, LIM_6_sums_and_differences_are_taken_part_by_part) {
  EXPECT_EQ((phasor{1, 2, 3, 4} + phasor{50, 60, 70, 80}), (phasor{51, 62, 73, 84}));
  EXPECT_EQ((phasor{51, 62, 73, 84} - phasor{50, 60, 70, 80}), (phasor{1, 2, 3, 4}));
}

TEST(phasors, LIM_6_a_third_is_taken_only_where_every_part_has_one) {
  EXPECT_TRUE((phasor{3, 6, -3, 12}.is_multiple_of_3()));
  EXPECT_EQ((phasor{3, 6, -3, 12}.third()), (phasor{1, 2, -1, 4}));
  for (const std::int32_t part : {1, 2, 4, 5, -4, 8}) {
    EXPECT_FALSE((phasor{part, 3, 3, 3}.is_multiple_of_3())) << part;
    EXPECT_FALSE((phasor{3, part, 3, 3}.is_multiple_of_3())) << part;
    EXPECT_FALSE((phasor{3, 3, part, 3}.is_multiple_of_3())) << part;
    EXPECT_FALSE((phasor{3, 3, 3, part}.is_multiple_of_3())) << part;
  }
  // (a + b sqrt3) sqrt3 = 3 b + a sqrt3; twice is three times.
  for (int step = 0; step < 12; ++step)
    EXPECT_EQ(unit_at(step).times_root3().times_root3().third(), unit_at(step)) << step;
}

TEST(phasors, LIM_6_a_sum_exactly_at_its_limit_is_within_and_one_part_more_is_not) {
  // 3 and 4 at a right angle: exactly 5.
  phasor_sum sum;
  sum.add(unit_at(0), 3'000'000'000'000);
  sum.add(unit_at(3), 4'000'000'000'000);
  EXPECT_TRUE(sum.is_within(5'000'000'000'000));
  EXPECT_FALSE(sum.is_within(4'999'999'999'999));
  sum.add(unit_at(0), 1);
  EXPECT_FALSE(sum.is_within(5'000'000'000'000));
}

TEST(phasors, LIM_6_irrational_sums_are_compared_without_rounding) {
  // x at 0 and x at 30 degrees: x sqrt(2 + sqrt3) = 1.931 851 652 578 136 573 499... x
  phasor_sum sum;
  sum.add(unit_at(0), 100'000'000'000'000'000);
  sum.add(unit_at(1), 100'000'000'000'000'000);
  EXPECT_FALSE(sum.is_within(193'185'165'257'813'657));
  EXPECT_TRUE(sum.is_within(193'185'165'257'813'658));
}

TEST(phasors, LIM_6_magnitudes_round_up_to_the_next_unit) {
  phasor_sum sum;
  sum.add(unit_at(0), 10 << 20);
  sum.add(unit_at(1), 10 << 20);
  EXPECT_EQ(sum.magnitude_ceil({1 << 20, 1}), 20); // 19.3
  EXPECT_EQ(phasor_sum{}.magnitude_ceil({1 << 20, 1}), 0);
}

TEST(phasors, LIM_6_signs_of_surds_hold_beside_the_convergents_of_sqrt3) {
  // 1351 / 780 > sqrt3 > 989 / 571
  EXPECT_EQ(sign_of_surd(1351, -780), 1);
  EXPECT_EQ(sign_of_surd(989, -571), -1);
  EXPECT_EQ(sign_of_surd(-1351, 780), -1);
  EXPECT_EQ(sign_of_surd(0, 0), 0);
  const wide large = wide{1} << 60;
  EXPECT_EQ(sign_of_surd(1351 * large, -780 * large), 1);
  EXPECT_EQ(sign_of_surd(989 * large, -571 * large), -1);
}

TEST(phasors, LIM_6_one_of_the_worst_subsets_reaches_the_worst_of_all_subsets) {
  std::mt19937_64 random(7);
  for (int round = 0; round < 2000; ++round) {
    std::vector<phasor> rays;
    for (int step = 0; step < 12; ++step) {
      if (random() % 2 == 0) rays.push_back(unit_at(step));
    }
    if (rays.empty()) continue;
    std::vector<std::complex<double>> carried;
    for (const auto& ray : rays) carried.push_back(value_of(ray) * double(random() % 100));
    const auto load = [&](std::uint64_t subset) {
      std::complex<double> sum = 0;
      for (std::size_t k = 0; k < carried.size(); ++k) {
        if ((subset >> k & 1U) != 0) sum += carried[k];
      }
      return std::abs(sum);
    };
    double worst = 0, found = 0;
    for (std::uint64_t subset = 0; subset < 1ULL << rays.size(); ++subset) {
      worst = std::max(worst, load(subset));
    }
    for (const auto subset : worst_subsets(rays)) found = std::max(found, load(subset));
    ASSERT_NEAR(found, worst, 1e-9) << "round " << round;
  }
}

TEST(phasors, LIM_6_loads_that_never_stand_against_each_other_are_worst_together) {
  // Wye at 0, deltas at 30 and -30 degrees.
  EXPECT_EQ(worst_subsets({unit_at(0), unit_at(1), unit_at(-1)}),
            (std::vector<std::uint64_t>{0b111}));
}

} // namespace busbar::control::distribution::tests
