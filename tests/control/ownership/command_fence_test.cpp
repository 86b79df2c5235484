#include "control/ownership/command_fence.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <utility>
#include <vector>

namespace busbar::control::ownership {
namespace {

using enum fence_verdict;

TEST(command_fence, OWN_1_a_recipient_that_has_obeyed_nothing_takes_any_command) {
  EXPECT_EQ(judge({}, {7, 1}), fresh);
  EXPECT_EQ(judge({}, {domain::epoch{1} << 63U, 0}), fresh);
}

TEST(command_fence, OWN_1_an_older_epoch_is_refused_whatever_its_number) {
  EXPECT_EQ(judge({4, 10}, {3, 11}), older_epoch);
  EXPECT_EQ(refusal_text({4, 10}, {3, 11}), "epoch 3 is older than 4");
}

TEST(command_fence, OWN_1_a_newer_epoch_begins_its_numbers_anew) {
  EXPECT_EQ(judge({4, 10}, {5, 1}), fresh);
  EXPECT_EQ(refusal_text({4, 10}, {5, 1}), "");
}

TEST(command_fence, OWN_1_an_older_number_of_the_same_epoch_is_refused) {
  EXPECT_EQ(judge({4, 10}, {4, 9}), older_number);
  EXPECT_EQ(refusal_text({4, 10}, {4, 9}), "sequence 9 is older than 10");
}

TEST(command_fence, OWN_1_the_command_obeyed_last_is_known_when_it_comes_again) {
  EXPECT_EQ(judge({4, 10}, {4, 10}), repeated);
  EXPECT_EQ(refusal_text({4, 10}, {4, 10}), "");
}

TEST(command_fence, OWN_1_the_order_of_epochs_goes_round) {
  const auto last = ~domain::epoch{0};
  EXPECT_EQ(judge({last, 10}, {1, 1}), fresh);
  EXPECT_EQ(judge({1, 1}, {last, 11}), older_epoch);
}

// Two engine nodes, one newer than the other, whose commands are doubled, delayed and reordered:
// what a recipient obeys only ever moves forward, and nothing is obeyed twice.
TEST(command_fence, OWN_1_what_is_obeyed_moves_forward_over_any_order_of_arrival) {
  for (std::uint32_t seed = 1; seed <= 50; ++seed) {
    std::mt19937 random{seed};
    std::vector<command_mark> sent;
    for (domain::epoch owner = 1; owner <= 3; ++owner)
      for (domain::sequence number = 1; number <= 20; ++number) sent.push_back({owner, number});
    const auto once = sent;
    sent.insert(sent.end(), once.begin(), once.end());
    std::shuffle(sent.begin(), sent.end(), random);
    command_mark last;
    std::map<std::pair<domain::epoch, domain::sequence>, int> obeyed;
    for (const auto& next : sent) {
      if (judge(last, next) != fresh) continue;
      EXPECT_GT((std::pair{next.owner, next.number}), (std::pair{last.owner, last.number}))
          << "SEED=" << seed;
      EXPECT_EQ(++obeyed[std::pair(next.owner, next.number)], 1) << "SEED=" << seed;
      last = next;
    }
    EXPECT_EQ(last, (command_mark{3, 20})) << "SEED=" << seed;
  }
}

} // namespace
} // namespace busbar::control::ownership
