// The composite schedule of one connector over 24 h with 20 installed profiles of 24 periods each
// (`smart_charging::compose`). Bound (docs/performance.md): 20 us. Baseline: what charge points
// customarily do: at every instant at which some profile has a period's edge, ask each of the
// profiles for its period there and take the highest level and the least of the two stacks.

#include "control/smart_charging/composite.hpp"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <utility>
#include <vector>

namespace {

using namespace busbar::control::smart_charging;

/// 2025-06-16 00:00 UTC.
constexpr instant midnight{seconds{1'750'032'000}};
constexpr seconds day{86'400};
constexpr std::int32_t profile_count = 20;
constexpr std::int32_t period_count = 24;
constexpr std::int32_t connector = 1;

/// Level n of its stack: 24 periods of 50 min from n minutes on: hardly two edges meet. Each
/// stack has 5 levels, and the higher ones leave the last 4 h of the day to the lower ones.
charging_profile profile_of(std::int32_t n, purpose serves) {
  charging_profile made;
  made.id = n + 1;
  made.stack_level = n % 5;
  made.serves = serves;
  made.kind = serves == purpose::tx ? profile_kind::relative : profile_kind::recurring;
  if (made.kind == profile_kind::recurring) {
    made.recurs = recurrency::daily;
    made.plan.starts_at = midnight + seconds{60 * n};
  }
  for (std::int32_t k = 0; k < period_count; ++k)
    made.plan.periods.push_back({seconds{3'000 * k}, 60 + (37 * n + 101 * k) % 260, std::nullopt});
  if (made.stack_level > 0) made.plan.duration = seconds{72'000 + 60 * n};
  return made;
}

/// Five maxima and five defaults of connector 0, five defaults and five TxProfiles of connector 1.
profile_store store_of_twenty() {
  profile_store store{station_settings{}};
  store.start(connector, 7, midnight - seconds{1'800});
  for (std::int32_t n = 0; n < profile_count; ++n) {
    const auto serves = n < 5    ? purpose::charge_point_max
                        : n < 15 ? purpose::tx_default
                                 : purpose::tx;
    if (store.set(n < 10 ? 0 : connector, profile_of(n, serves), midnight)) std::abort();
  }
  return store;
}

void composite_of_a_day(benchmark::State& state) {
  const auto store = store_of_twenty();
  std::size_t periods = 0;
  for (auto _ : state) {
    const auto schedule = compose(store, connector, midnight, day, rate_unit::ampere);
    periods = schedule.periods.size();
    benchmark::DoNotOptimize(schedule.periods.data());
  }
  state.counters["periods"] = static_cast<double>(periods);
}
BENCHMARK(composite_of_a_day)->Unit(benchmark::kMicrosecond);

/// The begin of the schedule's occurrence that holds `now`.
instant begin_of(const charging_profile& profile, instant started, instant now) {
  if (!profile.plan.starts_at) return started;
  const auto since = (now - *profile.plan.starts_at) % day;
  return now - (since < seconds{0} ? since + day : since);
}

std::optional<std::int64_t> limit_of(const charging_profile& profile, instant started,
                                     instant now) {
  const auto since = now - begin_of(profile, started, now);
  if (profile.plan.duration && since >= *profile.plan.duration) return std::nullopt;
  std::optional<std::int64_t> found;
  for (const auto& period : profile.plan.periods)
    if (period.start <= since) found = period.limit_tenths;
  return found;
}

std::vector<instant> edges_of(const profile_store& store, instant started) {
  std::vector<instant> edges{midnight};
  for (const auto& entry : store.installed()) {
    const auto& plan = entry.profile.plan;
    for (const auto begin : {begin_of(entry.profile, started, midnight),
                             begin_of(entry.profile, started, midnight) + day}) {
      for (const auto& period : plan.periods) edges.push_back(begin + period.start);
      if (plan.duration) edges.push_back(begin + *plan.duration);
    }
  }
  std::sort(edges.begin(), edges.end());
  edges.erase(std::unique(edges.begin(), edges.end()), edges.end());
  return edges;
}

/// The leading limit of one stack: TxProfiles first, then by level, then the connector's own.
std::optional<std::int64_t> leading(const profile_store& store, bool is_maximum, instant started,
                                    instant now) {
  std::optional<std::int64_t> best;
  std::int32_t rank = -1;
  for (const auto& entry : store.installed()) {
    if ((entry.profile.serves == purpose::charge_point_max) != is_maximum) continue;
    const auto limit = limit_of(entry.profile, started, now);
    const std::int32_t own = (entry.profile.serves == purpose::tx ? 1'000 : 0) +
                             2 * entry.profile.stack_level + (entry.connector > 0 ? 1 : 0);
    if (!limit || own <= rank) continue;
    rank = own;
    best = limit;
  }
  return best;
}

void baseline_every_profile_at_every_edge(benchmark::State& state) {
  const auto store = store_of_twenty();
  const auto started = store.running(connector)->started_at;
  std::vector<std::pair<instant, std::int64_t>> periods;
  for (auto _ : state) {
    periods.clear();
    for (const auto edge : edges_of(store, started)) {
      if (edge < midnight || edge >= midnight + day) continue;
      const auto own = leading(store, false, started, edge);
      const auto maximum = leading(store, true, started, edge);
      const auto least = std::min(own.value_or(rate_max_tenths), maximum.value_or(rate_max_tenths));
      if (periods.empty() || periods.back().second != least) periods.emplace_back(edge, least);
    }
    benchmark::DoNotOptimize(periods.data());
  }
  state.counters["periods"] = static_cast<double>(periods.size());
  const auto schedule = compose(store, connector, midnight, day, rate_unit::ampere);
  const auto is_same = [](const composite_period& one, const auto& other) {
    return midnight + one.start == other.first && one.limit_tenths == other.second;
  };
  if (!std::ranges::equal(schedule.periods, periods, is_same))
    state.SkipWithError("both ways must find the same schedule");
}
BENCHMARK(baseline_every_profile_at_every_edge)->Unit(benchmark::kMicrosecond);

} // namespace

BENCHMARK_MAIN();
