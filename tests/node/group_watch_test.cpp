// An engine node that hears nothing does not call itself healthy.

#include "node/group_watch.hpp"

#include <gtest/gtest.h>

namespace busbar::node {

using std::chrono::seconds;

namespace {

constexpr domain::instant start{seconds{1'777'000'000}};

} // namespace

TEST(group_watch, a_member_without_partitions_for_more_than_15_s_fails_a_critical_check) {
  group_watch watch{start};
  watch.look(0, 0, start + seconds{15});
  EXPECT_TRUE(watch.checks(start + seconds{15})[0].is_passing);
  const auto late = watch.checks(start + seconds{16})[0];
  EXPECT_TRUE(late.is_critical);
  EXPECT_FALSE(late.is_passing);
  EXPECT_EQ(late.message, "reads no partition of its group for 16 s");
  watch.look(36, 0, start + seconds{17});
  EXPECT_EQ(watch.checks(start + seconds{17})[0].message, "reads 36 partitions");
  EXPECT_TRUE(watch.checks(start + seconds{17})[0].is_passing);
}

TEST(group_watch, OWN_1_a_node_whose_place_is_in_doubt_is_not_healthy) {
  group_watch watch{start};
  watch.look(36, 0, start);
  watch.settle(false);
  const auto doubted = watch.checks(start)[0];
  EXPECT_TRUE(doubted.is_critical);
  EXPECT_FALSE(doubted.is_passing);
  EXPECT_EQ(doubted.message,
            "has no certain place in its group, and commands nothing until it has");
  watch.settle(true);
  EXPECT_TRUE(watch.checks(start)[0].is_passing);
}

TEST(group_watch, a_drained_member_awaits_no_partitions_until_it_is_put_back) {
  group_watch watch{start};
  watch.look(36, 0, start);
  watch.drain(true);
  watch.look(0, 0, start + seconds{60});
  const auto drained = watch.checks(start + seconds{70})[0];
  EXPECT_TRUE(drained.is_passing);
  EXPECT_EQ(drained.message, "is drained: it holds no site until it is put back");
  watch.drain(false);
  watch.look(0, 0, start + seconds{75});
  EXPECT_TRUE(watch.checks(start + seconds{75})[0].is_passing);
  EXPECT_FALSE(watch.checks(start + seconds{76})[0].is_passing);
}

TEST(group_watch, telemetry_that_stops_for_more_than_30_s_fails_a_critical_check) {
  group_watch watch{start};
  EXPECT_TRUE(watch.checks(start + seconds{600})[1].is_passing); // none has come yet
  watch.look(36, 5, start + seconds{1});
  watch.look(36, 5, start + seconds{31});
  EXPECT_TRUE(watch.checks(start + seconds{31})[1].is_passing); // 31 - 1 = 30 s
  EXPECT_FALSE(watch.checks(start + seconds{32})[1].is_passing);
  EXPECT_TRUE(watch.checks(start + seconds{32})[1].is_critical);
  watch.look(36, 6, start + seconds{33});
  EXPECT_TRUE(watch.checks(start + seconds{33})[1].is_passing);
}

} // namespace busbar::node
