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
  EXPECT_EQ(did_you_mean("max_a", std::vector<std::string>{}), "");
}

TEST(suggestion, of_equally_near_names_the_first_is_meant) {
  EXPECT_EQ(did_you_mean("mix_a", names), " (did you mean `max_a`?)"); // min_a is as near
}

TEST(suggestion, capital_letters_are_no_difference) {
  EXPECT_EQ(did_you_mean("FALLBACK", names), " (did you mean `fallback`?)");
}

TEST(suggestion, another_digit_is_another_name_and_a_missing_one_a_slip) {
  const std::vector<std::string> stations{"CP-005", "CP-012"};
  EXPECT_EQ(did_you_mean("CP-025", stations), "");
  EXPECT_EQ(did_you_mean("CP-021", stations), "") << "two digits in another order";
  EXPECT_EQ(did_you_mean("cp-5", stations), " (did you mean `CP-005`?)");
  EXPECT_EQ(did_you_mean("CP012", stations), " (did you mean `CP-012`?)");
}

TEST(suggestion, no_more_than_16384_names_are_looked_at) {
  const std::vector<std::string> many(nearest_name::names_max, "other");
  nearest_name nearest{"falback"};
  for (const auto& each : many) nearest.offer(each);
  nearest.offer("fallback");
  EXPECT_EQ(nearest.found(), "");
}

} // namespace
} // namespace busbar::text
