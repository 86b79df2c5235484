#include "tests/control/cluster/shard_search.hpp"

#include <gtest/gtest.h>

namespace busbar::control::cluster::testing {
namespace {

void expect_kept(const search_bounds& bounds, std::size_t worlds_at_least) {
  const auto result = search(bounds);
  EXPECT_EQ(result.breach, "") << result.where;
  // A search that tries little proves little.
  EXPECT_GE(result.worlds, worlds_at_least);
}

TEST(shard_model, OWN_2_two_pauses_never_make_two_accepted_commanders) {
  expect_kept({2, 0, 0}, 600'000);
}

TEST(shard_model, OWN_2_a_cut_and_a_pause_never_make_two_accepted_commanders) {
  expect_kept({1, 1, 0}, 600'000);
}

TEST(shard_model, OWN_4_a_node_that_leaves_while_another_pauses_leaves_one_commander) {
  expect_kept({1, 0, 1}, 80'000);
}

TEST(shard_model, OWN_5_a_node_that_is_cut_off_while_another_leaves_is_silent) {
  expect_kept({0, 1, 1}, 50'000);
}

} // namespace
} // namespace busbar::control::cluster::testing
