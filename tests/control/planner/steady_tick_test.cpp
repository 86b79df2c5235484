// A steady tick allocates nothing, and equal inputs give equal plans.

#include "tests/control/planner/allocations.hpp"
#include "tests/control/planner/garage.hpp"

#include <gtest/gtest.h>

namespace busbar::control::tests {
namespace {

void fill(garage& site, domain::policy policy) {
  site.site().split = policy;
  const auto f1 = site.feeder(100'000);
  const auto f2 = site.feeder(100'000);
  for (int i = 0; i < 60; ++i) {
    const auto line = i % 4;
    site.connector(i % 2 ? f1 : f2, line == 3 ? std::vector<int>{0, 1, 2} : std::vector{line});
    site.row(static_cast<std::uint32_t>(i)).soc = domain::permille{(i * 37) % 1000};
  }
}

class steady_tick : public testing::TestWithParam<domain::policy> {};

TEST_P(steady_tick, allocates_nothing_even_while_turns_change) {
  garage site{120'000};
  fill(site, GetParam());
  for (int second = 0; second < 1000; second += 50) site.obeyed_plan(second);
  for (int second = 1000; second < 3000; second += 50) {
    auto& image = site.now(second);
    const auto before = allocations_so_far();
    const auto& plan = site.control().decide(image);
    const auto after = allocations_so_far();
    ASSERT_TRUE(plan.violations.empty());
    EXPECT_EQ(after - before, 0U) << "at second " << second;
    site.obeyed_plan(second);
  }
}

INSTANTIATE_TEST_SUITE_P(every_policy, steady_tick,
                         testing::Values(domain::policy::equal, domain::policy::priority,
                                         domain::policy::soc_deficit,
                                         domain::policy::earliest_deadline,
                                         domain::policy::least_laxity,
                                         domain::policy::first_come));

} // namespace
} // namespace busbar::control::tests
