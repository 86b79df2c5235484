// The composite schedule against an evaluator of its own: no cursor, no stack, no integer scales;
// it asks every profile at one second what it says, straight from the specification's sentences.

#include "profile_builder.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <random>

namespace busbar::control::smart_charging {
namespace {

const instant noon = at("2026-05-01T12:00:00Z");

struct said {
  double limit = 0;
  rate_unit unit{};
  int phases = 0;
};

class brute_force {
public:
  brute_force(const profile_store& store, instant asked_at) : store_(store), asked_at_(asked_at) {}

  /// {limit in tenths, phases or 0} of a connector or, for 0, of the station; absent: no limit.
  std::optional<std::pair<std::int64_t, int>> at(std::int32_t connector, instant now,
                                                 rate_unit unit) const {
    const auto most = best(connector, true, now);
    const auto found =
        connector == 0 ? total(most, now, unit) : one(connector, most, now, unit);
    if (!found) return std::nullopt;
    return std::pair{static_cast<std::int64_t>(std::floor(found->first * 10 + 1e-6)),
                     found->second};
  }

private:
  using answer = std::optional<std::pair<double, int>>;

  answer one(std::int32_t connector, const std::optional<said>& most, instant now,
             rate_unit unit) const {
    const auto own = best(connector, false, now);
    if (!own && !most) return own_limit(unit);
    int phases = 0;
    for (const auto& each : {own, most})
      if (each && each->phases) phases = phases ? std::min(phases, each->phases) : each->phases;
    double least = INFINITY;
    for (const auto& each : {own, most})
      if (each) least = std::min(least, in(unit, *each, phases));
    return std::pair{std::min(least, own_on(unit, phases)), phases};
  }

  answer total(const std::optional<said>& most, instant now, rate_unit unit) const {
    double sum = 0;
    int phases = 0;
    bool all_state = true;
    bool counts_own = false;
    for (std::int32_t connector = 1; connector <= store_.settings().connectors; ++connector) {
      const auto own = best(connector, false, now);
      if (!own) {
        // Its own limit is counted over all phases of the supply.
        sum += own_limit(unit) ? own_limit(unit)->first : INFINITY;
        counts_own = true;
        continue;
      }
      int counted = own->phases;
      if (most && most->phases) counted = counted ? std::min(counted, most->phases) : most->phases;
      sum += std::min(in(unit, *own, counted), own_on(unit, counted));
      all_state = all_state && own->phases;
      phases = std::max(phases, own->phases);
    }
    if (!all_state) phases = 0;
    else if (phases && counts_own) phases = store_.settings().phases;
    if (most && most->phases) phases = phases ? std::min(phases, most->phases) : most->phases;
    if (most) sum = std::min(sum, in(unit, *most, phases));
    if (std::isinf(sum)) return std::nullopt;
    return std::pair{sum, phases};
  }

  answer own_limit(rate_unit unit) const {
    const auto& settings = store_.settings();
    if (!settings.own_limit_a_tenths) return std::nullopt;
    const auto amperes = static_cast<double>(*settings.own_limit_a_tenths) / 10;
    return std::pair{unit == rate_unit::ampere ? amperes : amperes * 3 * 230, 0};
  }

  /// What its own limit leaves on so many phases (0: the supply's).
  double own_on(rate_unit unit, int phases) const {
    const auto& tenths = store_.settings().own_limit_a_tenths;
    if (!tenths) return INFINITY;
    const auto amperes = static_cast<double>(*tenths) / 10;
    return unit == rate_unit::ampere ? amperes : amperes * 230 * (phases ? phases : 3);
  }

  static double in(rate_unit unit, const said& what, int phases) {
    const double volts = 230.0 * (phases ? phases : 3);
    if (what.unit == unit) return what.limit;
    return unit == rate_unit::ampere ? what.limit / volts : what.limit * volts;
  }

  std::optional<said> best(std::int32_t connector, bool of_station, instant now) const {
    if (!of_station && !store_.running(connector)) return std::nullopt;
    std::optional<said> found;
    long rank = -1;
    for (const auto& entry : store_.installed()) {
      const auto& profile = entry.profile;
      if ((profile.serves == purpose::charge_point_max) != of_station) continue;
      if (entry.connector != 0 && entry.connector != connector) continue;
      const long here = (profile.serves == purpose::tx ? 1000 : 0) + profile.stack_level * 2 +
                        (entry.connector != 0);
      const auto period = in_force(entry, connector, now);
      if (!period || here <= rank) continue;
      rank = here;
      found = said{static_cast<double>(period->limit_tenths) / 10, profile.plan.unit,
                   period->phases.value_or(0)};
    }
    return found;
  }

