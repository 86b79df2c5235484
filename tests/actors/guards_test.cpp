// A breaker and a watchdog in every actor, and that they can be listed.
#include "tests/actors/engine_bench.hpp"
#include "tests/builders/site_builder.hpp"

#include <caf/send.hpp>
#include <gtest/gtest.h>

namespace busbar::actors {

using domain::breaker_position;
using domain::connector_state;
using tests::engine_bench;
using tests::site_builder;

namespace {

std::shared_ptr<const domain::site> metered_feeder() {
  return site_builder{}
      .stale_after(domain::seconds{3})
      .feeder("f1", 40'000)
      .meter()
      .station("A")
      .build();
}

/// Ticks with a fresh reading of the meter of f1.
void measure(engine_bench& bench, int seconds) {
  for (int i = 0; i < seconds; ++i) {
    bench.meter("f1", 10'000);
    bench.seconds(1);
  }
}

template <class View>
const View* find(const std::vector<View>& views, const std::string& actor) {
  for (const auto& view : views)
    if (view.actor == actor) return &view;
  return nullptr;
}

domain::breaker_view breaker(const engine_bench& bench, const std::string& actor) {
  const auto* view = find(bench.view()->breakers, actor);
  if (view == nullptr) throw std::out_of_range{actor};
  return *view;
}

domain::watchdog_view dog(const engine_bench& bench, const std::string& actor) {
  const auto* view = find(bench.view()->watchdogs, actor);
  if (view == nullptr) throw std::out_of_range{actor};
  return *view;
}

} // namespace

TEST(breaker_of_a_node, stands_around_its_meter_and_what_is_below_it_or_around_that_alone) {
  engine_bench bench{site_builder{}
                         .meter()
                         .transformer("t1", 100'000)
                         .meter()
                         .feeder("f1", 40'000, "t1")
                         .meter()
                         .station("A")
                         .feeder("f2", 40'000)
                         .station("B")
                         .build()};
  bench.seconds(1);
  EXPECT_EQ(breaker(bench, "service:service").guards, "meter, reports");
  EXPECT_EQ(breaker(bench, "transformer:t1").guards, "meter, reports");
  EXPECT_EQ(breaker(bench, "feeder:f1").guards, "meter, reports");
  EXPECT_EQ(breaker(bench, "feeder:f2").guards, "reports");
}

TEST(breaker_of_a_node, opens_while_a_branch_does_not_report_and_closes_by_its_rules) {
  if (!has_test_doors) GTEST_SKIP() << "a release has no test doors";
  engine_bench bench{site_builder{}
                         .transformer("t1", 100'000)
                         .feeder("f1", 40'000, "t1")
                         .station("A")
                         .feeder("f2", 40'000, "t1")
                         .station("B")
                         .build()};
  for (const auto* station : {"A", "B"}) bench.set(station, connector_state::supplying, 6'000);
  bench.seconds(5);
  bench.hold("feeder:f1");
  bench.seconds(12); // overdue after 3 s; five failures of ten
  EXPECT_EQ(breaker(bench, "transformer:t1").position, breaker_position::open);
  EXPECT_EQ(breaker(bench, "feeder:f2").position, breaker_position::closed);
  EXPECT_EQ(breaker(bench, "service:service").position, breaker_position::closed);
  EXPECT_FALSE(bench.context().desk.is_free());
  bench.release();
  bench.seconds(40); // 30 s open, then two probes
  EXPECT_EQ(breaker(bench, "transformer:t1").position, breaker_position::closed);
  EXPECT_GT(bench.told("A").count(), 0);
}

TEST(breaker_of_a_node, opens_when_every_station_below_is_silent_that_was_heard_before) {
  engine_bench bench{
      site_builder{}.stale_after(domain::seconds{3}).feeder("f1", 40'000).station("A").build()};
  bench.seconds(20);
  EXPECT_EQ(breaker(bench, "feeder:f1").calls, 0u); // never heard: nothing was expected
  bench.set("A", connector_state::disconnected);
  bench.seconds(10);
  EXPECT_EQ(breaker(bench, "feeder:f1").failures, 0u);
  bench.set("A", connector_state::unspecified);
  bench.seconds(12);
  EXPECT_EQ(breaker(bench, "feeder:f1").position, breaker_position::open);
  EXPECT_EQ(bench.log.count("breaker_opened"), 1u);
}

TEST(breaker_of_a_meter, LIM_3_an_open_one_counts_its_meter_as_lost_until_its_probes_succeed) {
  engine_bench bench{metered_feeder()};
  bench.set("A", connector_state::supplying, 0);
  measure(bench, 10);
  EXPECT_EQ(bench.told("A").count(), 30'000); // 40 A - 10 A
  EXPECT_EQ(breaker(bench, "feeder:f1").calls, 10u);
  EXPECT_EQ(breaker(bench, "feeder:f1").failures, 0u);
  bench.seconds(12); // silent: stale after 3 s, five failures of ten
  EXPECT_EQ(breaker(bench, "feeder:f1").position, breaker_position::open);
  EXPECT_EQ(bench.log.count("breaker_opened"), 1u);
  EXPECT_EQ(bench.context().counters->supervision.breakers_opened.value(), 1u);
  for (int second = 0; second < 20; ++second) {
    measure(bench, 1); // fresh again, and not believed
    EXPECT_EQ(bench.told("A").count(), 0);
    EXPECT_EQ(bench.view()->nodes[1].limit_now[0].count(), 0);
    EXPECT_EQ(bench.view()->nodes[1].allowed[0].count(), 40'000);
    EXPECT_TRUE(bench.view()->nodes[1].is_meter_stale);
  }
  measure(bench, 15); // 30 s open, then two probes
  EXPECT_EQ(breaker(bench, "feeder:f1").position, breaker_position::closed);
  EXPECT_EQ(bench.log.count("breaker_moved"), 2u); // to half-open, to closed
  EXPECT_EQ(bench.view()->nodes[1].limit_now[0].count(), 30'000);
  EXPECT_EQ(bench.view()->nodes[1].allowed[0].count(), 40'000);
  EXPECT_FALSE(bench.view()->nodes[1].is_meter_stale);
  measure(bench, 60); // who was paused starts again after its pause
  EXPECT_EQ(bench.told("A").count(), 30'000);
}

TEST(breaker_of_a_meter, LIM_3_a_failed_probe_opens_it_again) {
  engine_bench bench{metered_feeder()};
  bench.set("A", connector_state::supplying, 0);
  bench.seconds(45); // never heard: open after 5 s, probes without success at 35 s
  EXPECT_EQ(breaker(bench, "feeder:f1").position, breaker_position::open);
  EXPECT_EQ(breaker(bench, "feeder:f1").times_opened, 2u);
  EXPECT_EQ(bench.told("A").count(), 0);
}

TEST(breaker_of_a_meter, counts_a_tick_once_however_many_plans_it_has) {
  engine_bench bench{metered_feeder()};
  const auto& site = bench.context().routes->find(domain::site_id{"garage"})->site;
  for (int second = 0; second < 3; ++second) {
    bench.seconds(1);
    for (int i = 0; i < 5; ++i) caf::anon_send(site, tick_wanted{bench.now});
    bench.run();
  }
  EXPECT_GE(bench.view()->plan_number, 9u);
  EXPECT_LE(breaker(bench, "feeder:f1").calls, 4u);
}

TEST(breaker_of_the_log, opens_on_refused_commands_and_closes_when_they_are_taken_again) {
  engine_bench bench{site_builder{}.feeder("f1", 40'000).station("A").build()};
  bench.log.is_refusing = true;
  bench.set("A", connector_state::supplying, 6'000);
  bench.seconds(10);
  EXPECT_EQ(breaker(bench, "site:garage").guards, "log");
  EXPECT_EQ(breaker(bench, "site:garage").position, breaker_position::open);
  EXPECT_EQ(bench.log.count("breaker_opened"), 1u);
  bench.log.is_refusing = false;
  bench.seconds(1);
  EXPECT_FALSE(bench.log.batches.empty()); // what is due is tried, open or not
  bench.seconds(80); // 30 s open, then the next two records
  EXPECT_EQ(breaker(bench, "site:garage").position, breaker_position::closed);
  EXPECT_EQ(bench.log.count("breaker_moved"), 1u);
}

TEST(breaker_of_the_log, counts_decisions_as_well) {
  site_settings settings;
  settings.decision_every = domain::seconds{1};
  engine_bench bench{site_builder{}.feeder("f1", 40'000).station("A").build(), settings};
  bench.log.is_refusing_decisions = true;
  bench.seconds(6);
  EXPECT_EQ(breaker(bench, "site:garage").position, breaker_position::open);
}

TEST(watchdog_of_a_station, watches_its_actor_and_apart_from_that_its_readings) {
  if (!has_test_doors) GTEST_SKIP() << "a release has no test doors";
  engine_bench bench{metered_feeder()};
  bench.seconds(1);
  EXPECT_TRUE(dog(bench, "station:A").input->is_overdue); // never heard
  EXPECT_FALSE(dog(bench, "station:A").is_overdue);
  bench.set("A", connector_state::disconnected);
  bench.seconds(2);
  const auto view = dog(bench, "station:A");
  EXPECT_EQ(view.expects, "answer");
  EXPECT_EQ(view.every, domain::seconds{5});
  EXPECT_LE(bench.now - view.last_seen, domain::seconds{30}); // asked for a sign of life by then
  EXPECT_EQ(view.input->expects, "reading");
  EXPECT_EQ(view.input->every, domain::seconds{3});
  EXPECT_FALSE(view.input->is_overdue);
  EXPECT_EQ(view.input->last_seen, bench.now - std::chrono::milliseconds{990});
  bench.break_station("A");
  bench.set("A", connector_state::unspecified); // no more readings
  bench.seconds(5);
  EXPECT_TRUE(dog(bench, "station:A").input->is_overdue);
  EXPECT_FALSE(dog(bench, "station:A").is_overdue) << "its actor is well";
  EXPECT_EQ(dog(bench, "station:A").input->last_seen, view.input->last_seen);
  EXPECT_EQ(dog(bench, "station:A").restarts, 1u);
}

TEST(watchdog_of_a_station, with_one_silent_connector_misses_no_readings) {
  engine_bench bench{site_builder{}.feeder("f1", 40'000).station("A", 2).build()};
  bench.set("A", connector_state::disconnected); // the first connector's readings alone
  bench.seconds(2);
  EXPECT_FALSE(dog(bench, "station:A").input->is_overdue);
}

TEST(watchdog_of_a_driver, expects_an_answer_to_each_request) {
  if (!has_test_doors) GTEST_SKIP() << "a release has no test doors";
  engine_bench bench{metered_feeder()};
  bench.set("A", connector_state::disconnected);
  bench.seconds(2);
  bench.hold_feeder(0);
  bench.ask("Alice", "A");
  const auto asked_at = bench.now;
  bench.seconds(1);
  const auto alice = [&bench] {
    const auto all = bench.watchdogs();
    return *find(all, "driver:Alice");
  };
  EXPECT_EQ(alice().expects, "answer");
  EXPECT_EQ(alice().every, domain::seconds{5});
  EXPECT_EQ(alice().input->expects, "station's answer");
  EXPECT_EQ(alice().input->every, domain::seconds{2});
  EXPECT_FALSE(alice().input->is_overdue);
  bench.seconds(3); // denied: no answer
  EXPECT_TRUE(alice().input->is_overdue);
  EXPECT_EQ(alice().input->last_seen, asked_at);
  EXPECT_FALSE(alice().is_overdue) << "its actor is well";
  EXPECT_GE(alice().last_seen, bench.now - domain::seconds{1});
  bench.release(); // and the station accepts after all
  bench.seconds(1);
  bench.ask("Alice", "A", domain::request_kind::stop);
  bench.seconds(1);
  bench.ask("Alice", "A");
  bench.run();
  EXPECT_FALSE(alice().input->is_overdue);
  EXPECT_EQ(alice().input->last_seen, bench.now);
}

TEST(mailboxes, of_whoever_gets_ticks_are_sampled_once_a_second) {
  engine_bench bench{metered_feeder()};
  bench.seconds(2);
  const auto& site = bench.context().routes->find(domain::site_id{"garage"})->site;
  caf::anon_send(site, tick{0, bench.now, false});
  for (int i = 0; i < 9; ++i) caf::anon_send(site, tick_wanted{bench.now});
  bench.seconds(1);
  const auto& depths = bench.context().counters->supervision;
  EXPECT_GE(depths.mailbox_depth_max.value(), 9u);
  EXPECT_GE(depths.mailbox_depth_total.value(), depths.mailbox_depth_max.value());
  bench.seconds(1);
  EXPECT_LT(depths.mailbox_depth_max.value(), 9u);
}

} // namespace busbar::actors
