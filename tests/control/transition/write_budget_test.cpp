#include "control/transition/write_budget.hpp"

#include <gtest/gtest.h>

namespace busbar::control::transition {
namespace {

using std::chrono::hours;
using std::chrono::microseconds;
using std::chrono::seconds;

const domain::instant start{seconds{1'000'000}};

TEST(write_budget, RAMP_1_without_a_bound_every_write_is_permitted) {
  write_budget budget;
  for (int n = 0; n < 1'000; ++n) {
    EXPECT_TRUE(budget.permits({}, start));
    budget.write({}, start);
  }
  EXPECT_EQ(budget.forced(), 0U);
}

TEST(write_budget, RAMP_1_a_minutes_writes_may_come_at_once_and_refill_evenly) {
  const write_allowance six{6, 0};
  write_budget budget;
  for (int n = 0; n < 6; ++n) {
    EXPECT_TRUE(budget.permits(six, start)) << n;
    budget.write(six, start);
  }
  EXPECT_FALSE(budget.permits(six, start));
  EXPECT_FALSE(budget.permits(six, start + seconds{10} - microseconds{1}));
  EXPECT_TRUE(budget.permits(six, start + seconds{10})); // 60 s / 6
  EXPECT_EQ(budget.forced(), 0U);
}

TEST(write_budget, RAMP_1_what_could_not_wait_is_counted_and_not_owed_for_ever) {
  const write_allowance two{2, 0};
  write_budget budget;
  for (int n = 0; n < 10; ++n) budget.write(two, start);
  EXPECT_EQ(budget.forced(), 8U);
  EXPECT_FALSE(budget.permits(two, start + seconds{29}));
  EXPECT_TRUE(budget.permits(two, start + seconds{30})) << "empty, not 4 minutes in debt";
}

TEST(write_budget, RAMP_1_a_days_writes_bind_where_the_minutes_do_not) {
  const write_allowance both{60, 24};
  write_budget budget;
  for (int n = 0; n < 24; ++n) {
    const auto now = start + seconds{10 * n};
    EXPECT_TRUE(budget.permits(both, now)) << n;
    budget.write(both, now);
  }
  EXPECT_FALSE(budget.permits(both, start + seconds{300}));
  EXPECT_FALSE(budget.permits(both, start + hours{1} - microseconds{1}));
  EXPECT_TRUE(budget.permits(both, start + hours{1})); // 24 h / 24
}

} // namespace
} // namespace busbar::control::transition
