// What the model of a site did, recorded and fed back: every effect is the same. `SEED=25 RUNS=100`
// runs the 100 seeds from 25 on.
#include "simulator/presets.hpp"
#include "tests/builders/seeds.hpp"
#include "tests/recording/replayed_run.hpp"
#include "tests/simulator/example_site.hpp"
#include "tests/simulator/model_yard.hpp"

#include <gtest/gtest.h>

namespace busbar::recording {
namespace {

using tests::memory_recorder;
using tests::model_yard;

memory_recorder::segment record(const char* site, std::int64_t seconds, std::uint64_t seed) {
  const auto recorder = std::make_shared<memory_recorder>();
  model_yard it{tests::example_site(site), simulator::unruly(), seed};
  it.engine.model().record(recorder, it.now());
  it.pass(seconds);
  return recorder->take().front();
}

TEST(replay, every_effect_of_a_run_under_every_fault_is_the_same_again) {
  for (const auto* site : {"autonomous.toml", "garage.toml", "depot.toml"})
    for (const auto seed : tests::seeds_or({1, 2})) {
      const auto run = record(site, 300, seed);
      const auto again = tests::replay(run);
      EXPECT_FALSE(again.has_failed) << site << " SEED=" << seed;
      EXPECT_EQ(again.counts.different, 0u) << site << " SEED=" << seed << ": " << text_of(again);
      EXPECT_EQ(again.counts.left_recorded + again.counts.left_replayed, 0u) << site;
      EXPECT_EQ(again.strays, 0u) << site << " SEED=" << seed;
      EXPECT_GE(again.rounds, 300u);
      EXPECT_GT(again.counts.same, 700u) << site << " SEED=" << seed;
    }
}

TEST(replay, goes_on_from_the_state_that_a_run_was_handed_over_with) {
  const auto recorder = std::make_shared<memory_recorder>();
  model_yard it{tests::example_site("autonomous.toml"), simulator::unruly(), 7};
  it.engine.model().record(recorder, it.now());
  for (int i = 0; i < 5; ++i) {
    it.pass(60);
    it.hand_over();
    it.engine.model().record(recorder, it.now());
  }
  it.pass(60);
  const auto segments = recorder->take();
  ASSERT_EQ(segments.size(), 6u);
  for (const auto& segment : segments) {
    const auto again = tests::replay(segment);
    EXPECT_EQ(again.counts.different, 0u) << text_of(again);
    EXPECT_EQ(again.strays, 0u);
  }
}

TEST(replay, another_lease_is_found_and_named_with_its_tick_step_and_field) {
  const auto run = record("garage.toml", 120, 1);
  const auto again = tests::replay(run, [](site::site_beginning& start) {
    auto changed = std::make_shared<domain::site>(*start.layout->site);
    changed->lease += domain::seconds{1};
    start.layout = site::lay_out(std::move(changed));
  });
  ASSERT_TRUE(again.first);
  EXPECT_EQ(again.first->field.field, "lease") << text_of(again);
  EXPECT_EQ(again.first->field.recorded, "60");
  EXPECT_EQ(again.first->field.replayed, "61");
  EXPECT_EQ(again.first->source.substr(0, 8), "station:");
  EXPECT_EQ(again.first->effect.substr(0, 8), "command ");
  EXPECT_EQ(again.first->input.substr(0, 15), "the outcome of ");
  EXPECT_GT(again.first->tick, 0u);
}

} // namespace
} // namespace busbar::recording
