// What follows from a request that was passed on to another engine node.

#include "control/cluster/forwarding.hpp"

#include <gtest/gtest.h>

#include <array>

namespace busbar::control::cluster {

using namespace std::chrono_literals;
using enum forward_outcome;
using enum forward_verdict;

TEST(forwarding, is_asked_again_for_a_hand_over_where_nothing_was_done) {
  for (const auto outcome : {no_owner, unreachable, not_there})
    for (const bool changes : {false, true}) {
      EXPECT_EQ(verdict_of(outcome, changes, 0s), ask_again);
      EXPECT_EQ(verdict_of(outcome, changes, 2s - 1us), ask_again);
      EXPECT_EQ(verdict_of(outcome, changes, 2s), none_answers);
    }
}

TEST(forwarding, KEEP_1_what_may_have_been_done_is_not_asked_twice) {
  for (const auto waited : {0us, domain::microseconds{5s}}) {
    EXPECT_EQ(verdict_of(broken, true, waited), unknown_outcome);
    EXPECT_EQ(verdict_of(unanswered, true, waited), unknown_outcome);
    EXPECT_EQ(verdict_of(garbled, true, waited), bad_answer);
  }
}

TEST(forwarding, what_changes_nothing_may_be_asked_twice) {
  EXPECT_EQ(verdict_of(broken, false, 0s), ask_again);
  EXPECT_EQ(verdict_of(broken, false, 2s), none_answers);
  EXPECT_EQ(verdict_of(unanswered, false, 0s), no_answer);
  EXPECT_EQ(verdict_of(garbled, false, 0s), bad_answer);
}

TEST(forwarding, an_answer_is_passed_on_and_a_full_client_is_not_asked_again) {
  for (const bool changes : {false, true}) {
    EXPECT_EQ(verdict_of(answered, changes, 0s), pass_on);
    EXPECT_EQ(verdict_of(answered, changes, 9s), pass_on);
    EXPECT_EQ(verdict_of(busy, changes, 0s), none_answers);
  }
}

} // namespace busbar::control::cluster
