#include "adapters/kafka/share_request.hpp"

#include <gtest/gtest.h>

namespace busbar::adapters::kafka {

namespace {

using namespace std::chrono_literals;

const share_request::time_point begin{};

} // namespace

TEST(share_request, a_member_that_is_given_something_names_its_own_topics_for_ever) {
  share_request member{true};
  EXPECT_FALSE(member.has_been_given());
  member.was_given(6, begin);
  EXPECT_TRUE(member.has_been_given());
  // What others take later is theirs.
  member.was_given(0, begin + 5s);
  EXPECT_EQ(member.take_next(begin + 60s), std::nullopt);
}

TEST(share_request, a_member_that_is_given_nothing_names_another_topic_for_one_round) {
  share_request member{true};
  EXPECT_EQ(member.take_next(begin), std::nullopt);
  member.was_given(0, begin);
  EXPECT_EQ(member.take_next(begin + 1'999ms), std::nullopt) << "a group that moves has time";
  EXPECT_EQ(member.take_next(begin + 2s), named_topics::own_and_another);
  EXPECT_EQ(member.take_next(begin + 9s), std::nullopt) << "the group has not answered";
  member.was_given(0, begin + 10s);
  EXPECT_EQ(member.take_next(begin + 10s), named_topics::own);
  member.was_given(0, begin + 11s);
  EXPECT_EQ(member.take_next(begin + 60s), std::nullopt) << "others may have every partition";
}

TEST(share_request, a_member_whose_share_comes_a_round_later_names_its_own_topics_for_ever) {
  share_request member{true};
  member.was_given(0, begin);
  member.was_given(6, begin + 1s);
  EXPECT_EQ(member.take_next(begin + 60s), std::nullopt);
}

TEST(share_request, a_member_that_comes_back_asks_as_a_new_one) {
  share_request member{true};
  member.was_given(6, begin);
  member.begin_anew();
  EXPECT_TRUE(member.has_been_given());
  member.was_given(0, begin + 10s);
  EXPECT_EQ(member.take_next(begin + 12s), named_topics::own_and_another);
  member.begin_anew();
  EXPECT_EQ(member.take_next(begin + 60s), std::nullopt) << "it is told nothing yet";
}

TEST(share_request, a_member_without_a_name_asks_for_nothing) {
  share_request member;
  member.was_given(0, begin);
  EXPECT_EQ(member.take_next(begin + 60s), std::nullopt);
}

} // namespace busbar::adapters::kafka
