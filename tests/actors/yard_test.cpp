// The real actors in an unruly yard, restarted and reloaded on the way, under the auditor's rules.
// `SEED=25 RUNS=100` runs the 100 seeds from 25 on instead of the test's own.
#include "simulator/presets.hpp"
#include "tests/actors/yard_bench.hpp"
#include "tests/builders/seeds.hpp"
#include "tests/simulator/example_site.hpp"

#include <gtest/gtest.h>

#include <random>

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

} // namespace

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

} // namespace busbar::actors
