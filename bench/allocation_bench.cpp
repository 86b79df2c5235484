// The exact split from cold: one call of `splitter::split` with new demands on a tree that is
// known. Bound (design, 9): 0.1 / 4 / 50 ms for a three-phase tree of 1,000 / 10,000 / 100,000
// connectors. Baseline: water filling by bisection with a feasibility check over all connectors at
// each probe, in floating point and without steps or phasors, as many systems do it.

#include "control/distribution/split.hpp"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <random>
#include <vector>

namespace {

using namespace busbar;
using control::distribution::demand;
using control::distribution::node_bounds;
using control::distribution::splitter;
using domain::milliamperes;

enum class loads { three_phase, mixed_wye, with_delta };

struct workload {
  domain::site site;
  std::vector<demand> demands;
  std::vector<node_bounds> bounds;
};

std::uint32_t add_node(workload& made, std::optional<std::uint32_t> parent, std::int64_t limit_ma) {
  domain::node added;
  if (parent) added.parent = domain::node_index{*parent};
  made.site.nodes.push_back(added);
  made.bounds.push_back({});
  made.bounds.back().line = {milliamperes{limit_ma}, milliamperes{limit_ma},
                             milliamperes{limit_ma}};
  return static_cast<std::uint32_t>(made.site.nodes.size() - 1);
}

void add_connector(workload& made, std::uint32_t node, loads kind, std::mt19937_64& random) {
  const auto index = static_cast<std::uint32_t>(made.site.connectors.size());
  domain::station station;
  station.parent = domain::node_index{node};
  station.first_connector = domain::connector_index{index};
  made.site.stations.push_back(station);
  domain::connector added;
  added.station = domain::station_index{index};
  const auto first = static_cast<domain::line>(index % 3);
  const auto second = static_cast<domain::line>((index + 1) % 3);
  if (kind != loads::three_phase && index % 2 == 1) {
    const bool is_delta = kind == loads::with_delta && index % 4 == 1;
    added.lines = {first, second, domain::line::l3};
    added.line_count = is_delta ? 2 : 1;
    added.wiring = is_delta ? domain::connection::delta : domain::connection::wye;
  }
  made.site.connectors.push_back(added);
  const auto cap = milliamperes{10'000 + static_cast<std::int64_t>(random() % 22'001)};
  made.demands.push_back({milliamperes{6'000}, cap, milliamperes{1}, 1});
}

/// A service, panels of 10 feeders, feeders of 20 connectors with 6 A floors and caps of 10 to 32
/// A. Every third feeder, every second panel and the service bind.
workload make_workload(std::int64_t connectors, loads kind) {
  workload made;
  std::mt19937_64 random(7);
  const std::int64_t mean = kind == loads::three_phase ? 21'000 : 15'000;
  const auto service = add_node(made, std::nullopt, connectors * mean * 6 / 10);
  std::uint32_t panel = 0, feeder = 0;
  for (std::int64_t c = 0; c < connectors; ++c) {
    if (c % 200 == 0)
      panel = add_node(made, service, c % 400 == 0 ? 200 * mean * 7 / 10 : 200 * 32'000);
    if (c % 20 == 0) feeder = add_node(made, panel, c % 60 == 0 ? 20 * mean * 6 / 10 : 20 * 32'000);
    add_connector(made, feeder, kind, random);
  }
  return made;
}

void split_exactly(benchmark::State& state, loads kind) {
  const auto made = make_workload(state.range(0), kind);
  splitter solver(made.site);
  for (auto _ : state) {
    benchmark::DoNotOptimize(solver.split(made.demands, made.bounds).stepped.data());
  }
}

void compile_tree(benchmark::State& state) {
  const auto made = make_workload(state.range(0), loads::three_phase);
  for (auto _ : state) {
    splitter solver(made.site);
    benchmark::DoNotOptimize(&solver);
  }
}

/// The customary way, for three-phase loads: bisect the level at which nothing is exceeded, freeze
/// what hangs below a used-up limit, again until all are frozen.
class bisection {
public:
  explicit bisection(const workload& made) : made_(made), sums_(made.bounds.size()) {}

  const std::vector<double>& run() {
    grants_.assign(made_.demands.size(), 0);
    frozen_.assign(made_.demands.size(), false);
    for (std::size_t left = frozen_.size(); left > 0;) left -= freeze_at(largest_level());
    return grants_;
  }

private:
  [[nodiscard]] double wanted(std::size_t c, double level) const {
    if (frozen_[c]) return grants_[c];
    const auto& of = made_.demands[c];
    return std::clamp(level, static_cast<double>(of.floor.count()),
                      static_cast<double>(of.cap.count()));
  }
  bool is_feasible(double level) {
    std::fill(sums_.begin(), sums_.end(), 0);
    for (std::size_t c = 0; c < frozen_.size(); ++c) {
      sums_[made_.site.stations[c].parent.value()] += wanted(c, level);
    }
    bool is_within = true;
    for (std::size_t n = sums_.size(); n-- > 0;) {
      const auto& parent = made_.site.nodes[n].parent;
      if (parent) sums_[parent->value()] += sums_[n];
      is_within = is_within && sums_[n] <= limit(n) + 0.5;
    }
    return is_within;
  }
  [[nodiscard]] double limit(std::size_t n) const {
    return static_cast<double>((*made_.bounds[n].line)[0].count());
  }
  double largest_level() {
    double low = 0, high = 40'000;
    while (high - low > 0.5) {
      const double middle = (low + high) / 2;
      (is_feasible(middle) ? low : high) = middle;
    }
    return low;
  }
  std::size_t freeze_at(double level) {
    is_feasible(level + 1);
    std::vector<bool> is_used_up(sums_.size());
    for (std::size_t n = 0; n < sums_.size(); ++n) {
      const auto& parent = made_.site.nodes[n].parent;
      is_used_up[n] = sums_[n] > limit(n) || (parent && is_used_up[parent->value()]);
    }
    std::size_t count = 0;
    for (std::size_t c = 0; c < frozen_.size(); ++c) {
      if (frozen_[c]) continue;
      const bool is_capped = static_cast<double>(made_.demands[c].cap.count()) <= level;
      if (!is_capped && !is_used_up[made_.site.stations[c].parent.value()] && level < 39'999)
        continue;
      grants_[c] = wanted(c, level);
      frozen_[c] = true;
      ++count;
    }
    return count;
  }

  const workload& made_;
  std::vector<double> sums_, grants_;
  std::vector<bool> frozen_;
};

void split_by_bisection(benchmark::State& state) {
  const auto made = make_workload(state.range(0), loads::three_phase);
  bisection baseline(made);
  for (auto _ : state) benchmark::DoNotOptimize(baseline.run().data());
}

} // namespace

BENCHMARK_CAPTURE(split_exactly, three_phase, loads::three_phase)
    ->RangeMultiplier(10)
    ->Range(1'000, 100'000)
    ->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(split_exactly, mixed_wye, loads::mixed_wye)
    ->RangeMultiplier(10)
    ->Range(1'000, 100'000)
    ->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(split_exactly, with_delta, loads::with_delta)
    ->RangeMultiplier(10)
    ->Range(1'000, 100'000)
    ->Unit(benchmark::kMicrosecond);
BENCHMARK(compile_tree)->RangeMultiplier(10)->Range(1'000, 100'000)->Unit(benchmark::kMicrosecond);
BENCHMARK(split_by_bisection)
    ->RangeMultiplier(10)
    ->Range(1'000, 10'000)
    ->Unit(benchmark::kMicrosecond);

BENCHMARK_MAIN();
