// The policies that balance phases and look ahead, through the planner.

#include "tests/control/planner/garage.hpp"

#include <gtest/gtest.h>

namespace busbar::control::fairness {
namespace {

using domain::policy;
using tests::garage;

/// Connectors without a minimum, in steps of 1 mA, below a service of 30 A a line at 230 V.
garage a_garage(policy which, std::int64_t service_ma = 30'000) {
  garage made(service_ma);
  made.site().split = which;
  return made;
}

std::uint32_t add(garage& place, const std::vector<int>& lines, std::int64_t needed_wh,
                  std::int64_t delivered_wh, std::optional<std::int64_t> leaves_s) {
  const auto added = place.connector(0, lines);
  place.facts(added).current_min = domain::milliamperes{0};
  place.facts(added).step = domain::milliamperes{1};
  auto& row = place.row(added);
  row.energy_needed = domain::watt_hours{needed_wh};
  row.energy_delivered = domain::watt_hours{delivered_wh};
  if (leaves_s) row.departs_at = tests::at(*leaves_s);
  return added;
}

std::int64_t target(const plan& made, std::uint32_t connector) {
  return made.grants[connector].target.count();
}

} // namespace

TEST(looking_ahead, FAIR_3_greatest_total_serves_who_got_least_first_in_each_phase_group) {
  auto place = a_garage(policy::greatest_total);
  const auto served = add(place, {0}, 9'000, 5'000, std::nullopt);
  const auto fresh = add(place, {0}, 9'000, 0, std::nullopt);
  const auto alone = add(place, {1}, 9'000, 8'000, std::nullopt);
  const auto& made = place.plan_at(0);
  // 30 A on L1: all to the one without any; L2 is another group.
  EXPECT_GE(target(made, fresh), 29'990);
  EXPECT_LE(target(made, served), 10);
  EXPECT_EQ(target(made, alone), 30'000);
}

TEST(looking_ahead, FAIR_3_plan_ahead_gives_first_to_who_has_no_time_to_spare) {
  auto place = a_garage(policy::plan_ahead);
  // 6.9 kWh is an hour at 30 A: one leaves then, the other stays ten hours.
  const auto hurried = add(place, {0}, 6'900, 0, 3'600);
  const auto patient = add(place, {0}, 6'900, 0, 36'000);
  const auto& made = place.plan_at(0);
  EXPECT_GT(target(made, hurried), 29'000);
  EXPECT_LT(target(made, patient), 1'000);
  EXPECT_EQ(target(made, hurried) + target(made, patient), 30'000) << "nothing is left over";
}

TEST(looking_ahead, FAIR_3_plan_ahead_shares_evenly_among_those_with_the_same_time_to_spare) {
  auto place = a_garage(policy::plan_ahead);
  // 613 Wh are five minutes at 32 A: both could wait for two hours, and one got more before.
  const auto fresh = add(place, {0}, 613, 0, 7'200);
  const auto served = add(place, {0}, 613, 5'000, 7'200);
  const auto& made = place.plan_at(0);
  EXPECT_NEAR(static_cast<double>(target(made, fresh)), 15'000, 2);
  EXPECT_NEAR(static_cast<double>(target(made, served)), 15'000, 2);
}

TEST(looking_ahead, FAIR_3_plan_ahead_shares_between_groups_in_the_measure_of_their_needs) {
  auto place = a_garage(policy::plan_ahead);
  // 20 A on L1 for an hour (4.6 kWh), 3 A on L1 and L2 for two (2 * 230 V * 3 A * 2 h).
  const auto needy = add(place, {0}, 4'600, 0, 3'600);
  const auto modest = add(place, {0, 1}, 2'760, 0, 7'200);
  const auto alone = add(place, {2}, 9'000, 0, 7'200);
  const auto& made = place.plan_at(0);
  // Balanced, L1 is 15 A for each: a need of 15 A or more to one of 3 A is 5 to 1. Two splits, of
  // groups and of all, round down to a mA each.
  EXPECT_NEAR(static_cast<double>(target(made, needy)), 25'000, 2);
  EXPECT_NEAR(static_cast<double>(target(made, modest)), 5'000, 2);
  EXPECT_EQ(target(made, needy) + target(made, modest), 30'000);
  EXPECT_EQ(target(made, alone), 30'000);
}

TEST(looking_ahead, FAIR_3_plan_ahead_balances_lines_of_thousands_of_amperes_too) {
  auto place = a_garage(policy::plan_ahead, 2'500'000);
  // 1 250 A on L1 for an hour, 250 A on L1 and L2 for two (2 * 230 V * 250 A * 2 h).
  const auto needy = add(place, {0}, 287'500, 0, 3'600);
  const auto modest = add(place, {0, 1}, 230'000, 0, 7'200);
  for (const auto each : {needy, modest})
    place.facts(each).current_max = domain::milliamperes{5'000'000};
  const auto& made = place.plan_at(0);
  // Balanced, L1 is 1 250 A for each: 5 to 1 again, within what 65 535 parts of weight resolve.
  EXPECT_NEAR(static_cast<double>(target(made, needy)), 2'500'000 * 5 / 6.0, 50);
  EXPECT_NEAR(static_cast<double>(target(made, modest)), 2'500'000 / 6.0, 50);
}

TEST(looking_ahead, FAIR_3_without_departures_plan_ahead_is_greatest_total) {
  const auto targets = [](policy which) {
    auto place = a_garage(which);
    for (std::int64_t i = 0; i < 6; ++i)
      add(place, {static_cast<int>(i % 3)}, 9'000, 1'000 * i, std::nullopt);
    std::vector<std::int64_t> found;
    const auto& made = place.plan_at(0);
    for (std::uint32_t i = 0; i < 6; ++i) found.push_back(target(made, i));
    return found;
  };
  EXPECT_EQ(targets(policy::plan_ahead), targets(policy::greatest_total));
}

TEST(looking_ahead, FAIR_3_three_phase_vehicles_are_a_group_of_their_own_and_all_is_used) {
  for (const auto which : {policy::greatest_total, policy::plan_ahead}) {
    auto place = a_garage(which);
    const auto three = add(place, {0, 1, 2}, 20'000, 0, 7'200);
    const auto one = add(place, {0}, 7'000, 0, 7'200);
    const auto& made = place.plan_at(0);
    EXPECT_EQ(target(made, three) + target(made, one), 30'000) << domain::name_of(which);
    EXPECT_GT(target(made, three), 0);
    EXPECT_GT(target(made, one), 0);
  }
}

TEST(looking_ahead, FAIR_2_minima_and_steps_hold_under_every_choice_of_weights) {
  for (const auto which : {policy::greatest_total, policy::plan_ahead}) {
    auto place = a_garage(which);
    for (std::int64_t i = 0; i < 9; ++i) {
      const auto added = add(place, {0, 1, 2}, 4'000 + 2'000 * i, 900 * i, 3'600 * (i + 1));
      place.facts(added).current_min = domain::milliamperes{6'000};
      place.facts(added).step = domain::milliamperes{1'000};
    }
    const auto& made = place.plan_at(0);
    std::int64_t sum = 0;
    for (std::uint32_t i = 0; i < 9; ++i) {
      const auto current = target(made, i);
      EXPECT_TRUE(current == 0 || current >= 6'000) << current;
      EXPECT_EQ(current % 1'000, 0);
      sum += current;
    }
    EXPECT_EQ(sum, 30'000) << domain::name_of(which);
  }
}

TEST(looking_ahead, LIM_1_strange_facts_never_break_a_plan) {
  auto place = a_garage(policy::plan_ahead);
  add(place, {0}, 0, 0, 100);                       // needs nothing
  add(place, {0}, 1, 2'000'000'000, -50'000);       // gone long ago, got a lot
  add(place, {1}, 2'000'000'000, 0, 1'000'000'000); // wants the moon, stays for ever
  place.row(add(place, {2}, 9'000, 0, 60)).energy_needed.reset();
  const auto& made = place.plan_at(0);
  EXPECT_EQ(target(made, 0), 0);
  EXPECT_GT(target(made, 1), 0);
  EXPECT_EQ(target(made, 2), 30'000);
  EXPECT_EQ(target(made, 3), 30'000);
}

} // namespace busbar::control::fairness
