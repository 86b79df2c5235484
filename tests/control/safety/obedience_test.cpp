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

TEST(obedience, SAFE_2_what_it_may_hold_by_something_else_says_nothing) {
  obedience watch;
  watch.acknowledged(milliamperes{10'000}, at(0));
  // A grant of 16 A is on its way, or 16 A is its fallback.
  for (int second = 5; second < 60; ++second)
    EXPECT_FALSE(watch.measured({}, milliamperes{16'300}, at(second), milliamperes{16'000}));
  EXPECT_FALSE(watch.measured({}, milliamperes{17'000}, at(60), milliamperes{16'000}));
  EXPECT_EQ(watch.measured({}, milliamperes{17'000}, at(61), milliamperes{16'000}),
            escalation::tell_again);
  for (int second = 62; second < 70; ++second)
    EXPECT_FALSE(watch.measured({}, milliamperes{16'000}, at(second), milliamperes{16'000}))
        << "nor that it obeys again";
  EXPECT_TRUE(watch.is_found());
}

TEST(obedience, SAFE_2_two_readings_are_two_since_the_last_lower_value) {
  obedience watch;
  watch.acknowledged(milliamperes{10'000}, at(0));
  EXPECT_FALSE(watch.measured({}, milliamperes{16'000}, at(5)));
  watch.acknowledged(milliamperes{8'000}, at(6));
  EXPECT_FALSE(watch.measured({}, milliamperes{16'000}, at(11)));
  EXPECT_EQ(watch.measured({}, milliamperes{16'000}, at(12)), escalation::tell_again);
}

TEST(obedience, SAFE_2_late_readings_are_judged_by_when_they_were_measured) {
  obedience watch;
  watch.acknowledged(milliamperes{10'000}, at(0));
  // The broker stands still for 20 s. Until then the vehicle is within its response time.
  for (int second = 1; second < 5; ++second)
    EXPECT_FALSE(watch.measured({}, milliamperes{16'000}, at(second), {}, at(21)));
  EXPECT_FALSE(watch.measured({}, milliamperes{10'000}, at(5), {}, at(21)));
  EXPECT_FALSE(watch.is_found());
  // A lower value is acknowledged before readings arrive that are older.
  watch.acknowledged(milliamperes{6'000}, at(22));
  for (int second = 6; second < 22; ++second)
    EXPECT_FALSE(watch.measured({}, milliamperes{10'000}, at(second), {}, at(40)));
  EXPECT_FALSE(watch.is_found());
}

TEST(obedience, SAFE_2_a_burst_of_late_readings_takes_one_step_of_the_escalation) {
  obedience watch;
  watch.acknowledged(milliamperes{10'000}, at(0));
  int steps = 0;
  for (int second = 5; second < 60; ++second)
    steps += watch.measured({}, milliamperes{16'000}, at(second), {}, at(60)) ? 1 : 0;
  EXPECT_EQ(steps, 1) << "the station has heard of none of them";
  EXPECT_FALSE(watch.measured({}, milliamperes{16'000}, at(69)));
  EXPECT_EQ(watch.measured({}, milliamperes{16'000}, at(70)), escalation::lower_limit);
}

TEST(obedience, SAFE_2_each_step_says_what_is_sent) {
  using domain::command_kind;
  escalation_facts facts{milliamperes{10'000}, milliamperes{6'000}, true, false};
  const auto sent = [&](escalation step) {
    const auto act = act_of(step, facts);
    return std::pair{act.kind, act.current.count()};
  };
  using sent_pair = std::pair<command_kind, std::int64_t>;
  EXPECT_EQ(sent(escalation::tell_again), (sent_pair{command_kind::grant, 10'000}));
  EXPECT_EQ(sent(escalation::lower_limit), (sent_pair{command_kind::grant, 6'000}));
  EXPECT_EQ(sent(escalation::remote_stop), (sent_pair{command_kind::stop, 0}));
  EXPECT_EQ(sent(escalation::set_unavailable), (sent_pair{command_kind::set_unavailable, 0}));
  EXPECT_EQ(sent(escalation::site_operator), (sent_pair{command_kind::unspecified, 0}));
  EXPECT_EQ(sent(escalation::none), (sent_pair{command_kind::unspecified, 0}));
  facts = {milliamperes{6'000}, milliamperes{6'000}, false, true};
  EXPECT_EQ(sent(escalation::lower_limit), (sent_pair{command_kind::grant, 0}));
  EXPECT_EQ(sent(escalation::remote_stop), (sent_pair{command_kind::grant, 0}));
  EXPECT_EQ(sent(escalation::none), (sent_pair{command_kind::set_available, 0}));
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
  EXPECT_TRUE(watch.is_lost());
  EXPECT_TRUE(watch.cycle({}, true));
  EXPECT_FALSE(watch.is_lost());
}

} // namespace busbar::control::safety