  instant origin(const installed_profile& entry, std::int32_t connector) const {
    const auto& profile = entry.profile;
    if (profile.serves == purpose::charge_point_max && profile.kind == profile_kind::absolute)
      return profile.valid_from.value_or(entry.installed_at);
    instant first = asked_at_;
    bool is_first = true;
    for (std::int32_t each = 1; each <= store_.settings().connectors; ++each) {
      const auto* running = store_.running(each);
      if (!running || (connector != 0 && each != connector)) continue;
      first = is_first ? running->started_at : std::min(first, running->started_at);
      is_first = false;
    }
    return first;
  }

  std::optional<schedule_period> in_force(const installed_profile& entry, std::int32_t connector,
                                          instant now) const {
    const auto& profile = entry.profile;
    if (profile.valid_from && now < *profile.valid_from) return std::nullopt;
    if (profile.valid_to && now >= *profile.valid_to) return std::nullopt;
    const bool is_relative = profile.kind == profile_kind::relative || !profile.plan.starts_at;
    instant begin = is_relative ? origin(entry, connector) : *profile.plan.starts_at;
    if (profile.kind == profile_kind::recurring) {
      const seconds step{*profile.recurs == recurrency::daily ? 86'400 : 604'800};
      while (begin > now) begin -= step;
      while (begin + step <= now) begin += step;
    }
    const auto since = now - begin;
    if (since < seconds{0}) return std::nullopt;
    if (profile.plan.duration && since >= *profile.plan.duration) return std::nullopt;
    std::optional<schedule_period> found;
    for (const auto& period : profile.plan.periods)
      if (period.start <= since) found = period;
    return found;
  }

  const profile_store& store_;
  instant asked_at_;
};

class random_world {
public:
  explicit random_world(std::uint64_t seed) : engine_(seed) {}

  std::int64_t any(std::int64_t low, std::int64_t high) {
    return std::uniform_int_distribution<std::int64_t>(low, high)(engine_);
  }
  bool chance(int percent) { return any(1, 100) <= percent; }
  instant near_noon(std::int64_t span) { return noon + seconds{any(-span, span)}; }

