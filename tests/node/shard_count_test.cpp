// The number of shards is that of the topics: stated when they are made, kept ever after.

#include "node/shard_count.hpp"

#include "adapters/embedded/embedded_log.hpp"
#include "messages/shard_codec.hpp"
#include "messages/topics.hpp"

#include <gtest/gtest.h>

#include <memory>

namespace busbar::node {
namespace {

class shard_count : public testing::Test {
protected:
  std::int32_t partitions_of(const char* topic) const { return log->partitions(topic).value(); }

  std::shared_ptr<ports::event_log> log = adapters::embedded::make_embedded_log();
};

TEST_F(shard_count, topics_are_made_with_the_number_that_is_stated) {
  EXPECT_EQ(open_shards(*log, 6).value(), 6);
  EXPECT_EQ(partitions_of(messages::commands_topic), 6);
  EXPECT_EQ(partitions_of(messages::owners_topic), 6);
}

TEST_F(shard_count, topics_are_made_with_twelve_where_none_is_stated) {
  EXPECT_EQ(open_shards(*log, std::nullopt).value(), 12);
  EXPECT_EQ(partitions_of(messages::owners_topic), 12);
}

TEST_F(shard_count, topics_that_are_there_keep_their_number_and_set_that_of_missing_ones) {
  ASSERT_TRUE(log->ensure_topics({messages::all_topics(6).front()}));
  EXPECT_EQ(open_shards(*log, std::nullopt).value(), 6);
  EXPECT_EQ(partitions_of(messages::sites_topic), 6);
  EXPECT_EQ(partitions_of(messages::owners_topic), 6);
}

TEST_F(shard_count, another_number_than_that_of_the_topics_is_refused_with_both) {
  ASSERT_TRUE(open_shards(*log, 6));
  const auto refused = open_shards(*log, 7);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.failure().code, domain::errc::out_of_range);
  EXPECT_EQ(refused.failure().message, "--shards is 7, but busbar.telemetry.v1 has 6 partitions: "
                                       "state 6, or leave the option out");
  EXPECT_TRUE(open_shards(*log, 6));
}

} // namespace
} // namespace busbar::node
