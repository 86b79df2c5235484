#include "site/station_supervision.hpp"

#include <gtest/gtest.h>

namespace busbar::site {

using domain::instant;
using std::chrono::seconds;

namespace {

const instant start{seconds{1'000'000}};

domain::health_report failed(std::uint16_t failures) {
  return {start, domain::station_index{}, failures == 0, failures};
}

} // namespace

TEST(station_supervision, one_or_two_failed_checks_of_a_monitor_change_nothing) {
  station_supervision station;
  EXPECT_FALSE(station.take(failed(2), 3));
  EXPECT_TRUE(station.take(failed(3), 3));
  EXPECT_FALSE(station.take(failed(4), 3)) << "no news";
  EXPECT_FALSE(station.take(failed(1), 3));
  EXPECT_TRUE(station.is_unhealthy());
  EXPECT_TRUE(station.take(failed(0), 3));
  EXPECT_FALSE(station.is_unhealthy());
}

TEST(station_supervision, a_clock_is_news_by_five_seconds_and_when_it_is_right_again) {
  station_supervision station;
  EXPECT_TRUE(station.take_clock(seconds{20}));
  EXPECT_FALSE(station.take_clock(seconds{24})) << "its other connector measures 4 s more";
  EXPECT_TRUE(station.take_clock(seconds{25}));
  EXPECT_EQ(station.clock_ahead(), seconds{25});
  EXPECT_TRUE(station.take_clock(seconds{0}));
  EXPECT_FALSE(station.take_clock(seconds{0}));
}

TEST(station_supervision, a_station_answers_while_its_breaker_is_closed_and_its_actor_answers) {
  station_supervision station;
  EXPECT_TRUE(station.does_answer());
  station.actor_stalled(start);
  EXPECT_FALSE(station.does_answer());
  EXPECT_TRUE(station.actor_answered());
  EXPECT_FALSE(station.actor_answered());
  control::safety::breaker breaker;
  static_cast<void>(breaker.force_open(start));
  station.breaker_changed(breaker);
  EXPECT_FALSE(station.does_answer());
}

TEST(station_supervision, a_restarted_actor_owes_nothing) {
  station_supervision station;
  station.actor_stalled(start);
  station.actor_restarted();
  EXPECT_FALSE(station.is_stalled());
  EXPECT_EQ(station.restarts(), 1u);
}

TEST(station_supervision, grants_accepted_in_good_time_wait_up_to_a_breakers_window) {
  station_supervision station;
  for (int i = 0; i < 32; ++i) EXPECT_TRUE(station.keep_routine());
  EXPECT_FALSE(station.keep_routine());
  EXPECT_EQ(station.take_routine(), 32);
  EXPECT_EQ(station.take_routine(), 0);
}

TEST(station_supervision, no_answer_waits_for_a_station_whose_breaker_is_not_closed) {
  station_supervision station;
  control::safety::breaker breaker;
  static_cast<void>(breaker.force_open(start));
  station.breaker_changed(breaker);
  EXPECT_FALSE(station.keep_routine());
}

TEST(station_supervision, RAMP_1_raises_wait_while_its_memory_bears_no_more_writes) {
  station_supervision station;
  const control::transition::write_allowance two_a_minute{2, 0};
  EXPECT_TRUE(station.may_write(two_a_minute, start));
  station.note_write(two_a_minute, start);
  station.note_write(two_a_minute, start);
  EXPECT_FALSE(station.may_write(two_a_minute, start));
  EXPECT_TRUE(station.may_write(two_a_minute, start + seconds{60}));
}

TEST(station_supervision, another_site_file_goes_on_with_health_clock_and_writes) {
  station_supervision before;
  before.take(failed(3), 3);
  before.take_clock(seconds{20});
  const control::transition::write_allowance one_a_minute{1, 0};
  before.note_write(one_a_minute, start);
  station_supervision now;
  now.take_over(before);
  EXPECT_TRUE(now.is_unhealthy());
  EXPECT_EQ(now.clock_ahead(), seconds{20});
  EXPECT_FALSE(now.may_write(one_a_minute, start));
}

} // namespace busbar::site
