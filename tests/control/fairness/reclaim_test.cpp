// FAIR-2: what a vehicle does not take goes to the others, and comes back when it asks.

#include "control/fairness/reclaim.hpp"
#include "control/fairness/steps.hpp"

#include <gtest/gtest.h>

namespace busbar::control::fairness {
namespace {

using domain::milliamperes;
using domain::seconds;

domain::instant at(std::int64_t second) { return domain::instant{seconds{1'000 + second}}; }

/// One connector of 6 to 32 A in steps of 1 A, told and acknowledged 20 A.
class one_connector : public testing::Test {
protected:
  one_connector() {
    row.told = row.acknowledged = milliamperes{20'000};
  }

  /// The cap that a plan at `second` leaves, in mA.
  std::int64_t cap_at(std::int64_t second, std::int64_t drawn) {
    row.drawn = milliamperes{drawn};
    asked = {};
    asked.is_competing = is_competing;
    asked.floor = milliamperes{6'000};
    asked.cap = milliamperes{32'000};
    asked.step = milliamperes{1'000};
    reclaim({}, row, at(second), memory, asked);
    return asked.cap.count();
  }

  connector_image row;
  connector_memory memory;
  ask asked;
  bool is_competing = true;
};

TEST_F(one_connector, FAIR_2_after_sixty_seconds_it_keeps_its_draw_and_a_margin_in_whole_steps) {
  EXPECT_EQ(cap_at(0, 10'200), 32'000);
  EXPECT_EQ(cap_at(59, 10'200), 32'000);
  EXPECT_EQ(cap_at(60, 10'200), 13'000); // 10.2 A + 2 A, up to a step
  EXPECT_EQ(asked.capped_by, domain::rule::demand);
}

TEST_F(one_connector, FAIR_2_idle_is_a_margin_and_a_step_below_what_it_was_told) {
  // 20 A - 2 A - 1 A = 17 A
  (void)cap_at(0, 17'001);
  EXPECT_EQ(cap_at(60, 17'001), 32'000);
  (void)cap_at(61, 17'000);
  EXPECT_EQ(cap_at(121, 17'000), 19'000);
}

TEST_F(one_connector, FAIR_2_drawing_into_the_upper_half_of_the_margin_asks_for_more_at_once) {
  (void)cap_at(0, 10'000);
  EXPECT_EQ(cap_at(60, 10'000), 12'000);
  row.told = row.acknowledged = milliamperes{12'000};
  EXPECT_EQ(cap_at(61, 11'000), 12'000) << "the lower half: no more than before";
  EXPECT_EQ(cap_at(62, 11'001), 32'000);
  EXPECT_EQ(cap_at(63, 10'000), 32'000) << "and the time begins anew";
}

TEST_F(one_connector, FAIR_2_what_is_not_acknowledged_yet_cannot_go_unused) {
  row.acknowledged = milliamperes{10'000};
  (void)cap_at(0, 9'000);
  EXPECT_EQ(cap_at(100, 9'000), 32'000);
  row.acknowledged = milliamperes{20'000};
  EXPECT_EQ(cap_at(101, 9'000), 32'000);
  EXPECT_EQ(cap_at(161, 9'000), 11'000);
}

TEST_F(one_connector, FAIR_2_its_minimum_stays_and_who_does_not_compete_is_forgotten) {
  (void)cap_at(0, 0);
  EXPECT_EQ(cap_at(60, 0), 6'000) << "not the margin of 2 A";
  is_competing = false;
  EXPECT_EQ(cap_at(61, 0), 32'000);
  EXPECT_FALSE(memory.reclaimed_to);
  EXPECT_FALSE(memory.idle_since);
  is_competing = true;
  row.told = row.acknowledged = milliamperes{0};
  EXPECT_EQ(cap_at(200, 0), 32'000) << "told nothing, it leaves nothing unused";
}

TEST(steps, LIM_5_whole_steps_round_as_they_are_named) {
  const milliamperes step{1'000};
  EXPECT_EQ(in_steps_floor(milliamperes{6'999}, step).count(), 6'000);
  EXPECT_EQ(in_steps_ceil(milliamperes{6'001}, step).count(), 7'000);
  EXPECT_EQ(in_steps_ceil(milliamperes{6'000}, step).count(), 6'000);
  EXPECT_EQ(in_steps_floor(milliamperes{6'000}, step).count(), 6'000);
  EXPECT_EQ(in_steps_ceil(milliamperes{7}, milliamperes{1}).count(), 7);
}

} // namespace
} // namespace busbar::control::fairness
