// The bytes of a store: one form, with its bounds.

#include "control/smart_charging/profile_store.hpp"

#include "profile_builder.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>

namespace busbar::control::smart_charging {
namespace {

const instant noon = at("2026-05-01T12:00:00Z");

instant at_second(std::int64_t count) { return instant{seconds{count}}; }

charging_profile sixteen(std::int32_t id) { return a_profile(id).relative().period(0, 16); }

/// Whether a store that holds `profile` on connector 1 comes back from its memory.
bool comes_back(const charging_profile& profile, instant installed_at = noon) {
  station_settings settings;
  settings.periods_max = 20'000;
  settings.stack_level_max = std::numeric_limits<std::int32_t>::max();
  profile_store store(settings);
  store.start(1, 7, noon);
  EXPECT_FALSE(store.set(1, profile, installed_at));
  profile_store other(settings);
  if (!other.restore(store.memory())) return false;
  EXPECT_EQ(other.installed(), store.installed());
  return true;
}

/// Whether the memory of a store with one transaction and one profile is taken with another byte at
/// `place` and the hash that goes with it. Mark 4, count 8, the transaction 25, count 8; connector,
/// installed_at, id of 8: presence of a transaction at 69; level of 8: purpose at 78, kind at 86, a
/// recurrency's presence at 94.
bool takes(std::size_t place, std::uint8_t value, const charging_profile& profile = sixteen(1)) {
  profile_store store({});
  store.start(1, 7, noon);
  EXPECT_FALSE(store.set(1, profile, noon));
  auto bytes = store.memory();
  bytes[place] = value;
  std::uint64_t hash = 14'695'981'039'346'656'037u;
  for (std::size_t n = 0; n + 8 < bytes.size(); ++n) hash = (hash ^ bytes[n]) * 1'099'511'628'211u;
  for (std::size_t n = 0; n < 8; ++n)
    bytes[bytes.size() - 8 + n] = static_cast<std::uint8_t>(hash >> (8 * n));
  profile_store other({});
  return other.restore(bytes);
}

} // namespace

TEST(profile_memory, an_empty_store_is_its_mark_two_counts_and_their_hash) {
  std::vector<std::uint8_t> expected{'B', 'C', 'P', 1};
  expected.resize(20);
  // FNV-1a of the 20 bytes, least significant first.
  for (const int byte : {0xe5, 0xc0, 0x81, 0x78, 0x5a, 0x9b, 0xaa, 0x0e})
    expected.push_back(static_cast<std::uint8_t>(byte));
  EXPECT_EQ(profile_store({}).memory(), expected);
}

TEST(profile_memory, identifiers_levels_and_limits_come_back_up_to_their_bounds) {
  constexpr auto least = std::numeric_limits<std::int32_t>::min();
  constexpr auto most = std::numeric_limits<std::int32_t>::max();
  EXPECT_TRUE(comes_back(sixteen(least)));
  auto profile = sixteen(most);
  profile.stack_level = most;
  profile.plan.periods[0].limit_tenths = rate_max_tenths;
  profile.plan.minimum_tenths = rate_max_tenths;
  profile.plan.duration = seconds{seconds_max};
  profile.plan.periods.push_back({seconds{seconds_max}, 0, std::uint8_t{3}});
  profile.plan.periods[0].phases = 1;
  EXPECT_TRUE(comes_back(profile));
  profile.plan.minimum_tenths = 0;
  profile.plan.duration = seconds{0};
  EXPECT_TRUE(comes_back(profile));
}

TEST(profile_memory, what_lies_beyond_a_bound_is_not_taken) {
  const auto refused = [](auto change) {
    auto profile = sixteen(1);
    change(profile);
    return !comes_back(profile);
  };
  EXPECT_TRUE(refused([](auto& p) { p.plan.periods[0].limit_tenths = rate_max_tenths + 1; }));
  EXPECT_TRUE(refused([](auto& p) { p.plan.periods[0].limit_tenths = -1; }));
  EXPECT_TRUE(refused([](auto& p) { p.plan.minimum_tenths = rate_max_tenths + 1; }));
  EXPECT_TRUE(refused([](auto& p) { p.plan.minimum_tenths = -1; }));
  EXPECT_TRUE(refused([](auto& p) { p.plan.duration = seconds{seconds_max + 1}; }));
  EXPECT_TRUE(refused([](auto& p) { p.plan.duration = seconds{-1}; }));
  EXPECT_TRUE(refused([](auto& p) { p.plan.periods[0].phases = 0; }));
  EXPECT_TRUE(refused([](auto& p) { p.plan.periods[0].phases = 4; }));
  EXPECT_TRUE(refused([](auto& p) { p.stack_level = -1; }));
  EXPECT_TRUE(refused([](auto& p) {
    p.plan.periods.push_back({seconds{seconds_max + 1}, 0, std::nullopt});
  }));
}

TEST(profile_memory, instants_come_back_from_the_year_0_to_9999) {
  // -62 167 219 200 s: 0000-01-01; 253 402 300 800 s: the end of 9999
  const auto first = at_second(-62'167'219'200), last = at_second(253'402'300'800);
  auto profile = sixteen(1);
  profile.valid_from = first;
  profile.valid_to = last;
  EXPECT_TRUE(comes_back(profile, first));
  EXPECT_TRUE(comes_back(profile, last));
  EXPECT_FALSE(comes_back(profile, first - seconds{1}));
  EXPECT_FALSE(comes_back(profile, last + seconds{1}));
  profile.valid_to = last + seconds{1};
  EXPECT_FALSE(comes_back(profile));
  profile.valid_to.reset();
  profile.valid_from = first - seconds{1};
  EXPECT_FALSE(comes_back(profile));
  profile = sixteen(1);
  profile.kind = profile_kind::recurring;
  profile.recurs = recurrency::weekly;
  profile.plan.starts_at = last;
  EXPECT_TRUE(comes_back(profile));
  profile.plan.starts_at = last + seconds{1};
  EXPECT_FALSE(comes_back(profile));
}

TEST(profile_memory, a_recurrency_that_does_not_exist_is_refused) {
  auto profile = sixteen(1);
  profile.kind = profile_kind::recurring;
  profile.recurs = recurrency::weekly;
  profile.plan.starts_at = noon;
  EXPECT_TRUE(takes(95, 0, profile));
  EXPECT_TRUE(takes(95, 1, profile));
  EXPECT_FALSE(takes(95, 2, profile));
}

TEST(profile_memory, ten_thousand_periods_come_back_and_no_more) {
  auto profile = sixteen(1);
  for (int n = 1; n < 10'000; ++n) profile.plan.periods.push_back({seconds{n}, n, std::nullopt});
  EXPECT_TRUE(comes_back(profile));
  profile.plan.periods.push_back({seconds{10'000}, 1, std::nullopt});
  EXPECT_FALSE(comes_back(profile));
}

TEST(profile_memory, a_thousand_connectors_come_back_with_their_transactions) {
  station_settings settings;
  settings.connectors = 1'000;
  profile_store store(settings);
  for (std::int32_t connector = 1; connector <= 1'000; ++connector)
    store.start(connector, -connector, noon + seconds{connector});
  profile_store other(settings);
  ASSERT_TRUE(other.restore(store.memory()));
  EXPECT_EQ(*other.running(1'000), *store.running(1'000));
  settings.connectors = 999;
  profile_store smaller(settings);
  EXPECT_FALSE(smaller.restore(store.memory()));
}

TEST(profile_memory, a_full_store_comes_back_into_one_of_its_size_only) {
  station_settings settings;
  settings.profiles_max = 2;
  profile_store store(settings);
  ASSERT_FALSE(store.set(1, sixteen(1), noon));
  auto above = sixteen(2);
  above.stack_level = 1;
  ASSERT_FALSE(store.set(1, above, noon));
  profile_store same(settings);
  EXPECT_TRUE(same.restore(store.memory()));
  settings.profiles_max = 1;
  profile_store smaller(settings);
  EXPECT_FALSE(smaller.restore(store.memory()));
}

TEST(profile_memory, a_purpose_or_kind_that_the_protocol_does_not_have_is_not_taken) {
  EXPECT_TRUE(takes(78, static_cast<std::uint8_t>(purpose::tx)));
  EXPECT_FALSE(takes(78, 3));
  EXPECT_TRUE(takes(86, static_cast<std::uint8_t>(profile_kind::absolute)));
  EXPECT_FALSE(takes(86, 3));
}

TEST(profile_memory, what_is_absent_is_so_in_one_form_only) {
  EXPECT_TRUE(takes(69, 0)); // as it is: the profile is bound to no transaction
  EXPECT_FALSE(takes(69, 2));
}

TEST(profile_store, a_connector_without_a_transaction_has_none_to_stop) {
  profile_store store({.connectors = 2});
  store.start(1, 7, noon);
  EXPECT_FALSE(store.stop_on(2));
  EXPECT_FALSE(store.stop(8));
  EXPECT_TRUE(store.stop_on(1));
  EXPECT_FALSE(store.stop_on(1));
  EXPECT_EQ(store.running(1), nullptr);
}

TEST(station_settings, their_defaults_are_one_connector_on_three_phases_of_230_volts) {
  const station_settings settings;
  EXPECT_EQ(settings.connectors, 1);
  EXPECT_EQ(settings.supply_v, 230);
  EXPECT_EQ(settings.phases, 3);
  EXPECT_EQ(settings.stack_level_max, 10);
  EXPECT_EQ(settings.periods_max, 24);
  EXPECT_EQ(settings.profiles_max, 20);
  EXPECT_EQ(settings.units.size(), 2U);
}

} // namespace busbar::control::smart_charging
