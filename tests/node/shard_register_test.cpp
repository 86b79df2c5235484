// Whether a command of a shard may leave an engine node, as the log and the group answer.

#include "node/shard_register.hpp"

#include "control/ownership/last_fence.hpp"

#include <gtest/gtest.h>

namespace busbar::node {

using control::ownership::epoch_of_fence;
using namespace std::chrono_literals;

namespace {

class shard_register_test : public testing::Test {
protected:
  /// The node's fence stands at `offset`, and all before it was read.
  void own(std::int64_t offset) {
    of.want({shard}, now);
    of.in_touch(now, now);
    const auto fences = of.take_fences();
    ASSERT_EQ(fences.size(), 1U);
    fence = fences.front();
    of.fence_answered(fence, offset, now);
    of.caught_up(shard, offset + 1, now);
  }
  void read_foreign(std::int64_t offset) { of.read({shard, "engine-2", 1, 1, {}}, offset, now); }

  const domain::site_id site{"garage"};
  shard_register of{"engine-1", 77, 1};
  const std::int32_t shard = of.shard_of(site);
  domain::shard_fence fence;
  domain::instant now{1h};
};

using overtaken = shard_register::shards;

} // namespace

TEST_F(shard_register_test, OWN_2_commands_leave_under_the_epoch_of_the_own_fence) {
  EXPECT_FALSE(of.may_command(site, now));
  EXPECT_EQ(of.counters().withheld_unfenced, 1U);
  own(41);
  EXPECT_EQ(of.may_command(site, now), epoch_of_fence(41));
  EXPECT_EQ(fence.node, "engine-1");
  EXPECT_EQ(fence.start, 77U);
  EXPECT_EQ(of.counters().fences_written, 1U);
}

TEST_F(shard_register_test, OWN_3_nothing_is_commanded_before_all_before_the_fence_is_read) {
  of.want({shard}, now);
  of.in_touch(now, now);
  const auto fences = of.take_fences();
  of.fence_answered(fences.at(0), 41, now);
  EXPECT_FALSE(of.may_command(site, now));
  of.caught_up(shard, 42, now);
  EXPECT_TRUE(of.may_command(site, now));
}

TEST_F(shard_register_test, OWN_2_a_foreign_fence_after_the_own_takes_the_shard) {
  own(41);
  read_foreign(40);
  of.read(fence, 41, now);
  EXPECT_TRUE(of.may_command(site, now));
  EXPECT_EQ(of.take_overtaken(), overtaken{});
  read_foreign(50);
  EXPECT_FALSE(of.may_command(site, now));
  EXPECT_EQ(of.take_overtaken(), overtaken{shard});
  EXPECT_EQ(of.take_overtaken(), overtaken{});
  EXPECT_EQ(of.counters().fences_lost, 1U);
  EXPECT_EQ(of.epoch_of(shard), 0U);
}

TEST_F(shard_register_test, OWN_2_another_process_of_the_same_name_is_another_owner) {
  own(41);
  of.read({shard, "engine-1", 78, 1, {}}, 50, now);
  EXPECT_FALSE(of.may_command(site, now));
}

TEST_F(shard_register_test, OWN_2_a_shard_that_was_taken_is_fenced_once_the_group_confirms_it) {
  own(41);
  read_foreign(50);
  EXPECT_TRUE(of.awaits_group(shard, now));
  now += 5s;
  of.in_touch(now, now);
  EXPECT_TRUE(of.take_fences().empty());
  now += 1s;
  EXPECT_FALSE(of.awaits_group(shard, now));
  of.in_touch(now, now);
  EXPECT_EQ(of.take_fences().size(), 1U);
}

TEST_F(shard_register_test, OWN_2_a_shard_that_the_group_gives_anew_is_fenced_at_once) {
  own(41);
  read_foreign(50);
  EXPECT_EQ(of.take_overtaken(), overtaken{shard});
  of.given_anew({shard}, now);
  EXPECT_EQ(of.take_overtaken(), overtaken{});
  EXPECT_FALSE(of.awaits_group(shard, now));
  of.want({shard}, now);
  of.in_touch(now, now);
  EXPECT_EQ(of.take_fences().size(), 1U);
}

TEST_F(shard_register_test, OWN_5_an_owned_shard_that_the_group_gives_anew_is_looked_at) {
  own(41);
  of.given_anew({shard}, now);
  EXPECT_EQ(of.to_look_at(now).count(shard), 1U);
  of.caught_up(shard, 42, now);
  EXPECT_TRUE(of.to_look_at(now).empty());
}

TEST_F(shard_register_test, OWN_5_a_node_that_stood_still_looks_before_it_commands) {
  own(41);
  now += 5s - 1us;
  EXPECT_TRUE(of.may_command(site, now));
  now += 1us;
  EXPECT_TRUE(of.is_silent(now));
  EXPECT_FALSE(of.may_command(site, now));
  EXPECT_EQ(of.counters().withheld_silent, 1U);
  // The log answers again: what stands after the fence is read first.
  of.acknowledged(now, now, true);
  EXPECT_FALSE(of.may_command(site, now));
  EXPECT_EQ(of.to_look_at(now).at(shard), 42);
  of.caught_up(shard, 60, now);
  EXPECT_TRUE(of.may_command(site, now));
  EXPECT_FALSE(of.is_silent(now));
}

TEST_F(shard_register_test, OWN_5_a_record_sent_before_the_pause_does_not_end_the_silence) {
  own(41);
  const auto sent_at = now + 1s;
  now += 15s;
  of.acknowledged(sent_at, now, true);
  of.caught_up(shard, 60, now);
  EXPECT_FALSE(of.may_command(site, now));
}

TEST_F(shard_register_test, OWN_5_a_foreign_fence_found_when_the_node_wakes_takes_the_shard) {
  own(41);
  now += 15s;
  of.in_touch(now, now);
  read_foreign(50);
  of.caught_up(shard, 60, now);
  EXPECT_FALSE(of.may_command(site, now));
  EXPECT_EQ(of.take_overtaken(), overtaken{shard});
}

TEST_F(shard_register_test, OWN_5_what_the_log_refuses_makes_the_node_look) {
  own(41);
  of.acknowledged(now, now, false);
  EXPECT_FALSE(of.may_command(site, now));
  EXPECT_EQ(of.to_look_at(now).count(shard), 1U);
}

TEST_F(shard_register_test, OWN_5_records_that_were_missed_are_looked_at) {
  own(41);
  of.passed(shard, 41);
  of.passed(shard, 42);
  EXPECT_TRUE(of.to_look_at(now).empty());
  of.passed(shard, 44);
  EXPECT_EQ(of.to_look_at(now).at(shard), 43);
  of.caught_up(shard, 46, now);
  EXPECT_TRUE(of.to_look_at(now).empty());
}

TEST_F(shard_register_test, OWN_2_a_fence_that_went_with_its_topic_is_owned_no_more) {
  own(41);
  of.caught_up(shard, 3, now);
  EXPECT_FALSE(of.may_command(site, now));
  EXPECT_EQ(of.take_overtaken(), overtaken{shard});
}

TEST_F(shard_register_test, OWN_2_what_was_let_go_is_commanded_no_more) {
  own(41);
  of.let_go({shard}, now);
  EXPECT_FALSE(of.may_command(site, now));
  EXPECT_EQ(of.take_overtaken(), overtaken{});
}

} // namespace busbar::node
