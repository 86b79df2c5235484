// What an unknown name in a site file or a request is answered with.

#include "text/suggestion.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace busbar::text {
namespace {

const std::vector<std::string> names{"id", "max_a", "min_a", "step_a", "fallback"};

TEST(suggestion, a_name_with_a_slip_is_answered_with_the_one_that_is_meant) {
  EXPECT_EQ(did_you_mean("max_A", names), " (did you mean `max_a`?)");
  EXPECT_EQ(did_you_mean("falback", names), " (did you mean `fallback`?)");
  EXPECT_EQ(did_you_mean("setp_a", names), " (did you mean `step_a`?)"); // two neighbours
  EXPECT_EQ(did_you_mean("di", names), "") << "half of two letters";
  EXPECT_EQ(did_you_mean("fallbacks", names), " (did you mean `fallback`?)");
}

TEST(suggestion, a_name_that_is_like_none_is_answered_with_none) {
  EXPECT_EQ(did_you_mean("colour", names), "");
  EXPECT_EQ(did_you_mean("x", names), "");
  EXPECT_EQ(did_you_mean("ie", names), "") << "half of two letters";
  EXPECT_EQ(did_you_mean(std::string(10'000, 'a'), names), "");
  EXPECT_EQ(did_you_mean("max_a", {}), "");
}

TEST(suggestion, of_equally_near_names_the_first_is_meant) {
  EXPECT_EQ(did_you_mean("mix_a", names), " (did you mean `max_a`?)"); // min_a is as near
}

} // namespace
} // namespace busbar::text
