#include "control/safety/input_watch.hpp"
#include "control/safety/obedience.hpp"

#include <gtest/gtest.h>

namespace busbar::control::safety {

using domain::instant;
using domain::milliamperes;
using std::chrono::seconds;

namespace {

instant at(int second) { return instant{seconds{second}}; }

} // namespace

TEST(obedience, SAFE_2_a_station_that_keeps_drawing_is_found_within_two_readings) {
  obedience watch;
  watch.acknowledged(milliamperes{10'000}, at(0));
  EXPECT_FALSE(watch.measured({}, milliamperes{16'000}, at(5)));
  EXPECT_EQ(watch.measured({}, milliamperes{16'000}, at(6)), escalation::tell_again);
  EXPECT_TRUE(watch.is_found());
}

TEST(obedience, SAFE_2_the_vehicle_has_its_response_time) {
  obedience watch;
  watch.acknowledged(milliamperes{10'000}, at(0));
  for (int second = 0; second < 5; ++second)
    EXPECT_FALSE(watch.measured({}, milliamperes{16'000}, at(second)));
  EXPECT_FALSE(watch.is_found());
}

TEST(obedience, SAFE_2_one_reading_above_is_not_enough) {
  obedience watch;
  watch.acknowledged(milliamperes{10'000}, at(0));
  for (int second = 5; second < 100; ++second)
    EXPECT_FALSE(watch.measured({}, milliamperes{second % 2 == 0 ? 16'000 : 10'000}, at(second)));
}

TEST(obedience, SAFE_2_it_escalates_step_by_step_up_to_the_operator) {
  obedience watch;
  watch.acknowledged(milliamperes{0}, at(0));
  std::vector<std::string> steps;
  for (int second = 5; second < 120; ++second)
    if (const auto step = watch.measured({}, milliamperes{6'000}, at(second)))
      steps.emplace_back(name_of(*step));
  EXPECT_EQ(steps, (std::vector<std::string>{"tell_again", "lower_limit", "remote_stop",
                                             "set_unavailable", "operator"}));
}

TEST(obedience, SAFE_2_three_readings_within_the_margin_end_it) {
  obedience watch;
  watch.acknowledged(milliamperes{10'000}, at(0));
  (void)watch.measured({}, milliamperes{16'000}, at(5));
  (void)watch.measured({}, milliamperes{16'000}, at(6));
  // margin: the larger of 500 mA and 20 permille of 10 A = 200 mA
  EXPECT_FALSE(watch.measured({}, milliamperes{10'500}, at(7)));
  EXPECT_FALSE(watch.measured({}, milliamperes{10'500}, at(8)));
  EXPECT_EQ(watch.measured({}, milliamperes{10'500}, at(9)), escalation::none);
  EXPECT_FALSE(watch.is_found());
}

TEST(obedience, a_raise_needs_no_response_time) {
  obedience watch;
  watch.acknowledged(milliamperes{10'000}, at(0));
  watch.acknowledged(milliamperes{12'000}, at(9));
  EXPECT_FALSE(watch.measured({}, milliamperes{16'000}, at(10)));
  EXPECT_TRUE(watch.measured({}, milliamperes{16'000}, at(11)));
}

TEST(input_watch, SAFE_1_stale_input_is_believed_as_the_policy_says) {
  input_settings settings;
  EXPECT_EQ(believe(settings, seconds{30}), belief::reading);
  EXPECT_EQ(believe(settings, seconds{31}), belief::excluded);
  EXPECT_EQ(believe(settings, std::nullopt), belief::excluded);
  settings.when_stale = domain::stale_input_policy::safe_zero;
  EXPECT_EQ(believe(settings, seconds{31}), belief::zero);
  settings.when_stale = domain::stale_input_policy::hold_last;
  EXPECT_EQ(believe(settings, seconds{120}), belief::last_reading);
  EXPECT_EQ(believe(settings, seconds{121}), belief::excluded);
  EXPECT_EQ(believe(settings, std::nullopt), belief::excluded);
}

TEST(input_watch, SAFE_1_five_failed_cycles_in_a_row_stop_control_and_a_good_one_resumes) {
  input_watch watch;
  for (int cycle = 0; cycle < 4; ++cycle) EXPECT_FALSE(watch.cycle({}, false));
  EXPECT_FALSE(watch.cycle({}, true));
  for (int cycle = 0; cycle < 4; ++cycle) EXPECT_FALSE(watch.cycle({}, false));
  EXPECT_TRUE(watch.cycle({}, false));
  EXPECT_EQ(watch.mode(), site_mode::safe);
  EXPECT_TRUE(watch.cycle({}, true));
  EXPECT_EQ(watch.mode(), site_mode::controlling);
}

} // namespace busbar::control::safety
