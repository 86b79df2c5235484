// Charge points under the model of a site that get charging profiles all the time, watched by an
// independent evaluation of their profiles. `SEED=3` runs one seed again.

#include "simulator/profile_audit.hpp"

#include "simulator/presets.hpp"
#include "simulator/random.hpp"
#include "tests/builders/seeds.hpp"
#include "tests/simulator/example_site.hpp"
#include "tests/simulator/model_yard.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <set>
#include <string>

namespace busbar::simulator {
namespace {

using domain::command_kind;
using domain::profile_kind;
using domain::profile_purpose;
using std::chrono::milliseconds;
using std::chrono::seconds;
using tests::at_second;

std::chrono::sys_seconds second_of(domain::instant now) {
  return std::chrono::floor<seconds>(now);
}

/// Of every kind, purpose and unit; some are refused.
domain::profile_order random_order(random_source& random, domain::instant now) {
  domain::charging_profile profile;
  profile.id = static_cast<std::int32_t>(random.below(5));
  profile.stack_level = static_cast<std::int32_t>(random.below(3));
  profile.serves = static_cast<profile_purpose>(random.below(3));
  profile.kind = static_cast<profile_kind>(random.below(3));
  profile.recurs = domain::profile_recurrency::daily;
  if (profile.kind != profile_kind::relative)
    profile.plan.starts_at = second_of(now) - seconds{random.between(-60, 90'000)};
  if (random.below(2) == 0) profile.valid_to = second_of(now) + seconds{random.between(5, 300)};
  if (random.below(2) == 0) profile.plan.duration = seconds{random.between(10, 90'000)};
  const bool is_in_watts = random.below(2) == 0;
  profile.plan.unit = is_in_watts ? domain::rate_unit::watt : domain::rate_unit::ampere;
  std::int64_t start = 0;
  for (auto left = random.between(1, 4); left > 0; --left, start += random.between(5, 40'000)) {
    domain::schedule_period period{seconds{start}, random.between(0, 350), std::nullopt};
    if (is_in_watts) period.limit_tenths *= 690;
    if (random.below(4) == 0) period.phases = static_cast<std::uint8_t>(random.between(1, 3));
    profile.plan.periods.push_back(period);
  }
  return {profile.serves == profile_purpose::charge_point_max, profile, {}};
}

struct profiled_run : tests::model_yard {
  profiled_run(std::uint64_t seed, domain::microseconds settle)
      : model_yard(tests::example_site("autonomous.toml"), settings(), seed), profiles(settle),
        random(seed) {
    see = [this](const outputs& out) { count(out); };
    twist = [this](const domain::command& command) { note(command); };
  }

  static world_settings settings() {
    auto made = autonomous();
    made.session_lasts = seconds{60};
    return made;
  }

  void pass(std::int64_t for_seconds) {
    for (std::int64_t tenth = 0; tenth < 10 * for_seconds; ++tenth) {
      if (tenth % 20 == 7) tell_something();
      const auto at = now();
      step();
      for (auto& text : profiles.look(yard.yard(), at)) wrong.push_back(std::move(text));
    }
  }

  void tell_something() {
    const auto connector = random.below(site->connectors.size());
    const auto station = site->connectors[connector].station;
    site::profile_errand errand;
    errand.station = station;
    errand.place = connector - site->stations[station.value()].first_connector.value();
    errand.now = now();
    const bool clears = random.below(5) == 0;
    errand.kind = clears ? command_kind::clear_charging_profile
                         : command_kind::set_charging_profile;
    errand.order.order = std::make_shared<const domain::profile_order>(
        clears ? domain::profile_order{} : random_order(random, now()));
    engine.order(std::move(errand));
  }

  void note(const domain::command& command) {
    if (command.kind == command_kind::set_charging_profile ||
        command.kind == command_kind::clear_charging_profile)
      told.insert({command.connector, command.number});
  }
  void count(const outputs& out) {
    for (const auto& batch : out.results)
      for (const auto& result : batch.results)
        if (told.contains({result.connector, result.number}))
          ++(result.answer == domain::outcome::accepted ? accepted : refused);
  }

  profile_audit profiles;
  random_source random;
  std::set<std::pair<domain::connector_index, domain::sequence>> told;
  std::vector<std::string> wrong;
  int accepted = 0;
  int refused = 0;
};

/// A meter interval of 1 s, a vehicle that follows within 1 s, and a step of this run.
constexpr domain::microseconds settle = milliseconds{2'200};

TEST(profile_audit, charge_points_obey_their_profiles_within_their_response_time) {
  for (const auto seed : tests::seeds_or({1, 2, 3, 4})) {
    profiled_run it{seed, settle};
    it.pass(900);
    EXPECT_EQ(it.wrong, std::vector<std::string>{}) << "SEED=" << seed;
    for (const auto& found : it.watch.findings())
      ADD_FAILURE() << "SEED=" << seed << ": " << found.rule << " " << found.text;
    EXPECT_GT(it.accepted, 100);
    EXPECT_GT(it.refused, 10);
    EXPECT_GT(it.watch.ended_sessions(), 30U);
  }
}

TEST(profile_audit, sees_a_point_that_is_slower_than_it_may_be) {
  profiled_run it{1, milliseconds{100}};
  it.pass(900);
  EXPECT_FALSE(it.wrong.empty());
}

TEST(profile_audit, evaluates_a_profile_by_itself) {
  domain::charging_profile profile;
  profile.kind = profile_kind::recurring;
  profile.recurs = domain::profile_recurrency::daily;
  // 08:00 to 16:00 of every day: 10 A, from 12:00 on 20 A.
  profile.plan.starts_at = second_of(at_second(0));
  profile.plan.duration = seconds{8 * 3'600};
  profile.plan.periods = {{seconds{0}, 100, std::nullopt}, {seconds{4 * 3'600}, 200, std::nullopt}};
  const auto said_after = [&](std::int64_t second) {
    const auto said = limit_said(profile, at_second(0), at_second(second));
    return said ? said->value : -1.0;
  };
  EXPECT_EQ(said_after(0), 10.0);
  EXPECT_EQ(said_after(86'400 + 4 * 3'600), 20.0);
  EXPECT_EQ(said_after(8 * 3'600), -1.0);
  EXPECT_EQ(said_after(-86'400 + 60), 10.0) << "before its first day: the time of day counts";
  profile.valid_to = second_of(at_second(30));
  EXPECT_EQ(said_after(29), 10.0);
  EXPECT_EQ(said_after(30), -1.0);
}

} // namespace
} // namespace busbar::simulator
