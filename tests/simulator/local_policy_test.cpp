// What a charge point decides by itself where no charging profile speaks.

#include "simulator/local_policy.hpp"

#include "domain/time_text.hpp"
#include "simulator/settings.hpp"
#include "tests/simulator/profiled_point.hpp"

#include <gtest/gtest.h>

#include <functional>

namespace busbar::simulator {
namespace {

using domain::micro_currency;
using domain::watt_hours;
using tests::profile_of;
using tests::profiled_point;

constexpr std::int64_t settled = 5'000;
/// `at_second(0)` is 2027-01-15T08:00:00Z: minute 480 of the day.
constexpr std::int32_t minute_zero = 480;

local_policy dear_from(std::int32_t minute) {
  local_policy policy;
  policy.prices = {{0, micro_currency{200'000}}, {minute, micro_currency{450'000}}};
  policy.price_max = micro_currency{300'000};
  return policy;
}

TEST(local_policy, a_session_ends_where_a_kilowatt_hour_costs_more_than_the_limit) {
  profiled_point it({dear_from(minute_zero + 1)});
  it.plug_and_start(16'000);
  it.pass(59'900);
  EXPECT_EQ(it.drawn(), 16'000);
  it.pass(settled);
  EXPECT_EQ(it.drawn(), 0);
  EXPECT_TRUE(it.socket().session().is_empty());
  EXPECT_EQ(it.said(), (std::vector<std::string>{
                           "no profile, local policy: nothing holds it back",
                           "local policy stops: price 0.450000 is above 0.300000"}));
}

TEST(local_policy, what_it_would_stop_at_once_does_not_begin) {
  profiled_point it({dear_from(minute_zero)});
  it.plug_and_start(16'000);
  EXPECT_TRUE(it.socket().session().is_empty());
  domain::command told;
  told.kind = domain::command_kind::start;
  told.session = domain::session_id{"s-1"};
  EXPECT_EQ(it.tell(told).why, "local policy: price 0.450000 is above 0.300000");
}

TEST(local_policy, a_stop_is_handed_over_with_its_session_and_driver_once) {
  local_policy policy;
  policy.session_max = watt_hours{100};
  profiled_point it({policy});
  it.plug_and_start(32'000);
  it.pass(60'000);
  const auto stops = it.take_stops();
  ASSERT_EQ(stops.size(), 1U);
  EXPECT_EQ(stops[0].session.text(), "s-0");
  EXPECT_EQ(stops[0].driver.text(), "Alice");
  EXPECT_TRUE(it.take_stops().empty());
}

TEST(local_policy, peak_hours_are_hours_of_the_site_through_both_changes_of_its_clock) {
  using std::chrono::hours;
  const auto at = [](const char* text) { return *domain::instant_from(text); };
  local_policy policy;
  policy.peaks = {{120, 180}}; // 02:00 to 03:00
  policy.in_peaks = peak_action::stop;
  policy.zone = {"Europe/Berlin",
                 {{at("2025-10-26T01:00:00Z"), hours{1}},
                  {at("2026-03-29T01:00:00Z"), hours{2}},
                  {at("2026-10-25T01:00:00Z"), hours{1}}}};
  const auto minutes_of_peak = [&](const char* midnight, int day_hours) {
    int minutes = 0;
    for (int minute = 0; minute < day_hours * 60; ++minute)
      minutes += decide(policy, {{}, domain::milliamperes{16'000}},
                        at(midnight) + std::chrono::minutes{minute}).most.has_value() ? 1 : 0;
    return minutes;
  };
  EXPECT_EQ(minutes_of_peak("2026-03-27T23:00:00Z", 24), 60);
  EXPECT_EQ(minutes_of_peak("2026-03-28T23:00:00Z", 23), 0) << "the hour never comes";
  EXPECT_EQ(minutes_of_peak("2026-10-24T22:00:00Z", 25), 120) << "the hour comes twice";
  // 02:30 in summer is 00:30 UTC.
  EXPECT_TRUE(decide(policy, {{}, domain::milliamperes{16'000}}, at("2026-07-01T00:30:00Z")).most);
  EXPECT_FALSE(decide(policy, {{}, domain::milliamperes{16'000}}, at("2026-07-01T02:30:00Z")).most);
}

TEST(local_policy, peak_hours_stop_or_halve) {
  local_policy policy;
  policy.peaks = {{minute_zero, minute_zero + 1}};
  profiled_point half({policy});
  half.plug_and_start(32'000);
  half.pass(settled);
  EXPECT_EQ(half.drawn(), 16'000) << "half of 32 A";
  half.pass(60'000);
  EXPECT_EQ(half.drawn(), 32'000);
  // 32 A and 16 A on three lines at 230 V for a second: 22 080 W and 11 040 W / 3600.
  EXPECT_EQ(half.said(),
            (std::vector<std::string>{
                "no profile, local policy: peak hours, half (step reduced from 6.1 to 3 Wh)",
                "no profile, local policy: nothing holds it back"}));
  policy.in_peaks = peak_action::stop;
  policy.peaks = {{minute_zero + 1, minute_zero + 2}};
  profiled_point stops({policy});
  stops.plug_and_start(32'000);
  stops.pass(60'000 + settled);
  EXPECT_EQ(stops.drawn(), 0);
  EXPECT_TRUE(stops.socket().session().is_empty());
}

TEST(local_policy, a_session_ends_at_its_energy_cap) {
  local_policy policy;
  policy.session_max = watt_hours{500};
  profiled_point it({policy});
  it.plug_and_start(32'000);
  it.pass(200'000);
  EXPECT_EQ(it.drawn(), 0);
  EXPECT_TRUE(it.socket().session().is_empty());
  EXPECT_EQ(it.socket().sample(it.now()).energy_wh, 500) << "not one interval's 6 Wh more";
  EXPECT_EQ(it.said().back(), "local policy stops: energy cap reached (0.5/0.5 kWh)");
}

TEST(local_policy, a_cap_that_no_interval_of_the_meter_meets_is_met_all_the_same) {
  local_policy policy;
  policy.session_max = watt_hours{50};
  profiled_point it({policy});
  it.plug_and_start(32'000);
  it.pass(60'000);
  // 22 080 W give 6.13 Wh a second: 49 Wh after 8 intervals, 55 Wh after 9.
  EXPECT_EQ(it.said().back(), "local policy stops: energy cap reached (50/50 Wh)");
  EXPECT_EQ(it.socket().last().energy.count(), 50);
}

TEST(local_policy, a_cap_that_a_tenth_of_a_kilowatt_hour_does_not_show_is_said_in_watt_hours) {
  local_policy policy;
  policy.session_max = watt_hours{49};
  EXPECT_EQ(decide(policy, {watt_hours{51}, domain::milliamperes{32'000}}, {}).why,
            "energy cap reached (51/49 Wh)");
  policy.session_max = watt_hours{99};
  EXPECT_EQ(decide(policy, {watt_hours{105}, domain::milliamperes{32'000}}, {}).why,
            "energy cap reached (105/99 Wh)");
  policy.session_max = watt_hours{100};
  EXPECT_EQ(decide(policy, {watt_hours{105}, domain::milliamperes{32'000}}, {}).why,
            "energy cap reached (0.1/0.1 kWh)");
}

TEST(local_policy, a_charging_profile_stands_before_everything_local) {
  profiled_point it({dear_from(1)});
  it.set(profile_of(5, 10));
  it.plug_and_start(16'000);
  it.pass(settled);
  EXPECT_EQ(it.drawn(), 10'000);
  it.clear({});
  it.pass(settled);
  EXPECT_EQ(it.drawn(), 0);
  EXPECT_TRUE(it.socket().session().is_empty());
}

TEST(local_policy, peak_hours_may_go_over_midnight) {
  local_policy policy;
  policy.peaks = {{1'380, 60}};
  const charging_session session{watt_hours{0}, domain::milliamperes{32'000}};
  const auto at_minute = [](std::int64_t minute) {
    return domain::instant{std::chrono::minutes{minute}};
  };
  EXPECT_TRUE(decide(policy, session, at_minute(1'380)).most);
  EXPECT_TRUE(decide(policy, session, at_minute(1'440 + 59)).most);
  EXPECT_FALSE(decide(policy, session, at_minute(60)).most);
  EXPECT_FALSE(decide(policy, session, at_minute(1'379)).most);
}

TEST(local_policy, a_shorter_day_passes_its_minutes_faster) {
  local_policy policy;
  policy.day = std::chrono::minutes{24};
  policy.peaks = {{720, 780}};
  // 12:00 of a day of 24 minutes is its minute 12; 13:00 is its minute 13.
  EXPECT_TRUE(decide(policy, {}, domain::instant{std::chrono::minutes{12}}).most);
  EXPECT_FALSE(decide(policy, {}, domain::instant{std::chrono::minutes{13}}).most);
}

TEST(local_policy, wrong_settings_are_named_with_what_is_allowed) {
  const auto fault_of = [](const std::function<void(local_policy&)>& change) {
    world_settings settings;
    change(settings.local);
    return validate(settings);
  };
  EXPECT_EQ(fault_of([](auto&) {}), "");
  EXPECT_EQ(fault_of([](auto& p) { p.price_max = micro_currency{300'000}; }),
            "local: price_max 300000: allowed with a price course only");
  EXPECT_EQ(fault_of([](auto& p) { p.prices = {{5, micro_currency{1}}}; }),
            "local: prices minute 5: allowed is rising from 0, 0..1439");
  EXPECT_EQ(fault_of([](auto& p) { p.prices = {{0, micro_currency{1}}, {1'440, {}}}; }),
            "local: prices minute 1440: allowed is rising from 0, 0..1439");
  EXPECT_EQ(fault_of([](auto& p) { p.prices = {{0, micro_currency{1'000'000'001}}}; }),
            "local: prices per_kwh 1000000001: allowed is -1000000000..1000000000 millionths");
  EXPECT_EQ(fault_of([](auto& p) { p.peaks = {{0, 1'440}}; }),
            "local: peaks 0..1440: allowed are minutes 0..1439");
  EXPECT_EQ(fault_of([](auto& p) { p.session_max = watt_hours{0}; }),
            "local: session_max 0: allowed is 1 Wh or more");
  EXPECT_EQ(fault_of([](auto& p) { p.day = std::chrono::seconds{1}; }),
            "local: day 1000000 us: allowed is 24000000..86400000000 us");
}

} // namespace
} // namespace busbar::simulator
