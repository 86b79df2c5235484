#include "domain/site.hpp"
#include "domain/units.hpp"

#include <gtest/gtest.h>

#include <type_traits>

namespace busbar::domain {

TEST(units, watts_and_milliamperes_do_not_mix) {
  static_assert(!std::is_convertible_v<std::int64_t, watts>);
  static_assert(!std::is_convertible_v<watts, milliamperes>);
  static_assert(sizeof(milliamperes) == sizeof(std::int64_t));
  EXPECT_EQ((milliamperes{16'000} + milliamperes{500}).count(), 16'500);
}

TEST(site, its_revision_changes_with_any_limit_and_its_topology_with_none) {
  site one;
  one.nodes.push_back({.id = node_id{"service"}, .name = "", .kind = node_kind::service});
  one.nodes[0].limits.push_back({limit_source::rating, per_line<milliamperes>{}, std::nullopt});
  site other = one;
  EXPECT_EQ(revision_of(one), revision_of(other));
  other.nodes[0].limits[0].power = watts{1};
  EXPECT_NE(revision_of(one), revision_of(other));
  EXPECT_EQ(topology_hash_of(one), topology_hash_of(other));
  other.nodes[0].id = node_id{"service-2"};
  EXPECT_NE(topology_hash_of(one), topology_hash_of(other));
}

} // namespace busbar::domain
