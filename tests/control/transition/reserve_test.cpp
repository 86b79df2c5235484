// The reserve of one connector while commands and answers are on their way, step by step.

#include "control/transition/reserve.hpp"

#include <gtest/gtest.h>

namespace busbar::control::transition {
namespace {

using domain::milliamperes;
using domain::seconds;

domain::instant at(std::int64_t second) { return domain::instant{seconds{1'000 + second}}; }

connector_image row(std::int64_t told, std::int64_t acknowledged, std::int64_t drawn) {
  connector_image made;
  made.is_reachable = true;
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
  connector_memory memory;
  EXPECT_EQ(reserve_of(row(9, 5, 3), falls_to(6), memory).count(), 9);
  EXPECT_EQ(reserve_of(row(5, 9, 3), falls_to(6), memory).count(), 9);
  EXPECT_EQ(reserve_of(row(5, 3, 9), falls_to(6), memory).count(), 9);
  auto falling = row(5, 3, 4);
  falling.may_draw = domain::milliamperes{9};
  EXPECT_EQ(reserve_of(falling, falls_to(6), memory).count(), 9);
  memory.in_flight = milliamperes{11};
  EXPECT_EQ(reserve_of(row(5, 3, 9), falls_to(6), memory).count(), 11);
  auto asked = row(5, 3, 9);
  asked.unanswered_max = milliamperes{12};
  EXPECT_EQ(reserve_of(asked, falls_to(20), memory).count(), 12);
  asked.is_reachable = false;
  EXPECT_EQ(reserve_of(asked, falls_to(20), memory).count(), 20);
  EXPECT_EQ(reserve_of(asked, falls_to(2), memory).count(), 12);
}

TEST(reserve, LIM_1_a_raise_that_something_lower_follows_stays_counted_until_it_has_come_by) {
  const reserve_settings settings;
  connector_memory memory;
  auto seen = row(20'000, 10'000, 10'000);
  note_told(seen, milliamperes{16'000}, at(0), memory);
  EXPECT_EQ(memory.in_flight, milliamperes{20'000});
  EXPECT_EQ(memory.acknowledged_before, milliamperes{10'000});
  seen.told = milliamperes{16'000};
  EXPECT_FALSE(may_be_raised(settings, seen, at(1), memory));
  note_arrivals(settings, seen, at(1), memory);
  EXPECT_TRUE(memory.in_flight) << "10 A is what it obeyed before";
  seen.acknowledged = milliamperes{20'000};
  note_arrivals(settings, seen, at(2), memory);
  EXPECT_EQ(memory.acknowledged_before, milliamperes{20'000}) << "the raise has come by";
  EXPECT_TRUE(memory.in_flight);
  seen.acknowledged = milliamperes{16'000};
  note_arrivals(settings, seen, at(3), memory);
  EXPECT_FALSE(memory.in_flight);
  EXPECT_TRUE(may_be_raised(settings, seen, at(3), memory));
}

TEST(reserve, LIM_1_an_answer_below_all_that_was_told_on_the_way_up_is_the_last_ones) {
  const reserve_settings settings;
  connector_memory memory;
  auto seen = row(20'000, 10'000, 10'000);
  note_told(seen, milliamperes{8'000}, at(0), memory);
  seen.told = seen.acknowledged = milliamperes{8'000};
  note_arrivals(settings, seen, at(1), memory);
  EXPECT_FALSE(memory.in_flight) << "8 A was not told before";
  // The same with 10 A, which it obeyed already: it may be the answer of then.
  memory = {};
  seen = row(20'000, 10'000, 10'000);
  note_told(seen, milliamperes{10'000}, at(0), memory);
  seen.told = milliamperes{10'000};
  note_arrivals(settings, seen, at(1), memory);
  EXPECT_TRUE(memory.in_flight);
}

TEST(reserve, LIM_1_what_is_on_its_way_is_forgotten_after_thirty_seconds_and_no_earlier) {
  const reserve_settings settings;
  EXPECT_EQ(settings.in_flight_max, seconds{30});
  connector_memory memory;
  auto seen = row(20'000, 10'000, 10'000);
  note_told(seen, milliamperes{16'000}, at(0), memory);
  seen.told = milliamperes{16'000};
  note_arrivals(settings, seen, at(29), memory);
  EXPECT_TRUE(memory.in_flight);
  note_arrivals(settings, seen, at(30), memory);
  EXPECT_FALSE(memory.in_flight);
  EXPECT_FALSE(memory.in_flight_since);
  EXPECT_EQ(memory.acknowledged_before, milliamperes{0});
}

TEST(reserve, LIM_1_sequence_numbers_make_remembering_needless) {
  const reserve_settings settings;
  connector_memory memory;
  auto seen = row(20'000, 10'000, 10'000);
  seen.unanswered_max = milliamperes{20'000};
  note_told(seen, milliamperes{16'000}, at(0), memory);
  EXPECT_FALSE(memory.in_flight);
  EXPECT_TRUE(may_be_raised(settings, seen, at(0), memory));
  memory.in_flight = milliamperes{30'000};
  memory.in_flight_since = at(0);
  note_arrivals(settings, seen, at(1), memory);
  EXPECT_FALSE(memory.in_flight);
}

TEST(reserve, LIM_1_after_a_decrease_nothing_is_raised_until_it_is_acknowledged) {
  const reserve_settings settings;
  connector_memory memory;
  auto seen = row(20'000, 20'000, 20'000);
  note_told(seen, milliamperes{20'000}, at(0), memory);
  EXPECT_FALSE(memory.lowered_at) << "nothing changed";
  EXPECT_FALSE(memory.raised_at);
  note_told(seen, milliamperes{12'000}, at(1), memory);
  EXPECT_EQ(memory.lowered_at, at(1));
  EXPECT_FALSE(memory.raised_at);
  EXPECT_FALSE(memory.in_flight) << "20 A was acknowledged";
  seen.told = milliamperes{12'000};
  EXPECT_FALSE(may_be_raised(settings, seen, at(2), memory));
  EXPECT_FALSE(may_be_raised(settings, seen, at(30), memory));
  EXPECT_TRUE(may_be_raised(settings, seen, at(31), memory)) << "30 s: an answer is not expected";
  seen.acknowledged = milliamperes{12'000};
  EXPECT_TRUE(may_be_raised(settings, seen, at(2), memory));
  note_told(seen, milliamperes{13'000}, at(3), memory);
  EXPECT_EQ(memory.raised_at, at(3));
}

TEST(reserve, RAMP_1_an_answer_is_owed_since_the_first_decrease_whatever_is_told_after_it) {
  const reserve_settings settings; // an answer may take 3 s
  connector_memory memory;
  auto seen = row(20'000, 20'000, 20'000);
  note_told(seen, milliamperes{16'000}, at(0), memory);
  seen.told = milliamperes{16'000};
  note_arrivals(settings, seen, at(2), memory);
  EXPECT_FALSE(is_behind(settings, seen, at(2), memory));
  note_told(seen, milliamperes{10'000}, at(2), memory);
  seen.told = milliamperes{10'000};
  EXPECT_EQ(memory.lowered_at, at(2));
  EXPECT_EQ(memory.owes_since, at(0)) << "a further decrease buys no more time";
  EXPECT_TRUE(is_behind(settings, seen, at(3), memory));
  seen.acknowledged = milliamperes{16'000};
  note_arrivals(settings, seen, at(3), memory);
  EXPECT_TRUE(is_behind(settings, seen, at(3), memory)) << "an answer to something higher";
  seen.acknowledged = milliamperes{10'000};
  note_arrivals(settings, seen, at(4), memory);
  EXPECT_FALSE(memory.owes_since);
  EXPECT_FALSE(is_behind(settings, seen, at(9), memory));
}

TEST(reserve, LIM_1_what_is_drawn_above_all_that_was_told_counts_after_seven_seconds) {
  const reserve_settings settings;
  connector_memory memory;
  const auto excess = [&](std::int64_t told, std::int64_t acknowledged, std::int64_t second) {
    return excess_of(settings, row(told, acknowledged, 16'300), at(second), memory).count();
  };
  EXPECT_EQ(excess(16'000, 16'000, 0), 0);
  EXPECT_EQ(excess(16'000, 16'000, 6), 0) << "a vehicle may still be following";
  EXPECT_EQ(excess(16'000, 16'000, 7), 300);
  EXPECT_EQ(excess(15'900, 16'000, 8), 300) << "a decrease on its way changes nothing";
  EXPECT_EQ(excess(15'900, 15'900, 9), 400);
  EXPECT_EQ(excess(17'000, 15'900, 10), 0) << "a raise on its way may be obeyed already";
  EXPECT_EQ(excess(16'000, 16'000, 11), 0) << "counted from anew";
  EXPECT_EQ(excess(16'000, 16'300, 12), 0);
}

TEST(reserve, SAFE_2_half_an_ampere_and_seven_seconds_are_let_pass) {
  const reserve_settings settings;
  connector_memory memory;
  EXPECT_FALSE(is_disobeying(settings, row(6'000, 6'000, 6'500), at(0), memory));
  EXPECT_FALSE(memory.overdraws_since);
  const auto over = row(6'000, 6'000, 6'501);
  EXPECT_FALSE(is_disobeying(settings, over, at(10), memory));
  EXPECT_FALSE(is_disobeying(settings, over, at(16), memory));
  EXPECT_TRUE(is_disobeying(settings, over, at(17), memory));
  EXPECT_FALSE(is_disobeying(settings, row(6'000, 16'000, 6'501), at(18), memory))
      << "it has not answered yet";
  EXPECT_FALSE(is_disobeying(settings, over, at(19), memory)) << "counted anew";
  EXPECT_TRUE(is_disobeying(settings, over, at(26), memory));
}

TEST(reserve, SAFE_2_time_in_which_no_reading_comes_proves_nothing) {
  const reserve_settings settings;
  connector_memory memory;
  auto over = row(6'000, 6'000, 16'000);
  EXPECT_FALSE(is_disobeying(settings, over, at(10), memory));
  // Read at second 10, and not again.
  for (std::uint32_t second = 11; second < 40; ++second) {
    over.drawn_ms_ago = (second - 10) * 1'000;
    EXPECT_FALSE(is_disobeying(settings, over, at(second), memory)) << second;
  }
  over.drawn_ms_ago = 0;
  EXPECT_TRUE(is_disobeying(settings, over, at(40), memory)) << "30 s later it still draws 16 A";
}

TEST(reserve, SAFE_2_a_reading_of_before_it_was_told_neither_begins_nor_ends_anything) {
  const reserve_settings settings;
  connector_memory memory;
  memory.lowered_at = at(12);
  auto old = row(6'000, 6'000, 16'000);
  old.drawn_ms_ago = 10'000;
  EXPECT_FALSE(is_disobeying(settings, old, at(20), memory)) << "read at second 10";
  EXPECT_FALSE(memory.overdraws_since);
  auto over = row(6'000, 6'000, 16'000);
  EXPECT_FALSE(is_disobeying(settings, over, at(21), memory));
  EXPECT_TRUE(is_disobeying(settings, over, at(28), memory));
  // Told less at second 30, while the reading of second 28 is the newest and nothing answers.
  memory.lowered_at = at(30);
  auto unheard = row(3'000, 6'000, 16'000);
  unheard.drawn_ms_ago = 5'000;
  EXPECT_TRUE(is_disobeying(settings, unheard, at(33), memory)) << "what was found stands";
  EXPECT_FALSE(is_disobeying(settings, row(3'000, 3'000, 3'000), at(34), memory));
}

} // namespace
} // namespace busbar::control::transition
