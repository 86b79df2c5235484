// Thresholds, times and actions of supervision as a site's file states them.
#include "tests/actors/engine_bench.hpp"
#include "tests/builders/site_builder.hpp"

#include <gtest/gtest.h>

namespace busbar::actors {

using domain::connector_state;
using domain::watchdog_action;
using tests::engine_bench;
using tests::site_builder;

namespace {

std::shared_ptr<const domain::site> site_with(const domain::supervision_settings& settings) {
  auto site = *site_builder{}.feeder("f1", 63'000).station("A").station("B").build();
  site.supervision = settings;
  domain::seal(site);
  return std::make_shared<const domain::site>(std::move(site));
}

std::size_t commands_for(const engine_bench& bench, std::uint32_t connector) {
  std::size_t count = 0;
  for (const auto& batch : bench.log.batches)
    for (const auto& command : batch.commands)
      if (command.connector.value() == connector) ++count;
  return count;
}

} // namespace

TEST(supervision_by_the_file, a_watchdog_whose_action_is_an_event_restarts_nobody) {
  if (!has_test_doors) GTEST_SKIP() << "a release has no test doors";
  domain::supervision_settings settings;
  settings.by_actor["station:A"].action = watchdog_action::event;
  engine_bench bench{site_with(settings)};
  bench.seconds(2);
  bench.hold("station:A");
  bench.seconds(60);
  // The station's, and the one of the log's connection, of which nothing is heard here.
  EXPECT_EQ(bench.log.count("watchdog_overdue"), 2u);
  EXPECT_EQ(bench.log.count("watchdog_restart"), 0u);
  bench.release();
  bench.seconds(2);
  EXPECT_EQ(bench.log.count("restart"), 0u);
}

TEST(supervision_by_the_file, a_station_that_is_to_fall_back_begins_again_after_its_lease) {
  if (!has_test_doors) GTEST_SKIP() << "a release has no test doors";
  domain::supervision_settings settings;
  settings.by_kind["station"].action = watchdog_action::fall_back;
  engine_bench bench{site_with(settings)};
  bench.set("A", connector_state::supplying, 6'000);
  bench.seconds(5);
  bench.hold("station:A");
  bench.seconds(40);
  EXPECT_EQ(bench.log.count("watchdog_restart"), 1u);
  bench.release();
  bench.seconds(1); // what it had been ordered before is still made
  const auto told = commands_for(bench, 0);
  bench.seconds(60);
  EXPECT_EQ(commands_for(bench, 0), told); // away: 120 s of silence and 5 s of grace
  bench.seconds(90);
  EXPECT_GT(commands_for(bench, 0), told);
}

TEST(supervision_by_the_file, a_site_that_never_returns_is_told_to_end_once) {
  if (!has_test_doors) GTEST_SKIP() << "a release has no test doors";
  engine_bench bench{site_with({})};
  bench.seconds(5);
  bench.hold("site:" + bench.view()->topology->id.text());
  bench.seconds(120);
  EXPECT_EQ(bench.log.count("watchdog_restart"), 1u);
  bench.release();
  bench.seconds(10);
  EXPECT_EQ(bench.log.count("restart"), 1u);
  EXPECT_EQ(bench.view()->mode, "controlling");
  bench.hold("site:" + bench.view()->topology->id.text());
  bench.seconds(60);
  EXPECT_EQ(bench.log.count("watchdog_restart"), 2u) << "the next one is watched like the first";
  bench.release();
}

TEST(supervision_by_the_file, SAFE_1_a_feeder_that_is_to_fall_back_ends_in_a_safe_site) {
  if (!has_test_doors) GTEST_SKIP() << "a release has no test doors";
  domain::supervision_settings settings;
  settings.by_actor["feeder:f1"].action = watchdog_action::fall_back;
  engine_bench bench{site_with(settings)};
  bench.set("A", connector_state::supplying, 6'000);
  bench.seconds(5);
  bench.hold("feeder:f1");
  bench.seconds(6);
  EXPECT_EQ(bench.view()->mode, "safe");
  EXPECT_EQ(bench.view()->mode_because, "feeder:f1 does not report");
}

TEST(supervision_by_the_file, a_breaker_opens_after_the_stated_failures_and_of_one_station_alone) {
  domain::supervision_settings settings;
  settings.by_actor["station:A"].failure_threshold = 2;
  engine_bench bench{site_with(settings)};
  for (const auto* station : {"A", "B"}) bench.set(station, connector_state::disconnected);
  bench.seconds(2);
  bench.silent = {"A", "B"};
  // Told within 20 s (a third of the lease), fails after 5 s, is told again 2 s later and fails
  // again after 5 s; a fifth failure would take longer.
  bench.seconds(45);
  ASSERT_EQ(bench.log.count("breaker_opened"), 1u);
}

TEST(supervision_by_the_file, a_command_is_sent_again_after_growing_pauses_then_at_its_renewal) {
  domain::supervision_settings settings;
  settings.by_kind["station"].retries = 2;
  settings.by_kind["station"].retry_after = std::chrono::seconds{4};
  settings.by_kind["station"].failure_threshold = 16;
  engine_bench bench{site_with(settings)};
  bench.set("A", connector_state::disconnected);
  bench.seconds(2);
  bench.silent = {"A"};
  std::vector<int> sent_at;
  auto count = commands_for(bench, 0);
  for (int second = 0; second < 75; ++second) {
    bench.seconds(1);
    if (commands_for(bench, 0) > count) sent_at.push_back(second);
    count = commands_for(bench, 0);
  }
  // The pauses: 5 s unanswered and 4 s; 5 + 8; 5 + 20 (a third of the lease); a tick each is a
  // second late at most.
  ASSERT_GE(sent_at.size(), 4u);
  EXPECT_NEAR(sent_at[1] - sent_at[0], 9, 2);
  EXPECT_NEAR(sent_at[2] - sent_at[1], 13, 2);
  EXPECT_NEAR(sent_at[3] - sent_at[2], 25, 2);
}

TEST(supervision_by_the_file, a_drivers_request_waits_and_fails_by_its_own_settings) {
  domain::supervision_settings settings;
  settings.by_kind["driver"].call_timeout = std::chrono::seconds{6};
  settings.by_actor["driver:Alice"].failure_threshold = 1;
  settings.by_actor["driver:Bob"].failure_threshold = 2;
  engine_bench bench{site_with(settings)};
  for (const auto* station : {"A", "B"}) bench.set(station, connector_state::disconnected);
  bench.seconds(2);
  bench.hold_feeder(0);
  const auto newest = [&] {
    const auto* fact = bench.log.newest(domain::session_fact_kind::denied);
    return fact == nullptr ? std::string{} : fact->why;
  };
  bench.ask("Alice", "A");
  bench.seconds(2);
  EXPECT_EQ(newest(), "") << "2 s are the default: 6 s are stated";
  bench.seconds(6);
  EXPECT_EQ(newest(), "no answer");
  bench.ask("Alice", "A");
  bench.seconds(1);
  EXPECT_EQ(newest(), "circuit breaker open") << "after one failed request";
  bench.ask("Bob", "B");
  bench.seconds(8);
  EXPECT_EQ(newest(), "no answer");
  bench.ask("Bob", "B");
  bench.seconds(1);
  EXPECT_EQ(newest(), "no answer") << "after two";
}

TEST(supervision_by_the_file, a_driver_whose_watchdog_only_says_so_is_not_restarted) {
  if (!has_test_doors) GTEST_SKIP() << "a release has no test doors";
  domain::supervision_settings settings;
  settings.by_kind["driver"].watchdog = std::chrono::seconds{9};
  settings.by_actor["driver:Bob"].action = watchdog_action::event;
  engine_bench bench{site_with(settings)};
  for (const auto* driver : {"Alice", "Bob"}) bench.ask(driver, "A");
  bench.seconds(1);
  for (const auto* driver : {"Alice", "Bob"}) bench.hold(std::string{"driver:"} + driver);
  const auto restarts = [&] { return bench.counters().supervision.watchdog_restarts.value(); };
  bench.seconds(8);
  EXPECT_EQ(restarts(), 0u) << "5 s are the default: 9 s are stated";
  bench.seconds(8);
  EXPECT_EQ(restarts(), 1u) << "Alice's alone";
}

TEST(supervision_by_the_file, a_connections_watchdog_and_breaker_go_by_its_own_settings) {
  domain::supervision_settings settings;
  settings.by_kind["protocol"].watchdog = std::chrono::seconds{9};
  settings.by_actor["protocol:log"].failure_threshold = 2;
  engine_bench bench{site_with(settings)};
  bench.seconds(8);
  EXPECT_EQ(bench.log.count("watchdog_overdue"), 0u) << "5 s are the default: 9 s are stated";
  bench.seconds(4);
  EXPECT_EQ(bench.log.count("watchdog_overdue"), 1u);
  for (int i = 0; i < 2; ++i)
    bench.tell({"log", bench.now, false, std::chrono::milliseconds{1}, "away"});
  EXPECT_EQ(bench.log.count("breaker_opened"), 1u) << "2 failures of 4 calls, not 5 of 10";
}

TEST(supervision_by_the_file, an_engine_nodes_watchdog_goes_by_its_own_settings) {
  if (!has_test_doors) GTEST_SKIP() << "a release has no test doors";
  domain::supervision_settings settings;
  settings.by_kind["engine"].watchdog = std::chrono::seconds{9};
  settings.by_actor["engine:engine-1"].action = watchdog_action::event;
  engine_bench bench{site_with(settings)};
  bench.tell({"log", bench.now, true, std::chrono::milliseconds{1}, ""});
  bench.seconds(1);
  bench.hold("engine:engine-1");
  bench.seconds(8);
  EXPECT_EQ(bench.log.count("watchdog_overdue"), 0u) << "5 s are the default: 9 s are stated";
  bench.seconds(20);
  EXPECT_EQ(bench.log.count("watchdog_overdue"), 1u);
  EXPECT_EQ(bench.log.count("watchdog_restart"), 0u);
}

} // namespace busbar::actors
