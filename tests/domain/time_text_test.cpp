#include "domain/time_text.hpp"

#include <gtest/gtest.h>

namespace busbar::domain {

TEST(time_text, whole_seconds_and_fractions_go_out_as_they_came_in) {
  for (const auto* text : {"2026-05-01T12:00:00Z", "1969-12-31T23:59:59Z", "2024-02-29T00:00:00Z",
                           "2026-05-01T12:00:00.250Z", "2026-05-01T12:00:00.000001Z"})
    EXPECT_EQ(text_of(instant_from(text).value()), text);
}

TEST(time_text, a_zone_is_converted_to_utc) {
  EXPECT_EQ(text_of(instant_from("2026-05-01T01:30:00+02:00").value()), "2026-04-30T23:30:00Z");
  EXPECT_EQ(text_of(instant_from("2026-05-01t01:30:00.5-09:30").value()),
            "2026-05-01T11:00:00.500Z");
  EXPECT_EQ(text_of(instant_from("2026-05-01T01:30:00.123456789Z").value()),
            "2026-05-01T01:30:00.123456Z");
}

TEST(time_text, what_is_not_a_time_with_a_zone_is_refused) {
  for (const auto* text :
       {"", "2026-05-01", "2026-05-01T12:00:00", "2026-05-01T12:00Z", "2026-13-01T12:00:00Z",
        "2026-02-29T12:00:00Z", "2026-05-01T24:00:00Z", "2026-05-01T12:61:00Z",
        "2026-05-01T12:00:00.Z", "2026-05-01T12:00:00Zx", "2026-05-01T12:00:00+0200",
        "26-05-01T12:00:00Z", "0000-01-01T00:00:00Z", "noon"})
    EXPECT_FALSE(instant_from(text)) << text;
}

TEST(time_text, a_leap_second_is_the_first_of_the_next_month_and_there_is_none_elsewhere) {
  EXPECT_EQ(text_of(instant_from("2016-12-31T23:59:60Z").value()), "2017-01-01T00:00:00Z");
  EXPECT_EQ(text_of(instant_from("2016-12-31T23:59:60.250Z").value()),
            "2017-01-01T00:00:00.250Z");
  EXPECT_EQ(text_of(instant_from("2017-01-01T08:59:60+09:00").value()), "2017-01-01T00:00:00Z");
  for (const auto* text : {"2026-05-01T12:34:60Z", "2026-05-01T23:59:60Z", "2026-05-30T23:59:60Z",
                           "2016-12-31T23:59:60+01:00", "2016-12-31T23:59:61Z"})
    EXPECT_FALSE(instant_from(text)) << text;
}

} // namespace busbar::domain
