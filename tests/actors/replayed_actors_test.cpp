// What the actors of a site did under every fault, recorded and fed back through the parts of the
// model on one thread: every effect is the same, in whatever order messages were delivered.
// `SEED=25 RUNS=100` runs the 100 seeds from 25 on.
#include "simulator/presets.hpp"
#include "tests/actors/yard_bench.hpp"
#include "tests/builders/seeds.hpp"
#include "tests/recording/replayed_run.hpp"
#include "tests/simulator/example_site.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace busbar::actors {
namespace {

using tests::memory_recorder;

class recorded_yard : public tests::yard_bench {
public:
  recorded_yard(const std::shared_ptr<const domain::site>& site, std::uint64_t seed)
      : yard_bench(site, simulator::unruly(), seed) {
    auto& own = context();
    own.recording.to = recorder;
    recorder->begin({own.layout, own.terms.owner, own.settings.table, own.settings.breaker,
                     own.settings.decision_every, nullptr, false, true, now});
  }
  /// Messages are on their way when the actor ends.
  void end(const std::string& actor, int messages) {
    beat(messages);
    fault(actor);
  }
  std::shared_ptr<memory_recorder> recorder = std::make_shared<memory_recorder>();
};

/// Nothing differs, and nothing is left over but what was on its way at the end.
void expect_same(recorded_yard& it, std::uint64_t seed) {
  const auto again = tests::replay(it.recorder->take().front());
  EXPECT_FALSE(again.has_failed) << "SEED=" << seed;
  EXPECT_EQ(again.counts.different, 0u) << "SEED=" << seed << ": " << tests::text_of(again);
  EXPECT_EQ(again.counts.left_recorded + again.counts.left_replayed, 0u) << "SEED=" << seed;
  EXPECT_EQ(again.strays, 0u) << "SEED=" << seed;
  EXPECT_GT(again.counts.same, 300u) << "SEED=" << seed;
}

TEST(replayed_actors, every_effect_is_the_same_again_in_whatever_order_messages_come) {
  for (const auto seed : tests::seeds_or({1, 2, 3, 4})) {
    recorded_yard it{tests::example_site("autonomous.toml"), seed};
    it.shuffle(seed);
    it.pass(300);
    const auto again = tests::replay(it.recorder->take().front());
    EXPECT_FALSE(again.has_failed) << "SEED=" << seed;
    EXPECT_EQ(again.counts.different, 0u) << "SEED=" << seed << ": " << tests::text_of(again);
    EXPECT_EQ(again.counts.left_recorded + again.counts.left_replayed, 0u) << "SEED=" << seed;
    EXPECT_EQ(again.strays, 0u) << "SEED=" << seed;
    EXPECT_GE(again.rounds, 300u);
    EXPECT_GT(again.counts.same, 1'000u) << "SEED=" << seed;
  }
}

TEST(replayed_actors, every_effect_is_the_same_where_actors_end_with_messages_on_their_way) {
  if (!has_test_doors) GTEST_SKIP() << "a release has no test doors";
  for (const auto seed : tests::seeds_or({1, 2, 3, 4, 5, 6})) {
    recorded_yard it{tests::example_site("autonomous.toml"), seed};
    it.shuffle(seed);
    const std::vector<std::string> actors{
        "station:CP-001", "station:CP-004", branch_name(*it.context().layout, 0),
        "site:autonomous", "station:CP-007"};
    for (int round = 0; round < 15; ++round) {
      it.pass(13 + round % 3);
      it.end(actors[static_cast<std::size_t>(round) % actors.size()],
             static_cast<int>(seed) * 3 + round * 5);
    }
    it.pass(20);
    EXPECT_GE(it.counters().supervision.restarts.value(), 15u) << "SEED=" << seed;
    expect_same(it, seed);
  }
}

TEST(replayed_actors, every_effect_is_the_same_where_a_station_stalls_and_the_site_goes_safe) {
  if (!has_test_doors) GTEST_SKIP() << "a release has no test doors";
  for (const auto seed : tests::seeds_or({1, 2, 3})) {
    recorded_yard it{tests::example_site("autonomous.toml"), seed};
    it.shuffle(seed);
    it.pass(20);
    it.hold("station:CP-002");
    it.pass(12);
    it.release();
    it.pass(10);
    // More often than the budget of restarts allows.
    for (int i = 0; i < 10 && it.view()->mode != "safe"; ++i) {
      it.end(branch_name(*it.context().layout, it.context().layout->roots.front()), 4 * i);
      it.pass(2);
    }
    EXPECT_EQ(it.view()->mode, "safe") << "SEED=" << seed;
    it.pass(75);
    EXPECT_EQ(it.view()->mode, "controlling") << "SEED=" << seed;
    expect_same(it, seed);
  }
}

} // namespace
} // namespace busbar::actors
