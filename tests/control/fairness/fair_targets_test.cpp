#include "control/fairness/fair_targets.hpp"

#include <gtest/gtest.h>

#include <random>

namespace busbar::control::fairness {
namespace {

contender a_member(std::int64_t stays_s, std::int64_t needed, std::int64_t got = 0) {
  contender made;
  made.cap = 32'000;
  made.stays_s = stays_s;
  made.needed = needed;
  made.got = got;
  return made;
}

std::int64_t sum_until(const std::vector<contender>& members, std::size_t count) {
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < count; ++i) sum += members[i].target;
  return sum;
}

} // namespace

TEST(fair_targets, need_is_the_largest_mean_demand_until_any_departure) {
  // 10 A h / 1 h = 10 A; (10 + 40) A h / 2 h = 25 A; 60 A h / 10 h = 6 A
  const std::vector<contender> members{a_member(3600, 36'000'000), a_member(7200, 144'000'000),
                                       a_member(36'000, 36'000'000)};
  EXPECT_EQ(need_of(members), 25'000);
}

TEST(fair_targets, what_a_vehicle_cannot_take_before_it_leaves_is_not_promised) {
  EXPECT_EQ(takeable(a_member(100, 1'000'000'000)), 3'200'000);
  EXPECT_EQ(takeable(a_member(100, 5)), 5);
}

TEST(fair_targets, equals_share_a_scarce_room_evenly_and_modest_wishes_come_through) {
  policy_scratch scratch;
  std::vector<contender> members{a_member(3600, 1'000'000), a_member(3600, 80'000'000),
                                 a_member(3600, 80'000'000)};
  set_fair_targets(members, 10'000, 0, scratch);
  EXPECT_EQ(members[1].target, members[2].target);
  // 10 A * 3 600 s is shared in the measure of the wishes: 1 : 80 : 80.
  EXPECT_NEAR(static_cast<double>(members[0].target), 36e6 / 161, 100);
  EXPECT_LE(sum_until(members, 3), 36'000'000);
  set_fair_targets(members, 10'000, 80'000'000, scratch);
  EXPECT_GT(members[0].target, 36'000'000 / 161) << "a typical request lifts the modest";
}

TEST(fair_targets, who_leaves_early_is_bounded_by_the_room_until_then_only) {
  policy_scratch scratch;
  std::vector<contender> members{a_member(600, 80'000'000), a_member(36'000, 80'000'000)};
  set_fair_targets(members, 10'000, 0, scratch);
  EXPECT_NEAR(static_cast<double>(members[0].target), 6e6, 200); // 10 A * 600 s
  EXPECT_NEAR(static_cast<double>(members[1].target), 80e6, 200);
}

TEST(fair_targets, the_level_is_the_highest_that_the_charge_pays_for) {
  // Entitled to (3 * 2^20 + 2^20) / 4 = 2^20 mA s: a level, in 2^-20, is then a charge in mA s.
  constexpr std::int64_t one = 1 << 20;
  for (std::int64_t stays = 100'000; stays < 100'004; ++stays) {
    policy_scratch scratch;
    std::vector<contender> members{a_member(stays, one)};
    set_fair_targets(members, 1, one, scratch);
    EXPECT_EQ(scratch.blocks.at(0).level, stays); // 1 mA for that many seconds
    EXPECT_EQ(members[0].target, stays);
  }
}

TEST(fair_targets, what_somebody_has_already_counts) {
  policy_scratch scratch;
  std::vector<contender> members{a_member(3600, 40'000'000, 40'000'000),
                                 a_member(3600, 80'000'000)};
  set_fair_targets(members, 10'000, 0, scratch);
  EXPECT_EQ(members[0].target, 0);
  EXPECT_NEAR(static_cast<double>(members[1].target), 36e6, 100);
}

TEST(fair_targets, no_departure_is_promised_more_than_the_room_delivers_and_levels_never_fall) {
  for (std::uint64_t seed = 1; seed <= 500; ++seed) {
    SCOPED_TRACE("SEED=" + std::to_string(seed));
    std::mt19937_64 engine(seed);
    const auto any = [&](std::int64_t low, std::int64_t high) {
      return std::uniform_int_distribution<std::int64_t>(low, high)(engine);
    };
    std::vector<contender> members;
    std::int64_t stays = 0;
    for (auto n = any(1, 30); n > 0; --n)
      members.push_back(a_member(stays += any(1, 7'200), any(1, 200'000'000), any(0, 90'000'000)));
    const auto room = any(1, 60'000);
    policy_scratch scratch;
    set_fair_targets(members, room, any(0, 90'000'000), scratch);
    for (std::size_t k = 0; k < members.size(); ++k) {
      EXPECT_LE(sum_until(members, k + 1), room * members[k].stays_s);
      EXPECT_GE(members[k].target, 0);
      EXPECT_LE(members[k].target, takeable(members[k]));
    }
    for (std::size_t b = 1; b < scratch.blocks.size(); ++b)
      EXPECT_LE(scratch.blocks[b - 1].level, scratch.blocks[b].level);
  }
}

} // namespace busbar::control::fairness
