// Where the split's arithmetic is at its edges: numbers beside sqrt 3, long chains of transformers,
// currents at their bound.
#include "tests/control/distribution/trees.hpp"

#include "control/distribution/phasor.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <complex>
#include <numbers>
#include <random>

namespace busbar::control::distribution::tests {

namespace {

using domain::milliamperes;
using ::testing::ElementsAre;

std::complex<double> value_of(phasor x) {
  return {(x.a + x.b * std::numbers::sqrt3) / 2, (x.c + x.d * std::numbers::sqrt3) / 2};
}

/// Whole multiples of two units: any angle, small parts.
phasor random_phasor(std::mt19937_64& random) {
  phasor sum;
  for (int part = 0; part < 2; ++part) {
    const auto unit = unit_at(static_cast<int>(random() % 12));
    for (auto times = random() % 16; times > 0; --times) sum = sum + unit;
  }
  return sum;
}

int sign_of(double value) { return std::abs(value) < 1e-6 ? 0 : (value > 0 ? 1 : -1); }

} // namespace

TEST(exactness, LIM_6_the_nearest_fractions_to_sqrt3_are_told_apart_up_to_124_bits) {
  // From p^2 - 3 q^2 = 1 (2, 1) and = -2 (1, 1) the next with the same is (2 p + 3 q, p + 2 q).
  for (const auto& [first_p, sign] : {std::pair{2, 1}, std::pair{1, -1}}) {
    wide p = first_p, q = 1;
    for (; p < wide{1} << 123; p = 2 * p + 3 * q, q = (p - 3 * q) / 2 + 2 * q) {
      ASSERT_EQ(sign_of_surd(p, -q), sign) << "bits " << std::log2(static_cast<double>(p));
      ASSERT_EQ(sign_of_surd(-p, q), -sign);
      // A part more or less turns it.
      ASSERT_EQ(sign_of_surd(p - sign, -q), -sign);
    }
  }
}

TEST(exactness, LIM_6_signs_of_products_are_those_of_the_plane) {
  std::mt19937_64 random{announced_seed()};
  for (int round = 0; round < 3'000; ++round) {
    const auto x = random_phasor(random), y = random_phasor(random);
    const auto product = std::conj(value_of(x)) * value_of(y);
    ASSERT_EQ(sign_of_dot(x, y), sign_of(product.real())) << "round " << round;
    ASSERT_EQ(sign_of_cross(x, y), sign_of(product.imag())) << "round " << round;
    phasor_sum sum;
    sum.add(y, 1);
    ASSERT_EQ(sign_of_dot(x, sum), sign_of(product.real())) << "round " << round;
  }
}

TEST(exactness, LIM_6_magnitudes_of_random_sums_round_up_and_no_further) {
  std::mt19937_64 random{announced_seed()};
  for (int round = 0; round < 3'000; ++round) {
    const auto x = random_phasor(random);
    phasor_sum sum;
    sum.add(x, 1'000 << 20);
    // In units of 7 parts; the same in units of 7/3 parts, of which whole parts are compared.
    const double exact = std::abs(value_of(x)) * (1'000 << 20);
    const auto sevens = static_cast<double>(sum.magnitude_ceil({7, 1}));
    ASSERT_EQ(sevens, std::ceil(exact / 7 - 1e-4)) << "round " << round;
    const auto thirds = static_cast<double>(sum.magnitude_ceil({7, 3}));
    ASSERT_GE(std::floor(thirds * 7 / 3), exact - 1e-4) << "round " << round;
    ASSERT_LT(std::floor((thirds - 1) * 7 / 3), exact) << "round " << round;
  }
}

TEST(exactness, LIM_6_roots_are_the_largest_that_fit) {
  std::mt19937_64 random{announced_seed()};
  for (int round = 0; round < 2'000; ++round) {
    const std::uint64_t root = random() >> (random() % 64);
    const auto square = unsigned_wide{root} * root;
    ASSERT_EQ(root_floor(square), root);
    if (square > 0) {
      ASSERT_EQ(root_floor(square - 1), root - 1);
      ASSERT_EQ(root_floor(square + 1), root) << root;
    }
  }
}

TEST(exactness, LIM_6_a_three_phase_load_counts_alike_in_star_and_in_delta) {
  // 10 A on each line; sqrt3 * 400 V * 10 A = 6 928.2 W
  tree built;
  const auto service = built.add_node(std::nullopt);
  const auto below =
      built.add_node(service, transformer(domain::winding::wye_wye, 400'000, 400'000));
  built.add_connector(below, {0, 1, 2}, domain::connection::delta);
  splitter solver(built.site);
  const auto& loads = solver.reserved(std::vector{milliamperes{10'000}});
  EXPECT_THAT(loads[1].line,
              ElementsAre(milliamperes{10'000}, milliamperes{10'000}, milliamperes{10'000}));
  EXPECT_EQ(loads[1].power.count(), 6'929);
}

TEST(exactness, LIM_6_a_chain_of_transformers_with_awkward_ratios_rounds_up) {
  // 1 000 A through three transformers of 10 000.019 V to 399.989 V:
  // 1 000 000 mA * (399 989 / 10 000 019)^3 = 63.994 mA
  tree built;
  auto node = built.add_node(std::nullopt);
  for (int level = 0; level < 3; ++level)
    node = built.add_node(node, transformer(domain::winding::wye_wye, 10'000'019, 399'989));
  built.three_phase(node);
  splitter solver(built.site);
  const auto& loads = solver.reserved(std::vector{milliamperes{1'000'000}});
  EXPECT_THAT(loads[0].line, ElementsAre(milliamperes{64}, milliamperes{64}, milliamperes{64}));
}

TEST(exactness, LIM_6_a_chain_that_steps_up_rounds_up_too) {
  // 1 mA through three transformers of 399.989 V to 10 000.019 V:
  // (10 000 019 / 399 989)^3 = 25.000 735^3 = 15 626.378 mA
  tree built;
  auto node = built.add_node(std::nullopt);
  for (int level = 0; level < 3; ++level)
    node = built.add_node(node, transformer(domain::winding::wye_wye, 399'989, 10'000'019));
  built.three_phase(node);
  splitter solver(built.site);
  const auto& loads = solver.reserved(std::vector{milliamperes{1}});
  EXPECT_EQ(loads[0].line[0].count(), 15'627);
}

TEST(exactness, FAIR_1_a_limit_beyond_the_bound_of_currents_counts_as_that_bound) {
  // 2^33 mA / 5 = 1 717 986 918.4 mA; each could take 2^31 - 1.
  tree built;
  const auto service = built.add_node(std::nullopt);
  for (int c = 0; c < 5; ++c) built.wye(service, 0);
  splitter solver(built.site);
  const auto& outcome = solver.split(std::vector(5, wants((std::int64_t{1} << 31) - 1)),
                                     std::vector{line_limit(std::int64_t{1} << 40)});
  EXPECT_EQ(outcome.exact[0].count(), 1'717'986'918);
}

} // namespace busbar::control::distribution::tests
