#include "actors/report_round.hpp"

#include <gtest/gtest.h>

namespace busbar::actors {

TEST(report_round, the_last_missing_answer_ends_it_and_late_ones_are_ignored) {
  report_round round;
  round.begin(7, 3);
  round.expect(0);
  round.expect(2);
  EXPECT_FALSE(round.answered(6, 0)); // another tick
  EXPECT_FALSE(round.answered(7, 0));
  EXPECT_FALSE(round.answered(7, 0)); // twice
  EXPECT_FALSE(round.answered(7, 1)); // not asked
  EXPECT_TRUE(round.answered(7, 2));
  round.close();
  EXPECT_FALSE(round.answered(7, 2));
}

} // namespace busbar::actors
