#include "control/smart_charging/profile_store.hpp"

#include "profile_builder.hpp"

#include <gtest/gtest.h>

namespace busbar::control::smart_charging {
namespace {

const instant noon = at("2026-05-01T12:00:00Z");

profile_store a_store() { return profile_store({.connectors = 2, .units = {rate_unit::ampere}}); }

profile_builder sixteen(std::int32_t id) { return a_profile(id).relative().period(0, 16); }

using pairs = std::vector<std::pair<std::int32_t, std::int32_t>>;

pairs ids(const profile_store& store) {
  pairs found;
  for (const auto& entry : store.installed()) found.emplace_back(entry.connector, entry.profile.id);
  return found;
}

} // namespace

TEST(profile_store, OCPP_3_13_2_a_maximum_belongs_to_connector_0_and_a_tx_profile_does_not) {
  auto store = a_store();
  const auto maximum = sixteen(1).serving(purpose::charge_point_max);
  EXPECT_EQ(store.set(1, maximum, noon), refusal::maximum_on_connector);
  EXPECT_EQ(store.set(0, maximum, noon), std::nullopt);
  EXPECT_EQ(store.set(0, sixteen(2).serving(purpose::tx), noon), refusal::transaction_on_station);
  EXPECT_EQ(ids(store), (pairs{{0, 1}}));
}

TEST(profile_store, OCPP_5_16_a_tx_profile_needs_the_transaction_that_runs_on_its_connector) {
  auto store = a_store();
  const auto loose = sixteen(1).serving(purpose::tx);
  EXPECT_EQ(store.set(1, loose, noon), refusal::no_transaction);
  store.start(1, 7, noon);
  EXPECT_EQ(store.set(2, loose, noon), refusal::no_transaction);
  EXPECT_EQ(store.set(1, sixteen(1).serving(purpose::tx).bound_to(8), noon),
            refusal::other_transaction);
  EXPECT_EQ(store.set(1, loose, noon), std::nullopt);
  EXPECT_EQ(store.set(1, sixteen(2).serving(purpose::tx).bound_to(7).level(1), noon), std::nullopt);
  EXPECT_EQ(ids(store), (pairs{{1, 1}, {1, 2}}));
}

TEST(profile_store, OCPP_3_13_2_tx_profiles_go_with_their_transaction_and_no_others) {
  auto store = a_store();
  store.start(1, 7, noon);
  store.start(2, 8, noon);
  ASSERT_FALSE(store.set(1, sixteen(1).serving(purpose::tx), noon));
  ASSERT_FALSE(store.set(2, sixteen(2).serving(purpose::tx), noon));
  ASSERT_FALSE(store.set(1, sixteen(3), noon));
  EXPECT_TRUE(store.stop(7));
  EXPECT_FALSE(store.stop(7));
  EXPECT_EQ(ids(store), (pairs{{1, 3}, {2, 2}}));
  EXPECT_EQ(store.running(1), nullptr);
  store.start(2, 9, noon);
  EXPECT_EQ(ids(store), (pairs{{1, 3}}));
  ASSERT_FALSE(store.set(2, sixteen(4).serving(purpose::tx), noon));
  EXPECT_TRUE(store.stop(9)) << "on the last connector";
  EXPECT_EQ(store.running(2), nullptr);
  EXPECT_EQ(ids(store), (pairs{{1, 3}}));
}

TEST(profile_store, an_assumed_transaction_becomes_the_real_one_and_keeps_its_profiles) {
  auto store = a_store();
  store.start(1, std::nullopt, noon);
  ASSERT_FALSE(store.set(1, sixteen(1).serving(purpose::tx), noon));
  EXPECT_EQ(store.set(1, sixteen(2).serving(purpose::tx).bound_to(7), noon),
            refusal::other_transaction);
  store.start(1, 7, noon + seconds{5});
  EXPECT_EQ(ids(store), (pairs{{1, 1}}));
  EXPECT_EQ(store.running(1)->started_at, noon + seconds{5});
}

TEST(profile_store, OCPP_5_16_3_the_same_id_is_replaced_wherever_it_is) {
  auto store = a_store();
  ASSERT_FALSE(store.set(1, sixteen(1), noon));
  ASSERT_FALSE(store.set(2, sixteen(1).level(3), noon));
  EXPECT_EQ(ids(store), (pairs{{2, 1}}));
  ASSERT_FALSE(store.set(0, sixteen(1).serving(purpose::charge_point_max), noon));
  EXPECT_EQ(ids(store), (pairs{{0, 1}}));
}

TEST(profile_store, OCPP_3_13_3_the_same_purpose_and_level_is_replaced_on_the_same_connector_only) {
  auto store = a_store();
  ASSERT_FALSE(store.set(0, sixteen(1), noon));
  ASSERT_FALSE(store.set(1, sixteen(2), noon));
  ASSERT_FALSE(store.set(2, sixteen(3), noon));
  ASSERT_FALSE(store.set(0, sixteen(4).serving(purpose::charge_point_max), noon));
  ASSERT_FALSE(store.set(1, sixteen(5), noon));
  EXPECT_EQ(ids(store), (pairs{{0, 1}, {0, 4}, {1, 5}, {2, 3}}));
}

TEST(profile_store, what_exceeds_the_stations_keys_is_refused_and_changes_nothing) {
  profile_store store({.connectors = 1,
                       .stack_level_max = 2,
                       .periods_max = 2,
                       .profiles_max = 2,
                       .units = {rate_unit::ampere}});
  EXPECT_EQ(store.set(2, sixteen(1), noon), refusal::unknown_connector);
  EXPECT_EQ(store.set(-1, sixteen(1), noon), refusal::unknown_connector);
  EXPECT_EQ(store.set(1, sixteen(1).level(3), noon), refusal::stack_level_too_high);
  EXPECT_EQ(store.set(1, sixteen(1).period(1, 1).period(2, 2), noon), refusal::too_many_periods);
  EXPECT_EQ(store.set(1, sixteen(1).in_watts(), noon), refusal::rate_unit_not_supported);
  EXPECT_TRUE(store.installed().empty());
  ASSERT_FALSE(store.set(1, sixteen(1).level(2).period(1, 1), noon));
  ASSERT_FALSE(store.set(1, sixteen(2).level(1), noon));
  EXPECT_EQ(store.set(1, sixteen(3), noon), refusal::store_full);
  EXPECT_FALSE(store.set(1, sixteen(3).level(1), noon)) << "replacing needs no further room";
  EXPECT_EQ(ids(store), (pairs{{1, 1}, {1, 3}}));
}

TEST(profile_store, a_schedule_that_cannot_be_laid_out_in_time_is_refused) {
  auto store = a_store();
  EXPECT_EQ(store.set(1, a_profile(1).relative().period(1, 16), noon),
            refusal::periods_out_of_order);
  EXPECT_EQ(store.set(1, sixteen(1).period(60, 10).period(60, 12), noon),
            refusal::periods_out_of_order);
  EXPECT_EQ(store.set(1, sixteen(1).valid("2026-05-01T12:00:00Z", "2026-05-01T12:00:00Z"), noon),
            refusal::validity_is_empty);
  charging_profile recurring =
      a_profile(1).recurring(recurrency::daily, "2026-05-01T00:00:00Z").period(0, 16);
  EXPECT_FALSE(store.set(1, recurring, noon));
  recurring.recurs.reset();
  EXPECT_EQ(store.set(1, recurring, noon), refusal::recurrence_incomplete);
  recurring.recurs = recurrency::weekly;
  recurring.plan.starts_at.reset();
  EXPECT_EQ(store.set(1, recurring, noon), refusal::recurrence_incomplete);
}

TEST(profile_store, every_refusal_says_what_it_is_about) {
  for (int each = 0; each <= static_cast<int>(refusal::store_full); ++each)
    EXPECT_NE(*text_of(static_cast<refusal>(each)), '\0') << each;
}

TEST(profile_store, OCPP_5_3_clear_matches_the_id_alone_or_all_other_criteria_together) {
  const auto filled = [] {
    auto store = a_store();
    EXPECT_FALSE(store.set(0, sixteen(1).serving(purpose::charge_point_max), noon));
    EXPECT_FALSE(store.set(0, sixteen(2), noon));
    EXPECT_FALSE(store.set(1, sixteen(3), noon));
    EXPECT_FALSE(store.set(1, sixteen(4).level(1), noon));
    EXPECT_FALSE(store.set(2, sixteen(5), noon));
    return store;
  };
  struct row {
    clear_filter filter;
    pairs left;
  };
  const std::vector<row> table{
      {{.id = 3}, {{0, 1}, {0, 2}, {1, 4}, {2, 5}}},
      {{.id = 3, .connector = 2}, {{0, 1}, {0, 2}, {1, 4}, {2, 5}}},
      {{.id = 9}, {{0, 1}, {0, 2}, {1, 3}, {1, 4}, {2, 5}}},
      {{.connector = 1}, {{0, 1}, {0, 2}, {2, 5}}},
      {{.connector = 0}, {{1, 3}, {1, 4}, {2, 5}}},
      {{.serves = purpose::tx_default}, {{0, 1}}},
      {{.stack_level = 1}, {{0, 1}, {0, 2}, {1, 3}, {2, 5}}},
      {{.connector = 0, .serves = purpose::tx_default}, {{0, 1}, {1, 3}, {1, 4}, {2, 5}}},
      {{.connector = 1, .serves = purpose::tx_default, .stack_level = 0},
       {{0, 1}, {0, 2}, {1, 4}, {2, 5}}},
      {{.serves = purpose::tx}, {{0, 1}, {0, 2}, {1, 3}, {1, 4}, {2, 5}}},
      {{}, {}},
  };
  for (const auto& [filter, left] : table) {
    auto store = filled();
    EXPECT_EQ(store.clear(filter), 5 - left.size());
    EXPECT_EQ(ids(store), left);
  }
}

TEST(profile_store, its_memory_comes_back_byte_for_byte) {
  auto store = a_store();
  store.start(1, 7, noon);
  store.start(2, std::nullopt, noon);
  ASSERT_FALSE(store.set(1, sixteen(-4).serving(purpose::tx).bound_to(7).minimum(6), noon));
  ASSERT_FALSE(store.set(0,
                         a_profile(2)
                             .recurring(recurrency::weekly, "2026-05-01T00:00:00Z")
                             .valid("2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z")
                             .lasting(3600)
                             .period(0, 16, 3)
                             .period(60, 8),
                         noon));
  auto other = a_store();
  ASSERT_TRUE(other.restore(store.memory()));
  EXPECT_EQ(other.installed(), store.installed());
  EXPECT_EQ(*other.running(1), *store.running(1));
  EXPECT_EQ(*other.running(2), *store.running(2));
  EXPECT_EQ(other.memory(), store.memory());
  EXPECT_TRUE(other.restore(a_store().memory()));
  EXPECT_TRUE(other.installed().empty());
}

TEST(profile_store, bytes_that_are_not_its_memory_change_nothing) {
  auto store = a_store();
  store.start(1, 7, noon);
  ASSERT_FALSE(store.set(1, sixteen(1).serving(purpose::tx), noon));
  const auto memory = store.memory();
  auto other = a_store();
  ASSERT_FALSE(other.set(2, sixteen(9), noon));
  for (std::size_t size = 0; size < memory.size(); ++size)
    EXPECT_FALSE(other.restore({memory.begin(), memory.begin() + static_cast<long>(size)}));
  for (std::size_t i = 0; i < memory.size() * 8; ++i) {
    auto damaged = memory;
    damaged[i / 8] = static_cast<std::uint8_t>(damaged[i / 8] ^ (1u << (i % 8)));
    EXPECT_FALSE(other.restore(damaged)) << "byte " << i / 8 << " bit " << i % 8;
  }
  auto longer = memory;
  longer.push_back(0);
  EXPECT_FALSE(other.restore(longer));
  profile_store smaller({.connectors = 1, .stack_level_max = 0, .units = {rate_unit::watt}});
  EXPECT_FALSE(smaller.restore(memory)) << "these settings would refuse the profile";
  EXPECT_EQ(ids(other), (pairs{{2, 9}}));
}

} // namespace busbar::control::smart_charging
