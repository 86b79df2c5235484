// What the door of `busbar plan` works out of two images, where there are no commands with numbers.

#include "apps/doors/image_ledger.hpp"

#include <gtest/gtest.h>

#include <array>

namespace busbar::apps::doors {

namespace {

using control::connector_image;
using domain::milliamperes;
using domain::seconds;

domain::instant at(std::int64_t second) { return domain::instant{seconds{1'000 + second}}; }

struct image_bench {
  image_memory memory;
  connector_image row;

  const connector_image& look(std::int64_t told, std::int64_t acknowledged, std::int64_t drawn,
                              std::int64_t second) {
    row = {};
    row.told = milliamperes{told};
    row.acknowledged = milliamperes{acknowledged};
    row.drawn = milliamperes{drawn};
    fill_row(row, memory, at(second));
    return row;
  }
  void grant(std::int64_t ma, std::int64_t second) {
    note_grant(row, milliamperes{ma}, at(second), memory);
  }
};

TEST(image_ledger, LIM_1_a_raise_that_something_lower_follows_stays_counted_until_it_has_come_by) {
  image_bench bench;
  bench.look(20'000, 10'000, 10'000, 0);
  bench.grant(16'000, 0);
  EXPECT_EQ(bench.look(16'000, 10'000, 10'000, 1).reserve.count(), 20'000);
  EXPECT_FALSE(bench.row.may_rise);
  EXPECT_EQ(bench.look(16'000, 20'000, 10'000, 2).unanswered.count(), 20'000);
  EXPECT_EQ(bench.look(16'000, 16'000, 10'000, 3).reserve.count(), 16'000);
  EXPECT_TRUE(bench.row.may_rise);
}

TEST(image_ledger, LIM_1_an_answer_below_all_that_was_told_on_the_way_up_is_the_last_ones) {
  image_bench lower;
  lower.look(20'000, 10'000, 10'000, 0);
  lower.grant(8'000, 0);
  EXPECT_EQ(lower.look(8'000, 8'000, 0, 1).reserve.count(), 8'000) << "8 A was not told before";
  image_bench same;
  same.look(20'000, 10'000, 10'000, 0);
  same.grant(10'000, 0);
  EXPECT_EQ(same.look(10'000, 10'000, 0, 1).reserve.count(), 20'000) << "may be the answer of then";
  EXPECT_EQ(same.look(10'000, 10'000, 0, 29).reserve.count(), 20'000);
  EXPECT_EQ(same.look(10'000, 10'000, 0, 30).reserve.count(), 10'000) << "forgotten after 30 s";
}

TEST(image_ledger, RAMP_1_an_answer_is_owed_since_the_first_decrease_for_three_seconds) {
  image_bench bench;
  bench.look(20'000, 20'000, 20'000, 0);
  bench.grant(16'000, 0);
  EXPECT_FALSE(bench.look(16'000, 20'000, 20'000, 2).owes_answer);
  bench.grant(10'000, 2);
  EXPECT_TRUE(bench.look(10'000, 20'000, 20'000, 3).owes_answer) << "no more time by a second one";
  EXPECT_FALSE(bench.row.may_rise);
  EXPECT_FALSE(bench.look(10'000, 10'000, 10'000, 4).owes_answer);
  EXPECT_TRUE(bench.row.may_rise);
}

TEST(image_ledger, SAFE_2_half_an_ampere_and_seven_seconds_are_let_pass) {
  image_bench bench;
  EXPECT_FALSE(bench.look(6'000, 6'000, 6'500, 0).overdraws_since);
  EXPECT_FALSE(bench.look(6'000, 6'000, 6'501, 10).is_disobeying);
  EXPECT_FALSE(bench.look(6'000, 6'000, 6'501, 16).is_disobeying);
  EXPECT_TRUE(bench.look(6'000, 6'000, 6'501, 17).is_disobeying);
  EXPECT_EQ(bench.row.overdraws_since, at(10));
  EXPECT_FALSE(bench.look(6'000, 16'000, 6'501, 18).is_disobeying) << "it has not answered yet";
}

TEST(image_ledger, LIM_1_what_is_drawn_above_all_that_was_told_counts_after_seven_seconds) {
  image_bench bench;
  EXPECT_EQ(bench.look(16'000, 16'000, 16'300, 0).excess.count(), 0);
  EXPECT_EQ(bench.look(16'000, 16'000, 16'300, 6).excess.count(), 0);
  EXPECT_EQ(bench.look(16'000, 16'000, 16'300, 7).excess.count(), 300);
  EXPECT_EQ(bench.look(17'000, 16'000, 16'300, 8).excess.count(), 0) << "a raise on its way";
}

TEST(image_ledger, a_clock_that_is_set_back_takes_every_time_with_it_and_none_is_in_the_future) {
  std::array<image_memory, 1> memories;
  memories[0].lowered_at = at(40);
  memories[0].owes_since = at(90);
  follow_clock(memories, at(50), at(20)); // back by 30 s
  EXPECT_EQ(memories[0].lowered_at, at(10));
  EXPECT_EQ(memories[0].owes_since, at(20));
  EXPECT_FALSE(memories[0].exceeds_since);
}

} // namespace
} // namespace busbar::apps::doors
