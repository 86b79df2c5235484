// Profiles of a station whose transactions are sessions.

#include "control/smart_charging/session_profiles.hpp"

#include "profile_builder.hpp"

#include <gtest/gtest.h>

namespace busbar::control::smart_charging {
namespace {

using domain::session_id;

const domain::instant noon = at("2026-05-01T12:00:00Z");

session_profiles a_station() {
  return session_profiles(settings_of(2, domain::millivolts{230'000}, 3));
}

domain::profile_order installing(const charging_profile& profile, bool is_station_wide = false) {
  return {is_station_wide, profile, {}};
}

charging_profile of_transaction(std::int32_t id) {
  return a_profile(id).serving(purpose::tx).relative().period(0, 16);
}

} // namespace

TEST(session_profiles, volts_round_up_so_that_watts_never_become_more_amperes) {
  const auto volts = [](std::int64_t millivolts) {
    return settings_of(2, domain::millivolts{millivolts}, 3).supply_v;
  };
  EXPECT_EQ(volts(230'000), 230);
  EXPECT_EQ(volts(230'001), 231);
  EXPECT_EQ(volts(230'999), 231);
  const auto made = settings_of(2, domain::millivolts{240'000}, 1);
  EXPECT_EQ(made.connectors, 2);
  EXPECT_EQ(made.phases, 1);
}

TEST(session_profiles, a_session_is_numbered_by_the_hash_of_its_name) {
  // FNV-1a of nothing, cbf29ce4 84222325: the low half of it xor that of it >> 31 (97e539c9).
  EXPECT_EQ(transaction_number(session_id{""}), 0x13c71aec);
  // Of "a", af63dc4c 8601ec8c: 8601ec8c xor 5ec7b899, without the highest bit.
  EXPECT_EQ(transaction_number(session_id{"a"}), 0x58c65415);
  EXPECT_NE(transaction_number(session_id{"S-1"}), transaction_number(session_id{"S-2"}));
}

TEST(session_profiles, OCPP_3_13_2_a_sessions_profiles_end_with_it) {
  auto station = a_station();
  station.follow(1, session_id{"S-1"}, noon + std::chrono::milliseconds{900});
  const auto* running = station.store().running(1);
  ASSERT_NE(running, nullptr);
  EXPECT_EQ(running->id, transaction_number(session_id{"S-1"}));
  EXPECT_EQ(running->started_at, noon) << "whole seconds, rounded down";
  EXPECT_EQ(station.install(0, installing(of_transaction(1)), noon), "");
  station.follow(1, session_id{"S-1"}, noon + std::chrono::minutes{1});
  EXPECT_EQ(station.store().installed().size(), 1U) << "the same session goes on";
  EXPECT_EQ(station.store().running(1)->started_at, noon);
  station.follow(1, session_id{"S-2"}, noon + std::chrono::minutes{2});
  EXPECT_TRUE(station.store().installed().empty());
  EXPECT_EQ(station.store().running(1)->id, transaction_number(session_id{"S-2"}));
  station.follow(1, session_id{}, noon + std::chrono::minutes{3});
  EXPECT_EQ(station.store().running(1), nullptr);
}

TEST(session_profiles, of_two_sessions_with_one_number_the_second_runs_without) {
  auto station = a_station();
  station.follow(1, session_id{"S-1"}, noon);
  station.follow(2, session_id{"S-1"}, noon);
  EXPECT_EQ(station.store().running(1)->id, transaction_number(session_id{"S-1"}));
  ASSERT_NE(station.store().running(2), nullptr);
  EXPECT_EQ(station.store().running(2)->id, std::nullopt);
}

TEST(session_profiles, an_order_goes_to_its_connector_or_to_the_whole_station) {
  auto station = a_station();
  const charging_profile usual = a_profile(1).period(0, 16).relative();
  const charging_profile maximum = a_profile(2).serving(purpose::charge_point_max)
                                       .starting("2026-05-01T00:00:00Z").period(0, 32);
  EXPECT_EQ(station.install(1, installing(usual), noon), "");
  EXPECT_EQ(station.install(1, installing(maximum, true), noon), "");
  ASSERT_EQ(station.store().installed().size(), 2U);
  EXPECT_EQ(station.store().installed()[0].connector, 0);
  EXPECT_EQ(station.store().installed()[1].connector, 2) << "the second";
  EXPECT_EQ(station.install(1, installing(of_transaction(3)), noon),
            std::string{"Rejected: "} + text_of(refusal::no_transaction));
}

TEST(session_profiles, clearing_what_is_not_there_is_answered_as_unknown) {
  auto station = a_station();
  ASSERT_EQ(station.install(0, installing(a_profile(1).relative().period(0, 16)), noon), "");
  domain::profile_order order;
  order.clears.id = 2;
  EXPECT_EQ(station.clear(order).substr(0, 8), "Unknown:");
  order.clears.id = 1;
  EXPECT_EQ(station.clear(order), "");
  EXPECT_TRUE(station.store().installed().empty());
  EXPECT_EQ(station.clear(order).substr(0, 8), "Unknown:");
}

} // namespace busbar::control::smart_charging
