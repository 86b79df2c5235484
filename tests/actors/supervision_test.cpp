#include "tests/actors/engine_bench.hpp"
#include "tests/builders/site_builder.hpp"

#include <gtest/gtest.h>

namespace busbar::actors {

using domain::connector_state;
using domain::session_fact_kind;
using tests::engine_bench;
using tests::site_builder;

namespace {

std::shared_ptr<const domain::site> deep_site() {
  return site_builder{}
      .transformer("t1", 100'000)
      .feeder("f1", 63'000, "t1")
      .station("A")
      .station("B")
      .panel("p1", 40'000, "f1")
      .station("C")
      .feeder("f2", 63'000)
      .station("D")
      .build();
}

/// Every station of `deep_site` supplies, Alice has a session at A.
void charge(engine_bench& bench) {
  for (const auto* station : {"A", "B", "C", "D"})
    bench.set(station, connector_state::disconnected);
  bench.seconds(2);
  bench.ask("Alice", "A");
  bench.run();
  for (const auto* station : {"A", "B", "C", "D"})
    bench.set(station, connector_state::supplying, 6'000);
  bench.seconds(4);
}

const domain::watchdog_view& dog(const engine_bench& bench, const std::string& actor) {
  for (const auto& view : bench.view()->watchdogs)
    if (view.actor == actor) return view;
  throw std::out_of_range{actor};
}

const domain::breaker_view& breaker(const engine_bench& bench, const std::string& actor) {
  for (const auto& view : bench.view()->breakers)
    if (view.actor == actor) return view;
  throw std::out_of_range{actor};
}

std::size_t grants_for(const engine_bench& bench, std::uint32_t connector) {
  std::size_t count = 0;
  for (const auto& batch : bench.log.batches)
    for (const auto& command : batch.commands)
      if (command.kind == domain::command_kind::grant && command.connector.value() == connector)
        ++count;
  return count;
}

} // namespace

TEST(supervision, nothing_is_restarted_while_all_is_well) {
  engine_bench bench{deep_site()};
  charge(bench);
  bench.seconds(20);
  EXPECT_EQ(bench.log.count("watchdog_restart"), 0u);
  EXPECT_EQ(bench.log.count("restart"), 0u);
  EXPECT_EQ(bench.view()->mode, "controlling");
  // The site, its service, t1, f1, p1, f2 and four stations.
  EXPECT_EQ(bench.view()->watchdogs.size(), 10u);
}

TEST(supervision, a_station_that_throws_is_restarted_alone_with_row_and_session_kept) {
  if (!has_test_doors) GTEST_SKIP() << "a release has no test doors";
  engine_bench bench{deep_site()};
  charge(bench);
  const auto told = bench.told("A");
  bench.break_station("A");
  EXPECT_EQ(bench.log.count("restart"), 1u);
  bench.seconds(3);
  EXPECT_EQ(dog(bench, "feeder:f1").restarts, 0u);
  EXPECT_EQ(bench.told("A"), told);
  ASSERT_EQ(bench.view()->sessions.size(), 1u);
  bench.ask("Alice", "A", domain::request_kind::stop);
  bench.seconds(1);
  EXPECT_EQ(bench.log.count(session_fact_kind::completed), 1u);
}

TEST(supervision, a_station_that_stalls_is_found_by_its_feeder_and_restarted_alone_with_its_state) {
  if (!has_test_doors) GTEST_SKIP() << "a release has no test doors";
  engine_bench bench{deep_site()};
  charge(bench);
  const auto told = bench.told("A");
  bench.hold("station:A"); // its session's progress of every second waits
  bench.seconds(9); // found after more than 5 s and three ticks, at the next tick
  EXPECT_EQ(bench.log.count("watchdog_restart"), 1u);
  EXPECT_TRUE(dog(bench, "station:A").is_overdue);
  EXPECT_EQ(dog(bench, "station:A").expects, "answer");
  EXPECT_FALSE(dog(bench, "station:B").is_overdue);
  EXPECT_EQ(bench.context().supervision->condemned->since(bench.now).size(), 1u);
  EXPECT_FALSE(bench.context().notebooks[0].is_free()); // it has not ended yet
  bench.release();
  bench.seconds(3);
  EXPECT_TRUE(bench.context().supervision->condemned->since(bench.now).empty());
  EXPECT_EQ(dog(bench, "station:A").restarts, 1u);
  EXPECT_EQ(dog(bench, "station:A").expects, "reading");
  EXPECT_FALSE(dog(bench, "station:A").is_overdue);
  EXPECT_EQ(dog(bench, "feeder:f1").restarts, 0u);
  EXPECT_EQ(bench.log.count("watchdog_restart"), 1u);
  EXPECT_EQ(bench.told("A"), told);
  ASSERT_EQ(bench.view()->sessions.size(), 1u);
  bench.ask("Alice", "A", domain::request_kind::stop);
  bench.seconds(1);
  EXPECT_EQ(bench.log.count(session_fact_kind::completed), 1u);
}

TEST(supervision, a_station_that_is_told_nothing_is_asked_for_a_sign_of_life) {
  if (!has_test_doors) GTEST_SKIP() << "a release has no test doors";
  engine_bench bench{deep_site()}; // no station is heard: none is told anything
  bench.seconds(3);
  bench.hold("station:C");
  bench.seconds(45); // asked within 30 s, found after more than 5 s
  EXPECT_EQ(bench.log.count("watchdog_restart"), 1u);
  bench.release();
  bench.seconds(2);
  EXPECT_EQ(dog(bench, "station:C").restarts, 1u);
}

TEST(supervision, a_station_whose_handler_never_returns_costs_nobody_else_anything) {
  if (!has_test_doors) GTEST_SKIP() << "a release has no test doors";
  engine_bench bench{deep_site()};
  charge(bench);
  bench.seconds(60); // grants have settled on what the vehicles take
  const auto told = bench.told("B");
  const auto grants = grants_for(bench, 1);
  const auto told_a = bench.told("A");
  bench.hold("station:A");
  bench.seconds(30);
  EXPECT_EQ(bench.view()->connectors[0].granted, told_a) << "its lease goes on";
  bench.seconds(110); // its own time-out of 120 s and more
  EXPECT_EQ(bench.log.count("watchdog_restart"), 1u);
  EXPECT_EQ(bench.view()->mode, "controlling");
  EXPECT_EQ(dog(bench, "feeder:f1").restarts, 0u);
  EXPECT_GE(bench.told("B"), told);
  EXPECT_GE(grants_for(bench, 1), grants + 4); // its lease is renewed
  // The lease of A ran out: it is shown in its fallback, 0 A, and what it draws still is counted.
  EXPECT_EQ(bench.view()->connectors[0].granted.count(), 0);
  EXPECT_GE(bench.view()->connectors[0].reserved.count(), 6'000);
  bench.ask("Bob", "A");
  bench.seconds(1);
  EXPECT_EQ(bench.log.newest(session_fact_kind::denied)->why, "station is restarting");
}

TEST(supervision, a_feeder_that_throws_is_restarted_with_its_bay_and_its_sessions) {
  if (!has_test_doors) GTEST_SKIP() << "a release has no test doors";
  engine_bench bench{deep_site()};
  charge(bench);
  const auto told = bench.told("A");
  bench.break_feeder(bench.context().layout->stations[0].bay);
  bench.seconds(3);
  EXPECT_EQ(dog(bench, "feeder:f1").restarts, 1u);
  EXPECT_EQ(dog(bench, "transformer:t1").restarts, 0u);
  EXPECT_EQ(bench.told("A"), told);
  ASSERT_EQ(bench.view()->sessions.size(), 1u);
  EXPECT_EQ(bench.view()->sessions[0].driver.text(), "Alice");
  EXPECT_FALSE(bench.connector("A").is_stale);
}

TEST(supervision, a_feeder_that_stalls_is_found_by_its_parent_and_restarted) {
  if (!has_test_doors) GTEST_SKIP() << "a release has no test doors";
  engine_bench bench{deep_site()};
  charge(bench);
  const auto bay = bench.context().layout->stations[3].bay; // D on f2, below the site
  bench.hold_feeder(bay);
  const auto plans = bench.view()->plan_number;
  bench.seconds(3);
  EXPECT_GE(bench.view()->plan_number, plans + 2); // the others go on
  bench.seconds(2);
  EXPECT_EQ(bench.log.count("watchdog_restart"), 1u);
  EXPECT_TRUE(bench.context().tables.at(bay).is_free() == false);
  bench.release(); // now it can die, and its bay is free
  bench.seconds(3);
  EXPECT_EQ(dog(bench, "feeder:f2").restarts, 1u);
  EXPECT_FALSE(dog(bench, "feeder:f2").is_overdue);
  EXPECT_FALSE(bench.connector("D").is_stale);
  EXPECT_EQ(bench.view()->mode, "controlling");
}

TEST(supervision, a_stalled_feeder_below_a_transformer_does_not_take_its_transformer_along) {
  if (!has_test_doors) GTEST_SKIP() << "a release has no test doors";
  engine_bench bench{deep_site()};
  charge(bench);
  bench.hold_feeder(bench.context().layout->stations[0].bay);
  bench.seconds(5);
  EXPECT_EQ(bench.log.count("watchdog_restart"), 1u);
  EXPECT_EQ(dog(bench, "transformer:t1").restarts, 0u);
  bench.release();
  bench.seconds(2);
  EXPECT_FALSE(bench.connector("A").is_stale);
}

TEST(supervision, stations_that_fail_too_often_escalate_to_their_feeder) {
  if (!has_test_doors) GTEST_SKIP() << "a release has no test doors";
  site_settings settings;
  settings.restarts = {.intensity = 2, .period = std::chrono::seconds{60}};
  engine_bench bench{deep_site(), settings};
  charge(bench);
  for (int i = 0; i < 3; ++i) bench.break_station("A");
  bench.seconds(2);
  EXPECT_EQ(dog(bench, "feeder:f1").restarts, 1u);
  EXPECT_EQ(bench.view()->mode, "controlling");
  EXPECT_EQ(bench.view()->sessions.size(), 1u);
}

TEST(supervision, SAFE_1_restarts_beyond_the_intensity_end_in_a_safe_site_never_in_a_dead_one) {
  if (!has_test_doors) GTEST_SKIP() << "a release has no test doors";
  site_settings settings;
  settings.restarts = {.intensity = 2, .period = std::chrono::seconds{60}};
  settings.safe_for = std::chrono::seconds{30};
  engine_bench bench{deep_site(), settings};
  charge(bench);
  const auto bay = bench.context().layout->stations[3].bay;
  for (int i = 0; i < 3; ++i) bench.break_feeder(bay);
  bench.seconds(2);
  EXPECT_EQ(bench.view()->mode, "safe");
  EXPECT_EQ(bench.log.count("safe_mode"), 1u);
  for (const auto* station : {"A", "B", "C", "D"})
    EXPECT_EQ(bench.told(station).count(), 0) << station; // the fallback of these stations
  bench.ask("Bob", "B");
  bench.seconds(1);
  EXPECT_EQ(bench.log.newest(session_fact_kind::denied)->why, "site is not controlling");
  bench.seconds(35);
  EXPECT_EQ(bench.view()->mode, "controlling");
  EXPECT_GT(bench.told("D").count(), 0);
  EXPECT_EQ(bench.view()->sessions.size(), 1u); // Alice's session is still hers
}

TEST(supervision, SAFE_1_a_site_that_throws_in_its_safe_mode_goes_on_in_it) {
  if (!has_test_doors) GTEST_SKIP() << "a release has no test doors";
  site_settings settings;
  settings.restarts = {.intensity = 2, .period = std::chrono::seconds{60}};
  settings.safe_for = std::chrono::seconds{30};
  engine_bench bench{deep_site(), settings};
  charge(bench);
  const auto bay = bench.context().layout->stations[3].bay;
  for (int i = 0; i < 3; ++i) bench.break_feeder(bay);
  bench.seconds(2);
  const auto why = bench.view()->mode_because;
  ASSERT_FALSE(why.empty());
  EXPECT_EQ(bench.log.event("safe_mode")->text, "every station is told its fallback: " + why);
  bench.break_site();
  bench.seconds(5);
  EXPECT_EQ(bench.view()->mode, "safe");
  EXPECT_EQ(bench.view()->mode_because, why);
  EXPECT_EQ(bench.log.count("safe_mode_left"), 0u);
  bench.seconds(30);
  EXPECT_EQ(bench.view()->mode, "controlling");
  EXPECT_EQ(bench.log.count("safe_mode_left"), 1u);
}

TEST(supervision, a_site_that_throws_is_restarted_with_everything_below_it_kept) {
  if (!has_test_doors) GTEST_SKIP() << "a release has no test doors";
  engine_bench bench{deep_site()};
  charge(bench);
  const auto told = bench.told("A");
  bench.break_site();
  bench.seconds(3);
  EXPECT_EQ(bench.log.count("restart"), 1u);
  EXPECT_EQ(bench.view()->mode, "controlling");
  EXPECT_EQ(bench.told("A"), told);
  EXPECT_EQ(bench.view()->sessions.size(), 1u);
}

TEST(supervision, a_site_that_fails_too_often_is_spawned_into_its_safe_mode) {
  if (!has_test_doors) GTEST_SKIP() << "a release has no test doors";
  engine_bench bench{deep_site()};
  charge(bench);
  for (int i = 0; i < 6; ++i) bench.break_site(); // intensity 5
  bench.seconds(2);
  EXPECT_EQ(bench.view()->mode, "safe");
  EXPECT_EQ(bench.told("D").count(), 0);
}

TEST(breaker_of_a_station, open_takes_no_new_driver_and_half_opens_by_its_rules) {
  engine_bench bench{deep_site()};
  bench.set("A", connector_state::disconnected);
  bench.seconds(2);
  bench.silent.insert("A");
  // A command fails after 5 s and is tried again after 2, 4, 8 and 20 s: five failures in 59 s.
  bench.seconds(80);
  // Its feeder's as well: no other station there was ever heard.
  ASSERT_EQ(bench.log.count("breaker_opened"), 2u);
  EXPECT_EQ(breaker(bench, "feeder:f1").times_opened, 1u);
  EXPECT_EQ(breaker(bench, "station:A").times_opened, 1u);
  bench.ask("Alice", "A");
  bench.run();
  EXPECT_EQ(bench.log.newest(session_fact_kind::denied)->why, "circuit breaker open");
  bench.silent.clear();
  bench.seconds(45); // 30 s open, then two probes
  EXPECT_EQ(breaker(bench, "station:A").position, domain::breaker_position::closed);
  bench.ask("Alice", "A");
  bench.run();
  EXPECT_EQ(bench.log.count(session_fact_kind::accepted), 1u);
}

TEST(breaker_of_a_station, counts_a_grant_that_is_accepted_with_the_next_order_at_the_latest) {
  engine_bench bench{deep_site()};
  bench.set("A", connector_state::supplying, 6'000);
  bench.seconds(9);
  const auto counted = breaker(bench, "station:A").calls;
  const auto orders = grants_for(bench, 0);
  EXPECT_EQ(counted + 1, orders); // the newest waits
  bench.seconds(45); // at least two renewals
  EXPECT_GE(grants_for(bench, 0), orders + 2);
  EXPECT_EQ(breaker(bench, "station:A").calls + 1, grants_for(bench, 0));
  EXPECT_EQ(breaker(bench, "station:A").failures, 0u);
}

TEST(breaker_of_a_station, counts_a_grant_that_is_accepted_with_the_next_notice) {
  engine_bench bench{deep_site()};
  charge(bench); // its session progresses every second
  const auto all = grants_for(bench, 0) + 1; // and its start
  EXPECT_EQ(breaker(bench, "station:A").calls, std::min<std::size_t>(all, 10));
}

} // namespace busbar::actors
