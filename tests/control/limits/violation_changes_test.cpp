// Which changes of violations become events.

#include "control/limits/violation_changes.hpp"

#include <gtest/gtest.h>

namespace busbar::control::limits {
namespace {

using domain::severity;

domain::instant at(std::int64_t second) { return domain::instant{domain::seconds{1'000 + second}}; }

std::vector<domain::violation> over(severity level) {
  domain::violation violation;
  violation.subject = "f1";
  violation.what = "L1 above breaker";
  violation.level = level;
  return {violation};
}

TEST(violation_follower, LIM_1_a_violation_that_comes_and_goes_around_its_bound_is_told_once) {
  violation_follower follower;
  EXPECT_EQ(follower.follow(over(severity::info), at(0)).raised.size(), 1u);
  for (int second = 1; second < 60; second += 2) {
    const auto gone = follower.follow({}, at(second));
    const auto back = follower.follow(over(severity::info), at(second + 1));
    EXPECT_TRUE(gone.cleared.empty() && back.raised.empty()) << second;
  }
}

TEST(violation_follower, LIM_1_what_is_not_critical_is_said_when_it_has_stood_for_two_seconds) {
  auto violation = over(severity::info).front();
  violation.since = at(0);
  EXPECT_FALSE(is_said(violation, at(1)));
  EXPECT_TRUE(is_said(violation, at(2)));
  violation.level = severity::warning;
  EXPECT_FALSE(is_said(violation, at(1)));
  violation.level = severity::critical;
  EXPECT_TRUE(is_said(violation, at(0)));
}

TEST(violation_follower, LIM_1_it_has_ended_when_it_stayed_away_for_ten_seconds) {
  violation_follower follower;
  (void)follower.follow(over(severity::info), at(0));
  EXPECT_TRUE(follower.follow({}, at(9)).cleared.empty());
  EXPECT_EQ(follower.follow({}, at(10)).cleared.size(), 1u);
  EXPECT_TRUE(follower.follow({}, at(11)).cleared.empty());
  EXPECT_EQ(follower.follow(over(severity::info), at(12)).raised.size(), 1u);
}

TEST(violation_follower, LIM_1_it_is_told_again_when_it_becomes_graver_and_only_then) {
  violation_follower follower;
  (void)follower.follow(over(severity::info), at(0));
  EXPECT_EQ(follower.follow(over(severity::critical), at(15)).raised.size(), 1u);
  EXPECT_TRUE(follower.follow(over(severity::warning), at(16)).raised.empty());
  EXPECT_TRUE(follower.follow(over(severity::critical), at(17)).raised.empty());
}

TEST(violation_follower, a_clock_that_is_set_back_ends_what_does_not_stand) {
  violation_follower follower;
  (void)follower.follow(over(severity::info), at(3'600));
  EXPECT_EQ(follower.follow({}, at(0)).cleared.size(), 1u);
}

} // namespace
} // namespace busbar::control::limits
