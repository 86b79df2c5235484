#pragma once
// Tries everything that can happen in the model of a shard (shard_world.hpp), breadth first.

#include "tests/control/cluster/shard_world.hpp"

#include <string>

namespace busbar::control::cluster::testing {

struct search_bounds {
  std::int8_t pauses = 0;
  std::int8_t cuts = 0;
  std::int8_t leaves = 0;
  int depth = 25;
};

struct search_result {
  std::size_t worlds = 0;
  /// Steps after which nothing new came, or the bound.
  int depth = 0;
  /// Empty: every world keeps every rule.
  std::string breach;
  /// The world that breaks it.
  std::string where;
};

[[nodiscard]] search_result search(const search_bounds& bounds, const mutation& wrong = {});

} // namespace busbar::control::cluster::testing
