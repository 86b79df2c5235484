// Which answers a feeder's report waits for.

#include "actors/awaited_answers.hpp"

#include <gtest/gtest.h>

namespace busbar::actors {

TEST(awaited_answers, a_report_waits_until_a_station_has_answered_all_that_it_was_sent) {
  awaited_answers answers;
  answers.open(3);
  EXPECT_TRUE(answers.are_in());
  answers.sent(1);
  answers.sent(1);
  answers.answered(1, true);
  EXPECT_FALSE(answers.are_in());
  answers.answered(1, false);
  EXPECT_TRUE(answers.are_in());
}

TEST(awaited_answers, a_station_that_was_late_is_not_waited_for_until_it_has_answered) {
  awaited_answers answers;
  answers.open(2);
  answers.sent(0);
  answers.go_on();
  answers.sent(0);
  EXPECT_TRUE(answers.are_in());
  answers.answered(0, true);
  answers.sent(0);
  EXPECT_FALSE(answers.are_in());
}

TEST(awaited_answers, a_station_that_has_ended_is_not_waited_for) {
  awaited_answers answers;
  answers.open(2);
  answers.sent(0);
  answers.sent(1);
  answers.forget(0);
  EXPECT_FALSE(answers.are_in());
  answers.forget(1);
  answers.forget(1);
  EXPECT_TRUE(answers.are_in());
}

} // namespace busbar::actors
