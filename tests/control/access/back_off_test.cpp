#include "control/access/back_off.hpp"

#include <gtest/gtest.h>

namespace busbar::tests {
namespace {

using namespace control::access;
using namespace std::chrono_literals;
using domain::instant;
using domain::microseconds;

const instant noon{microseconds{1'777'636'800'000'000}};
const login_try from_thief{"anna", "192.0.2.66", false};
const login_try from_home{"anna", "192.0.2.7", true};

TEST(back_off, waits_double_from_a_second_to_fifteen_minutes) {
  back_off failures;
  EXPECT_EQ(failures.wait_of(from_thief, noon), 0s);
  auto now = noon;
  for (const auto wait : {1s, 2s, 4s, 8s, 16s, 32s, 64s, 128s, 256s, 512s, 900s, 900s}) {
    failures.failed(from_thief, now);
    EXPECT_EQ(failures.wait_of(from_thief, now), wait);
    now += wait;
    EXPECT_EQ(failures.wait_of(from_thief, now), 0s);
  }
}

TEST(back_off, the_account_is_slow_from_every_address_and_the_address_for_every_account) {
  back_off failures;
  failures.failed(from_thief, noon);
  EXPECT_EQ(failures.wait_of({"anna", "198.51.100.1", false}, noon), 1s);
  EXPECT_EQ(failures.wait_of({"ben", "192.0.2.66", false}, noon), 1s);
  EXPECT_EQ(failures.wait_of({"ben", "198.51.100.1", false}, noon), 0s);
}

TEST(back_off, the_address_of_the_last_success_is_never_locked_out) {
  back_off failures;
  for (int i = 0; i < 500; ++i)
    failures.failed({"anna", "192.0.2." + std::to_string(i), false}, noon);
  EXPECT_EQ(failures.wait_of({"anna", "198.51.100.1", false}, noon), 15min);
  EXPECT_EQ(failures.wait_of(from_home, noon), 0s);
}

TEST(back_off, a_success_begins_anew_and_old_failures_are_forgotten) {
  back_off failures;
  for (int i = 0; i < 5; ++i) failures.failed(from_thief, noon);
  failures.succeeded(from_thief);
  EXPECT_EQ(failures.wait_of(from_thief, noon), 0s);
  for (int i = 0; i < 5; ++i) failures.failed(from_thief, noon);
  failures.failed(from_thief, noon + 61min);
  EXPECT_EQ(failures.wait_of(from_thief, noon + 61min), 1s);
}

TEST(back_off, a_clock_that_is_set_back_holds_nobody_longer_than_the_wait) {
  back_off failures;
  failures.failed(from_thief, noon);
  EXPECT_EQ(failures.wait_of(from_thief, noon - 10h), 1s);
}

TEST(back_off, remembers_a_bounded_number_the_newest_ones) {
  back_off failures;
  const auto many = static_cast<int>(back_off::kept_max) + 10;
  for (int i = 0; i < many; ++i)
    failures.failed({"user " + std::to_string(i), "address", true}, noon + i * 1us);
  EXPECT_EQ(failures.wait_of({"user 0", "", false}, noon + 100ms), 0s);
  EXPECT_GT(failures.wait_of({"user " + std::to_string(many - 1), "", false}, noon + 100ms), 0s);
}

} // namespace
} // namespace busbar::tests
