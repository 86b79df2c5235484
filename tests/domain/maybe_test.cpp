#include "domain/maybe.hpp"
#include "domain/time.hpp"
#include "domain/units.hpp"

#include <gtest/gtest.h>

namespace busbar::domain {
namespace {

using std::chrono::seconds;

TEST(maybe, is_absent_until_something_is_put_in) {
  maybe<milliamperes> current;
  EXPECT_FALSE(current.has_value());
  EXPECT_EQ(current.value_or(milliamperes{6'000}).count(), 6'000);
  current = milliamperes{-16'000};
  ASSERT_TRUE(current);
  EXPECT_EQ(current->count(), -16'000);
  current.reset();
  EXPECT_FALSE(current);
}

TEST(maybe, zero_is_a_value) {
  EXPECT_TRUE(maybe{milliamperes{}}.has_value());
  EXPECT_TRUE(maybe{instant{}}.has_value());
}

TEST(maybe, goes_from_and_to_an_optional_without_loss) {
  const std::optional<instant> at = instant{seconds{7}};
  EXPECT_EQ(std::optional<instant>{maybe<instant>{at}}, at);
  EXPECT_EQ(std::optional<instant>{maybe<instant>{std::nullopt}}, std::nullopt);
}

TEST(maybe, absent_comes_before_every_value) {
  EXPECT_LT(maybe<permille>{}, maybe{permille{-1'000'000}});
  EXPECT_LT(maybe<instant>{}, maybe{instant{seconds{-1}}});
  EXPECT_EQ(maybe<permille>{}, maybe<permille>{});
}

TEST(maybe, takes_the_room_of_its_value) {
  EXPECT_EQ(sizeof(maybe<milliamperes>), sizeof(milliamperes));
  EXPECT_EQ(sizeof(maybe<instant>), sizeof(instant));
}

TEST(maybe, cannot_hold_the_one_number_that_says_absent) {
  EXPECT_FALSE(maybe<instant>::can_hold(instant::min()));
  EXPECT_TRUE(maybe<instant>::can_hold(instant::max()));
}

} // namespace
} // namespace busbar::domain
