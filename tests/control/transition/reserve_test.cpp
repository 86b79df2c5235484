// What a row of an image reserves by itself (site/grant_ledger.hpp counts commands and answers).

#include "control/transition/reserve.hpp"

#include <gtest/gtest.h>

namespace busbar::control::transition {
namespace {

using domain::milliamperes;

connector_image row(std::int64_t told, std::int64_t acknowledged, std::int64_t drawn) {
  connector_image made;
  made.told = milliamperes{told};
  made.acknowledged = milliamperes{acknowledged};
  made.drawn = milliamperes{drawn};
  return made;
}

domain::fallback falls_to(std::int64_t ma) {
  domain::fallback made;
  made.current = milliamperes{ma};
  return made;
}

TEST(reserve, LIM_3_it_is_the_largest_of_all_that_may_be_drawn) {
  EXPECT_EQ(reserve_of(row(9, 5, 3), falls_to(6)).count(), 9);
  EXPECT_EQ(reserve_of(row(5, 9, 3), falls_to(6)).count(), 9);
  EXPECT_EQ(reserve_of(row(5, 3, 9), falls_to(6)).count(), 9);
  auto asked = row(5, 3, 9);
  asked.reserve = milliamperes{11};
  EXPECT_EQ(reserve_of(asked, falls_to(20)).count(), 11);
  asked.unanswered = milliamperes{12};
  EXPECT_EQ(reserve_of(asked, falls_to(20)).count(), 12);
  asked.is_reachable = false;
  EXPECT_EQ(reserve_of(asked, falls_to(20)).count(), 20);
  EXPECT_EQ(reserve_of(asked, falls_to(2)).count(), 12);
}

TEST(reserve, LIM_3_what_a_station_was_promised_leaves_out_what_was_read_and_is_assumed) {
  auto asked = row(5, 3, 9);
  asked.reserve = milliamperes{11};
  EXPECT_EQ(promised(asked).count(), 5);
  asked.unanswered = milliamperes{7};
  EXPECT_EQ(promised(asked).count(), 7);
}

TEST(reserve, LIM_1_nothing_told_on_its_way_or_drawn_is_at_rest) {
  EXPECT_TRUE(is_at_rest(row(0, 0, 500)));
  EXPECT_FALSE(is_at_rest(row(0, 0, 501)));
  EXPECT_FALSE(is_at_rest(row(1, 0, 0)));
  EXPECT_FALSE(is_at_rest(row(0, 1, 0)));
  auto asked = row(0, 0, 0);
  asked.unanswered = milliamperes{6'000};
  EXPECT_FALSE(is_at_rest(asked)) << "it may obey that one before the zero";
}

} // namespace
} // namespace busbar::control::transition
