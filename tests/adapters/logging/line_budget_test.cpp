// How many lines of one kind reach standard error.

#include "adapters/logging/line_budget.hpp"

#include <gtest/gtest.h>

namespace busbar::adapters::logging {
namespace {

using namespace std::chrono_literals;
using told = std::vector<withheld_lines>;

constexpr domain::instant noon{std::chrono::hours{490'000}};

std::size_t admitted(line_budget& budget, const std::string& kind, std::size_t count,
                     domain::instant now) {
  std::size_t written = 0;
  for (std::size_t n = 0; n < count; ++n) written += budget.admits(kind, now) ? 1 : 0;
  return written;
}

TEST(line_budget, ten_lines_of_a_kind_are_written_in_ten_seconds_and_the_rest_is_counted) {
  line_budget budget;
  EXPECT_EQ(admitted(budget, "command_unanswered", 610, noon), 10u);
  EXPECT_EQ(admitted(budget, "breaker_opened", 1, noon + 1s), 1u);
  EXPECT_EQ(budget.take_withheld(noon + 9s), told{});
  EXPECT_EQ(budget.take_withheld(noon + 10s), (told{{"command_unanswered", 600}})); // 610 - 10
  EXPECT_EQ(budget.take_withheld(noon + 11s), told{});
}

TEST(line_budget, a_new_window_has_lines_again_and_what_the_old_one_withheld_is_still_told) {
  line_budget budget;
  admitted(budget, "fault", 25, noon);
  EXPECT_EQ(admitted(budget, "fault", 12, noon + 10s), 10u);
  EXPECT_EQ(budget.take_withheld(noon + 10s), (told{{"fault", 15}})); // 25 - 10
  EXPECT_EQ(budget.take_withheld(noon + 20s), (told{{"fault", 2}}));  // 12 - 10
}

TEST(line_budget, a_clock_that_is_set_back_withholds_nothing_for_longer) {
  line_budget budget;
  admitted(budget, "fault", 10, noon);
  EXPECT_TRUE(budget.admits("fault", noon - 1h));
}

TEST(line_budget, kinds_beyond_the_bound_share_one_budget) {
  line_budget budget{{.lines_max = 1, .window = 10s, .kinds_max = 2}};
  EXPECT_TRUE(budget.admits("a", noon));
  EXPECT_TRUE(budget.admits("b", noon));
  EXPECT_TRUE(budget.admits("c", noon));
  EXPECT_FALSE(budget.admits("d", noon));
  EXPECT_EQ(budget.take_withheld(noon + 10s), (told{{"other", 1}}));
}

} // namespace
} // namespace busbar::adapters::logging
