#include "ocpp/v16/station_time.hpp"

#include "domain/time_text.hpp"

#include <gmock/gmock.h>

namespace busbar::ocpp::v16 {
namespace {

using enum tolerance;

std::string read_as(const char* text, std::chrono::minutes offset = {}) {
  const auto time = read_time(text, offset);
  return time.at ? domain::text_of(*time.at) : "nothing";
}

} // namespace

TEST(station_time, a_time_with_its_zone_needs_no_tolerance) {
  for (const char* text : {"2026-05-01T15:28:07Z", "2026-05-01T17:28:07+02:00",
                           "2026-05-01t15:28:07.000z"}) {
    EXPECT_EQ(read_as(text), "2026-05-01T15:28:07Z");
    EXPECT_TRUE(read_time(text).flags.empty());
  }
}

TEST(station_time, OCPP_5_a_time_without_a_zone_is_utc_or_has_the_offset_of_the_station) {
  EXPECT_EQ(read_as("2026-05-01T15:28:07"), "2026-05-01T15:28:07Z");
  EXPECT_EQ(read_as("2026-05-01T15:28:07.5"), "2026-05-01T15:28:07.500Z");
  EXPECT_EQ(read_as("2026-05-01T15:28:07", std::chrono::minutes{120}), "2026-05-01T13:28:07Z");
  EXPECT_EQ(read_time("2026-05-01T15:28:07").flags, tolerance_set{time_without_zone});
  // The offset is for times without a zone alone.
  EXPECT_EQ(read_as("2026-05-01T15:28:07Z", std::chrono::minutes{120}), "2026-05-01T15:28:07Z");
}

TEST(station_time, OCPP_5_neighbouring_forms_are_read_as_they_are_meant) {
  for (const char* text :
       {"2026-05-01 15:28:00Z", "2026-05-01T15:28Z", "2026-05-01T17:28:00+0200",
        "2026-05-01T17:28:00+02", " 2026-05-01T15:28:00Z ", "2026-05-01T15:28:00,0Z",
        "2026-05-01T15:28:00.Z", "2026-05-01T15:28:00 Z"}) {
    EXPECT_EQ(read_as(text), "2026-05-01T15:28:00Z") << text;
    EXPECT_EQ(read_time(text).flags, tolerance_set{time_form}) << text;
  }
  // A leap second where there is none.
  EXPECT_EQ(read_as("2026-05-01T15:28:60Z"), "2026-05-01T15:29:00Z");
}

TEST(station_time, OCPP_7_times_that_no_station_can_mean_are_flagged_and_not_used) {
  for (const char* text : {"1970-01-01T00:00:00Z", "1999-12-31T23:59:59Z", "2101-01-01T00:00:00Z",
                           "9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z"}) {
    EXPECT_EQ(read_as(text), "nothing") << text;
    EXPECT_EQ(read_time(text).flags, tolerance_set{implausible_time}) << text;
  }
  for (const char* text :
       {"", "222222017-05-01T12:00:00Z", "now", "2026-13-01T00:00:00Z", "2026-05-01",
        "2026-02-30T00:00:00Z", "2026-05-01T24:61:00Z", "2026-05-01T12:00:00+2",
        "2026-05-01T12:00:00+02:0x", "2026-05-01T12:00:00Zzz", "2026-05-01T1"}) {
    EXPECT_EQ(read_as(text), "nothing") << text;
    EXPECT_EQ(read_time(text).flags, tolerance_set{unreadable_time}) << text;
  }
  EXPECT_EQ(read_as(std::string(10'000, '2').c_str()), "nothing");
}

} // namespace busbar::ocpp::v16
