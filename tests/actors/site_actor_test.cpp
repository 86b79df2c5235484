#include "tests/actors/engine_bench.hpp"
#include "tests/builders/site_builder.hpp"

#include <gtest/gtest.h>

namespace busbar::actors {

using domain::connector_state;
using domain::request_kind;
using domain::session_fact_kind;
using tests::engine_bench;
using tests::site_builder;

namespace {

std::shared_ptr<const domain::site> two_stations() {
  return site_builder{}.feeder("f1", 40'000).station("A").station("B").build();
}

} // namespace

TEST(site, a_driver_is_accepted_charges_and_is_billed_once) {
  engine_bench bench{two_stations()};
  bench.set("A", connector_state::disconnected);
  bench.seconds(2);
  bench.ask("Alice", "A");
  bench.run();
  ASSERT_EQ(bench.log.count(session_fact_kind::accepted), 1u);
  bench.set("A", connector_state::supplying, 32'000);
  bench.seconds(3);
  EXPECT_EQ(bench.told("A").count(), 32'000);
  EXPECT_GE(bench.log.count(session_fact_kind::in_progress), 2u);
  bench.ask("Alice", "A", request_kind::stop);
  bench.seconds(1);
  ASSERT_EQ(bench.log.count(session_fact_kind::completed), 1u);
  const auto& bill = *bench.log.newest(session_fact_kind::completed);
  EXPECT_EQ(bill.why, "driver");
  EXPECT_GT(bill.energy.count(), 0);
  EXPECT_EQ(bill.cost.count(), bill.energy.count() * 300); // 0.30 a kWh = 300 micro a Wh
}

TEST(site, acceptance_does_not_wait_for_a_tick_and_its_commands_go_out_at_once) {
  engine_bench bench{two_stations()};
  bench.set("A", connector_state::disconnected);
  bench.seconds(2);
  const auto batches = bench.log.batches.size();
  bench.ask("Alice", "A");
  bench.run(); // no pulse in between
  EXPECT_EQ(bench.log.count(session_fact_kind::accepted), 1u);
  ASSERT_EQ(bench.log.batches.size(), batches + 1); // one record for start and grant
  std::set<domain::command_kind> kinds;
  for (const auto& command : bench.log.batches.back().commands) kinds.insert(command.kind);
  EXPECT_TRUE(kinds.contains(domain::command_kind::start));
  EXPECT_TRUE(kinds.contains(domain::command_kind::grant));
}

TEST(site, LIM_1_two_cars_share_a_feeder_that_is_too_small_for_both) {
  engine_bench bench{two_stations()};
  for (const auto* station : {"A", "B"}) bench.set(station, connector_state::supplying, 6'000);
  for (int second = 0; second < 8; ++second) {
    bench.seconds(1);
    EXPECT_LE(bench.told("A").count() + bench.told("B").count(), 40'000);
  }
  EXPECT_EQ(bench.told("A").count(), 20'000); // 40 A / 2
  EXPECT_EQ(bench.told("B").count(), 20'000);
}

TEST(site, LIM_1_a_raise_waits_until_the_decrease_that_pays_for_it_is_acknowledged) {
  engine_bench bench{two_stations()};
  bench.set("A", connector_state::supplying, 32'000);
  bench.set("B", connector_state::disconnected);
  bench.seconds(4);
  ASSERT_EQ(bench.told("A").count(), 32'000);
  bench.silent.insert("A"); // hears nothing, goes on drawing
  bench.set("B", connector_state::supplying, 0);
  bench.seconds(3);
  EXPECT_LE(bench.told("B").count(), 8'000); // 40 A - 32 A that A still reserves
}

TEST(site, LIM_3_a_silent_station_keeps_its_reserve) {
  engine_bench bench{site_builder{}
                         .stale_after(std::chrono::seconds{5})
                         .feeder("f1", 40'000)
                         .station("A")
                         .station("B")
                         .build()};
  bench.set("A", connector_state::supplying, 32'000);
  bench.set("B", connector_state::disconnected);
  bench.seconds(3);
  bench.set("A", connector_state::unspecified); // no more readings
  bench.silent.insert("A");
  bench.seconds(7);
  bench.set("B", connector_state::supplying, 0);
  bench.seconds(5);
  EXPECT_TRUE(bench.connector("A").is_stale);
  EXPECT_LE(bench.told("B").count(), 8'000); // 40 A - 32 A
}

TEST(site, LIM_3_a_lost_meter_leaves_nothing) {
  engine_bench bench{site_builder{}.meter().feeder("f1", 40'000).station("A").build()};
  bench.set("A", connector_state::supplying, 0);
  bench.seconds(3);
  EXPECT_EQ(bench.told("A").count(), 0);
  bench.meter("service", 70'000);
  bench.seconds(3);
  EXPECT_EQ(bench.told("A").count(), 30'000); // 100 A - 70 A
}

TEST(site, LIM_3_the_first_seconds_of_a_cold_start_violate_nothing) {
  engine_bench bench{site_builder{}.meter().feeder("f1", 40'000).station("A").station("B").build()};
  for (const auto* station : {"A", "B"}) bench.set(station, connector_state::supplying, 6'000);
  // No sample of the meter yet: it may hide 100 A of 100 A, beside two fallbacks of 6 A.
  for (int second = 0; second < 5; ++second) {
    bench.seconds(1);
    EXPECT_TRUE(bench.view()->violations.empty()) << second;
  }
}

TEST(site, LIM_1_a_station_that_falls_silent_violates_nothing_by_being_counted_twice) {
  engine_bench bench{site_builder{}
                         .stale_after(domain::seconds{3})
                         .limit(60'000)
                         .meter()
                         .feeder("f1", 40'000)
                         .station("A")
                         .build()};
  bench.set("A", connector_state::supplying, 30'000);
  for (int second = 0; second < 8; ++second) {
    bench.meter("service", 60'000); // 30 A beside it
    bench.seconds(1);
  }
  ASSERT_EQ(bench.told("A").count(), 30'000);
  bench.set("A", connector_state::unspecified);
  bench.silent.insert("A");
  // Stale after 3 s: its 30 A are reserved, and among the 60 A of the meter.
  for (int second = 0; second < 20; ++second) {
    bench.meter("service", 60'000);
    bench.seconds(1);
    EXPECT_TRUE(bench.view()->violations.empty()) << second;
  }
  EXPECT_TRUE(bench.connector("A").is_stale);
  for (int second = 0; second < 3; ++second) {
    EXPECT_TRUE(bench.view()->violations.empty()) << "it has not stood for 2 s";
    bench.meter("service", 60'001);
    bench.seconds(1);
  }
  ASSERT_EQ(bench.view()->violations.size(), 1U) << "measured above";
  EXPECT_EQ(bench.view()->violations[0].measured, 60'001);
}

TEST(site, LIM_3_a_lost_meter_leaves_what_its_declared_maximum_does_and_says_so_in_two_plans) {
  engine_bench bench{site_builder{}
                         .stale_after(domain::seconds{3})
                         .meter(80'000)
                         .feeder("f1", 40'000)
                         .station("A")
                         .build()};
  bench.set("A", connector_state::supplying, 0);
  for (int i = 0; i < 5; ++i) {
    bench.meter("service", 10'000);
    bench.seconds(1);
  }
  EXPECT_EQ(bench.told("A").count(), 32'000);
  EXPECT_EQ(bench.log.event("meter_lost"), nullptr);
  bench.seconds(3 + 2); // stale after 3 s, and two plans
  EXPECT_EQ(bench.told("A").count(), 20'000); // 100 A - 80 A
  EXPECT_EQ(bench.connector("A").because.source, domain::limit_source::meter_lost);
  const auto& service = bench.view()->nodes[0];
  EXPECT_EQ(service.source, domain::limit_source::meter_lost);
  EXPECT_TRUE(service.is_meter_stale);
  EXPECT_EQ(service.unmanaged[0].count(), 80'000);
  const auto* lost = bench.log.event("meter_lost");
  ASSERT_NE(lost, nullptr);
  EXPECT_EQ(lost->subject, "service");
  EXPECT_EQ(lost->level, domain::severity::critical);
  EXPECT_EQ(lost->text,
            "the meter is lost: what it measures beside the connectors counts as 80 A");
  bench.meter("service", 30'000);
  bench.seconds(1);
  EXPECT_NE(bench.log.event("meter_back"), nullptr);
}

TEST(site, LIM_3_a_meter_that_never_spoke_is_said_once_it_is_stale) {
  engine_bench bench{
      site_builder{}.stale_after(domain::seconds{3}).meter(80'000).station("A").build()};
  bench.seconds(2);
  EXPECT_EQ(bench.log.event("meter_lost"), nullptr);
  bench.seconds(3);
  EXPECT_NE(bench.log.event("meter_lost"), nullptr);
}

TEST(site, leases_are_renewed_at_a_third_while_the_station_answers) {
  engine_bench bench{two_stations()};
  bench.set("A", connector_state::supplying, 32'000);
  bench.seconds(3);
  const auto batches = bench.log.batches.size();
  bench.seconds(21); // lease 60 s
  EXPECT_GT(bench.log.batches.size(), batches);
  EXPECT_LE(bench.log.batches.size(), batches + 4);
}

TEST(site, all_commands_of_a_tick_are_one_record) {
  site_builder builder;
  for (int f = 0; f < 3; ++f) {
    builder.feeder("f" + std::to_string(f), 63'000);
    for (int s = 0; s < 4; ++s)
      builder.station("S" + std::to_string(f) + std::to_string(s));
  }
  engine_bench bench{builder.build()};
  for (int f = 0; f < 3; ++f)
    for (int s = 0; s < 4; ++s)
      bench.set("S" + std::to_string(f) + std::to_string(s), connector_state::supplying, 6'000);
  bench.seconds(1);
  ASSERT_EQ(bench.log.batches.size(), 1u);
  EXPECT_EQ(bench.log.batches[0].commands.size(), 12u);
}

TEST(site, the_energy_wanted_ends_a_session) {
  engine_bench bench{two_stations()};
  bench.set("A", connector_state::disconnected);
  bench.seconds(2);
  bench.ask("Alice", "A", request_kind::start, domain::watt_hours{100});
  bench.run();
  bench.set("A", connector_state::supplying, 32'000); // 32 Wh a reading on the bench
  bench.seconds(8);
  ASSERT_EQ(bench.log.count(session_fact_kind::completed), 1u);
  EXPECT_EQ(bench.log.newest(session_fact_kind::completed)->why, "energy reached");
}

TEST(site, a_fault_completes_the_session_and_says_why) {
  engine_bench bench{two_stations()};
  bench.set("A", connector_state::disconnected);
  bench.seconds(2);
  bench.ask("Alice", "A");
  bench.run();
  bench.set("A", connector_state::supplying, 16'000);
  bench.seconds(2);
  bench.set("A", connector_state::faulted);
  bench.seconds(2);
  ASSERT_EQ(bench.log.count(session_fact_kind::completed), 1u);
  EXPECT_EQ(bench.log.newest(session_fact_kind::completed)->why, "fault");
  bench.ask("Bob", "A");
  bench.run();
  EXPECT_EQ(bench.log.newest(session_fact_kind::denied)->why, "faulted");
}

TEST(site, an_unhealthy_station_takes_no_driver_until_its_monitor_says_so) {
  engine_bench bench{two_stations()};
  bench.set("A", connector_state::disconnected);
  bench.seconds(2);
  bench.health("A", false, 2);
  bench.seconds(1);
  EXPECT_TRUE(bench.station("A").is_healthy);
  bench.health("A", false, 3);
  bench.ask("Alice", "A");
  bench.run();
  EXPECT_EQ(bench.log.newest(session_fact_kind::denied)->why, "unhealthy");
  bench.health("A", true, 0);
  bench.ask("Alice", "A");
  bench.run();
  EXPECT_EQ(bench.log.count(session_fact_kind::accepted), 1u);
}

TEST(site, OWN_1_a_successor_goes_on_with_told_values_sessions_and_a_new_epoch) {
  domain::site_state remembered;
  const auto site = two_stations();
  {
    engine_bench bench{site};
    bench.set("A", connector_state::disconnected);
    bench.seconds(2);
    bench.ask("Alice", "A");
    bench.run();
    bench.set("A", connector_state::supplying, 32'000);
    bench.seconds(3);
    ASSERT_FALSE(bench.log.states.empty());
    remembered = bench.log.states.back();
  }
  ASSERT_EQ(remembered.sessions.size(), 1u);
  engine_bench successor{site, {}, &remembered};
  successor.set("A", connector_state::supplying, 32'000);
  successor.set("B", connector_state::supplying, 0);
  successor.silent.insert("A");
  successor.seconds(2);
  EXPECT_LE(successor.told("B").count(), 8'000); // A's 32 A stay reserved
  EXPECT_EQ(successor.log.batches.back().owner, remembered.owner + 1);
  successor.silent.clear();
  successor.ask("Alice", "A", request_kind::stop);
  successor.seconds(8);
  ASSERT_EQ(successor.log.count(session_fact_kind::completed), 1u);
  EXPECT_EQ(successor.log.newest(session_fact_kind::completed)->session,
            remembered.sessions[0].id);
}

TEST(site, commands_that_the_log_refuses_go_out_first_when_it_takes_them_again) {
  engine_bench bench{two_stations()};
  bench.log.is_refusing = true;
  bench.set("A", connector_state::supplying, 6'000);
  bench.seconds(2);
  EXPECT_TRUE(bench.log.batches.empty());
  bench.log.is_refusing = false;
  bench.seconds(1);
  EXPECT_FALSE(bench.log.batches.empty());
}

TEST(site, commands_that_the_log_refuses_for_minutes_stay_few) {
  engine_bench bench{two_stations()};
  for (const auto* station : {"A", "B"}) bench.set(station, connector_state::supplying, 6'000);
  bench.log.is_refusing = true;
  bench.seconds(120);
  bench.log.is_refusing = false;
  bench.seconds(1);
  ASSERT_FALSE(bench.log.batches.empty());
  // For each of two connectors one grant: the newest that was held, or the one of this tick.
  std::size_t grants = 0;
  for (const auto& batch : bench.log.batches) grants += batch.commands.size();
  EXPECT_LE(grants, 2u);
  // None of this tick's is dated back to when the log began to refuse: its lease would be over.
  EXPECT_GE(bench.log.batches.back().issued_at, bench.now - domain::seconds{60});
}

} // namespace busbar::actors