  charging_profile profile(std::int32_t id) {
    charging_profile made;
    made.id = id;
    made.stack_level = static_cast<std::int32_t>(any(0, 4));
    made.serves = static_cast<purpose>(any(0, 2));
    made.kind = static_cast<profile_kind>(any(0, 2));
    if (made.kind == profile_kind::recurring) made.recurs = static_cast<recurrency>(any(0, 1));
    if (made.kind == profile_kind::recurring || chance(80))
      made.plan.starts_at = near_noon(chance(50) ? 7'200 : 900'000);
    if (chance(30)) made.valid_from = near_noon(7'200);
    if (chance(30)) made.valid_to = near_noon(7'200) + seconds{7'200};
    if (chance(60)) made.plan.duration = seconds{any(0, chance(70) ? 7'200 : 200'000)};
    made.plan.unit = static_cast<rate_unit>(any(0, 1));
    const auto most = made.plan.unit == rate_unit::ampere ? 640 : 300'000;
    std::int64_t start = 0;
    for (std::int64_t i = any(1, 8); i > 0; --i, start += any(1, chance(80) ? 1'800 : 90'000)) {
      schedule_period period{seconds{start}, any(0, 9) * most / 9, std::nullopt};
      if (chance(50)) period.phases = static_cast<std::uint8_t>(any(1, 3));
      made.plan.periods.push_back(period);
    }
    return made;
  }

  profile_store store() {
    station_settings settings{.connectors = static_cast<std::int32_t>(any(1, 3))};
    if (chance(60)) settings.own_limit_a_tenths = 480;
    profile_store made(settings);
    for (std::int32_t each = 1; each <= settings.connectors; ++each)
      if (chance(80)) made.start(each, each, noon - seconds{any(0, 3'600)});
    for (std::int32_t id = 1; id <= 20; ++id)
      (void)made.set(static_cast<std::int32_t>(any(0, settings.connectors)), profile(id),
                     noon - seconds{any(0, 3'600)});
    return made;
  }

private:
  std::mt19937_64 engine_;
};

/// What `schedule` says at `offset`; in a gap: what it said before.
const composite_period* last_before(const composite_schedule& schedule, seconds offset) {
  const composite_period* found = nullptr;
  for (const auto& period : schedule.periods)
    if (period.start <= offset) found = &period;
  return found;
}

void compare(const profile_store& store, const composite_schedule& schedule,
             std::int32_t connector, seconds offset) {
  const auto expected =
      brute_force(store, noon).at(connector, noon + offset, schedule.unit);
  const auto* found = last_before(schedule, offset);
  if (!expected) {
    const bool starts_here = found && found->start == offset;
    EXPECT_FALSE(starts_here) << "a period begins in a gap";
    return;
  }
  ASSERT_NE(found, nullptr);
  EXPECT_LT(offset, schedule.duration);
  EXPECT_EQ(found->limit_tenths, expected->first);
  EXPECT_EQ(found->phases.value_or(0), expected->second);
}

std::uint64_t first_seed() {
  const auto* text = std::getenv("SEED");
  return text ? std::strtoull(text, nullptr, 10) : 20'260'501;
}

} // namespace

TEST(composite_property, every_second_of_two_hours_says_what_the_specification_says) {
  const auto first = first_seed();
  for (auto seed = first; seed < first + 60; ++seed) {
    SCOPED_TRACE("SEED=" + std::to_string(seed));
    random_world world(seed);
    const auto store = world.store();
    const auto connector =
        static_cast<std::int32_t>(world.any(0, store.settings().connectors));
    const auto unit = static_cast<rate_unit>(world.any(0, 1));
    const auto schedule = compose(store, connector, noon, seconds{7'200}, unit);
    for (seconds offset{0}; offset < seconds{7'200}; ++offset) {
      compare(store, schedule, connector, offset);
      if (testing::Test::HasFailure()) FAIL() << "at " << offset.count() << " s";
    }
  }
}

TEST(composite_property, a_week_is_right_at_every_change_and_at_random_seconds) {
  const auto first = first_seed() + 1'000'000;
  constexpr seconds week{604'800};
  for (auto seed = first; seed < first + 400; ++seed) {
    SCOPED_TRACE("SEED=" + std::to_string(seed));
    random_world world(seed);
    const auto store = world.store();
    const auto connector =
        static_cast<std::int32_t>(world.any(0, store.settings().connectors));
    const auto unit = static_cast<rate_unit>(world.any(0, 1));
    const auto schedule = compose(store, connector, noon, week, unit);
    std::vector<seconds> offsets;
    for (const auto& period : schedule.periods) {
      offsets.push_back(period.start);
      if (period.start > seconds{0}) offsets.push_back(period.start - seconds{1});
    }
    for (int i = 0; i < 50; ++i) offsets.emplace_back(world.any(0, week.count() - 1));
    for (const auto offset : offsets) compare(store, schedule, connector, offset);
    if (testing::Test::HasFailure()) FAIL();
  }
}

TEST(composite_property, every_period_differs_from_the_one_before_or_follows_a_gap) {
  const auto first = first_seed() + 2'000'000;
  for (auto seed = first; seed < first + 300; ++seed) {
    SCOPED_TRACE("SEED=" + std::to_string(seed));
    random_world world(seed);
    const auto store = world.store();
    const auto schedule = compose(store, 1, noon, seconds{86'400}, rate_unit::ampere);
    for (std::size_t i = 1; i < schedule.periods.size(); ++i) {
      const auto& one = schedule.periods[i - 1];
      const auto& next = schedule.periods[i];
      EXPECT_LT(one.start, next.start);
      if (one.limit_tenths == next.limit_tenths && one.phases == next.phases) {
        EXPECT_FALSE(brute_force(store, noon).at(1, noon + next.start - seconds{1}, schedule.unit));
      }
    }
  }
}

TEST(composite_property, the_limit_of_a_connector_is_what_its_composite_schedule_begins_with) {
  const auto first = first_seed() + 4'000'000;
  for (auto seed = first; seed < first + 1'000; ++seed) {
    SCOPED_TRACE("SEED=" + std::to_string(seed));
    random_world world(seed);
    const auto store = world.store();
    const auto connector =
        static_cast<std::int32_t>(world.any(1, store.settings().connectors));
    const auto unit = static_cast<rate_unit>(world.any(0, 1));
    const auto at = world.near_noon(90'000);
    const auto limit = limit_at(store, connector, at, unit).connector;
    if (!limit) continue;
    const auto schedule = compose(store, connector, at, seconds{0}, unit);
    ASSERT_EQ(schedule.periods.size(), 1U);
    EXPECT_EQ(schedule.periods[0].limit_tenths, limit->limit_tenths);
    EXPECT_EQ(schedule.periods[0].phases, limit->phases);
  }
}

TEST(composite_property, memory_comes_back_for_any_store) {
  const auto first = first_seed() + 3'000'000;
  for (auto seed = first; seed < first + 300; ++seed) {
    random_world world(seed);
    const auto store = world.store();
    profile_store other(store.settings());
    ASSERT_TRUE(other.restore(store.memory())) << "SEED=" << seed;
    EXPECT_EQ(other.installed(), store.installed()) << "SEED=" << seed;
  }
}

} // namespace busbar::control::smart_charging
