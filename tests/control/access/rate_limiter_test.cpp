#include "control/access/client_address.hpp"
#include "control/access/rate_limiter.hpp"
#include "control/access/token_family.hpp"

#include <gtest/gtest.h>

#include <deque>

namespace busbar::tests {
namespace {

using namespace control::access;
using namespace std::chrono_literals;
using domain::instant;
using domain::microseconds;

const instant noon{microseconds{1'777'636'800'000'000}};

TEST(rate_limiter, takes_a_quota_and_states_what_is_left) {
  rate_limiter limiter;
  for (int i = 0; i < 10; ++i) {
    const auto answer = limiter.ask("192.0.2.7", rate_class::strict, true, noon);
    EXPECT_TRUE(answer.is_allowed);
    EXPECT_EQ(answer.remaining, 9 - i);
    EXPECT_EQ(answer.reset, 15min);
  }
  const auto refused = limiter.ask("192.0.2.7", rate_class::strict, true, noon + 1min);
  EXPECT_FALSE(refused.is_allowed);
  EXPECT_EQ(refused.remaining, 0);
  // 14 min to the next window; in it the tenth part of 15 min until one of the ten has gone.
  EXPECT_EQ(refused.reset, 14min + 90s);
  EXPECT_TRUE(limiter.ask("192.0.2.8", rate_class::strict, true, noon).is_allowed);
  EXPECT_TRUE(limiter.ask("192.0.2.7", rate_class::relaxed, true, noon).is_allowed)
      << "each class has its own";
}

TEST(rate_limiter, no_window_has_more_than_the_quota_and_patience_is_rewarded) {
  rate_limiter limiter;
  std::deque<instant> taken;
  std::size_t total = 0;
  for (auto now = noon; now < noon + 10min; now += 100ms) {
    while (!taken.empty() && now - taken.front() >= 1min) taken.pop_front();
    if (!limiter.ask("user u-1", rate_class::standard, false, now).is_allowed) continue;
    taken.push_back(now);
    ++total;
    // The window slides by estimate: a tenth beyond it is the most.
    ASSERT_LE(taken.size(), 110U) << (now - noon).count();
  }
  EXPECT_GE(total, 900U) << "100 a minute for ten minutes, less what the estimate keeps back";
}

TEST(rate_limiter, a_quota_at_the_end_of_a_window_leaves_nothing_at_the_beginning_of_the_next) {
  rate_limiter limiter;
  const auto asks = [&](domain::instant now) {
    return limiter.ask("user u-1", rate_class::standard, false, now).is_allowed;
  };
  EXPECT_TRUE(asks(noon));
  for (int i = 1; i < 100; ++i) EXPECT_TRUE(asks(noon + 59s));
  int taken = 0;
  for (int i = 0; i < 100; ++i) taken += asks(noon + 61s) ? 1 : 0;
  // A sixtieth of the window before has gone, and with it 100 / 60 of its requests, rounded down.
  EXPECT_EQ(taken, 1);
}

TEST(rate_limiter, one_that_waits_as_long_as_it_is_told_is_let_in) {
  rate_limiter limiter;
  auto now = noon;
  for (int i = 0; i < 400; ++i) {
    const auto answer = limiter.ask("user u-1", rate_class::relaxed, false, now);
    if (answer.is_allowed) continue;
    now += answer.reset;
    EXPECT_TRUE(limiter.ask("user u-1", rate_class::relaxed, false, now).is_allowed) << i;
  }
}

TEST(rate_limiter, strangers_fill_their_own_table_and_push_out_nobody) {
  rate_limiter limiter{100};
  for (int i = 0; i < 10; ++i)
    static_cast<void>(limiter.ask("user u-1", rate_class::strict, false, noon));
  for (int i = 0; i < 10; ++i)
    static_cast<void>(limiter.ask("10.0.0.1", rate_class::strict, true, noon));
  for (int i = 0; i < 1'000; ++i)
    static_cast<void>(limiter.ask("192.0.2." + std::to_string(i), rate_class::strict, true, noon));
  EXPECT_LE(limiter.key_count(), 103U) << "100, the one that new ones share, and the principal's";
  EXPECT_FALSE(limiter.ask("user u-1", rate_class::strict, false, noon).is_allowed);
  EXPECT_FALSE(limiter.ask("10.0.0.1", rate_class::strict, true, noon).is_allowed);
  EXPECT_TRUE(limiter.ask("user u-2", rate_class::strict, false, noon).is_allowed);
  EXPECT_FALSE(limiter.ask("198.51.100.1", rate_class::strict, true, noon).is_allowed)
      << "what new ones share is used up";
  EXPECT_TRUE(limiter.ask("198.51.100.1", rate_class::strict, true, noon + 31min).is_allowed)
      << "keys that are not used any more make room";
}

TEST(rate_limiter, a_clock_that_is_set_back_begins_anew) {
  rate_limiter limiter;
  for (int i = 0; i < 10; ++i)
    static_cast<void>(limiter.ask("a", rate_class::strict, true, noon));
  EXPECT_TRUE(limiter.ask("a", rate_class::strict, true, noon - 1h).is_allowed);
}

TEST(address_key, is_one_for_all_texts_of_an_address) {
  for (const auto* each : {"192.0.2.7", "::ffff:192.0.2.7", "::FFFF:c000:0207", "192.0.2.7:443",
                           "0:0:0:0:0:ffff:192.0.2.7", "[::ffff:192.0.2.7]:443"})
    EXPECT_EQ(address_key(each), "192.0.2.7") << each;
  EXPECT_EQ(plain_address("2001:DB8::0001"), plain_address("[2001:db8:0:0::1]:443"));
  EXPECT_NE(plain_address("2001:db8::1"), plain_address("2001:db8::2"));
  for (const auto* each : {"", "[", "[[[", "unknown", "1.2.3", "256.0.0.1", "1:2:3:4:5:6:7:8:9",
                           ":::", "::g", "1::2::3", "12345::", "1:2:3:4:5:6:7::8"})
    EXPECT_EQ(address_key(each), each) << "no address";
}

TEST(address_key, is_one_for_each_64_bits_of_ipv6) {
  EXPECT_EQ(address_key("192.0.2.7"), "192.0.2.7");
  EXPECT_EQ(address_key("::ffff:192.0.2.7"), "192.0.2.7");
  EXPECT_EQ(address_key("2001:db8:0:7:1:2:3:4"), address_key("2001:db8:0:7::9"));
  EXPECT_EQ(address_key("2001:db8::7:1:2:3:4"), address_key("2001:0db8:0000:0007:a:b:c:d"));
  EXPECT_NE(address_key("2001:db8:0:7::1"), address_key("2001:db8:0:8::1"));
  EXPECT_EQ(address_key("fe80::1%eth0"), address_key("fe80::2"));
  EXPECT_EQ(address_key("::1"), address_key("::2"));
  EXPECT_NE(address_key("::1"), address_key("2001:db8::1"));
}

TEST(refresh_tokens, are_used_once_and_a_second_use_revokes_the_family) {
  const kept_refresh_token fresh{noon + 12h, std::nullopt, false};
  EXPECT_EQ(verdict_of(fresh, noon), refresh_verdict::renewed);
  EXPECT_EQ(verdict_of(fresh, noon + 12h), refresh_verdict::refused);
  EXPECT_EQ(verdict_of(std::nullopt, noon), refresh_verdict::refused);
  const kept_refresh_token spent{noon + 12h, noon, false};
  EXPECT_EQ(verdict_of(spent, noon + 1s), refresh_verdict::used_twice);
  EXPECT_EQ(verdict_of(spent, noon + 13h), refresh_verdict::used_twice) << "however late";
  EXPECT_EQ(verdict_of(kept_refresh_token{noon + 12h, noon, true}, noon),
            refresh_verdict::refused);
}

} // namespace
} // namespace busbar::tests
