// FAIR-1 as a property, and mutants that its certificate must reject.
#include "tests/control/distribution/certificate.hpp"
#include "tests/control/distribution/trees.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace busbar::control::distribution::tests {

namespace {

using domain::milliamperes;

struct solved_case {
  random_case given;
  splitter solver;
  split_outcome outcome;
  explicit solved_case(random_case made)
      : given(std::move(made)), solver(given.built.site),
        outcome(solver.split(given.demands, given.bounds)) {}
  [[nodiscard]] judge judged() const {
    return {given.built.site, given.demands, given.bounds};
  }
};

} // namespace

TEST(fair_point, FAIR_1_every_split_of_3000_random_trees_has_the_certificate) {
  std::mt19937_64 random(announced_seed());
  std::size_t held_down = 0;
  for (int round = 0; round < 3000; ++round) {
    const solved_case solved(make_random_case(random, {}));
    ASSERT_EQ(solved.judged().fault_of_exact(solved.outcome.exact), "") << "round " << round;
    for (const auto& each : solved.outcome.bindings) held_down += each.node.has_value() ? 1U : 0U;
  }
  EXPECT_GT(held_down, 10'000U) << "limits must matter for the property to say anything";
}

TEST(fair_point, LIM_5_every_stepped_split_of_1500_random_trees_loses_no_step) {
  std::mt19937_64 random(announced_seed() + 1);
  for (int round = 0; round < 1500; ++round) {
    const solved_case solved(make_random_case(random, {.connectors_max = 60}));
    ASSERT_EQ(solved.judged().fault_of_stepped(solved.outcome.stepped), "") << "round " << round;
  }
}

} // namespace busbar::control::distribution::tests
