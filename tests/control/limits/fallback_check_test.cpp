#include "control/limits/fallback_check.hpp"

#include "tests/control/planner/garage.hpp"

#include <gtest/gtest.h>

namespace busbar::control::tests {
namespace {

using domain::binding_line;
using domain::limit_source;

/// Two stations on L1 and one on all lines, 6 A each in fallback, below a breaker.
domain::site three_stations(std::int64_t breaker_ma) {
  garage built{100'000};
  const auto f1 = built.feeder(breaker_ma);
  for (const auto& lines : {std::vector<int>{0}, std::vector<int>{0}, std::vector<int>{0, 1, 2}})
    built.station(built.connector(f1, lines)).when_lost.current = milliamperes{6'000};
  return *built.now(0).topology;
}

TEST(fallback_check, LIM_4_fallbacks_that_just_fit_are_right) {
  EXPECT_TRUE(limits::check_fallbacks(three_stations(18'000)).empty()); // 3 * 6 A on L1
}

TEST(fallback_check, LIM_4_each_bound_that_is_exceeded_is_told_with_its_numbers) {
  const auto site = three_stations(17'999);
  const auto faults = limits::check_fallbacks(site);
  ASSERT_EQ(faults.size(), 1U);
  EXPECT_EQ(faults[0].node, domain::node_index{1U});
  EXPECT_EQ(faults[0].line, binding_line::l1);
  EXPECT_EQ(faults[0].source, limit_source::breaker);
  EXPECT_EQ(faults[0].sum, 18'000);
  EXPECT_EQ(faults[0].allowed, 17'999);
  EXPECT_EQ(limits::text_of(faults[0], site),
            "n1 L1: fallbacks 18000 mA, breaker allows 17999 mA");
}

TEST(fallback_check, LIM_4_declared_unmanaged_load_and_power_limits_count) {
  auto site = three_stations(63'000);
  site.nodes[1].unmanaged = domain::per_line<milliamperes>{milliamperes{46'000}};
  EXPECT_EQ(limits::check_fallbacks(site).at(0).allowed, 17'000); // 63 A - 46 A
  site.nodes[1].unmanaged.reset();
  // 18 A + 6 A + 6 A at 230 V = 6 900 W
  site.nodes[0].limits.push_back({limit_source::service_power, std::nullopt, domain::watts{6'899}});
  const auto faults = limits::check_fallbacks(site);
  ASSERT_EQ(faults.size(), 1U);
  EXPECT_EQ(faults[0].line, binding_line::power);
  EXPECT_EQ(faults[0].sum, 6'900);
}

} // namespace
} // namespace busbar::control::tests
