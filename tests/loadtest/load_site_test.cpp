#include "loadtest/load_site.hpp"

#include "control/limits/fallback_check.hpp"

#include <gtest/gtest.h>

namespace busbar::loadtest {

using domain::connector_index;
using domain::milliamperes;

TEST(load_site, it_is_what_it_says) {
  const auto site = load_site(42, 100);
  EXPECT_EQ(site->id.text(), "L000042");
  EXPECT_EQ(site->connectors.size(), 100U);
  // service, the probe's feeder, feeders of 50 and 49
  EXPECT_EQ(site->nodes.size(), 4U);
  // 49 stations * 32 A / 2
  EXPECT_EQ((*site->nodes[3].limits[0].current)[0], milliamperes{784'000});
  EXPECT_TRUE(control::limits::check_fallbacks(*site).empty());
}

TEST(load_site, LIM_1_the_check_of_grants_sees_one_milliampere_too_much) {
  const auto site = load_site(0, 100);
  std::int64_t last = 16'000;
  const auto granted = [&](connector_index c) {
    return milliamperes{c.value() == 99 ? last : 16'000};
  };
  EXPECT_TRUE(holds_limits(100, granted));
  last = 16'001;
  EXPECT_FALSE(holds_limits(100, granted));
  EXPECT_FALSE(holds_limits(2, [](connector_index c) {
    return milliamperes{c == probe ? 32'001 : 0};
  }));
}

} // namespace busbar::loadtest
