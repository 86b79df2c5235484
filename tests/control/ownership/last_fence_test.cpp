#include "control/ownership/last_fence.hpp"

#include <gtest/gtest.h>

namespace busbar::control::ownership {
namespace {

TEST(last_fence, OWN_2_commands_count_under_the_last_fence_and_no_other) {
  last_fence partition;
  partition.read(40);
  EXPECT_TRUE(partition.admits(epoch_of_fence(40)));
  partition.read(57);
  EXPECT_TRUE(partition.admits(epoch_of_fence(57)));
  EXPECT_FALSE(partition.admits(epoch_of_fence(40)));
}

TEST(last_fence, OWN_2_an_epoch_that_no_fence_began_counts_for_nothing_however_high) {
  last_fence partition;
  partition.read(57);
  EXPECT_FALSE(partition.admits(epoch_of_fence(57) + 1));
  EXPECT_FALSE(partition.admits(~domain::epoch{0}));
  EXPECT_FALSE(partition.admits(0));
}

TEST(last_fence, OWN_2_a_fence_that_is_delivered_again_changes_nothing) {
  last_fence partition;
  partition.read(57);
  partition.read(40);
  EXPECT_EQ(partition.epoch(), epoch_of_fence(57));
}

TEST(last_fence, OWN_2_what_is_told_of_a_partition_counts_until_a_fence_of_it_is_read) {
  last_fence partition;
  partition.learn(~domain::epoch{0});
  EXPECT_FALSE(partition.admits(epoch_of_fence(57)));
  partition.read(57);
  EXPECT_TRUE(partition.admits(epoch_of_fence(57)));
  partition.learn(~domain::epoch{0});
  EXPECT_TRUE(partition.admits(epoch_of_fence(57)));
}

TEST(last_fence, OWN_2_a_fence_at_the_partitions_begin_has_an_epoch) {
  EXPECT_EQ(epoch_of_fence(0), 1U);
}

TEST(last_fence, OWN_1_where_no_fence_was_read_every_epoch_is_let_through) {
  EXPECT_TRUE(last_fence{}.admits(7));
}

} // namespace
} // namespace busbar::control::ownership
