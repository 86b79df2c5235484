#include "control/sessions/guess_limit.hpp"

#include <gtest/gtest.h>

namespace busbar::control::sessions {

namespace {

using std::chrono::seconds;

const domain::instant now{std::chrono::hours{500'000}};

} // namespace

TEST(guess_limit, after_20_refusals_of_a_key_no_more_is_looked_up_until_its_minute_is_over) {
  guess_limit limit;
  for (int i = 0; i < 20; ++i) {
    EXPECT_FALSE(limit.is_reached("CP-1", now + seconds{i})) << i;
    limit.refused("CP-1", now + seconds{i});
  }
  EXPECT_TRUE(limit.is_reached("CP-1", now + seconds{20}));
  EXPECT_TRUE(limit.is_reached("CP-1", now + seconds{59}));
  EXPECT_FALSE(limit.is_reached("CP-2", now + seconds{59}));
  EXPECT_FALSE(limit.is_reached("CP-1", now + seconds{60}));
  limit.refused("CP-1", now + seconds{60});
  EXPECT_FALSE(limit.is_reached("CP-1", now + seconds{61})) << "a new minute counts from zero";
}

TEST(guess_limit, a_clock_that_goes_back_ends_the_minute) {
  guess_limit limit;
  for (int i = 0; i < 20; ++i) limit.refused("CP-1", now);
  EXPECT_TRUE(limit.is_reached("CP-1", now));
  EXPECT_FALSE(limit.is_reached("CP-1", now - seconds{1}));
}

TEST(guess_limit, beyond_so_many_keys_the_one_that_began_first_is_forgotten) {
  guess_limit limit;
  for (int i = 0; i < 20; ++i) limit.refused("first", now);
  for (std::size_t i = 1; i < guess_limit::keys_max; ++i)
    limit.refused(std::to_string(i), now + seconds{1});
  EXPECT_TRUE(limit.is_reached("first", now + seconds{2}));
  limit.refused("one more", now + seconds{2});
  EXPECT_EQ(limit.key_count(), guess_limit::keys_max);
  EXPECT_FALSE(limit.is_reached("first", now + seconds{2}));
  limit.refused("later", now + seconds{90});
  EXPECT_EQ(limit.key_count(), 1u) << "those whose minute is over go first";
}

} // namespace busbar::control::sessions
