// The real actors in an unruly yard, restarted and reloaded on the way, under the auditor's rules.
// `SEED=25 RUNS=100` runs the 100 seeds from 25 on instead of the test's own.
#include "simulator/presets.hpp"
#include "tests/actors/yard_bench.hpp"
#include "tests/builders/seeds.hpp"
#include "tests/simulator/example_site.hpp"

#include <caf/send.hpp>
#include <gtest/gtest.h>

#include <optional>
#include <random>
#include <set>

namespace busbar::actors {

using tests::seeds_or;
using tests::yard_bench;

namespace {

void expect_no_finding(const yard_bench& bench, std::uint64_t seed) {
  for (const auto& found : bench.watch.findings())
    ADD_FAILURE() << "SEED=" << seed << ": "
                  << (found.at - domain::instant{std::chrono::seconds{1'700'000'000}}) /
                         std::chrono::milliseconds{1}
                  << " ms: " << found.rule << " " << found.text;
}

/// Every bill is what the register counted, but of stations that are silent to this moment.
void expect_right_bills(yard_bench& bench, std::uint64_t seed) {
  std::set<domain::session_id> waiting;
  const auto stations = bench.context().layout->site->stations.size();
  for (std::size_t i = 0; i < stations; ++i)
    for (const auto& notes : bench.context().notes_of(domain::station_index{i}))
      if (notes.unsettled) waiting.insert(notes.unsettled->state->id);
  for (const auto& [session, how] : bench.watch.bills().differences())
    if (!waiting.contains(session))
      ADD_FAILURE() << "SEED=" << seed << ": session " << session.text() << ": " << how;
}

/// A station, a feeder or the site fails, or the site's file is read again.
void disturb(yard_bench& bench, const std::shared_ptr<const domain::site>& site,
             std::mt19937_64& chance) {
  const auto& stations = site->stations;
  switch (chance() % 4) {
  case 0: bench.break_station(stations[chance() % stations.size()].id.text()); break;
  case 1:
    bench.break_feeder(static_cast<bay_index>(chance() % bench.context().layout->bays.size()));
    break;
  case 2: bench.break_site(); break;
  default: {
    auto next = std::make_shared<domain::site>(*site);
    next->tracking_window = 1 + static_cast<std::uint32_t>(chance() % 60);
    domain::seal(*next);
    bench.replace_site(next);
  }
  }
}

/// An order of the grid operator for the service, on each line alike; absent: lifted.
void order(yard_bench& bench, std::optional<domain::milliamperes> most) {
  const domain::node_index service{0U};
  domain::operator_order wanted =
      domain::lift_node_constraint{service, domain::limit_source::demand_response};
  if (most) {
    domain::node_constraint limit;
    limit.node = service;
    limit.limit = {domain::limit_source::demand_response,
                   domain::per_line<domain::milliamperes>{*most, *most, *most}, std::nullopt};
    limit.from = bench.now;
    wanted = limit;
  }
  caf::anon_send(bench.context().routes->find(bench.context().layout->site->id)->site,
                 operator_message{wanted, bench.now});
  bench.run();
  bench.watch.impose(service, most, bench.now);
}

} // namespace

TEST(yard, LIFE_1_every_bill_is_what_the_register_counted_also_of_points_that_fell_silent) {
  const auto site = tests::example_site("autonomous.toml");
  std::uint64_t compared = 0;
  std::uint64_t settled = 0;
  for (const auto seed : seeds_or({1, 2, 3})) {
    auto settings = simulator::autonomous();
    settings.faults.kinds = {domain::fault_kind::silence};
    settings.faults.every = std::chrono::seconds{90};
    settings.faults.lasts_min = std::chrono::seconds{10};
    settings.faults.lasts_max = std::chrono::seconds{60};
    yard_bench bench{site, settings, seed};
    bench.pass(300);
    expect_no_finding(bench, seed);
    const auto& bills = bench.watch.bills();
    expect_right_bills(bench, seed);
    compared += bills.compared();
    settled += bills.settled();
  }
  EXPECT_GT(compared, 60u);
  EXPECT_GT(settled, 0u) << "no bill had to wait";
}

TEST(yard, LIM_1_LIM_3_OWN_1_LIFE_1_SAFE_2_hold_for_the_actors_in_an_unruly_world_with_restarts) {
  const auto site = tests::example_site("autonomous.toml");
  for (const auto seed : seeds_or({1, 2, 3, 7, 15, 95})) {
    yard_bench bench{site, simulator::unruly(), seed};
    std::mt19937_64 chance{seed};
    for (int part = 0; part < 6; ++part) {
      bench.pass(40);
      disturb(bench, site, chance);
    }
    bench.pass(60);
    expect_no_finding(bench, seed);
    EXPECT_GT(bench.watch.ended_sessions(), 5u) << "SEED=" << seed;
  }
}

/// An hour of the real actors for each seed, their mailboxes in an order drawn by it.
class hours_of_the_actors : public testing::TestWithParam<std::uint64_t> {};

TEST_P(hours_of_the_actors, LIM_1_LIM_3_LIFE_1_SAFE_2_hold_for_an_hour_under_every_fault) {
  const auto site = tests::example_site("autonomous.toml");
  for (const auto seed : seeds_or({GetParam()})) {
    yard_bench bench{site, simulator::unruly(), seed};
    bench.shuffle(seed);
    bench.pass(3'600);
    expect_no_finding(bench, seed);
    EXPECT_GT(bench.watch.ended_sessions(), 100u) << "SEED=" << seed;
  }
}

INSTANTIATE_TEST_SUITE_P(seeds, hours_of_the_actors, testing::Range<std::uint64_t>(21, 31));

/// The yard's points fall back to 74 A on L1, 80 A on L2.
TEST(yard, LIM_7_the_actors_obey_orders_below_the_fallbacks_and_go_on_after_them) {
  const auto site = tests::example_site("autonomous.toml");
  for (const auto seed : seeds_or({4, 5})) {
    yard_bench bench{site, simulator::autonomous(), seed};
    bench.pass(90);
    for (const int ampere : {60, 45}) {
      order(bench, domain::milliamperes{ampere * 1'000});
      bench.pass(90);
      order(bench, std::nullopt);
      bench.pass(30);
    }
    expect_no_finding(bench, seed);
    EXPECT_GT(bench.watch.ended_sessions(), 2u) << "SEED=" << seed;
  }
}

} // namespace busbar::actors
