#include "control/safety/load_shedding.hpp"

#include <gtest/gtest.h>

namespace busbar::control::safety {

using domain::instant;
using domain::milliamperes;
using domain::permille;
using std::chrono::seconds;

namespace {

instant at(int second) { return instant{seconds{second}}; }

} // namespace

TEST(load_shedding, it_rises_at_95_percent_one_level_per_dwell) {
  load_shedding machine;
  const shedding_settings settings;
  EXPECT_FALSE(machine.observe(settings, at(0), permille{949}));
  EXPECT_EQ(machine.observe(settings, at(1), permille{950}),
            (shedding_change{0, 1, permille{950}, at(1)}));
  EXPECT_FALSE(machine.observe(settings, at(2), permille{990}));
  EXPECT_EQ(machine.observe(settings, at(3), permille{990}),
            (shedding_change{1, 2, permille{990}, at(3)}));
}

TEST(load_shedding, it_stops_at_level_five) {
  load_shedding machine;
  for (int second = 0; second < 60; second += 2)
    (void)machine.observe({}, at(second), permille{1'500});
  EXPECT_EQ(machine.level(), 5);
}

TEST(load_shedding, between_85_and_95_percent_it_holds) {
  load_shedding machine;
  (void)machine.observe({}, at(0), permille{960});
  for (int second = 1; second < 600; ++second)
    EXPECT_FALSE(machine.observe({}, at(second), permille{second % 2 == 0 ? 850 : 949}));
}

TEST(load_shedding, it_falls_below_85_percent_one_level_per_dwell) {
  load_shedding machine;
  (void)machine.force(2, at(0));
  EXPECT_FALSE(machine.observe({}, at(29), permille{849}));
  EXPECT_EQ(machine.observe({}, at(30), permille{849}),
            (shedding_change{2, 1, permille{849}, at(30)}));
  EXPECT_FALSE(machine.observe({}, at(59), permille{849}));
  EXPECT_TRUE(machine.observe({}, at(60), permille{849}));
  EXPECT_EQ(machine.level(), 0);
}

TEST(load_shedding, a_level_by_hand_that_is_released_goes_back_at_once_unless_the_load_is_high) {
  struct { std::optional<permille> load; int before, to; } const cases[] = {
      {permille{77}, 0, 0}, {permille{849}, 2, 2}, {permille{850}, 0, 4}, {std::nullopt, 0, 0},
      {permille{77}, 5, 4}};
  for (const auto& each : cases) {
    load_shedding machine;
    (void)machine.force(4, at(0));
    (void)machine.release(each.before, {}, at(3), each.load);
    EXPECT_EQ(machine.level(), each.to) << each.before;
  }
}

TEST(load_shedding, LIM_3_without_a_measurement_the_level_holds) {
  load_shedding machine;
  (void)machine.force(3, at(0));
  EXPECT_FALSE(machine.observe({}, at(1'000), std::nullopt));
  EXPECT_EQ(machine.level(), 3);
}

TEST(load_shedding, turned_off_it_goes_back_to_none) {
  load_shedding machine;
  (void)machine.force(3, at(0));
  shedding_settings settings;
  settings.is_enabled = false;
  EXPECT_TRUE(machine.observe(settings, at(1), permille{2'000}));
  EXPECT_EQ(machine.level(), 0);
}

TEST(load_shedding, each_level_keeps_what_its_table_says) {
  const milliamperes cap{32'000};
  // level:                    0       1       2       3       4       5
  const int kept[3][6] = {{32'000, 25'600, 19'200, 16'000, 0, 0},               // priority 3
                          {32'000, 32'000, 19'200, 16'000, 0, 0},               // priority 5
                          {32'000, 32'000, 32'000, 16'000, 32'000, 32'000}};    // priority 9
  const int priorities[3] = {3, 5, 9};
  for (int row = 0; row < 3; ++row)
    for (int level = 0; level <= shedding_levels; ++level)
      EXPECT_EQ(shed_cap(level, priorities[row], cap).count(), kept[row][level])
          << "priority " << priorities[row] << " level " << level;
  EXPECT_EQ(shed_cap(5, 8, cap).count(), 0);
}

TEST(load_shedding, levels_4_and_5_stop_those_that_they_name_and_leave_the_others_alone) {
  const milliamperes cap{32'000};
  for (int priority = 1; priority <= 10; ++priority) {
    EXPECT_EQ(shed_cap(4, priority, cap), priority <= 5 ? milliamperes{} : cap) << priority;
    EXPECT_EQ(shed_cap(5, priority, cap), priority <= 8 ? milliamperes{} : cap) << priority;
  }
}

TEST(load_shedding, the_level_goes_down_as_far_as_the_load_does) {
  // From 850 down in bands of 950 - 850 = 100: below 850 one level, below 750 two, below 650 three.
  struct { int load, to; } constexpr cases[] = {{849, 4}, {751, 4}, {750, 3}, {650, 2}, {450, 0},
                                                {0, 0}};
  for (const auto& each : cases) {
    load_shedding machine;
    (void)machine.force(5, at(0));
    EXPECT_FALSE(machine.observe({}, at(29), permille{each.load}));
    (void)machine.observe({}, at(30), permille{each.load});
    EXPECT_EQ(machine.level(), each.to) << each.load;
  }
}

TEST(load_shedding, up_to_level_three_and_for_those_that_are_named_a_higher_level_keeps_no_more) {
  for (int priority = 1; priority <= 10; ++priority)
    for (int level = 1; level <= (priority <= 5 ? shedding_levels : 3); ++level)
      EXPECT_LE(shed_cap(level, priority, milliamperes{31'999}),
                shed_cap(level - 1, priority, milliamperes{31'999}));
}

TEST(load_shedding, settings_out_of_range_are_named) {
  shedding_settings settings;
  settings.fall = permille{950};
  const auto checked = validate(settings);
  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.failure().message, "fall_permille is 950: allowed is 0 to below rise");
  settings = {};
  settings.rise = permille{1'300};
  EXPECT_FALSE(validate(settings));
  settings = {};
  settings.dwell_down = seconds{0};
  EXPECT_FALSE(validate(settings));
  EXPECT_TRUE(validate({}));
}

} // namespace busbar::control::safety
