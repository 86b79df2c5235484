#include "control/safety/restart_budget.hpp"
#include "control/safety/watchdog.hpp"

#include <gtest/gtest.h>

namespace busbar::control::safety {

using domain::instant;
using std::chrono::seconds;

TEST(watchdog, says_a_miss_once_and_again_only_after_it_was_seen) {
  const instant start{seconds{100}};
  watchdog dog{seconds{3}, start};
  EXPECT_FALSE(dog.check(start + seconds{3}));
  EXPECT_TRUE(dog.check(start + seconds{4}));
  EXPECT_FALSE(dog.check(start + seconds{5}));
  EXPECT_TRUE(dog.is_overdue());
  dog.seen(start + seconds{6});
  EXPECT_FALSE(dog.is_overdue());
  EXPECT_TRUE(dog.check(start + seconds{10}));
}

TEST(restart_budget, the_sixth_restart_within_the_period_escalates) {
  restart_budget budget;
  const restart_settings settings{.intensity = 5, .period = seconds{60}};
  instant now{seconds{1'000}};
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(budget.decide(settings, now), restart_verdict::restart);
    now += seconds{10};
  }
  EXPECT_EQ(budget.decide(settings, now), restart_verdict::escalate); // 50 s after the first
  EXPECT_EQ(budget.total(), 5u);
}

TEST(restart_budget, restarts_spread_over_more_than_the_period_go_on_for_ever) {
  restart_budget budget;
  const restart_settings settings{.intensity = 2, .period = seconds{60}};
  instant now{seconds{1'000}};
  for (int i = 0; i < 20; ++i, now += seconds{31}) {
    EXPECT_EQ(budget.decide(settings, now), restart_verdict::restart);
  }
}

TEST(restart_budget, an_intensity_of_zero_escalates_at_once) {
  restart_budget budget;
  EXPECT_EQ(budget.decide({.intensity = 0}, instant{}), restart_verdict::escalate);
}

} // namespace busbar::control::safety
