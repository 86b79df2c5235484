#include "ocpp/v16/decimal.hpp"

#include <gmock/gmock.h>

#include <cinttypes>
#include <cstdio>
#include <random>
#include <string>

namespace busbar::ocpp::v16 {

TEST(decimal, a_number_is_read_as_it_stands) {
  struct row {
    const char* text;
    std::int64_t digits;
    std::uint8_t scale;
  };
  for (const auto& each : std::initializer_list<row>{
           {"16", 16, 0}, {"16.10", 161, 1}, {"-1", -1, 0}, {"+0.5", 5, 1}, {".5", 5, 1},
           {"7.", 7, 0}, {" 3.45 ", 345, 2}, {"1.5E7", 15'000'000, 0}, {"1.0E7", 10'000'000, 0},
           {"12e-3", 12, 3}, {"0.000", 0, 0}, {"-0", 0, 0}, {"000123", 123, 0},
           {"123456789012345678", 123'456'789'012'345'678, 0},
           {"0.1234567890123456789", 123'456'789'012'345'678, 18}}) {
    const auto read = decimal_from(each.text);
    ASSERT_TRUE(read) << each.text;
    EXPECT_EQ(read->digits, each.digits) << each.text;
    EXPECT_EQ(read->scale, each.scale) << each.text;
  }
}

TEST(decimal, what_is_no_number_is_not_read) {
  for (const char* text : {"", " ", ".", "-", "1.2.3", "16A", "0x10", "nan", "inf", "1e", "1e99",
                           "1e-99", "--1", "1,5", "1234567890123456789", "1e18"})
    EXPECT_FALSE(decimal_from(text)) << text;
}

TEST(decimal, kilowatts_become_watts_without_loss) {
  // 3.45 kW = 3 450 W
  EXPECT_EQ(units_ceil(*decimal_from("3.45"), 3), 3'450);
  EXPECT_EQ(units_floor(*decimal_from("506.121"), 3), 506'121);
  EXPECT_EQ(units_floor(*decimal_from("0.0005"), 3), 0);
  EXPECT_EQ(units_ceil(*decimal_from("0.0005"), 3), 1);
  EXPECT_EQ(units_floor(*decimal_from("-0.0005"), 3), -1);
  EXPECT_EQ(units_ceil(*decimal_from("-0.0005"), 3), 0);
  EXPECT_FALSE(units_floor(*decimal_from("123456789012345678"), 3));
}

TEST(decimal, thousandths_are_the_digits_of_the_text) {
  const auto seed = std::random_device{}();
  std::printf("seed %u\n", seed);
  std::mt19937_64 random(seed);
  for (int i = 0; i < 20'000; ++i) {
    const auto number = static_cast<std::int64_t>(random() % 100'000'000'000);
    char text[64];
    std::snprintf(text, sizeof text, "%" PRId64 ".%03" PRId64, number / 1'000, number % 1'000);
    const auto read = decimal_from(text);
    ASSERT_TRUE(read) << text;
    EXPECT_EQ(units_floor(*read, 3), number) << text;
    EXPECT_EQ(units_ceil(*read, 3), number) << text;
  }
}

} // namespace busbar::ocpp::v16
