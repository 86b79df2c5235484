#include "actors/loan.hpp"

#include <gtest/gtest.h>

namespace busbar::actors {

TEST(loan, a_value_is_lent_to_one_at_a_time) {
  lendable<int> value{5};
  {
    const auto first = value.borrow();
    ASSERT_TRUE(first);
    EXPECT_EQ(*first, 5);
    EXPECT_FALSE(value.borrow());
    EXPECT_FALSE(value.is_free());
  }
  EXPECT_TRUE(value.is_free());
  EXPECT_TRUE(value.borrow());
}

TEST(loan, a_value_is_worked_with_by_one_at_a_time_whoever_has_borrowed_it) {
  lendable<int> value{5};
  const auto borrowed = value.borrow();
  {
    const auto first = value.take_turn();
    ASSERT_TRUE(first);
    *first = 6;
    EXPECT_FALSE(value.take_turn());
  }
  EXPECT_TRUE(value.take_turn());
  EXPECT_EQ(*borrowed, 6);
  EXPECT_FALSE(value.is_free()) << "a turn gives back no loan";
}

} // namespace busbar::actors
