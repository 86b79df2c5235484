#include "control/smart_charging/expansion.hpp"

#include "profile_builder.hpp"

#include <gtest/gtest.h>

namespace busbar::control::smart_charging {
namespace {

using lines = std::vector<std::string>;

std::string short_text(instant when) {
  return domain::text_of(domain::instant{when}).substr(5, 11);
}

/// "start end limit" of every period between.
lines lay_out(const charging_profile& profile, const char* from, const char* until,
              const char* origin = "2026-05-01T12:00:00Z") {
  lines found;
  effort work(1'000'000);
  for (const auto& placed : periods_between(profile, {at(origin)}, at(from), at(until), work))
    found.push_back(short_text(placed.start) + " " +
                    (placed.end ? short_text(*placed.end) : "open") + " " +
                    std::to_string(placed.what->limit_tenths / 10));
  return found;
}

profile_builder three_periods() {
  return a_profile(1).period(0, 32).period(1800, 31).period(2700, 30);
}

} // namespace

TEST(expansion, OCPP_7_8_an_absolute_profile_stands_where_startSchedule_says) {
  const auto profile = three_periods().starting("2026-05-01T12:02:00Z").lasting(3600);
  EXPECT_EQ(lay_out(profile, "2026-05-01T12:00:00Z", "2026-05-01T20:00:00Z"),
            (lines{"05-01T12:02 05-01T12:32 32", "05-01T12:32 05-01T12:47 31",
                   "05-01T12:47 05-01T13:02 30"}));
  EXPECT_EQ(lay_out(profile, "2026-05-01T12:40:00Z", "2026-05-01T12:41:00Z"),
            (lines{"05-01T12:32 05-01T12:47 31"}))
      << "a period in force is given whole";
  EXPECT_EQ(lay_out(profile, "2026-05-01T13:02:00Z", "2026-05-02T12:41:00Z"), lines{});
  EXPECT_EQ(lay_out(profile, "2026-05-01T11:00:00Z", "2026-05-01T12:02:00Z"), lines{});
}

TEST(expansion, OCPP_5_16_4_what_is_longer_than_duration_is_not_executed) {
  EXPECT_EQ(lay_out(three_periods().starting("2026-05-01T12:00:00Z").lasting(1800),
                    "2026-05-01T12:00:00Z", "2026-05-02T12:00:00Z"),
            (lines{"05-01T12:00 05-01T12:30 32"}));
  EXPECT_EQ(lay_out(three_periods().starting("2026-05-01T12:00:00Z").lasting(0),
                    "2026-05-01T11:00:00Z", "2026-05-02T12:00:00Z"),
            lines{});
  EXPECT_EQ(lay_out(three_periods().starting("2026-05-01T12:00:00Z"), "2026-05-01T12:50:00Z",
                    "2026-05-02T12:00:00Z"),
            (lines{"05-01T12:45 open 30"}));
}

TEST(expansion, OCPP_7_8_validity_cuts_periods_at_both_ends) {
  auto profile = three_periods().starting("2026-05-01T12:00:00Z").lasting(3600);
  profile.valid("2026-05-01T12:10:00Z", "2026-05-01T12:50:00Z");
  EXPECT_EQ(lay_out(profile, "2026-05-01T11:00:00Z", "2026-05-01T20:00:00Z"),
            (lines{"05-01T12:10 05-01T12:30 32", "05-01T12:30 05-01T12:45 31",
                   "05-01T12:45 05-01T12:50 30"}));
  EXPECT_EQ(lay_out(profile, "2026-05-01T11:00:00Z", "2026-05-01T12:10:00Z"), lines{});
}

TEST(expansion, OCPP_7_8_a_relative_profile_starts_with_its_origin) {
  EXPECT_EQ(lay_out(three_periods().relative().lasting(2000), "2026-05-01T12:00:00Z",
                    "2026-05-01T20:00:00Z", "2026-05-01T11:45:00Z"),
            (lines{"05-01T11:45 05-01T12:15 32", "05-01T12:15 05-01T12:18 31"}));
  EXPECT_EQ(lay_out(three_periods().lasting(60), "2026-05-01T12:00:00Z", "2026-05-01T20:00:00Z"),
            (lines{"05-01T12:00 05-01T12:01 32"}))
      << "Absolute without startSchedule is relative (7.13 startSchedule)";
}

TEST(expansion, OCPP_5_16_4_a_daily_profile_comes_again_and_ends_before_the_next) {
  const auto hour = a_profile(1)
                        .recurring(recurrency::daily, "2026-04-01T08:00:00Z")
                        .lasting(3600)
                        .period(0, 16)
                        .period(1800, 15);
  EXPECT_EQ(lay_out(hour, "2026-05-01T08:40:00Z", "2026-05-02T08:10:00Z"),
            (lines{"05-01T08:30 05-01T09:00 15", "05-02T08:00 05-02T08:30 16"}));
  const auto endless = a_profile(1)
                           .recurring(recurrency::daily, "2026-04-01T08:00:00Z")
                           .period(0, 16)
                           .period(90'000, 99);
  EXPECT_EQ(lay_out(endless, "2026-05-01T07:00:00Z", "2026-05-01T09:00:00Z"),
            (lines{"04-30T08:00 05-01T08:00 16", "05-01T08:00 05-02T08:00 16"}));
  const auto too_long = a_profile(1)
                            .recurring(recurrency::daily, "2026-04-01T08:00:00Z")
                            .lasting(1'000'000)
                            .period(0, 16);
  EXPECT_EQ(lay_out(too_long, "2026-05-01T09:00:00Z", "2026-05-01T10:00:00Z"),
            (lines{"05-01T08:00 05-02T08:00 16"}));
}

TEST(expansion, OCPP_7_8_only_a_recurring_profile_comes_again) {
  charging_profile once = a_profile(1).starting("2026-05-01T08:00:00Z").lasting(3600).period(0, 16);
  once.recurs = recurrency::daily;
  EXPECT_EQ(lay_out(once, "2026-05-01T00:00:00Z", "2026-05-04T00:00:00Z"),
            (lines{"05-01T08:00 05-01T09:00 16"}));
}

TEST(expansion, OCPP_7_8_a_weekly_profile_keeps_its_day_on_both_sides_of_startSchedule) {
  // 2026-05-06 is a Wednesday.
  const auto wednesdays =
      a_profile(1).recurring(recurrency::weekly, "2026-05-06T16:00:00Z").lasting(3600).period(0, 9);
  EXPECT_EQ(lay_out(wednesdays, "2026-04-27T00:00:00Z", "2026-05-14T00:00:00Z"),
            (lines{"04-29T16:00 04-29T17:00 9", "05-06T16:00 05-06T17:00 9",
                   "05-13T16:00 05-13T17:00 9"}));
}

TEST(expansion, validity_may_begin_and_end_inside_a_recurrence) {
  auto hour =
      a_profile(1).recurring(recurrency::daily, "2026-04-01T08:00:00Z").lasting(3600).period(0, 16);
  hour.valid("2026-05-01T08:15:00Z", "2026-05-02T08:45:00Z");
  EXPECT_EQ(lay_out(hour, "2026-04-29T00:00:00Z", "2026-05-09T00:00:00Z"),
            (lines{"05-01T08:15 05-01T09:00 16", "05-02T08:00 05-02T08:45 16"}));
}

TEST(expansion, a_cursor_says_when_to_look_again) {
  const charging_profile profile = a_profile(1)
                                       .recurring(recurrency::daily, "2026-05-01T08:00:00Z")
                                       .lasting(3600)
                                       .period(0, 16)
                                       .period(1800, 15);
  profile_cursor cursor(profile, {});
  EXPECT_EQ(cursor.advance(at("2026-05-01T08:10:00Z"))->limit_tenths, 160);
  EXPECT_EQ(cursor.changes_at(), at("2026-05-01T08:30:00Z"));
  EXPECT_EQ(cursor.advance(cursor.changes_at())->limit_tenths, 150);
  EXPECT_EQ(cursor.advance(cursor.changes_at()), nullptr);
  EXPECT_EQ(cursor.changes_at(), at("2026-05-02T08:00:00Z"));
}

} // namespace busbar::control::smart_charging
