// RAMP-1 in plans: raises by so much a second, decreases at once, small raises not at all.

#include "tests/control/planner/garage.hpp"

#include <gtest/gtest.h>

namespace busbar::control::tests {
namespace {

std::int64_t granted(const plan& plan, std::uint32_t i) { return plan.grants[i].granted.count(); }

/// One connector of 6 to 32 A in steps of 1 A with 1 A/s and a dead band of 2 A.
class ramped_site : public testing::Test {
protected:
  ramped_site() : site(100'000) {
    site.connector(0);
    site.site().ramping = domain::ramp{milliamperes{1'000}, std::nullopt, milliamperes{2'000}};
  }
  void wish(std::int64_t ma) { site.row(0).vehicle_max = milliamperes{ma}; }

  garage site;
};

TEST_F(ramped_site, RAMP_1_a_raise_counts_the_time_since_the_last_one_in_whole_steps) {
  EXPECT_EQ(granted(site.obeyed_plan(0), 0), 6'000) << "the minimum at once";
  EXPECT_EQ(granted(site.obeyed_plan(3), 0), 9'000);
  EXPECT_EQ(granted(site.obeyed_plan(3), 0), 9'000) << "no time, no raise";
  EXPECT_EQ(granted(site.obeyed_plan(20), 0), 26'000);
  EXPECT_EQ(granted(site.obeyed_plan(100), 0), 32'000) << "never beyond the target";
}

TEST_F(ramped_site, RAMP_1_a_slow_ramp_fills_a_coarse_step_in_the_end) {
  site.facts(0).step = milliamperes{4'000};
  EXPECT_EQ(granted(site.obeyed_plan(0), 0), 8'000) << "the minimum in whole steps";
  EXPECT_EQ(granted(site.obeyed_plan(3), 0), 8'000);
  EXPECT_EQ(granted(site.obeyed_plan(4), 0), 12'000);
}

TEST_F(ramped_site, RAMP_1_without_a_minimum_the_first_raise_is_a_second_of_the_ramp) {
  site.facts(0).current_min = milliamperes{0};
  EXPECT_EQ(granted(site.obeyed_plan(0), 0), 1'000);
  EXPECT_EQ(granted(site.obeyed_plan(3), 0), 4'000);
}

TEST_F(ramped_site, RAMP_1_a_dc_outlet_goes_by_power_where_that_is_stated_and_by_current_else) {
  site.facts(0).kind = domain::current_kind::dc;
  site.facts(0).current_min = milliamperes{0};
  garage other{100'000};
  other.connector(0);
  other.facts(0) = site.facts(0);
  other.site().ramping = site.site().ramping;
  EXPECT_EQ(granted(site.obeyed_plan(0), 0), 1'000);
  EXPECT_EQ(granted(site.obeyed_plan(2), 0), 3'000);
  // 4 140 W/s at 3 * 230 V are 6 A/s.
  other.site().ramping->dc_up_per_second = domain::watts{4'140};
  EXPECT_EQ(granted(other.obeyed_plan(0), 0), 6'000);
  EXPECT_EQ(granted(other.obeyed_plan(2), 0), 18'000);
}

TEST_F(ramped_site, RAMP_1_below_the_dead_band_nothing_is_raised) {
  wish(10'000);
  for (int second = 0; second < 20; ++second) (void)site.obeyed_plan(second);
  ASSERT_EQ(site.row(0).told.count(), 9'000) << "10 A is within 2 A of 9 A";
  wish(11'000);
  EXPECT_EQ(granted(site.obeyed_plan(60), 0), 11'000) << "2 A are the whole band";
  wish(12'999);
  EXPECT_EQ(granted(site.obeyed_plan(100), 0), 11'000);
}

TEST_F(ramped_site, RAMP_1_after_an_hour_no_more_time_is_counted) {
  site.site().ramping = domain::ramp{milliamperes{2}, std::nullopt, milliamperes{0}};
  EXPECT_EQ(granted(site.obeyed_plan(0), 0), 6'000);
  // 2 mA/s * 3 600 s = 7.2 A, in whole steps 7 A
  EXPECT_EQ(granted(site.obeyed_plan(100'000), 0), 13'000);
  site.site().ramping.reset();
}

TEST_F(ramped_site, RAMP_1_what_is_still_reserved_does_not_make_a_raise_faster) {
  EXPECT_EQ(granted(site.obeyed_plan(0), 0), 6'000);
  site.row(0).drawn = milliamperes{20'000}; // of what it was told before
  EXPECT_EQ(granted(site.plan_at(3), 0), 9'000); // 6 A + 3 s * 1 A/s
}

TEST_F(ramped_site, RAMP_1_a_decrease_goes_out_whole_and_in_steps) {
  for (int second = 0; second < 60; ++second) (void)site.obeyed_plan(second);
  ASSERT_EQ(site.row(0).told.count(), 31'000) << "32 A is within the dead band";
  wish(7'400);
  EXPECT_EQ(granted(site.obeyed_plan(60), 0), 7'000);
  wish(5'999);
  EXPECT_EQ(granted(site.obeyed_plan(61), 0), 0) << "below the minimum is nothing";
}

TEST(grants, LIM_1_when_room_is_scarce_turn_rank_and_priority_decide_who_is_let_in) {
  garage site{24'000};
  for (int i = 0; i < 3; ++i) site.connector(0);
  site.station(2).priority = 9;
  // The first still draws 14 A of what it was told before: 10 A of room for two minima of 6 A.
  auto& first = site.row(0);
  first.told = first.acknowledged = milliamperes{8'000};
  first.drawn = milliamperes{14'000};
  const auto& plan = site.plan_at(0);
  EXPECT_EQ(granted(plan, 1), 0);
  EXPECT_GE(granted(plan, 2), 6'000);
  EXPECT_LE(granted(plan, 2), 10'000);
}

TEST(grants, LIM_1_only_below_a_node_that_is_really_over_its_bound_nobody_is_raised) {
  garage site{500'000};
  const auto over = site.feeder(20'000);
  const auto full = site.feeder(32'000);
  site.site().nodes[full].limits.push_back(
      {domain::limit_source::service_power, std::nullopt, domain::watts{50'000}});
  const auto beyond = site.connector(over);
  const auto at_limit = site.connector(full, {0});
  const auto beside = site.connector(full, {1});
  const auto told = [&](std::uint32_t connector, std::int64_t ma) {
    auto& row = site.row(connector);
    row.told = row.acknowledged = row.drawn = milliamperes{ma};
  };
  told(beyond, 25'000);
  told(at_limit, 32'000);
  told(beside, 10'000);
  const auto& plan = site.plan_at(0);
  EXPECT_EQ(granted(plan, beyond), 20'000);
  EXPECT_EQ(granted(plan, beside), 32'000) << "L1 beside it is just full, its power is not";
}

} // namespace
} // namespace busbar::control::tests
