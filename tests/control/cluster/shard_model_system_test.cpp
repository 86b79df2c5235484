#include "tests/control/cluster/shard_search.hpp"

#include <gtest/gtest.h>

namespace busbar::control::cluster::testing {
namespace {

// Some ten million worlds, a minute.
TEST(shard_model, OWN_2_two_pauses_and_a_cut_never_make_two_accepted_commanders) {
  const auto result = search({2, 1, 0});
  EXPECT_EQ(result.breach, "") << result.where;
  EXPECT_EQ(result.depth, 25);
  EXPECT_GE(result.worlds, 8'000'000U);
}

} // namespace
} // namespace busbar::control::cluster::testing
