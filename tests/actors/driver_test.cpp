#include "tests/actors/engine_bench.hpp"
#include "tests/builders/site_builder.hpp"

#include <gtest/gtest.h>

namespace busbar::actors {

using domain::connector_state;
using domain::session_fact_kind;
using tests::engine_bench;

namespace {

std::shared_ptr<const domain::site> two_stations() {
  return tests::site_builder{}.feeder("f1", 63'000).station("A").station("B").build();
}

const ports::driver_view& driver(const engine_bench& bench, std::vector<ports::driver_view>& all) {
  all = bench.drivers();
  return all.at(0);
}

} // namespace

TEST(driver, with_a_session_is_denied_a_second_one) {
  engine_bench bench{two_stations()};
  for (const auto* station : {"A", "B"}) bench.set(station, connector_state::disconnected);
  bench.seconds(2);
  bench.ask("Alice", "A");
  bench.run();
  bench.ask("Alice", "B");
  bench.run();
  EXPECT_EQ(bench.log.newest(session_fact_kind::denied)->why, "driver has a session");
  std::vector<ports::driver_view> all;
  EXPECT_EQ(driver(bench, all).state, "charging");
  EXPECT_EQ(driver(bench, all).station.text(), "A");
}

TEST(driver, with_as_many_sessions_as_it_may_have_is_denied_a_further_one) {
  engine_bench bench{
      tests::site_builder{}.feeder("f1", 63'000).station("A").station("B").station("C").build()};
  bench.node_terms().settings.driver.sessions_max = 2;
  for (const auto* station : {"A", "B", "C"}) bench.set(station, connector_state::disconnected);
  bench.seconds(2);
  for (const auto* station : {"A", "B", "C"}) {
    bench.ask("Alice", station);
    bench.run();
  }
  EXPECT_EQ(bench.log.count(session_fact_kind::accepted), 2u);
  EXPECT_EQ(bench.log.newest(session_fact_kind::denied)->why, "driver has 2 sessions");
  std::vector<ports::driver_view> all;
  EXPECT_EQ(driver(bench, all).station.text(), "B") << "the newest";
  bench.set("B", connector_state::faulted);
  bench.seconds(3);
  EXPECT_EQ(driver(bench, all).state, "charging") << "the other session goes on";
  EXPECT_EQ(driver(bench, all).station.text(), "A");
  bench.seconds(302);
  EXPECT_EQ(bench.drivers().size(), 1u) << "not passivated while a session is open";
}

TEST(driver, may_ask_again_as_soon_as_the_answer_is_in_the_log) {
  engine_bench bench{two_stations()};
  bench.set("A", connector_state::faulted);
  bench.set("B", connector_state::disconnected);
  bench.seconds(2);
  bench.log.on_fact = [&](const domain::session_fact& fact) {
    if (fact.kind == session_fact_kind::denied && fact.station.text() == "A")
      bench.ask("Alice", "B");
  };
  bench.ask("Alice", "A");
  bench.run();
  EXPECT_EQ(bench.log.count(session_fact_kind::denied), 1u) << "A is faulted";
  ASSERT_EQ(bench.log.count(session_fact_kind::accepted), 1u);
  EXPECT_EQ(bench.log.newest(session_fact_kind::accepted)->station.text(), "B");
}

TEST(driver, asking_for_a_station_that_does_not_exist_is_denied) {
  engine_bench bench{two_stations()};
  bench.ask("Alice", "Z");
  bench.run();
  EXPECT_EQ(bench.log.newest(session_fact_kind::denied)->why, "no such station");
}

TEST(driver, whose_request_is_lost_with_its_feeder_hears_within_two_ticks) {
  if (!has_test_doors) GTEST_SKIP() << "a release has no test doors";
  engine_bench bench{two_stations()};
  bench.set("A", connector_state::disconnected);
  bench.seconds(2);
  bench.hold_feeder(0);
  bench.ask("Alice", "A");
  bench.seconds(4);
  ASSERT_EQ(bench.log.count(session_fact_kind::denied), 1u);
  EXPECT_EQ(bench.log.newest(session_fact_kind::denied)->why, "no answer");
}

TEST(driver, who_is_idle_is_passivated_and_comes_back) {
  engine_bench bench{two_stations()};
  bench.set("A", connector_state::disconnected);
  bench.seconds(2);
  bench.ask("Alice", "Z");
  bench.run();
  EXPECT_EQ(bench.drivers().size(), 1u);
  bench.seconds(302); // idle after 300 s
  EXPECT_TRUE(bench.drivers().empty());
  bench.ask("Alice", "A");
  bench.run();
  EXPECT_EQ(bench.log.count(session_fact_kind::accepted), 1u);
}

} // namespace busbar::actors
