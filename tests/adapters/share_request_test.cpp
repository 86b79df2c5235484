#include "adapters/kafka/share_request.hpp"

#include <gtest/gtest.h>

namespace busbar::adapters::kafka {

TEST(share_request, a_member_that_is_given_something_names_its_own_topics_for_ever) {
  share_request member{true};
  EXPECT_FALSE(member.has_been_given());
  member.was_given(6);
  EXPECT_TRUE(member.has_been_given());
  EXPECT_EQ(member.take_next(), std::nullopt);
  // What others take later is theirs.
  member.was_given(0);
  EXPECT_EQ(member.take_next(), std::nullopt);
}

TEST(share_request, a_member_that_is_given_nothing_names_another_topic_for_one_round) {
  share_request member{true};
  EXPECT_EQ(member.take_next(), std::nullopt);
  member.was_given(0);
  EXPECT_EQ(member.take_next(), named_topics::own_and_another);
  EXPECT_EQ(member.take_next(), std::nullopt) << "the group has not answered";
  member.was_given(0);
  EXPECT_EQ(member.take_next(), named_topics::own);
  member.was_given(0);
  EXPECT_EQ(member.take_next(), std::nullopt) << "others may have every partition";
}

TEST(share_request, a_member_without_a_name_asks_for_nothing) {
  share_request member;
  member.was_given(0);
  EXPECT_EQ(member.take_next(), std::nullopt);
}

} // namespace busbar::adapters::kafka
