// Raising one connector at a time.
#include "tests/control/distribution/trees.hpp"

#include <gtest/gtest.h>

namespace busbar::control::distribution::tests {

namespace {

using domain::binding_line;
using domain::connector_index;
using domain::milliamperes;

/// A service over a feeder with two connectors on L1; a third hangs on the service's L2.
struct raising : ::testing::Test {
  raising() {
    const auto service = built.add_node(std::nullopt);
    const auto feeder = built.add_node(service);
    built.wye(feeder, 0);
    built.wye(feeder, 0);
    built.wye(service, 1);
    solver.emplace(built.site);
  }
  void begin(node_bounds service, node_bounds feeder) {
    bounds = {std::move(service), std::move(feeder)};
    solver->begin_admission(std::vector(3, milliamperes{0}), bounds);
  }
  auto raise(std::uint32_t connector, std::int64_t to) {
    return solver->try_raise(connector_index{connector}, milliamperes{to});
  }

  tree built;
  std::optional<splitter> solver;
  std::vector<node_bounds> bounds;
};

} // namespace

TEST_F(raising, LIM_1_a_raise_that_fits_is_taken_and_one_that_does_not_changes_nothing) {
  begin(line_limit(40'000), line_limit(32'000));
  EXPECT_FALSE(raise(0, 20'000));
  EXPECT_TRUE(raise(1, 12'001));
  EXPECT_EQ(solver->admitted(connector_index{1U}), milliamperes{0});
  EXPECT_FALSE(raise(1, 12'000));
}

TEST_F(raising, LIM_1_a_refusal_names_the_bound_nearest_to_the_connector) {
  begin(line_limit(5'000), line_limit(6'000));
  EXPECT_EQ(raise(0, 7'000), (excess{domain::node_index{1U}, binding_line::l1}));
  EXPECT_EQ(raise(0, 5'500), (excess{domain::node_index{0U}, binding_line::l1}));
}

TEST_F(raising, LIM_1_what_is_lowered_can_be_raised_elsewhere) {
  begin(line_limit(40'000), line_limit(32'000));
  EXPECT_FALSE(raise(0, 32'000));
  EXPECT_TRUE(raise(1, 6'000));
  solver->lower(connector_index{0U}, milliamperes{26'000});
  EXPECT_FALSE(raise(1, 6'000));
}

TEST_F(raising, LIM_1_a_bound_that_a_connector_does_not_load_does_not_hold_it) {
  begin(line_limits(10'000, 32'000, 0), line_limit(10'000));
  solver->begin_admission(std::vector{milliamperes{50'000}, milliamperes{0}, milliamperes{0}},
                          bounds);
  EXPECT_TRUE(raise(1, 1));
  EXPECT_FALSE(raise(2, 32'000));
}

TEST_F(raising, FAIR_1_admission_and_split_do_not_disturb_each_other) {
  begin(line_limit(40'000), line_limit(32'000));
  EXPECT_FALSE(raise(0, 20'000));
  const std::vector demands(3, wants(32'000));
  EXPECT_EQ(solver->split(demands, bounds).stepped[0], milliamperes{16'000});
  EXPECT_EQ(solver->admitted(connector_index{0U}), milliamperes{20'000});
  EXPECT_TRUE(raise(1, 12'001));
}

TEST_F(raising, LIM_1_raising_in_any_order_never_passes_what_fits) {
  std::mt19937_64 random(announced_seed() + 20);
  for (int round = 0; round < 300; ++round) {
    const auto given = make_random_case(random, {.connectors_max = 30, .overloaded_percent = 0});
    splitter own(given.built.site);
    const auto count = given.demands.size();
    std::vector<milliamperes> currents(count);
    own.begin_admission(currents, given.bounds);
    for (int tried = 0; tried < 60; ++tried) {
      const auto c = random() % count;
      const auto more = milliamperes{static_cast<std::int64_t>(random() % 20'000)};
      const bool is_down = tried % 7 == 6;
      const auto index = connector_index{c};
      auto wished = currents;
      wished[c] = is_down ? milliamperes{currents[c].count() / 2} : currents[c] + more;
      if (is_down) {
        own.lower(index, wished[c]);
        currents = wished;
        continue;
      }
      const bool is_taken = !own.try_raise(index, wished[c]);
      ASSERT_EQ(is_taken, own.fits(wished, given.bounds)) << "round " << round;
      if (is_taken) currents = wished;
    }
  }
}

} // namespace busbar::control::distribution::tests
