#include "control/safety/lease.hpp"

#include <gtest/gtest.h>

namespace busbar::control::safety {

using domain::instant;
using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(lease, SAFE_1_a_fallback_is_counted_in_time_to_make_room_before_the_lease_may_run_out) {
  const instant sure_until{seconds{1'060}};
  // A plan, 7 s until one that does not obey is found, a plan, 5 s in which the others follow.
  EXPECT_FALSE(may_fall_back(sure_until, instant{seconds{1'046} - microseconds{1}}, seconds{60}));
  EXPECT_TRUE(may_fall_back(sure_until, instant{seconds{1'046}}, seconds{60}));
  EXPECT_TRUE(may_fall_back(sure_until, instant{seconds{1'100}}, seconds{60}));
}

TEST(lease, SAFE_1_a_short_lease_that_is_renewed_at_its_third_does_not_count_it) {
  // 10 s: renewed after 10/3 = 3.3 s, when 6.7 s are left; counted from 10/2 = 5 s on.
  const instant sure_until{seconds{1'010}};
  EXPECT_FALSE(may_fall_back(sure_until, instant{seconds{1'004}}, seconds{10}));
  EXPECT_TRUE(may_fall_back(sure_until, instant{seconds{1'005}}, seconds{10}));
}

TEST(lease, SAFE_1_who_never_acknowledged_anything_may_be_in_its_fallback) {
  EXPECT_TRUE(may_fall_back({}, instant{seconds{1'000}}, seconds{60}));
}

TEST(lease, SAFE_1_a_lease_is_renewed_after_more_than_a_sixth_and_at_most_a_third) {
  for (int ms = 0; ms < 30'000; ms += 7) {
    const instant now{seconds{1'000} + milliseconds{ms}};
    const auto after = renewal_of(now, seconds{60}, milliseconds{1'234}) - now;
    EXPECT_GT(after, seconds{10}) << ms;
    EXPECT_LE(after, seconds{20}) << ms;
  }
}

TEST(lease, leases_of_one_phase_are_renewed_together_and_then_after_each_third) {
  // Instants of phase 3 s: 3, 13, 23, 33 ...; the last of them within 20 s.
  const seconds lease{60}, phase{3};
  EXPECT_EQ(renewal_of(instant{seconds{100}}, lease, phase), instant{seconds{113}});
  EXPECT_EQ(renewal_of(instant{seconds{102}}, lease, phase), instant{seconds{113}});
  EXPECT_EQ(renewal_of(instant{seconds{103}}, lease, phase), instant{seconds{123}});
  // A tick that comes 0.9 s late does not move the next one.
  EXPECT_EQ(renewal_of(instant{milliseconds{113'900}}, lease, phase), instant{seconds{133}});
}

} // namespace busbar::control::safety
