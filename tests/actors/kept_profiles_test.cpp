// Charging profiles that stations have accepted outlive the engine: changelog, restart, reload.
#include "control/smart_charging/profile_store.hpp"
#include "tests/actors/engine_bench.hpp"
#include "tests/builders/site_builder.hpp"

#include <caf/send.hpp>
#include <gtest/gtest.h>

#include <algorithm>

namespace busbar::actors {

using domain::connector_state;
using tests::engine_bench;
using tests::site_builder;

namespace {

const domain::station_index station_a{0U}, station_b{1U};

std::shared_ptr<const domain::site> two_stations(std::int64_t feeder_ma = 40'000) {
  return site_builder{}.feeder("f1", feeder_ma).station("A").station("B").build();
}

void set_profile(engine_bench& bench, domain::station_index station, std::int32_t id) {
  domain::charging_profile profile;
  profile.id = id;
  profile.stack_level = id % 10;
  profile.plan.starts_at = std::chrono::floor<std::chrono::seconds>(bench.now);
  profile.plan.periods = {{std::chrono::seconds{0}, 100, std::nullopt}};
  profile_errand errand{station, 0, domain::command_kind::set_charging_profile, {}, bench.now};
  errand.order.order = std::make_shared<const domain::profile_order>(
      domain::profile_order{false, profile, {}});
  caf::anon_send(bench.context().routes->find(domain::site_id{"garage"})->feeders[0], errand);
  bench.run();
}

/// Ids of the profiles that people see on a station.
std::vector<std::int32_t> seen(const engine_bench& bench, domain::station_index station) {
  std::vector<std::int32_t> ids;
  const auto book = bench.profiles(station);
  if (!book) return ids;
  for (const auto& installed : book->store().installed()) ids.push_back(installed.profile.id);
  return ids;
}

/// What the changelog remembers after profile 41 was accepted by A.
domain::site_state remembered_with_41() {
  engine_bench bench{two_stations()};
  for (const auto* station : {"A", "B"}) bench.set(station, connector_state::supplying, 6'000);
  bench.seconds(3);
  set_profile(bench, station_a, 41);
  bench.seconds(3);
  return bench.log.states.back();
}

using ids = std::vector<std::int32_t>;

} // namespace

TEST(kept_profiles, what_a_station_has_accepted_is_in_the_changelog_and_nothing_else) {
  engine_bench bench{two_stations()};
  bench.refusing.insert("B");
  for (const auto* station : {"A", "B"}) bench.set(station, connector_state::supplying, 6'000);
  bench.seconds(3);
  EXPECT_TRUE(bench.log.states.back().profiles.empty());
  set_profile(bench, station_a, 41);
  set_profile(bench, station_b, 42);
  bench.seconds(3);
  const auto& kept = bench.log.states.back().profiles;
  ASSERT_EQ(kept.size(), 1u);
  EXPECT_EQ(kept[0].station, station_a);
}

TEST(kept_profiles, a_second_engine_knows_and_shows_them_and_writes_them_again) {
  const auto remembered = remembered_with_41();
  engine_bench next{two_stations(), {}, &remembered};
  EXPECT_EQ(seen(next, station_a), ids{41}) << "before anything was measured";
  EXPECT_EQ(seen(next, station_b), ids{});
  next.seconds(3);
  EXPECT_EQ(next.log.states.back().profiles, remembered.profiles);
  set_profile(next, station_a, 42);
  next.seconds(3);
  EXPECT_EQ(seen(next, station_a), (ids{41, 42}));
}

TEST(kept_profiles, a_memory_that_cannot_be_read_is_said_and_counted_and_nothing_else_is_lost) {
  auto remembered = remembered_with_41();
  auto spoilt = *remembered.profiles[0].memory;
  spoilt.back() ^= 1;
  remembered.profiles[0].memory = std::make_shared<const std::vector<std::uint8_t>>(spoilt);
  engine_bench next{two_stations(), {}, &remembered};
  EXPECT_EQ(seen(next, station_a), ids{});
  EXPECT_EQ(next.log.count("profiles_lost"), 1u);
  EXPECT_EQ(next.context().counters->publishing.profiles_lost.value(), 1u);
  for (const auto* station : {"A", "B"}) next.set(station, connector_state::supplying, 6'000);
  // What A was told stands as told, and is told again with the renewal of its lease.
  next.seconds(30);
  EXPECT_EQ(next.told("A").count(), 20'000); // 40 A / 2
  set_profile(next, station_a, 43);
  EXPECT_EQ(seen(next, station_a), ids{43});
}

TEST(kept_profiles, a_site_that_is_read_again_keeps_them) {
  engine_bench bench{two_stations()};
  for (const auto* station : {"A", "B"}) bench.set(station, connector_state::supplying, 6'000);
  bench.seconds(3);
  set_profile(bench, station_a, 41);
  bench.silent.insert("B");
  set_profile(bench, station_b, 42);
  bench.replace_site(two_stations(30'000));
  bench.seconds(1);
  EXPECT_EQ(seen(bench, station_a), ids{41});
  ASSERT_EQ(bench.log.states.back().owner, 2u);
  EXPECT_EQ(bench.log.states.back().profiles.size(), 1u);
  set_profile(bench, station_a, 44);
  EXPECT_EQ(seen(bench, station_a), (ids{41, 44}));
}

TEST(kept_profiles, an_answer_that_a_revision_overtakes_is_accounted_to_its_order) {
  engine_bench bench{two_stations()};
  for (const auto* station : {"A", "B"}) bench.set(station, connector_state::supplying, 6'000);
  bench.seconds(3);
  bench.silent.insert("A");
  set_profile(bench, station_a, 41);
  const auto order = bench.log.batches.back().commands.back();
  ASSERT_EQ(order.kind, domain::command_kind::set_charging_profile);
  bench.replace_site(two_stations(30'000));
  bench.seconds(1);
  EXPECT_EQ(seen(bench, station_a), ids{});
  const auto told = bench.told("A");
  bay_results late;
  late.received_at = bench.now;
  late.are_of_before = true;
  late.results.push_back(
      {order.connector, order.number, domain::outcome::accepted, "", bench.now});
  caf::anon_send(bench.context().routes->find(domain::site_id{"garage"})->feeders[0], late);
  bench.run();
  EXPECT_EQ(seen(bench, station_a), ids{41});
  EXPECT_EQ(bench.log.count("profile_accepted"), 1u);
  EXPECT_EQ(bench.told("A"), told) << "it says nothing about a grant";
}

TEST(kept_profiles, those_that_the_changelog_has_no_room_for_are_said_once) {
  const auto layout = lay_out(two_stations());
  site_desk desk{layout};
  bay_report report;
  report.bay = 0;
  const auto half = std::make_shared<const std::vector<std::uint8_t>>(
      domain::site_state::profile_bytes_max / 2 + 1);
  report.memory.emplace().profiles = {{station_a, half}, {station_b, half}};
  desk.take_memory(report);
  const domain::instant now{std::chrono::seconds{1'700'000'000}};
  static_cast<void>(desk.decide(now));
  desk.claim();
  EXPECT_EQ(desk.changelog(1, now)->profiles.size(), 1u);
  const auto events = desk.take_events();
  ASSERT_EQ(events.size(), 1u);
  EXPECT_EQ(events[0].kind, "profiles_not_kept");
  desk.claim();
  EXPECT_EQ(desk.changelog(1, now)->profiles.size(), 1u);
  EXPECT_TRUE(desk.take_events().empty());
}

TEST(kept_profiles, a_state_that_names_what_the_site_does_not_have_is_refused) {
  const auto site = two_stations();
  domain::site_state state;
  EXPECT_TRUE(validate(state, *site));
  const auto memory = std::make_shared<const std::vector<std::uint8_t>>(1);
  state.profiles = {{domain::station_index{2U}, memory}};
  EXPECT_EQ(validate(state, *site).failure().message, "profiles: station 2, the site has 2");
  state.profiles.clear();
  state.told.push_back({domain::connector_index{7U}, 1, {}, {}});
  EXPECT_EQ(validate(state, *site).failure().message, "told: connector 7, the site has 2");
  state.told.clear();
  state.sessions.emplace_back().connector = domain::connector_index{2U};
  EXPECT_EQ(validate(state, *site).failure().code, domain::errc::unknown_reference);
}

} // namespace busbar::actors
