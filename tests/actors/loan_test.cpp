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

} // namespace busbar::actors
