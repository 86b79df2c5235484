// Vehicles that give back: counted like those that charge, and through zero from one to the other.
#include "tests/control/planner/garage.hpp"

#include <gtest/gtest.h>

namespace busbar::control::tests {
namespace {

using domain::rule;

const domain::decided_grant& grant(const plan& plan, std::uint32_t i) { return plan.grants[i]; }

/// Told, acknowledged and flowing.
void flows(connector_image& row, std::int64_t ma, bool is_export) {
  row.told = row.acknowledged = row.drawn = milliamperes{ma};
  row.is_export = is_export;
}

void gives_back(connector_image& row, std::int64_t ma) {
  row.gives_back = true;
  row.export_max = milliamperes{ma};
}

TEST(planner, LIM_6_export_counts_like_charging_and_gives_no_room_to_others) {
  garage site{40'000};
  site.connector(0);
  site.connector(0);
  gives_back(site.row(0), 32'000);
  const auto& plan = site.plan_at(0);
  EXPECT_TRUE(grant(plan, 0).is_export);
  EXPECT_FALSE(grant(plan, 1).is_export);
  EXPECT_EQ(grant(plan, 0).granted.count(), 20'000) << "40 A for two, whichever way they flow";
  EXPECT_EQ(grant(plan, 1).granted.count(), 20'000);
  EXPECT_EQ(plan.limits[0].reserved[0].count(), 40'000);
  ASSERT_EQ(plan.effects.size(), 2U);
  EXPECT_TRUE(plan.effects[0].is_export);
  EXPECT_FALSE(plan.effects[1].is_export);
}

TEST(planner, LIM_5_export_is_held_by_its_order_in_whole_steps_and_not_below_the_minimum) {
  garage site{100'000};
  site.connector(0);
  gives_back(site.row(0), 12'700);
  const auto& plan = site.plan_at(0);
  EXPECT_EQ(grant(plan, 0).granted.count(), 12'000);
  EXPECT_EQ(grant(plan, 0).because.which, rule::site_operator);
  gives_back(site.row(0), 5'999);
  EXPECT_EQ(grant(site.plan_at(1), 0).granted.count(), 0);
}

TEST(planner, LIM_1_from_charging_to_export_through_zero) {
  garage site{100'000};
  site.connector(0);
  auto& row = site.row(0);
  flows(row, 32'000, false);
  gives_back(row, 32'000);
  const auto step = [&](std::int64_t second, std::int64_t granted, bool is_export,
                        const char* why) {
    const auto& made = grant(site.plan_at(second), 0);
    EXPECT_EQ(made.granted.count(), granted) << why;
    EXPECT_EQ(made.is_export, is_export) << why;
  };
  step(0, 0, false, "charging ends first");
  EXPECT_EQ(grant(site.plan_at(0), 0).because.which, rule::site_operator);
  row.told = milliamperes{0};
  step(1, 0, false, "not acknowledged");
  row.acknowledged = milliamperes{0};
  step(2, 0, false, "it still draws");
  row.drawn = milliamperes{501};
  step(3, 0, false, "0.5 A are nothing, more is not");
  row.drawn = milliamperes{500};
  step(4, 32'000, true, "at rest");
}

TEST(planner, LIM_1_from_export_to_charging_through_zero) {
  garage site{100'000};
  site.connector(0);
  auto& row = site.row(0);
  flows(row, 20'000, true);
  EXPECT_EQ(grant(site.plan_at(0), 0).granted.count(), 0);
  EXPECT_TRUE(grant(site.plan_at(0), 0).is_export) << "the way that it flows until it rests";
  EXPECT_EQ(grant(site.plan_at(0), 0).reserved.count(), 20'000);
  flows(row, 0, true);
  const auto& made = grant(site.plan_at(1), 0);
  EXPECT_EQ(made.granted.count(), 32'000);
  EXPECT_FALSE(made.is_export);
}

TEST(planner, SAFE_2_one_that_does_not_obey_keeps_its_direction_and_its_reserve) {
  garage site{40'000};
  site.connector(0);
  site.connector(0);
  auto& row = site.row(0);
  flows(row, 10'000, true);
  row.drawn = milliamperes{30'000};
  row.is_disobeying = true;
  const auto& plan = site.plan_at(0);
  EXPECT_TRUE(grant(plan, 0).is_export);
  EXPECT_EQ(grant(plan, 0).reserved.count(), 30'000);
  EXPECT_EQ(grant(plan, 1).granted.count(), 10'000); // 40 A - 30 A
}

TEST(planner, FAIR_3_a_policy_of_needs_does_not_weigh_what_is_given_back) {
  garage site{60'000};
  site.site().split = domain::policy::soc_deficit;
  site.connector(0);
  site.connector(0);
  auto& full = site.row(0);
  full.soc = domain::permille{950}; // beyond the target of 800: it would get nothing to charge
  gives_back(full, 20'000);
  full.energy_needed = domain::watt_hours{0};
  full.derated_max = milliamperes{7'000};
  site.row(1).soc = domain::permille{300};
  const auto& plan = site.plan_at(0);
  EXPECT_EQ(grant(plan, 0).granted.count(), 20'000);
  EXPECT_EQ(grant(plan, 1).granted.count(), 32'000);
  EXPECT_EQ(grant(plan, 1).because.which, rule::maximum);
}

TEST(planner, load_shedding_leaves_alone_what_takes_load_off) {
  garage site{100'000};
  site.connector(0);
  site.connector(0);
  gives_back(site.row(0), 20'000);
  site.now(0).shedding_level = 5;
  const auto& plan = site.plan_at(0);
  EXPECT_EQ(grant(plan, 0).granted.count(), 20'000);
  EXPECT_EQ(grant(plan, 1).granted.count(), 0);
  EXPECT_EQ(plan.connectors_shed, 1U);
}

TEST(planner, SAFE_1_lost_input_stops_export) {
  garage site{100'000};
  site.connector(0);
  flows(site.row(0), 20'000, true);
  gives_back(site.row(0), 20'000);
  site.row(0).is_zeroed = true;
  const auto& made = grant(site.plan_at(0), 0);
  EXPECT_EQ(made.granted.count(), 0);
  EXPECT_TRUE(made.is_export);
}

TEST(planner, RAMP_1_export_grows_like_charging) {
  garage site{100'000};
  site.site().ramping = domain::ramp{}; // 2 A/s
  site.connector(0);
  auto& row = site.row(0);
  gives_back(row, 32'000);
  EXPECT_EQ(grant(site.plan_at(0), 0).granted.count(), 6'000) << "the minimum at once";
  flows(row, 6'000, true);
  EXPECT_EQ(grant(site.plan_at(1), 0).granted.count(), 8'000);
  flows(row, 8'000, true);
  gives_back(row, 7'000);
  EXPECT_EQ(grant(site.plan_at(2), 0).granted.count(), 7'000) << "down at once";
}

} // namespace
} // namespace busbar::control::tests
