// What a level of load shedding does to a plan.

#include "tests/control/planner/garage.hpp"

#include <gtest/gtest.h>

#include <array>
#include <vector>

namespace busbar::control::tests {
namespace {

using domain::rule;

std::int64_t target(const plan& plan, std::uint32_t i) { return plan.grants[i].target.count(); }

const plan& shed_plan(garage& site, int level, std::int64_t second = 0) {
  site.now(second).shedding_level = level;
  return site.plan_at(second);
}

TEST(shedding, FAIR_2_a_level_takes_its_part_of_a_share_but_no_part_of_the_minimum) {
  garage site{500'000};
  for (int i = 0; i < 3; ++i) site.connector(0);
  site.station(0).priority = 3;
  site.station(1).priority = 9;
  site.station(2).priority = 5;
  site.facts(2).current_max = milliamperes{8'000};
  const auto& whole = shed_plan(site, 0);
  EXPECT_EQ(whole.connectors_shed, 0U);
  EXPECT_EQ(whole.shed.count(), 0);
  const auto& second = shed_plan(site, 2, 1);
  EXPECT_EQ(target(second, 0), 19'000); // 60 % of 32 A in whole steps
  EXPECT_EQ(second.grants[0].because.which, rule::load_shedding);
  EXPECT_EQ(target(second, 1), 32'000);
  EXPECT_EQ(target(second, 2), 6'000) << "60 % of 8 A are 4.8 A: the minimum stays";
  EXPECT_EQ(second.connectors_shed, 2U);
  EXPECT_EQ(second.shed.count(), 13'000 + 2'000); // 32 A to 19 A, 8 A to 6 A
  const auto& fourth = shed_plan(site, 4, 2);
  EXPECT_EQ(target(fourth, 0), 0) << "stopped, minimum and all";
  EXPECT_EQ(target(fourth, 1), 32'000) << "priority 9 is not named";
  EXPECT_EQ(fourth.connectors_shed, 2U);
  EXPECT_EQ(fourth.shed.count(), 32'000 + 8'000);
}

/// Four connectors of priorities 3, 5, 9, 10 that have 25 A each of 100 A.
struct full_site {
  garage site{100'000};

  full_site() {
    for (const auto priority : std::to_array<std::uint8_t>({3, 5, 9, 10}))
      site.station(site.connector(0)).priority = priority;
  }
  std::vector<std::int64_t> targets(int level, std::int64_t second) {
    const auto& plan = shed_plan(site, level, second);
    return {target(plan, 0), target(plan, 1), target(plan, 2), target(plan, 3)};
  }
};

TEST(shedding, LIM_1_on_a_full_site_a_level_takes_load_off_and_hands_it_to_no_other_connector) {
  full_site it;
  using currents = std::vector<std::int64_t>;
  EXPECT_EQ(it.targets(0, 0), (currents{25'000, 25'000, 25'000, 25'000}));
  EXPECT_EQ(it.targets(1, 1), (currents{20'000, 25'000, 25'000, 25'000})); // 80 %
  EXPECT_EQ(it.targets(2, 2), (currents{15'000, 15'000, 25'000, 25'000})); // 60 %
  EXPECT_EQ(it.targets(3, 3), (currents{12'000, 12'000, 12'000, 12'000})); // 50 %, whole amperes
  EXPECT_EQ(it.targets(4, 4), (currents{0, 0, 25'000, 25'000}));
  EXPECT_EQ(it.targets(5, 5), (currents{0, 0, 25'000, 25'000}));
  EXPECT_EQ(it.targets(0, 6), (currents{25'000, 25'000, 25'000, 25'000}));
}

TEST(shedding, a_level_that_lasts_takes_no_more_than_at_its_begin) {
  full_site it;
  for (int second = 0; second < 200; ++second) {
    it.site.now(second).shedding_level = 2;
    const auto& plan = it.site.obeyed_plan(second);
    EXPECT_EQ(target(plan, 0), 15'000) << second;
    EXPECT_EQ(target(plan, 2), 25'000) << second;
    EXPECT_EQ(plan.shed.count(), 20'000) << second;
  }
}

TEST(shedding, FAIR_2_the_place_of_a_stopped_connector_is_given_to_no_waiting_one) {
  garage site{6'000};
  for (int i = 0; i < 2; ++i) site.connector(0);
  site.obeyed_plan(0);
  site.now(1).shedding_level = 4;
  const auto& stopped = site.obeyed_plan(1);
  EXPECT_EQ(target(stopped, 0), 0);
  EXPECT_EQ(target(stopped, 1), 0);
}

TEST(shedding, who_wants_nothing_is_not_shed) {
  garage site{500'000};
  site.connector(0);
  site.row(0).wants = false;
  EXPECT_EQ(shed_plan(site, 5).connectors_shed, 0U);
}

TEST(planner, LIM_2_the_summary_of_a_node_names_what_binds) {
  garage site{100'000};
  site.connector(0);
  const auto f1 = site.feeder(63'000);
  site.connector(f1);
  site.node(0).knowledge = unmanaged_knowledge::known;
  site.node(0).unmanaged[1] = milliamperes{30'000};
  const auto& plan = site.plan_at(0);
  EXPECT_EQ(plan.limits[0].limit[0].count(), 100'000);
  EXPECT_EQ(plan.limits[0].limit[1].count(), 70'000);
  EXPECT_EQ(plan.limits[0].source, domain::limit_source::rating);
  EXPECT_EQ(plan.limits[0].reserved[2].count(), 64'000);
  EXPECT_EQ(plan.limits[f1].reserved[2].count(), 32'000);
  EXPECT_EQ(plan.limits[f1].source, domain::limit_source::breaker);
}

TEST(planner, LIM_2_where_power_alone_bounds_a_node_the_summary_is_its_current_on_one_line) {
  garage site{100'000};
  site.connector(0);
  site.site().nodes[0].limits = {
      {domain::limit_source::service_power, std::nullopt, domain::watts{23'000}}};
  const auto& plan = site.plan_at(0);
  EXPECT_EQ(plan.limits[0].limit[2].count(), 100'000); // 23 kW / 230 V
  EXPECT_EQ(plan.limits[0].source, domain::limit_source::service_power);
}

TEST(planner, SAFE_1_a_connector_whose_input_is_lost_is_told_zero_and_says_so) {
  garage site{100'000};
  site.connector(0);
  site.connector(0);
  site.obeyed_plan(0);
  site.row(0).is_zeroed = true;
  const auto& plan = site.plan_at(1);
  EXPECT_EQ(target(plan, 0), 0);
  EXPECT_EQ(plan.grants[0].granted.count(), 0);
  EXPECT_EQ(plan.grants[0].because.which, rule::input_lost);
  EXPECT_EQ(plan.grants[0].reserved.count(), 32'000) << "until it has followed";
  EXPECT_EQ(target(plan, 1), 32'000);
}

TEST(planner, FAIR_1_the_least_of_an_operators_order_and_a_derating_is_named) {
  garage site{100'000};
  site.connector(0);
  site.row(0).operator_max = milliamperes{20'000};
  site.row(0).derated_max = milliamperes{25'000};
  EXPECT_EQ(target(site.plan_at(0), 0), 20'000);
  EXPECT_EQ(site.plan_at(1).grants[0].because.which, rule::site_operator);
  site.row(0).derated_max = milliamperes{15'000};
  EXPECT_EQ(target(site.plan_at(2), 0), 15'000);
  EXPECT_EQ(site.plan_at(3).grants[0].because.which, rule::derating);
  site.row(0).is_derated = false; // the most of its outlet at this voltage
  EXPECT_EQ(site.plan_at(3).grants[0].because.which, rule::maximum);
  site.row(0).is_available = false;
  site.row(0).told = site.row(0).acknowledged = milliamperes{9'000};
  EXPECT_EQ(target(site.plan_at(4), 0), 9'000) << "no new grants, what it has stays";
  EXPECT_EQ(site.plan_at(5).grants[0].because.which, rule::fallback);
}

TEST(planner, LIM_5_what_takes_no_whole_step_away_is_no_reason) {
  garage site{100'000};
  site.connector(0);
  // A station's power, rounded down to a current: 1 mA less is no whole step of 1 A.
  site.facts(0).current_max = milliamperes{32'400};
  site.row(0).derated_max = milliamperes{32'399};
  EXPECT_EQ(target(site.plan_at(0), 0), 32'000);
  EXPECT_EQ(site.plan_at(1).grants[0].because.which, rule::maximum);
  site.row(0).derated_max = milliamperes{31'999};
  EXPECT_EQ(target(site.plan_at(2), 0), 31'000);
  EXPECT_EQ(site.plan_at(3).grants[0].because.which, rule::derating);
}

} // namespace
} // namespace busbar::control::tests
