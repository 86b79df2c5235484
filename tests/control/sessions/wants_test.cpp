#include "control/sessions/wants.hpp"

#include "domain/time_text.hpp"

#include <gtest/gtest.h>

namespace busbar::control::sessions {

using domain::watt_hours;
using std::chrono::hours;
using std::chrono::seconds;

namespace {

const domain::instant now = *domain::instant_from("2026-05-01T12:00:00Z");

} // namespace

TEST(wants, energy_goes_from_what_was_delivered_to_a_megawatt_hour) {
  EXPECT_EQ(refusal_of({watt_hours{4'200}, {}}, watt_hours{4'200}, now), "");
  EXPECT_EQ(refusal_of({watt_hours{1'000'000}, {}}, watt_hours{4'200}, now), "");
  EXPECT_EQ(refusal_of({watt_hours{4'199}, {}}, watt_hours{4'200}, now),
            "energy_wanted_wh is 4199: allowed is 4200 (delivered already) to 1000000");
  EXPECT_NE(refusal_of({watt_hours{1'000'001}, {}}, watt_hours{0}, now), "");
}

TEST(wants, a_departure_is_later_than_now_within_a_year_and_a_day) {
  EXPECT_EQ(refusal_of({{}, now + seconds{1}}, watt_hours{0}, now), "");
  EXPECT_EQ(refusal_of({{}, now + hours{366 * 24}}, watt_hours{0}, now), "");
  EXPECT_EQ(refusal_of({{}, now}, watt_hours{0}, now),
            "departs_at is 2026-05-01T12:00:00Z: allowed is later than 2026-05-01T12:00:00Z, up "
            "to 2027-05-02T12:00:00Z");
  EXPECT_NE(refusal_of({{}, now + hours{366 * 24} + seconds{1}}, watt_hours{0}, now), "");
}

} // namespace busbar::control::sessions
