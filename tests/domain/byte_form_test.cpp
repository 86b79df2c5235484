#include "domain/byte_form.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

namespace busbar::domain {
namespace {

using bytes = std::vector<std::uint8_t>;

TEST(byte_form, numbers_are_little_endian_and_counts_take_seven_bits_a_byte) {
  byte_writer out;
  out.number(0x0102, 2);
  out.integer(-2);
  out.integer_if_any(std::nullopt);
  out.count(300); // 0b10'0101100
  out.text("CP-2", "CP-1");
  EXPECT_EQ(out.bytes(), (bytes{2, 1, 0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0xac, 2,
                                3, 1, '2'}));
}

TEST(byte_form, what_was_written_is_read_back) {
  byte_writer out;
  out.number(7, 4);
  out.integer(-62'167'219'200);
  out.integer_if_any(5);
  out.count(std::uint64_t{1} << 62);
  out.text("CP-2", "CP-1");
  byte_reader in{out.bytes()};
  EXPECT_EQ(in.place(8), 7U);
  EXPECT_EQ(in.integer(INT64_MIN, 0), -62'167'219'200);
  EXPECT_EQ(in.integer_if_any(0, 9), 5);
  EXPECT_EQ(in.count(~std::uint64_t{0}), std::uint64_t{1} << 62);
  EXPECT_EQ(in.text("CP-1"), "CP-2");
  EXPECT_TRUE(in.is_done());
}

TEST(byte_form, a_value_outside_its_range_spoils_everything_after_it) {
  const bytes written{9, 1, 1, 1};
  byte_reader in{written};
  EXPECT_EQ(in.number(1, 8), 0U);
  EXPECT_TRUE(in.is_spoiled());
  EXPECT_EQ(in.number(1, 8), 0U);
  EXPECT_FALSE(in.is_done());
}

TEST(byte_form, what_is_cut_off_or_too_long_is_spoiled) {
  const bytes short_number{1, 2};
  byte_reader number{short_number};
  EXPECT_EQ(number.integer(3, 9), 3);
  EXPECT_TRUE(number.is_spoiled());
  const bytes long_text{0, 5, 'a', 'b', 'c', 'd', 'e'};
  byte_reader text{long_text, 4};
  EXPECT_EQ(text.text(""), "");
  EXPECT_TRUE(text.is_spoiled());
  const bytes endless(12, 0x80);
  byte_reader count{endless};
  EXPECT_EQ(count.count(~std::uint64_t{0}), 0U);
  EXPECT_TRUE(count.is_spoiled());
}

} // namespace
} // namespace busbar::domain
