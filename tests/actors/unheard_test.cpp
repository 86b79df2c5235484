// What is said of stations while no reading of them comes.
#include "tests/actors/engine_bench.hpp"
#include "tests/builders/site_builder.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace busbar::actors {

using domain::connector_state;
using tests::engine_bench;
using tests::site_builder;

namespace {

/// The feeder may carry `most` from now on.
void allow(engine_bench& bench, std::int64_t most) {
  bench.order([&](const domain::site&) {
    domain::node_constraint set;
    const domain::milliamperes each{most};
    set.node = domain::node_index{1U};
    set.limit = {domain::limit_source::demand_response,
                 domain::per_line<domain::milliamperes>{each, each, each}, std::nullopt};
    return set;
  });
  bench.run();
}

/// A and B charge with 16 A each on a feeder of 40 A.
void charge_both(engine_bench& bench) {
  for (const auto* station : {"A", "B"}) bench.set(station, connector_state::disconnected);
  bench.seconds(2);
  bench.ask("Alice", "A");
  bench.ask("Bob", "B");
  bench.run();
  for (const auto* station : {"A", "B"}) bench.set(station, connector_state::supplying, 16'000);
  bench.seconds(12);
  // As much of the feeder as each can use.
  ASSERT_GE(bench.told("A").count(), 16'000);
  ASSERT_GE(bench.told("B").count(), 16'000);
  ASSERT_EQ(bench.log.count("violation_raised"), 0u);
}

/// How often it was said of a station that it draws more than it acknowledged.
std::ptrdiff_t said(const engine_bench& bench, const std::string& kind) {
  return std::ranges::count_if(bench.log.events, [&](const auto& event) {
    return event.kind == kind && event.text.find("draws more") != std::string::npos;
  });
}

/// No reading of either comes any more.
void unhear(engine_bench& bench) {
  for (const auto* station : {"A", "B"}) bench.set(station, connector_state::unspecified);
}

} // namespace

TEST(unheard, SAFE_2_nobody_is_said_to_draw_too_much_by_a_reading_of_before_its_answer) {
  engine_bench bench{site_builder{}.feeder("f1", 40'000).station("A").station("B").build()};
  charge_both(bench);
  unhear(bench);
  // 20 A for both: each acknowledges less than the 16 A that it drew when it was last heard.
  allow(bench, 20'000);
  bench.seconds(60);
  EXPECT_EQ(said(bench, "violation_raised"), 0);
}

TEST(unheard, SAFE_2_nobody_is_said_to_draw_too_much_by_one_reading_shortly_after_its_answer) {
  engine_bench bench{site_builder{}.feeder("f1", 40'000).station("A").station("B").build()};
  charge_both(bench);
  allow(bench, 20'000);
  bench.seconds(3);
  unhear(bench);
  bench.seconds(60);
  EXPECT_EQ(said(bench, "violation_raised"), 0);
}

TEST(unheard, SAFE_2_what_stood_when_readings_stopped_stands_until_they_come_again) {
  engine_bench bench{site_builder{}.feeder("f1", 40'000).station("A").station("B").build()};
  charge_both(bench);
  allow(bench, 20'000);
  bench.seconds(20);
  const auto raised = said(bench, "violation_raised");
  ASSERT_GT(raised, 0);
  unhear(bench);
  bench.seconds(40);
  EXPECT_EQ(said(bench, "violation_cleared"), 0);
  EXPECT_EQ(said(bench, "violation_raised"), raised) << "nor does it get worse";
  for (const auto* station : {"A", "B"}) bench.set(station, connector_state::activated);
  bench.seconds(40);
  for (const auto& violation : bench.view()->violations)
    ADD_FAILURE() << violation.subject << " " << violation.what << " " << violation.measured;
  EXPECT_EQ(said(bench, "violation_cleared"), 2);
  EXPECT_EQ(bench.log.event("violation_cleared")->level, domain::severity::info);
}

TEST(unheard, SAFE_2_a_station_that_is_heard_and_draws_too_much_is_found) {
  engine_bench bench{site_builder{}.feeder("f1", 40'000).station("A").station("B").build()};
  charge_both(bench);
  allow(bench, 20'000);
  bench.seconds(12);
  EXPECT_EQ(said(bench, "violation_raised"), 2);
}

} // namespace busbar::actors
