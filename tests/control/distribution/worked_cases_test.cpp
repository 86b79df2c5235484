// Splits worked by hand.
#include "tests/control/distribution/trees.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace busbar::control::distribution::tests {

namespace {

using domain::binding_line;
using domain::milliamperes;
using ::testing::ElementsAre;

std::vector<std::int64_t> exact(const tree& built, const std::vector<demand>& demands,
                                const std::vector<node_bounds>& bounds) {
  splitter solver(built.site);
  std::vector<std::int64_t> counts;
  for (const auto each : solver.split(demands, bounds).exact) counts.push_back(each.count());
  return counts;
}

std::vector<std::int64_t> stepped(const tree& built, const std::vector<demand>& demands,
                                  const std::vector<node_bounds>& bounds) {
  splitter solver(built.site);
  std::vector<std::int64_t> counts;
  for (const auto each : solver.split(demands, bounds).stepped) counts.push_back(each.count());
  return counts;
}

/// A service with `count` connectors on L1.
tree single_phase_feeder(int count) {
  tree built;
  const auto service = built.add_node(std::nullopt);
  for (int c = 0; c < count; ++c) built.wye(service, 0);
  return built;
}

/// 75 kVA, 480 V delta to 208 V wye, below a service.
tree delta_wye_75_kva() {
  tree built(domain::millivolts{277'128});
  const auto service = built.add_node(std::nullopt);
  built.add_node(service, transformer(domain::winding::delta_wye, 480'000, 208'000));
  return built;
}

node_bounds primary_limit(std::int64_t ma) {
  node_bounds made;
  made.primary_line = {milliamperes{ma}, milliamperes{ma}, milliamperes{ma}};
  return made;
}

} // namespace

TEST(worked_cases, FAIR_1_three_share_a_feeder_of_63_A_equally) {
  // 63 A / 3 = 21 A
  const auto built = single_phase_feeder(3);
  EXPECT_THAT(exact(built, {wants(32'000), wants(32'000), wants(32'000)}, {line_limit(63'000)}),
              ElementsAre(21'000, 21'000, 21'000));
}

TEST(worked_cases, FAIR_1_what_one_cannot_use_the_others_share) {
  // 63 A - 10 A = 53 A, / 2 = 26.5 A
  const auto built = single_phase_feeder(3);
  EXPECT_THAT(exact(built, {wants(10'000), wants(32'000), wants(32'000)}, {line_limit(63'000)}),
              ElementsAre(10'000, 26'500, 26'500));
}

TEST(worked_cases, FAIR_1_weights_share_in_proportion) {
  // 60 A / (1 + 2 + 3) = 10 A per weight
  const auto built = single_phase_feeder(3);
  EXPECT_THAT(
      exact(built, {wants(32'000), wants(32'000, 0, 2), wants(32'000, 0, 3)}, {line_limit(60'000)}),
      ElementsAre(10'000, 20'000, 30'000));
}

TEST(worked_cases, FAIR_1_a_floor_above_the_level_is_kept_and_paid_by_the_others) {
  // 30 A - 16 A = 14 A, / 2 = 7 A, which is above their floors of 6 A
  const auto built = single_phase_feeder(3);
  EXPECT_THAT(exact(built, {wants(32'000, 16'000), wants(32'000, 6'000), wants(32'000, 6'000)},
                    {line_limit(30'000)}),
              ElementsAre(16'000, 7'000, 7'000));
}

TEST(worked_cases, FAIR_1_a_tight_feeder_leaves_its_share_to_the_rest_of_the_tree) {
  // Feeder A: 20 A / 2 = 10 A each. Service: 80 A - 20 A = 60 A, / 2 = 30 A for those on feeder B.
  tree built;
  const auto service = built.add_node(std::nullopt);
  const auto feeder_a = built.add_node(service), feeder_b = built.add_node(service);
  for (const auto feeder : {feeder_a, feeder_a, feeder_b, feeder_b}) built.three_phase(feeder);
  const std::vector demands(4, wants(32'000));
  splitter solver(built.site);
  const auto& outcome =
      solver.split(demands, std::vector{line_limit(80'000), line_limit(20'000), node_bounds{}});
  EXPECT_THAT(outcome.exact, ElementsAre(milliamperes{10'000}, milliamperes{10'000},
                                         milliamperes{30'000}, milliamperes{30'000}));
  EXPECT_EQ(outcome.bindings[0], (binding{domain::node_index{1U}, binding_line::l1}));
  EXPECT_EQ(outcome.bindings[3], (binding{domain::node_index{0U}, binding_line::l1}));
}

TEST(worked_cases, FAIR_1_a_connector_at_its_cap_is_bound_by_its_cap) {
  const auto built = single_phase_feeder(1);
  splitter solver(built.site);
  EXPECT_EQ(solver.split(std::vector{wants(16'000)}, std::vector{line_limit(16'000)}).bindings[0],
            binding{});
}

TEST(worked_cases, FAIR_1_power_limits_count_nominal_voltage_times_lines) {
  // 230 V * x * (3 + 1) = 9 200 W gives x = 10 A
  tree built;
  const auto service = built.add_node(std::nullopt);
  built.three_phase(service);
  built.wye(service, 1);
  node_bounds bounds;
  bounds.power = domain::watts{9'200};
  splitter solver(built.site);
  const auto& outcome =
      solver.split(std::vector{wants(32'000), wants(32'000)}, std::vector{bounds});
  EXPECT_THAT(outcome.exact, ElementsAre(milliamperes{10'000}, milliamperes{10'000}));
  EXPECT_EQ(outcome.bindings[0].line, binding_line::power);
}

TEST(worked_cases, LIM_6_wye_and_delta_loads_add_as_phasors) {
  // n1 = a = c = 10 A: I1^2 = n1^2 + a^2 + c^2 + sqrt3 n1 (a + c) + a c
  //                         = 100 + 100 + 100 + sqrt3 * 10 * 20 + 100 = 746.410; I1 = 27.3205 A
  // L2 carries a alone, L3 carries c alone.
  tree built;
  const auto service = built.add_node(std::nullopt);
  built.wye(service, 0);
  built.delta(service, 0, 1);
  built.delta(service, 2, 0);
  splitter solver(built.site);
  const auto& loads = solver.reserved(std::vector(3, milliamperes{10'000}));
  EXPECT_THAT(loads[0].line,
              ElementsAre(milliamperes{27'321}, milliamperes{10'000}, milliamperes{10'000}));
}

TEST(worked_cases, LIM_6_three_equal_delta_groups_carry_1_73_times_one) {
  // sqrt3 x <= 30 A: x = 17.3205 A
  tree built;
  const auto service = built.add_node(std::nullopt);
  built.delta(service, 0, 1);
  built.delta(service, 1, 2);
  built.delta(service, 2, 0);
  EXPECT_THAT(exact(built, std::vector(3, wants(32'000)), {line_limit(30'000)}),
              ElementsAre(17'320, 17'320, 17'320));
}

TEST(worked_cases, LIM_6_a_delta_wye_primary_carries_two_windings_of_one_pair) {
  // Rated 75 kVA / 3 / (480 V / sqrt3) = 90.211 A on the primary. A load x between L1 and L2 gives
  // i1 = x, i2 = -x, and a primary line (i2 - i1) = 2 x * 208 / (sqrt3 * 480) = 0.500370 x.
  // x <= 90.211 / 0.500370 = 180.2886 A; the secondary's 208.2 A would allow more.
  auto built = delta_wye_75_kva();
  built.delta(1, 0, 1);
  splitter solver(built.site);
  const auto& outcome =
      solver.split(std::vector{wants(300'000)}, std::vector{node_bounds{}, primary_limit(90'211)});
  EXPECT_EQ(outcome.exact[0].count(), 180'288);
  EXPECT_EQ(outcome.bindings[0].line, binding_line::primary_l2);
}

TEST(worked_cases, LIM_6_three_equal_pairs_load_a_delta_wye_primary_less_than_their_sum) {
  // i1 - i3 = 3 x in magnitude for equal pairs: 3 x * 0.250185 = 0.750555 x <= 90.211 A,
  // x = 120.192 A. Without the third pair two of them carry sqrt7 x * 0.250185 = 0.661927 x: less.
  auto built = delta_wye_75_kva();
  for (const int line : {0, 1, 2}) built.delta(1, line, (line + 1) % 3);
  EXPECT_THAT(exact(built, std::vector(3, wants(300'000)), {{}, primary_limit(90'211)}),
              ElementsAre(120'192, 120'192, 120'192));
}

TEST(worked_cases, LIM_6_less_of_one_pair_can_mean_more_primary_current) {
  // Loads b = 100 A between L2 and L3, c = 50 A between L3 and L1, 120 degrees apart. Primary line
  // 2 carries (i2 - i1) = b + c: 86.6 A of both, but 100 A of b alone; * 0.250185 = 25.0185 A.
  // Primary line 1 carries b - 2 c = sqrt(100^2 + 100^2 + 100^2) = 173.2 A; * 0.250185 = 43.3333 A,
  // primary line 3 carries c - 2 b = sqrt(50^2 + 200^2 + 100^2) = 229.1 A; * 0.250185 = 57.3246 A.
  auto built = delta_wye_75_kva();
  built.delta(1, 1, 2);
  built.delta(1, 2, 0);
  splitter solver(built.site);
  const auto& loads = solver.reserved(std::vector{milliamperes{100'000}, milliamperes{50'000}});
  EXPECT_THAT(loads[1].primary_line,
              ElementsAre(milliamperes{43'334}, milliamperes{25'019}, milliamperes{57'325}));
}

TEST(worked_cases, LIM_6_the_service_above_a_transformer_sees_its_primary_current) {
  // A three-phase 30 A load at 208 V is 30 * 208 / 480 = 13 A at 480 V, in phase with the service's
  // own three-phase 7 A: 20 A.
  auto built = delta_wye_75_kva();
  built.three_phase(1);
  built.three_phase(0);
  splitter solver(built.site);
  const auto& loads = solver.reserved(std::vector{milliamperes{30'000}, milliamperes{7'000}});
  EXPECT_THAT(loads[0].line,
              ElementsAre(milliamperes{20'000}, milliamperes{20'000}, milliamperes{20'000}));
  // sqrt3 * 208 V * 30 A + 3 * 277.128 V * 7 A = 10 807.98 W + 5 819.69 W
  EXPECT_EQ(loads[0].power.count(), 16'628);
}

TEST(worked_cases, LIM_5_freed_steps_go_out_by_largest_remainder) {
  // 64 A / (3 + 5 + 8) = 4 A per weight: 12, 20, 32 A. In steps of 5 A: 10, 20, 30 A; left 4 A:
  // none. In steps of 3 A: 12, 18, 30 A; left 4 A: the remainders are 0, 2 and 2 A; the earlier
  // gets 3 A.
  const auto built = single_phase_feeder(3);
  const auto in_steps = [&](std::int64_t step) {
    return stepped(
        built, {wants(60'000, 0, 3, step), wants(60'000, 0, 5, step), wants(60'000, 0, 8, step)},
        {line_limit(64'000)});
  };
  EXPECT_THAT(in_steps(5'000), ElementsAre(10'000, 20'000, 30'000));
  EXPECT_THAT(in_steps(3'000), ElementsAre(12'000, 21'000, 30'000));
}

TEST(worked_cases, LIM_5_a_step_that_one_cannot_take_goes_to_who_can_take_smaller_ones) {
  // 20 A / 2 = 10 A each; steps of 8 A leave the first at 8 A, and the second takes 12 A.
  const auto built = single_phase_feeder(2);
  EXPECT_THAT(stepped(built, {wants(32'000, 0, 1, 8'000), wants(32'000, 0, 1, 1'000)},
                      {line_limit(20'000)}),
              ElementsAre(8'000, 12'000));
}

TEST(worked_cases, LIM_5_milliamperes_are_steps_too) {
  // 100 mA / 3: 33 each, and one left for the first.
  const auto built = single_phase_feeder(3);
  EXPECT_THAT(stepped(built, std::vector(3, wants(32'000)), {line_limit(100)}),
              ElementsAre(34, 33, 33));
}

TEST(worked_cases, LIM_1_where_fixed_loads_exceed_a_limit_nobody_on_it_is_raised) {
  const auto built = single_phase_feeder(2);
  EXPECT_THAT(exact(built, {wants(40'000, 40'000), wants(32'000)}, {line_limit(30'000)}),
              ElementsAre(40'000, 0));
}

TEST(worked_cases, LIM_2_a_limit_below_zero_raises_nobody) {
  const auto built = single_phase_feeder(2);
  EXPECT_THAT(exact(built, {wants(32'000, 6'000), wants(32'000)}, {line_limit(-1)}),
              ElementsAre(6'000, 0));
}

TEST(worked_cases, FAIR_1_a_line_that_is_full_holds_back_only_who_loads_it) {
  // L1 has no room: the three-phase connector gets nothing, the one on L2 everything.
  tree built;
  const auto service = built.add_node(std::nullopt);
  built.three_phase(service);
  built.wye(service, 1);
  EXPECT_THAT(exact(built, {wants(32'000), wants(32'000)}, {line_limits(0, 63'000, 63'000)}),
              ElementsAre(0, 32'000));
}

TEST(worked_cases, FAIR_1_without_limits_everybody_gets_the_cap) {
  const auto built = single_phase_feeder(2);
  EXPECT_THAT(exact(built, {wants(32'000), wants(16'000)}, {node_bounds{}}),
              ElementsAre(32'000, 16'000));
}

TEST(worked_cases, FAIR_1_a_site_without_connectors_has_an_empty_split) {
  const auto built = single_phase_feeder(0);
  EXPECT_TRUE(exact(built, {}, {line_limit(0)}).empty());
}

TEST(worked_cases, FAIR_1_a_site_without_nodes_has_an_empty_split_too) {
  EXPECT_TRUE(exact(tree{}, {}, {}).empty());
}

TEST(worked_cases, LIM_5_steps_of_lines_full_at_the_same_level_go_by_the_largest_remainder) {
  // L1 and L2 are both full at 10 A each. Rounded down: the three-phase connector to 9 A of steps
  // of 3 (1/3 of a step is left), L1's to 9 A of 9 (1/9), L2's to 8 A of 4 (1/2).
  tree built;
  const auto service = built.add_node(std::nullopt);
  built.three_phase(service);
  for (const int line : {0, 0, 1, 1}) built.wye(service, line);
  const auto of_step = [](std::int64_t step_ma) { return wants(32'000, 0, 1, step_ma); };
  // L2 carries 9 + 8 + 8 = 25 A of 30: 4 A more go to its first, before 3 A to the three-phase one.
  EXPECT_THAT(stepped(built, {of_step(3'000), of_step(9'000), of_step(9'000), of_step(4'000),
                              of_step(4'000)},
                      {line_limit(30'000)}),
              ElementsAre(9'000, 9'000, 9'000, 12'000, 8'000));
}

} // namespace busbar::control::distribution::tests
