// What the actors of a site did under every fault, recorded and fed back through the parts of the
// model on one thread: every effect is the same, in whatever order messages were delivered.
// `SEED=25 RUNS=100` runs the 100 seeds from 25 on.
#include "simulator/presets.hpp"
#include "tests/actors/yard_bench.hpp"
#include "tests/builders/seeds.hpp"
#include "tests/recording/replayed_run.hpp"
#include "tests/simulator/example_site.hpp"

#include <gtest/gtest.h>

namespace busbar::actors {
namespace {

using tests::memory_recorder;

class recorded_yard : public tests::yard_bench {
public:
  recorded_yard(const std::shared_ptr<const domain::site>& site, std::uint64_t seed)
      : yard_bench(site, simulator::unruly(), seed) {
    auto& own = context();
    own.recording.to = recorder;
    recorder->begin({own.layout, own.terms.owner, own.settings.bay, own.settings.breaker,
                     own.settings.decision_every, nullptr, false, true, now});
  }
  std::shared_ptr<memory_recorder> recorder = std::make_shared<memory_recorder>();
};

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

} // namespace
} // namespace busbar::actors
