// One plan, all rules: `planner::decide` on a site whose vehicles take less than they may, come and
// go. Bounds (docs/performance.md): 60 us for 100 connectors, 0.7 ms for 1,000. Baseline: what a
// simple load manager does in the same situation, each feeder's current divided equally among those
// that want it, in one pass, without minima, steps, reserves, turns or reasons.

#include "control/planner.hpp"
#include "loadtest/load_site.hpp"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <memory>
#include <vector>

namespace {

using namespace busbar;
using domain::milliamperes;

control::image image_of(const std::shared_ptr<const domain::site>& site) {
  control::image image;
  image.topology = site;
  image.now = domain::instant{std::chrono::seconds{1'000'000}};
  image.nodes.resize(site->nodes.size());
  image.connectors.resize(site->connectors.size());
  for (auto& connector : image.connectors) connector.wants = true;
  return image;
}

/// What happens until the next tick: grants are told, acknowledged and drawn; every 16th changes.
void live_on(control::image& image, const control::plan& plan, std::uint64_t tick) {
  image.now += std::chrono::seconds{1};
  for (std::size_t c = 0; c < image.connectors.size(); ++c) {
    auto& connector = image.connectors[c];
    connector.told = connector.acknowledged = connector.drawn = plan.grants[c].granted;
    if ((c + tick) % 16 == 0) connector.wants = !connector.wants;
  }
}

void plan_of_a_site(benchmark::State& state) {
  const auto site = loadtest::load_site(0, static_cast<std::size_t>(state.range(0)));
  control::planner planner{site};
  auto image = image_of(site);
  std::uint64_t tick = 0;
  for (auto _ : state) {
    const auto& plan = planner.decide(image);
    state.PauseTiming();
    live_on(image, plan, ++tick);
    state.ResumeTiming();
  }
}
BENCHMARK(plan_of_a_site)->Arg(100)->Arg(1'000)->Unit(benchmark::kMicrosecond);

void divide_equally(const domain::site& site, const control::image& image,
                    std::vector<milliamperes>& grants) {
  std::vector<std::int64_t> wanting(site.nodes.size());
  for (std::size_t c = 0; c < site.connectors.size(); ++c)
    wanting[site.stations[c].parent.value()] += image.connectors[c].wants ? 1 : 0;
  for (std::size_t c = 0; c < site.connectors.size(); ++c) {
    const auto feeder = site.stations[c].parent.value();
    const auto limit = (*site.nodes[feeder].limits[0].current)[0].count();
    const auto share = image.connectors[c].wants ? limit / wanting[feeder] : 0;
    grants[c] = std::min(milliamperes{share}, site.connectors[c].current_max);
  }
}

void baseline_equal_division(benchmark::State& state) {
  const auto site = loadtest::load_site(0, static_cast<std::size_t>(state.range(0)));
  const auto image = image_of(site);
  std::vector<milliamperes> grants(site->connectors.size());
  for (auto _ : state) {
    divide_equally(*site, image, grants);
    benchmark::DoNotOptimize(grants.data());
  }
}
BENCHMARK(baseline_equal_division)->Arg(100)->Arg(1'000)->Unit(benchmark::kMicrosecond);

} // namespace

BENCHMARK_MAIN();
