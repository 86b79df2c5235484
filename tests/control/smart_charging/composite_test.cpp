#include "control/smart_charging/composite.hpp"

#include "profile_builder.hpp"

#include <gtest/gtest.h>

namespace busbar::control::smart_charging {
namespace {

const instant noon = at("2026-05-01T12:00:00Z");
constexpr auto A = rate_unit::ampere;
constexpr auto W = rate_unit::watt;

/// Two connectors at 230 V on three phases, with 32 A / 22 080 W of their own.
profile_store a_store() {
  return profile_store({.connectors = 2, .own_limit_a_tenths = 320, .own_limit_w_tenths = 220'800});
}

/// The same with no limit of its own.
profile_store an_open_store() { return profile_store({.connectors = 2}); }

void install(profile_store& store, std::int32_t connector, const charging_profile& profile) {
  const auto why = store.set(connector, profile, noon);
  ASSERT_FALSE(why) << text_of(*why);
}

expected_periods hour(const profile_store& store, std::int32_t connector, rate_unit unit = A) {
  return plain(compose(store, connector, noon, seconds{3600}, unit));
}

} // namespace

TEST(composite, without_profiles_the_station_charges_at_its_own_limit) {
  const auto store = a_store();
  EXPECT_EQ(hour(store, 1), (expected_periods{{0, 320}}));
  EXPECT_EQ(hour(store, 1, W), (expected_periods{{0, 220'800}}));
  EXPECT_EQ(hour(store, 0), (expected_periods{{0, 640}})) << "both connectors";
  EXPECT_EQ(hour(an_open_store(), 1), expected_periods{});
  // 22 080 W / (3 * 230 V) = 32 A
  EXPECT_EQ(hour(profile_store({.own_limit_w_tenths = 220'800}), 1), (expected_periods{{0, 320}}));
  // What is stated in the asked unit stands as it is stated.
  const profile_store both({.own_limit_a_tenths = 160, .own_limit_w_tenths = 220'800});
  EXPECT_EQ(hour(both, 1), (expected_periods{{0, 160}}));
  EXPECT_EQ(hour(both, 1, W), (expected_periods{{0, 220'800}}));
}

TEST(composite, OCPP_3_13_2_a_tx_default_profile_speaks_only_while_a_transaction_runs) {
  auto store = a_store();
  install(store, 1, a_profile(1).relative().period(0, 16));
  EXPECT_EQ(hour(store, 1), (expected_periods{{0, 320}}));
  store.start(1, 7, noon);
  EXPECT_EQ(hour(store, 1), (expected_periods{{0, 160}}));
  EXPECT_EQ(hour(store, 2), (expected_periods{{0, 320}}));
}

TEST(composite, OCPP_3_13_2_a_tx_profile_overrules_the_default_while_it_is_in_force) {
  auto store = a_store();
  store.start(1, 7, noon);
  install(store, 1, a_profile(1).relative().level(5).period(0, 10));
  install(store, 1,
          a_profile(2).serving(purpose::tx).relative().lasting(600).period(0, 25).period(300, 20));
  EXPECT_EQ(hour(store, 1), (expected_periods{{0, 250}, {300, 200}, {600, 100}}));
  store.stop(7);
  store.start(1, 8, noon);
  EXPECT_EQ(hour(store, 1), (expected_periods{{0, 100}}));
}

TEST(composite, what_changes_as_the_schedule_ends_is_no_part_of_it) {
  auto store = a_store();
  store.start(1, 7, noon);
  install(store, 1, a_profile(1).relative().period(0, 16).period(3'600, 10));
  EXPECT_EQ(hour(store, 1), (expected_periods{{0, 160}}));
}

TEST(composite, OCPP_3_13_3_the_highest_level_in_force_leads_and_the_next_takes_over) {
  auto store = a_store();
  store.start(1, 7, noon);
  install(store, 1, a_profile(1).relative().period(0, 8).period(200, 20).period(500, 18));
  install(store, 1,
          a_profile(2).level(5).starting("2026-05-01T12:05:00Z").lasting(2000).period(0, 16).period(
              1000, 10));
  EXPECT_EQ(hour(store, 1),
            (expected_periods{{0, 80}, {200, 200}, {300, 160}, {1300, 100}, {2300, 180}}));
}

TEST(composite, OCPP_3_13_2_the_connectors_own_default_comes_before_that_of_connector_0) {
  auto store = a_store();
  store.start(1, 7, noon);
  store.start(2, 8, noon);
  install(store, 0, a_profile(1).relative().level(2).period(0, 10));
  install(store, 1, a_profile(2).relative().level(2).lasting(600).period(0, 16));
  EXPECT_EQ(hour(store, 1), (expected_periods{{0, 160}, {600, 100}}))
      << "where it has ended, that of connector 0 holds again";
  EXPECT_EQ(hour(store, 2), (expected_periods{{0, 100}}));
  install(store, 0, a_profile(3).relative().level(3).lasting(60).period(0, 6));
  EXPECT_EQ(hour(store, 1), (expected_periods{{0, 60}, {60, 160}, {600, 100}}))
      << "a higher level leads wherever it was set";
}

TEST(composite, OCPP_3_13_4_the_stations_maximum_caps_every_connector_and_their_sum) {
  auto store = a_store();
  store.start(1, 7, noon);
  install(store, 0,
          a_profile(1).serving(purpose::charge_point_max).starting("2026-05-01T12:00:00Z").period(
              0, 24).period(1800, 6));
  install(store, 1, a_profile(2).relative().period(0, 16));
  EXPECT_EQ(hour(store, 1), (expected_periods{{0, 160}, {1800, 60}}));
  EXPECT_EQ(hour(store, 2), (expected_periods{{0, 240}, {1800, 60}}));
  // min(16 A + 32 A of its own, 24 A)
  EXPECT_EQ(hour(store, 0), (expected_periods{{0, 240}, {1800, 60}}));
}

TEST(composite, connector_0_adds_up_every_connector_and_counts_its_own_limit_where_none_speaks) {
  auto store = a_store();
  store.start(1, 7, noon);
  store.start(2, 8, noon);
  install(store, 0, a_profile(1).relative().lasting(1800).period(0, 16).period(900, 10));
  install(store, 2, a_profile(2).relative().level(1).lasting(300).period(0, 6));
  // 16 + 6, 16 + 16, 10 + 10, 32 + 32
  EXPECT_EQ(hour(store, 0),
            (expected_periods{{0, 220}, {300, 320}, {900, 200}, {1800, 640}}));
}

TEST(composite, LIM_3_a_connector_that_nothing_limits_leaves_the_sum_without_a_limit) {
  auto store = an_open_store();
  store.start(1, 7, noon);
  install(store, 1, a_profile(1).relative().period(0, 16));
  EXPECT_EQ(hour(store, 0), expected_periods{});
  install(store, 0, a_profile(2).serving(purpose::charge_point_max).relative().period(0, 40));
  EXPECT_EQ(hour(store, 0), (expected_periods{{0, 400}}));
}

TEST(composite, OCPP_7_14_watts_and_amperes_are_compared_over_the_fewest_phases_stated) {
  auto store = a_store();
  store.start(1, 7, noon);
  install(store, 0,
          a_profile(1).serving(purpose::charge_point_max).relative().period(0, 16, 1).period(
              1800, 16, 3));
  install(store, 1, a_profile(2).relative().in_watts().period(0, 12'420).period(900, 2'070));
  // 12 420 W / 230 V = 54 A > 16 A; 2 070 / 230 = 9 A; 2 070 / 690 = 3 A
  EXPECT_EQ(hour(store, 1), (expected_periods{{0, 160, 1}, {900, 90, 1}, {1800, 30, 3}}));
  // 16 A * 230 V = 3 680 W
  EXPECT_EQ(hour(store, 1, W),
            (expected_periods{{0, 36'800, 1}, {900, 20'700, 1}, {1800, 20'700, 3}}));
}

TEST(composite, LIM_5_a_converted_limit_rounds_down_to_the_tenth) {
  auto store = a_store();
  store.start(1, 7, noon);
  install(store, 1, a_profile(1).relative().in_watts().period(0, 11'000, 3).period(60, 10'999, 2));
  // 11 000 / 690 = 15.942 A; 10 999 / 460 = 23.911 A
  EXPECT_EQ(hour(store, 1), (expected_periods{{0, 159, 3}, {60, 239, 2}}));
}

TEST(composite, the_sum_over_connectors_is_rounded_once) {
  auto store = a_store();
  store.start(1, 7, noon);
  store.start(2, 8, noon);
  install(store, 0, a_profile(1).relative().in_watts().period(0, 1'000, 1));
  // 2 * 1 000 / 230 = 8.69 A, not 4.3 + 4.3
  EXPECT_EQ(hour(store, 0), (expected_periods{{0, 86, 1}}));
}

TEST(composite, connector_0_states_the_most_phases_of_its_connectors) {
  auto store = a_store();
  store.start(1, 7, noon);
  store.start(2, 8, noon);
  install(store, 1, a_profile(1).relative().period(0, 16, 1));
  install(store, 2, a_profile(2).relative().period(0, 16, 3).period(60, 16, 1).period(120, 16));
  EXPECT_EQ(hour(store, 0), (expected_periods{{0, 320, 3}, {60, 320, 1}, {120, 320}}));
}

TEST(composite, connector_0_states_the_supplys_phases_where_a_connector_has_its_own_limit) {
  auto store = a_store();
  store.start(1, 7, noon);
  install(store, 1, a_profile(1).relative().period(0, 16, 1));
  install(store, 0, a_profile(2).serving(purpose::charge_point_max).relative().period(0, 20));
  // The least of 16 A * 230 V + 32 A * 690 V = 25 760 W and, over all phases, 20 A * 690 V.
  EXPECT_EQ(hour(store, 0, W), (expected_periods{{0, 138'000, 3}}));
}

TEST(composite, phases_never_exceed_those_of_the_supply) {
  profile_store store({.connectors = 1, .phases = 1});
  store.start(1, 7, noon);
  install(store, 1, a_profile(1).relative().period(0, 10, 3));
  EXPECT_EQ(hour(store, 1, W), (expected_periods{{0, 23'000, 1}}));
}

TEST(composite, equal_neighbours_are_one_period) {
  auto store = a_store();
  store.start(1, 7, noon);
  install(store, 1, a_profile(1).relative().period(0, 16).period(60, 16).period(120, 15));
  install(store, 1, a_profile(2).relative().level(1).lasting(30).period(0, 16));
  EXPECT_EQ(hour(store, 1), (expected_periods{{0, 160}, {120, 150}}));
}

TEST(composite, where_nothing_limits_no_period_stands) {
  auto store = an_open_store();
  store.start(1, 7, noon);
  install(store, 1, a_profile(1).starting("2026-05-01T12:10:00Z").lasting(600).period(0, 16));
  install(store, 1,
          a_profile(2).level(1).starting("2026-05-01T12:30:00Z").lasting(900).period(0, 16));
  const auto schedule = compose(store, 1, noon, seconds{3600}, A);
  EXPECT_EQ(plain(schedule), (expected_periods{{600, 160}, {1800, 160}}));
  EXPECT_EQ(schedule.duration, seconds{2700}) << "a gap at the end is cut off";
  EXPECT_EQ(compose(store, 2, noon, seconds{3600}, A).duration, seconds{3600});
}

TEST(composite, OCPP_7_8_a_relative_profile_counts_from_the_transactions_begin) {
  auto store = a_store();
  store.start(1, 7, noon - seconds{180});
  store.start(2, 8, noon);
  install(store, 0, a_profile(1).relative().period(0, 6).period(200, 10));
  EXPECT_EQ(hour(store, 1), (expected_periods{{0, 60}, {20, 100}}));
  EXPECT_EQ(hour(store, 2), (expected_periods{{0, 60}, {200, 100}}));
  EXPECT_EQ(hour(store, 0), (expected_periods{{0, 120}, {20, 160}, {200, 200}}));
}

TEST(composite, a_maximum_without_startSchedule_counts_from_its_installation_or_validFrom) {
  auto store = a_store();
  const auto maximum =
      a_profile(1).serving(purpose::charge_point_max).period(0, 20).period(600, 10);
  ASSERT_FALSE(store.set(0, maximum, noon - seconds{300}));
  EXPECT_EQ(hour(store, 1), (expected_periods{{0, 200}, {300, 100}}));
  auto later = maximum;
  install(store, 0, later.valid("2026-05-01T12:20:00Z", nullptr));
  EXPECT_EQ(hour(store, 1), (expected_periods{{0, 320}, {1200, 200}, {1800, 100}}));
}

TEST(composite, OCPP_7_8_a_profile_outside_of_its_validity_does_not_speak) {
  auto store = a_store();
  store.start(1, 7, noon);
  auto profile = a_profile(1).starting("2026-05-01T12:00:00Z").period(0, 16);
  install(store, 1, profile.valid("2026-05-01T12:15:00Z", "2026-05-01T12:45:00Z"));
  EXPECT_EQ(hour(store, 1), (expected_periods{{0, 320}, {900, 160}, {2700, 320}}));
}

TEST(limit_now, it_names_the_leading_profile_with_its_minimum_in_the_asked_unit) {
  auto store = a_store();
  store.start(1, 7, noon);
  install(store, 1, a_profile(1).relative().minimum(6).period(0, 16, 3));
  install(store, 0, a_profile(4).serving(purpose::charge_point_max).relative().period(0, 48));
  const auto limit = limit_at(store, 1, noon, A);
  ASSERT_TRUE(limit.connector && limit.charge_point);
  EXPECT_EQ(limit.connector->limit_tenths, 160);
  EXPECT_EQ(limit.connector->phases, 3);
  EXPECT_EQ(limit.connector->minimum_tenths, 60);
  EXPECT_EQ(limit.connector->profile, 1);
  EXPECT_EQ(limit.charge_point->limit_tenths, 480);
  EXPECT_EQ(limit.charge_point->phases, std::nullopt);
  EXPECT_EQ(limit.charge_point->profile, 4);
  // 6 A * 3 * 230 V = 4 140 W
  EXPECT_EQ(limit_at(store, 1, noon, W).connector->minimum_tenths, 41'400);
}

TEST(limit_now, LIM_5_a_converted_minimum_rounds_up) {
  auto store = a_store();
  store.start(1, 7, noon);
  install(store, 1, a_profile(1).relative().in_watts().minimum(1'400).period(0, 11'000, 1));
  // 1 400 / 230 = 6.087 A
  EXPECT_EQ(limit_at(store, 1, noon, A).connector->minimum_tenths, 61);
}

TEST(limit_now, a_lower_maximum_of_the_station_stands_for_the_connector_too) {
  auto store = a_store();
  install(store, 0, a_profile(4).serving(purpose::charge_point_max).relative().period(0, 8, 1));
  EXPECT_EQ(limit_at(store, 1, noon, A).connector->profile, 4) << "nothing else speaks";
  store.start(1, 7, noon);
  install(store, 1, a_profile(1).relative().period(0, 16, 3).period(60, 8, 3));
  EXPECT_EQ(limit_at(store, 1, noon, A).connector->profile, 4);
  EXPECT_EQ(limit_at(store, 1, noon + seconds{60}, A).connector->profile, 1);
  EXPECT_EQ(limit_at(store, 0, noon, A).connector->profile, 4);
}

TEST(limit_now, OCPP_7_14_a_limit_in_watts_holds_over_the_phases_that_are_charged_on) {
  auto store = an_open_store();
  store.start(1, 7, noon);
  install(store, 0, a_profile(4).serving(purpose::charge_point_max).relative().period(0, 16));
  install(store, 1, a_profile(1).serving(purpose::tx).relative().in_watts().period(0, 6'000, 1));
  // 16 A * 230 V * 1 phase = 3 680 W, below 6 000 W.
  EXPECT_EQ(hour(store, 1, W), (expected_periods{{0, 36'800, 1}}));
  EXPECT_EQ(limit_at(store, 1, noon, W).connector->limit_tenths, 36'800);
  EXPECT_EQ(limit_at(store, 1, noon, W).connector->profile, 4);
  EXPECT_EQ(limit_at(store, 1, noon, A).connector->limit_tenths, 160);
}

TEST(limit_now, OCPP_7_14_a_maximum_in_watts_is_counted_over_the_phases_of_the_connectors_profile) {
  auto store = an_open_store();
  store.start(1, 7, noon);
  install(store, 0,
          a_profile(4).serving(purpose::charge_point_max).relative().in_watts().period(0, 4'000));
  install(store, 1, a_profile(1).serving(purpose::tx).relative().period(0, 10, 1));
  // 4 000 W / 230 V = 17.3 A on one phase, above 10 A; over three it were 5.7 A.
  EXPECT_EQ(hour(store, 1), (expected_periods{{0, 100, 1}}));
  EXPECT_EQ(limit_at(store, 1, noon, A).connector->limit_tenths, 100);
  EXPECT_EQ(limit_at(store, 1, noon, A).connector->profile, 1);
}

TEST(limit_now, OCPP_7_14_a_maximum_over_three_phases_holds_on_the_one_that_is_used) {
  auto store = an_open_store();
  store.start(1, 7, noon);
  install(store, 0, a_profile(4).serving(purpose::charge_point_max).relative().period(0, 10, 3));
  install(store, 1, a_profile(1).serving(purpose::tx).relative().period(0, 16, 1));
  // 10 A * 230 V * 1 phase = 2 300 W, not 16 A * 230 V = 3 680 W.
  EXPECT_EQ(hour(store, 1, W), (expected_periods{{0, 23'000, 1}}));
  EXPECT_EQ(limit_at(store, 1, noon, W).connector->limit_tenths, 23'000);
  EXPECT_EQ(limit_at(store, 1, noon, W).connector->phases, 1);
}

TEST(limit_now, a_profile_allows_no_more_than_the_stations_own_current_on_its_phases) {
  profile_store store({.own_limit_a_tenths = 160});
  store.start(1, 7, noon);
  install(store, 1, a_profile(1).serving(purpose::tx).relative().in_watts().period(0, 6'000, 1));
  // 16 A * 230 V * 1 phase = 3 680 W, below 6 000 W.
  EXPECT_EQ(hour(store, 1, W), (expected_periods{{0, 36'800, 1}}));
  EXPECT_EQ(hour(store, 0, W), (expected_periods{{0, 36'800, 1}}));
  EXPECT_EQ(limit_at(store, 1, noon, W).connector->limit_tenths, 36'800);
  EXPECT_EQ(limit_at(store, 1, noon, W).connector->profile, 1);
  EXPECT_EQ(limit_at(store, 1, noon, A).connector->limit_tenths, 160);
  EXPECT_FALSE(limit_at(store, 1, noon, A).charge_point);
}

TEST(composite, a_schedule_of_0_seconds_says_what_holds_at_its_begin) {
  auto store = an_open_store();
  store.start(1, 7, noon);
  install(store, 1, a_profile(1).relative().period(0, 16).period(1, 10));
  const auto schedule = compose(store, 1, noon, seconds{0}, A);
  EXPECT_EQ(plain(schedule), (expected_periods{{0, 160}}));
  EXPECT_EQ(schedule.duration, seconds{0});
  EXPECT_TRUE(compose(store, 2, noon, seconds{0}, A).periods.empty()) << "nothing limits there";
}

TEST(composite, an_effort_that_is_spent_ends_the_way_through_time) {
  auto store = an_open_store();
  store.start(1, 7, noon);
  install(store, 1, a_profile(1).relative().period(0, 16).period(60, 10));
  effort enough(1'000);
  EXPECT_EQ(compose(store, 1, noon, seconds{3'600}, A, enough).periods.size(), 2U);
  EXPECT_FALSE(enough.is_spent());
  effort little(10);
  (void)compose(store, 1, noon, seconds{3'600}, A, little);
  EXPECT_TRUE(little.is_spent());
}

TEST(limit_now, nothing_limits_without_profiles) {
  const auto limit = limit_at(a_store(), 1, noon, A);
  EXPECT_FALSE(limit.connector);
  EXPECT_FALSE(limit.charge_point);
}

} // namespace busbar::control::smart_charging
