#include "domain/fault_list.hpp"

#include <gtest/gtest.h>

namespace busbar::domain {
namespace {

TEST(fault_list, the_first_hundred_stand_and_the_rest_is_counted) {
  fault_list faults;
  for (int i = 1; i <= 100; ++i) faults.add(std::to_string(i));
  EXPECT_EQ(faults.more_text(), "");
  for (int i = 0; i < 199'900; ++i) faults.add("more");
  EXPECT_EQ(faults.kept().size(), 100U);
  EXPECT_EQ(faults.kept().back(), "100");
  EXPECT_EQ(faults.more_text(), "and 199,900 more");
  fault_list all;
  all.add("first");
  all.add(faults);
  EXPECT_EQ(all.kept().size(), 100U);
  EXPECT_EQ(all.more_text(), "and 199,901 more");
}

TEST(fault_list, what_would_break_a_line_or_move_a_terminal_is_escaped) {
  EXPECT_EQ(one_line("a\nb\x1b[2J\x7f"), "a\\u000ab\\u001b[2J\\u007f");
  EXPECT_EQ(one_line("\xC2\x85|\xE2\x80\xA8|\xE2\x80\xA9"), "\\u0085|\\u2028|\\u2029");
  EXPECT_EQ(one_line("\xC3\xBC \xE2\x82\xAC"), "\xC3\xBC \xE2\x82\xAC") << "letters stay";
}

TEST(fault_list, a_fault_is_cut_between_two_characters) {
  EXPECT_EQ(shortened("abcdef", 6), "abcdef");
  EXPECT_EQ(shortened("abcdefg", 6), "abc...");
  EXPECT_EQ(shortened("ab\xE2\x82\xAC" "efg", 6), "ab...");
  EXPECT_EQ(shortened(std::string(10, '\x80'), 6), "...") << "bytes that are no text";
  fault_list faults;
  faults.add(std::string(1'000'000, 'x'));
  EXPECT_EQ(faults.front().size(), fault_list::fault_bytes_max);
}

TEST(fault_list, thousands_are_grouped) {
  EXPECT_EQ(grouped(0), "0");
  EXPECT_EQ(grouped(999), "999");
  EXPECT_EQ(grouped(1'000), "1,000");
  EXPECT_EQ(grouped(67'108'864), "67,108,864");
}

} // namespace
} // namespace busbar::domain
