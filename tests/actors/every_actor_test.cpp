// Every actor of a site and of its engine node, one after the other: it throws, it stalls, and both
// times it is restarted alone, while the lists of breakers and watchdogs name everybody once.
#include "adapters/config/site_file.hpp"
#include "tests/actors/engine_bench.hpp"
#include "tests/builders/site_builder.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace busbar::actors {

using tests::engine_bench;
using tests::site_builder;

namespace {

std::shared_ptr<const domain::site> demo_site() {
  return adapters::config::load_site(BUSBAR_SOURCE_DIR "/examples/autonomous.toml").site;
}

/// Every kind of node.
std::shared_ptr<const domain::site> deep_site() {
  return site_builder{}
      .transformer("t1", 100'000)
      .feeder("f1", 63'000, "t1")
      .station("A")
      .panel("p1", 40'000, "f1")
      .station("B")
      .feeder("f2", 63'000)
      .meter()
      .station("C")
      .build();
}

/// Who must be listed, from the site file alone.
std::vector<std::string> actors_of(const domain::site& site) {
  std::vector<std::string> all{"site:" + site.id.text(), "engine:engine-1", "protocol:log",
                               "driver:Alice"};
  for (const auto& node : site.nodes)
    all.push_back(std::string{domain::name_of(node.kind)} + ":" + node.id.text());
  for (const auto& station : site.stations) all.push_back("station:" + station.id.text());
  std::ranges::sort(all);
  return all;
}

template <class View> std::vector<std::string> names_in(const std::vector<View>& views) {
  std::vector<std::string> all;
  for (const auto& view : views) all.push_back(view.actor);
  std::ranges::sort(all);
  return all;
}

class every_actor : public testing::TestWithParam<std::shared_ptr<const domain::site>> {
protected:
  void SetUp() override {
    if (!has_test_doors) GTEST_SKIP() << "a release has no test doors";
    bench.emplace(GetParam());
    for (const auto& station : GetParam()->stations)
      bench->set(station.id.text(), domain::connector_state::disconnected);
    pass(3);
    bench->ask("Alice", GetParam()->stations[0].id.text());
    pass(3);
  }

  /// With a fresh reading of every meter in each second.
  void pass(int seconds) {
    for (int i = 0; i < seconds; ++i) {
      for (const auto& node : GetParam()->nodes)
        if (node.has_meter) bench->meter(node.id.text(), 1'000);
      report_log();
      bench->seconds(1);
    }
  }
  /// Until the budget of restarts is whole again. Alice asks, or she would be passivated.
  void rest() {
    bench->ask("Alice", "no such station");
    pass(61);
  }
  void report_log() { bench->tell(connection_report{"log", bench->now, true, {}, ""}); }

  [[nodiscard]] std::vector<domain::watchdog_view> watchdogs() const {
    auto all = bench->watchdogs();
    const auto view = bench->view();
    all.insert(all.end(), view->watchdogs.begin(), view->watchdogs.end());
    return all;
  }
  [[nodiscard]] std::vector<domain::breaker_view> breakers() const {
    auto all = bench->breakers();
    const auto view = bench->view();
    all.insert(all.end(), view->breakers.begin(), view->breakers.end());
    return all;
  }
  [[nodiscard]] domain::watchdog_view dog(const std::string& actor) const {
    for (const auto& each : watchdogs())
      if (each.actor == actor) return each;
    throw std::out_of_range{actor};
  }
  void expect_everybody(const std::string& after) const {
    EXPECT_EQ(names_in(watchdogs()), actors_of(*GetParam())) << after;
    EXPECT_EQ(names_in(breakers()), actors_of(*GetParam())) << after;
  }
  [[nodiscard]] std::uint32_t restarts_of_others(const std::string& actor) const {
    std::uint32_t sum = 0;
    for (const auto& each : watchdogs())
      if (each.actor != actor && !is_service(each.actor)) sum += each.restarts;
    return sum;
  }
  /// The service's actor is the site's.
  static bool is_service(const std::string& actor) { return actor.starts_with("service:"); }
  [[nodiscard]] std::vector<std::string> actors() const {
    auto all = actors_of(*GetParam());
    std::erase_if(all, is_service);
    return all;
  }

  std::optional<engine_bench> bench;
};

} // namespace

TEST_P(every_actor, has_one_breaker_and_one_watchdog) { expect_everybody("the start"); }

TEST_P(every_actor, is_watched_for_what_it_owes_its_parent_also_where_no_input_comes) {
  for (const auto& station : GetParam()->stations)
    bench->set(station.id.text(), domain::connector_state::unspecified); // no more readings
  pass(60);
  for (const auto& each : watchdogs()) {
    const std::string kind = each.actor.substr(0, each.actor.find(':'));
    const std::string owed = kind == "engine"    ? "pulse"
                             : kind == "site"    ? "tick"
                             : kind == "service" ? "reports"
                             : kind == "station" || kind == "driver" || kind == "protocol"
                                 ? "answer"
                                 : "report";
    EXPECT_EQ(each.expects, owed) << each.actor;
    EXPECT_FALSE(each.is_overdue) << each.actor;
    EXPECT_EQ(each.input.has_value(), owed == "answer") << each.actor;
    if (kind != "station") continue;
    EXPECT_TRUE(each.input->is_overdue) << each.actor;
  }
}

TEST_P(every_actor, that_throws_is_restarted_alone_and_still_listed) {
  for (const auto& actor : actors()) {
    rest();
    const auto before = dog(actor).restarts;
    const auto others = restarts_of_others(actor);
    const auto events = bench->log.count("restart");
    bench->fault(actor);
    pass(5);
    EXPECT_EQ(dog(actor).restarts, before + 1) << actor;
    EXPECT_FALSE(dog(actor).is_overdue) << actor;
    // Counts of a parent that is restarted begin anew.
    EXPECT_LE(restarts_of_others(actor), others) << actor;
    EXPECT_EQ(bench->log.count("restart"), events + 1) << actor;
    EXPECT_EQ(bench->view()->mode, "controlling") << actor;
    expect_everybody(actor);
  }
}

TEST_P(every_actor, that_stalls_is_found_by_its_parent_restarted_alone_and_still_listed) {
  for (const auto& actor : actors()) {
    rest();
    const auto before = dog(actor).restarts;
    const auto others = restarts_of_others(actor);
    const auto events = bench->log.count("watchdog_restart");
    bench->hold(actor);
    // A station hears of its lease every 20 s at the latest; then 5 s pass.
    for (int i = 0; i < 40 && bench->log.count("watchdog_restart") == events; ++i) pass(1);
    EXPECT_EQ(bench->log.count("watchdog_restart"), events + 1) << actor;
    bench->release();
    pass(6);
    EXPECT_EQ(dog(actor).restarts, before + 1) << actor;
    EXPECT_FALSE(dog(actor).is_overdue) << actor;
    // Counts of a parent that is restarted begin anew.
    EXPECT_LE(restarts_of_others(actor), others) << actor;
    EXPECT_EQ(bench->log.count("watchdog_restart"), events + 1) << actor;
    EXPECT_EQ(bench->view()->mode, "controlling") << actor;
    EXPECT_TRUE(bench->context().supervision->condemned->since(bench->now).empty()) << actor;
    expect_everybody(actor);
  }
}

TEST_P(every_actor, that_never_ends_is_said_to_be_stuck_once_ten_seconds_after_it_was_told_to) {
  const auto actor = "station:" + GetParam()->stations[0].id.text();
  bench->hold(actor);
  pass(60);
  EXPECT_EQ(bench->log.count("actor_stuck"), 1u);
  bench->release();
  pass(10);
  expect_everybody(actor);
}

INSTANTIATE_TEST_SUITE_P(of, every_actor, testing::Values(deep_site(), demo_site()),
                         [](const auto& which) {
                           return std::string{which.index == 0 ? "deep_site" : "demo_site"};
                         });

TEST(driver_that_fails_too_often, is_left_out_for_the_period_and_its_requests_are_denied) {
  if (!has_test_doors) GTEST_SKIP() << "a release has no test doors";
  engine_bench bench{site_builder{}.feeder("f1", 63'000).station("A").build()};
  bench.set("A", domain::connector_state::disconnected);
  bench.seconds(2);
  bench.ask("Alice", "Z");
  bench.run();
  for (int i = 0; i < 6; ++i) bench.fault("driver:Alice"); // the budget is 5 in 60 s
  EXPECT_EQ(bench.log.count("escalation"), 1u);
  EXPECT_EQ(bench.counters().supervision.restarts.value(), 5u);
  bench.ask("Alice", "A");
  bench.run();
  EXPECT_EQ(bench.log.newest(domain::session_fact_kind::denied)->why, "driver is restarting");
  bench.seconds(62);
  bench.ask("Alice", "A");
  bench.run();
  EXPECT_EQ(bench.log.count(domain::session_fact_kind::accepted), 1u);
}

TEST(driver_that_throws, keeps_its_session) {
  if (!has_test_doors) GTEST_SKIP() << "a release has no test doors";
  engine_bench bench{site_builder{}.feeder("f1", 63'000).station("A").build()};
  bench.set("A", domain::connector_state::disconnected);
  bench.seconds(2);
  bench.ask("Alice", "A");
  bench.run();
  bench.fault("driver:Alice");
  bench.seconds(1);
  ASSERT_EQ(bench.drivers().size(), 1u);
  EXPECT_EQ(bench.drivers()[0].state, "charging");
  bench.ask("Alice", "A");
  bench.run();
  EXPECT_EQ(bench.log.newest(domain::session_fact_kind::denied)->why, "driver has a session");
}

TEST(engine_node_that_throws, goes_on_with_its_drivers_and_the_sites_sessions) {
  if (!has_test_doors) GTEST_SKIP() << "a release has no test doors";
  engine_bench bench{site_builder{}.feeder("f1", 63'000).station("A").build()};
  bench.set("A", domain::connector_state::disconnected);
  bench.seconds(2);
  bench.ask("Alice", "A");
  bench.run();
  bench.fault("engine:engine-1");
  bench.seconds(3);
  EXPECT_EQ(bench.view()->mode, "controlling");
  ASSERT_EQ(bench.view()->sessions.size(), 1u);
  ASSERT_EQ(bench.drivers().size(), 1u);
  bench.ask("Alice", "A", domain::request_kind::stop);
  bench.seconds(1);
  EXPECT_EQ(bench.log.count(domain::session_fact_kind::completed), 1u);
  EXPECT_EQ(bench.drivers()[0].state, "idle");
}

} // namespace busbar::actors
