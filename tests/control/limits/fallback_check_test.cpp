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
            "n1 L1: fallbacks 18 A, breaker allows 17.999 A; "
            "2 of 3 connectors at 6 A would fit, or 5.9 A each (below a connector's minimum, 6 A)");
}

TEST(fallback_check, LIM_4_unmanaged_load_that_alone_exceeds_a_limit_is_refused) {
  garage built{100'000};
  built.station(built.connector(0));
  auto site = *built.now(0).topology;
  site.nodes[0].has_meter = true;
  const auto declare = [&](std::int64_t ma) {
    site.nodes[0].unmanaged_max =
        domain::per_line<milliamperes>{milliamperes{ma}, milliamperes{50'000}, milliamperes{0}};
    return limits::check_fallbacks(site);
  };
  EXPECT_TRUE(declare(100'000).empty());
  const auto faults = declare(120'000);
  ASSERT_EQ(faults.size(), 1U);
  EXPECT_EQ(limits::text_of(faults[0], site),
            "n0 L1: unmanaged load 120 A, rating allows 100 A; it alone is more than that");
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

TEST(fallback_check, LIM_4_the_declared_maximum_of_a_metered_building_counts_beside_the_fallbacks) {
  garage built{100'000};
  for (int i = 0; i < 16; ++i)
    built.station(built.connector(0)).when_lost.current = milliamperes{6'000};
  auto site = *built.now(0).topology;
  site.nodes[0].has_meter = true;
  site.nodes[0].unmanaged_max = domain::per_line<milliamperes>{
      milliamperes{40'000}, milliamperes{40'000}, milliamperes{40'000}};
  const auto faults = limits::check_fallbacks(site);
  // once, although three lines are exceeded: 16 * 6 A = 96 A, 100 A - 40 A = 60 A are left
  ASSERT_EQ(faults.size(), 1U);
  EXPECT_EQ(faults[0].allowed, 60'000);
  // 60 A / 6 A = 10; 60 A / 16 = 3.75 A
  EXPECT_EQ(limits::text_of(faults[0], site),
            "n0 L1: fallbacks 96 A beside 40 A of unmanaged load, rating allows 100 A; "
            "10 of 16 connectors at 6 A would fit, or 3.7 A each (below a connector's minimum, "
            "6 A)");
  site.nodes[0].unmanaged_max->fill(milliamperes{4'000});
  EXPECT_TRUE(limits::check_fallbacks(site).empty()); // 96 A + 4 A
}

TEST(fallback_check, LIM_4_unmanaged_load_below_counts_at_a_node_that_states_none) {
  garage built{40'000};
  const auto f1 = built.feeder(63'000);
  built.station(built.connector(0)).when_lost.current = milliamperes{21'000};
  auto site = *built.now(0).topology;
  site.nodes[f1].has_meter = true;
  site.nodes[f1].unmanaged_max.emplace().fill(milliamperes{20'000});
  const auto faults = limits::check_fallbacks(site);
  ASSERT_EQ(faults.size(), 1U);
  EXPECT_EQ(faults[0].node, domain::node_index{0U});
  EXPECT_EQ(faults[0].allowed, 20'000); // 40 A - 20 A
  site.nodes[f1].has_meter = false;
  site.nodes[f1].unmanaged_max.reset();
  site.nodes[f1].unmanaged.emplace().fill(milliamperes{20'000});
  EXPECT_EQ(limits::check_fallbacks(site).size(), 1U) << "declared instead of measured";
}

TEST(fallback_check, LIM_4_what_would_fit_of_fallbacks_that_differ_is_told_by_their_number) {
  auto site = three_stations(19'000);
  site.stations[1].when_lost.current = milliamperes{8'000};
  // 6 A + 8 A + 6 A = 20 A; the first and the second are 14 A; with 7 A for the second it is 19 A
  EXPECT_EQ(limits::text_of(limits::check_fallbacks(site).at(0), site),
            "n1 L1: fallbacks 20 A, breaker allows 19 A; "
            "2 of 3 connectors at their fallbacks would fit, or at most 7 A each");
}

TEST(fallback_check, LIM_4_where_unmanaged_load_alone_is_too_much_nothing_fits) {
  auto site = three_stations(18'000);
  site.nodes[1].unmanaged.emplace().fill(milliamperes{18'001});
  EXPECT_EQ(limits::text_of(limits::check_fallbacks(site).at(0), site),
            "n1 L1: fallbacks 18 A beside 18.001 A of unmanaged load, breaker allows 18 A; "
            "0 of 3 connectors at 6 A would fit");
}

} // namespace
} // namespace busbar::control::tests
