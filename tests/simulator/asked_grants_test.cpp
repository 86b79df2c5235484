#include "simulator/asked_grants.hpp"

#include <gtest/gtest.h>

namespace busbar::simulator {
namespace {

using domain::milliamperes;

told_grant told(domain::epoch owner, domain::sequence number, std::int64_t ma) {
  told_grant made;
  made.owner = owner;
  made.number = number;
  made.current = milliamperes{ma};
  return made;
}

TEST(asked_grants, SAFE_2_an_accepted_grant_and_those_before_it_are_not_on_their_way_any_more) {
  asked_grants asked;
  asked.add(told(1, 1, 32'000));
  asked.add(told(1, 2, 16'000));
  asked.add(told(1, 3, 8'000));
  EXPECT_EQ(asked.current_max(), milliamperes{32'000});
  const auto accepted = asked.take(1, 2);
  ASSERT_TRUE(accepted);
  EXPECT_EQ(accepted->current, milliamperes{16'000});
  EXPECT_EQ(asked.current_max(), milliamperes{8'000});
  EXPECT_FALSE(asked.take(1, 1));
  EXPECT_FALSE(asked.take(1, 2));
}

TEST(asked_grants, OWN_1_the_same_number_of_another_epoch_is_another_grant) {
  asked_grants asked;
  asked.add(told(1, 5, 32'000));
  asked.add(told(2, 5, 6'000));
  EXPECT_FALSE(asked.take(3, 5));
  const auto accepted = asked.take(2, 5);
  ASSERT_TRUE(accepted);
  EXPECT_EQ(accepted->current, milliamperes{6'000});
  EXPECT_EQ(asked.current_max(), milliamperes{0});
}

TEST(asked_grants, the_oldest_of_more_than_64_is_forgotten) {
  asked_grants asked;
  for (domain::sequence number = 1; number <= 65; ++number)
    asked.add(told(1, number, number == 1 ? 32'000 : 6'000));
  EXPECT_EQ(asked.current_max(), milliamperes{6'000});
  EXPECT_FALSE(asked.take(1, 1));
  EXPECT_TRUE(asked.take(1, 2));
}

} // namespace
} // namespace busbar::simulator
