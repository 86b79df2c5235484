// LIM-2: whatever kind of limit binds, the node and the connectors that it holds name it.

#include "tests/control/planner/garage.hpp"

#include <gtest/gtest.h>

#include <functional>

namespace busbar::control::tests {
namespace {

using domain::binding_line;
using domain::limit_source;
using domain::rule;
using domain::watts;

/// A garage of 100 A at a continuous factor of 0.8 with two vehicles of 32 A on three lines.
struct two_vehicles {
  two_vehicles() {
    site.site().nodes[0].continuous = domain::permille{800};
    site.connector(0);
    site.connector(0);
  }
  void state(limit_source source, std::int64_t power_w) {
    site.site().nodes[0].limits.push_back({source, std::nullopt, watts{power_w}});
  }
  void impose(limit_source source, std::int64_t power_w) {
    site.node(0).live_limits.push_back({source, std::nullopt, watts{power_w}});
  }
  void impose_current(limit_source source, std::int64_t ma) {
    const domain::milliamperes each{ma};
    site.node(0).live_limits.push_back(
        {source, domain::per_line<domain::milliamperes>{each, each, each}, std::nullopt});
  }
  garage site{100'000};
};

void expect_named(const plan& plan, limit_source source, binding_line line) {
  EXPECT_EQ(plan.limits[0].source, source) << name_of(plan.limits[0].source);
  const auto& because = plan.grants[0].because;
  EXPECT_EQ(because.which, rule::limit);
  EXPECT_EQ(because.node, domain::node_index{0U});
  EXPECT_EQ(because.line, line) << name_of(because.line);
  EXPECT_EQ(because.source, source) << name_of(because.source);
}

TEST(binding_source, LIM_2_a_power_limit_that_binds_is_named_whoever_imposed_it) {
  for (const auto source : {limit_source::demand_response, limit_source::peak_demand,
                            limit_source::site_operator, limit_source::power_factor,
                            limit_source::frequency}) {
    two_vehicles it;
    it.impose(source, 20'700); // 30 A on three lines at 230 V; the rating leaves 80 A
    const auto& plan = it.site.plan_at(0);
    expect_named(plan, source, binding_line::power);
    EXPECT_EQ(plan.grants[0].target.count(), 15'000);
    EXPECT_EQ(plan.limits[0].limit[0].count(), 80'000) << "the lines are what they were";
  }
}

TEST(binding_source, LIM_2_a_stated_power_that_binds_is_named) {
  two_vehicles it;
  it.state(limit_source::service_power, 20'700);
  expect_named(it.site.plan_at(0), limit_source::service_power, binding_line::power);
}

TEST(binding_source, LIM_2_a_current_limit_that_binds_is_named_whoever_imposed_it) {
  for (const auto source : {limit_source::thermal, limit_source::breaker, limit_source::cable,
                            limit_source::voltage, limit_source::site_operator,
                            limit_source::demand_response, limit_source::service_current}) {
    two_vehicles it;
    it.impose_current(source, 40'000);
    const auto& plan = it.site.plan_at(0);
    expect_named(plan, source, binding_line::l1);
    EXPECT_EQ(plan.grants[0].target.count(), 20'000);
  }
}

TEST(binding_source, LIM_2_a_rating_is_named_by_its_factor_where_it_has_one) {
  for (const std::int64_t factor : {1'000, 800}) {
    garage site{50'000};
    site.site().nodes[0].continuous = domain::permille{factor};
    site.connector(0);
    site.connector(0);
    expect_named(site.plan_at(0),
                 factor == 1'000 ? limit_source::rating : limit_source::continuous_factor,
                 binding_line::l1);
  }
}

TEST(binding_source, LIM_2_of_a_line_and_a_power_that_binds_the_node_names_the_one_that_holds) {
  two_vehicles it;
  for (int i = 0; i < 4; ++i) it.site.connector(0, {0});
  it.impose(limit_source::demand_response, 41'400); // 60 A on each line: less than 80 A
  it.site.row(0).wants = it.site.row(1).wants = false;
  const auto& plan = it.site.plan_at(0);
  // 4 x 20 A on L1: 80 A by the rating, 18.4 kW of 41.4 kW
  EXPECT_EQ(plan.grants[2].because.source, limit_source::continuous_factor);
  EXPECT_EQ(plan.limits[0].source, limit_source::continuous_factor);
  it.site.row(0).wants = true;
  for (int i = 3; i < 6; ++i) it.site.row(static_cast<std::uint32_t>(i)).wants = false;
  // One of 32 A on L1 and one of 32 A on all: none is held, the power is the tighter of the two.
  EXPECT_EQ(it.site.plan_at(60).limits[0].source, limit_source::demand_response);
}

TEST(binding_source, LIM_2_imbalance_is_named_where_it_holds_and_nowhere_else) {
  garage site{100'000};
  site.site().nodes[0].protection.imbalance = {domain::milliamperes{10'000}, {}, {}};
  const auto single = site.connector(0, {0});
  const auto three = site.connector(0);
  const domain::milliamperes most{10'000};
  site.node(0).unbalanced_max = domain::per_line<domain::milliamperes>{most, most, most};
  const auto& plan = site.plan_at(0);
  EXPECT_EQ(plan.grants[single].because.source, limit_source::phase_imbalance);
  EXPECT_EQ(plan.grants[single].target.count(), 10'000);
  EXPECT_EQ(plan.grants[three].because.which, rule::maximum);
  EXPECT_EQ(plan.limits[0].source, limit_source::phase_imbalance);
  site.row(single).wants = false;
  EXPECT_EQ(site.plan_at(1).limits[0].source, limit_source::rating);
}

TEST(binding_source, LIM_3_a_lost_meter_is_named_with_and_without_a_declared_maximum) {
  for (const bool is_declared : {false, true}) {
    two_vehicles it;
    const domain::milliamperes most{60'000};
    if (is_declared)
      it.site.site().nodes[0].unmanaged_max =
          domain::per_line<domain::milliamperes>{most, most, most};
    it.site.node(0).knowledge = unmanaged_knowledge::lost;
    const auto& plan = it.site.plan_at(0);
    expect_named(plan, limit_source::meter_lost, binding_line::l1);
    // Of 80 A, 80 or 60 A are the most that it can be.
    EXPECT_EQ(plan.grants[0].target.count(), is_declared ? 10'000 : 0);
  }
}

TEST(binding_source, LIM_2_the_node_that_holds_a_connector_is_named_not_one_above_or_below_it) {
  garage site{100'000};
  const auto upper = site.feeder(80'000);
  const auto lower = site.feeder(63'000, upper);
  const auto vehicle = site.connector(lower);
  site.connector(lower);
  site.node(upper).live_limits.push_back(
      {limit_source::demand_response, std::nullopt, watts{27'600}}); // 20 A each
  const auto& plan = site.plan_at(0);
  EXPECT_EQ(plan.grants[vehicle].because.node, domain::node_index{upper});
  EXPECT_EQ(plan.grants[vehicle].because.source, limit_source::demand_response);
  EXPECT_EQ(plan.limits[upper].source, limit_source::demand_response);
  EXPECT_EQ(plan.limits[lower].source, limit_source::breaker);
  EXPECT_EQ(plan.limits[0].source, limit_source::rating);
}

TEST(binding_source, LIM_2_load_shedding_is_a_reason_of_its_own_and_no_limit_of_the_node) {
  two_vehicles it;
  it.site.now(0).shedding_level = 2;
  const auto& plan = it.site.plan_at(0);
  EXPECT_EQ(plan.grants[0].because.which, rule::load_shedding);
  EXPECT_FALSE(plan.grants[0].because.node);
  EXPECT_EQ(plan.limits[0].source, limit_source::continuous_factor);
}

TEST(binding_source, LIM_2_who_waits_for_a_turn_names_the_limit_that_makes_turns_needed) {
  two_vehicles it;
  it.impose(limit_source::peak_demand, 4'140 + 2'000); // 6 A on three lines, and not twice
  const auto& plan = it.site.plan_at(0);
  const auto& because = plan.grants[1].because;
  EXPECT_EQ(because.which, rule::turn);
  EXPECT_EQ(because.source, limit_source::peak_demand);
  EXPECT_EQ(because.line, binding_line::power);
  EXPECT_EQ(plan.limits[0].source, limit_source::peak_demand);
}

} // namespace
} // namespace busbar::control::tests
