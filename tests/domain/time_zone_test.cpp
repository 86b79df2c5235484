#include "domain/time_zone.hpp"

#include "domain/time_text.hpp"

#include <gtest/gtest.h>

namespace busbar::domain {

namespace {

/// As Europe/Berlin in 2026: +1 h, from 29 March 01:00 UTC +2 h, from 25 October 01:00 UTC +1 h.
time_zone berlin_2026() {
  using std::chrono::hours;
  return {"Europe/Berlin",
          {{*instant_from("2025-10-26T01:00:00Z"), hours{1}},
           {*instant_from("2026-03-29T01:00:00Z"), hours{2}},
           {*instant_from("2026-10-25T01:00:00Z"), hours{1}}}};
}

/// What the clocks on the wall show, as if it were UTC.
std::string wall(const time_zone& zone, const char* at) {
  return text_of(instant{zone.local_at(*instant_from(at)).time_since_epoch()});
}

} // namespace

TEST(time_zone, without_changes_it_is_utc) {
  EXPECT_EQ(wall({}, "2026-07-01T12:00:00Z"), "2026-07-01T12:00:00Z");
}

TEST(time_zone, two_to_three_in_the_morning_is_never_shown_when_clocks_are_set_forward) {
  EXPECT_EQ(wall(berlin_2026(), "2026-03-29T00:59:59Z"), "2026-03-29T01:59:59Z");
  EXPECT_EQ(wall(berlin_2026(), "2026-03-29T01:00:00Z"), "2026-03-29T03:00:00Z");
}

TEST(time_zone, two_to_three_in_the_morning_is_shown_twice_when_clocks_are_set_back) {
  EXPECT_EQ(wall(berlin_2026(), "2026-10-25T00:30:00Z"), "2026-10-25T02:30:00Z");
  EXPECT_EQ(wall(berlin_2026(), "2026-10-25T01:30:00Z"), "2026-10-25T02:30:00Z");
  EXPECT_EQ(wall(berlin_2026(), "2026-10-25T02:00:00Z"), "2026-10-25T03:00:00Z");
}

TEST(time_zone, before_the_first_change_its_offset_holds) {
  EXPECT_EQ(berlin_2026().offset_at(instant{}), std::chrono::hours{1});
}

} // namespace busbar::domain
