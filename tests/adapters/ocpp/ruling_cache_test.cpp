#include "adapters/ocpp/gateway/ruling_cache.hpp"

#include <gtest/gtest.h>

namespace busbar::adapters::ocpp::gateway {

namespace {

using control::sessions::tag_verdict;
using std::chrono::hours;
using std::chrono::seconds;

const domain::instant now{hours{500'000}};

} // namespace

TEST(ruling_cache, a_ruling_stands_until_it_expires_and_is_kept_for_a_day) {
  ruling_cache cache;
  cache.keep("T1", {tag_verdict::accepted, now + hours{1}, {}}, now);
  EXPECT_TRUE(cache.find("t1", now + hours{1} - seconds{1}).is_fresh);
  const auto later = cache.find("T1", now + hours{1});
  ASSERT_NE(later.ruling, nullptr);
  EXPECT_FALSE(later.is_fresh);
  EXPECT_EQ(cache.find("T1", now + hours{24}).ruling, nullptr);
  EXPECT_EQ(cache.find("T2", now).ruling, nullptr);
}

TEST(ruling_cache, one_without_an_expiry_stands_for_ten_seconds) {
  ruling_cache cache;
  cache.keep("T1", {tag_verdict::blocked, std::nullopt, {}}, now);
  EXPECT_TRUE(cache.find("T1", now + seconds{9}).is_fresh);
  EXPECT_FALSE(cache.find("T1", now + seconds{10}).is_fresh);
  EXPECT_FALSE(cache.find("T1", now - seconds{1}).is_fresh) << "the clock has gone back";
}

TEST(ruling_cache, beyond_its_bound_the_ruling_that_was_given_first_goes) {
  ruling_cache cache;
  for (std::size_t i = 0; i < ruling_cache::rulings_max; ++i)
    cache.keep(std::to_string(i), {tag_verdict::accepted, std::nullopt, {}},
               now + seconds{i == 7 ? 0 : 1});
  cache.keep("one more", {tag_verdict::accepted, std::nullopt, {}}, now + seconds{2});
  EXPECT_EQ(cache.size(), ruling_cache::rulings_max);
  EXPECT_EQ(cache.find("7", now + seconds{2}).ruling, nullptr);
  EXPECT_NE(cache.find("8", now + seconds{2}).ruling, nullptr);
}

} // namespace busbar::adapters::ocpp::gateway
