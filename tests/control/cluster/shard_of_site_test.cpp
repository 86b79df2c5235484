#include "control/cluster/shard_of_site.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace busbar::control::cluster {
namespace {

// murmur2 of these keys, as Kafka's Java client computes it (its UtilsTest): 21 -973932308,
// foobar -790332482, lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8 -58897971.
TEST(shard_of_site, OWN_2_is_the_partition_that_Kafkas_own_client_would_choose) {
  const auto expected = [](std::int32_t hash) { return (hash & 0x7fffffff) % 64; };
  EXPECT_EQ(shard_of_site(domain::site_id{"21"}, 64), expected(-973932308));
  EXPECT_EQ(shard_of_site(domain::site_id{"foobar"}, 64), expected(-790332482));
  EXPECT_EQ(shard_of_site(
                domain::site_id{"lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8"}, 64),
            expected(-58897971));
}

TEST(shard_of_site, spreads_a_thousand_sites_over_all_shards) {
  std::vector<int> sites(64);
  for (int number = 0; number < 1'000; ++number)
    ++sites[static_cast<std::size_t>(
        shard_of_site(domain::site_id{"site-" + std::to_string(number)}, 64))];
  // 15.6 in the mean.
  EXPECT_GE(*std::ranges::min_element(sites), 4);
  EXPECT_LE(*std::ranges::max_element(sites), 32);
}

} // namespace
} // namespace busbar::control::cluster
