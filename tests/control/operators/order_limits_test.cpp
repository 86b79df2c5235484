// What an order leaves, what it guarantees, and what remains of the load if the engine stops.

#include "control/operators/order_limits.hpp"

#include "control/limits/order_bounds.hpp"
#include "tests/builders/site_builder.hpp"
#include "tests/control/planner/garage.hpp"

#include <gtest/gtest.h>

namespace busbar::control::tests {
namespace {

using domain::counted_load;
using domain::guaranteed_minimum;
using domain::limit_source;
using domain::per_line;
using domain::permille;
using domain::watts;

per_line<milliamperes> each(std::int64_t ma) {
  return {milliamperes{ma}, milliamperes{ma}, milliamperes{ma}};
}

/// A service with that many boxes of 6 A fallback.
domain::site boxes(int count) {
  busbar::tests::site_builder builder;
  for (int i = 0; i < count; ++i) builder.station("CP-" + std::to_string(i)).fallback(6'000);
  return *builder.build();
}

domain::node_constraint order_of(std::int64_t ma) {
  domain::node_constraint order;
  order.node = domain::node_index{0U};
  order.limit = {limit_source::demand_response, each(ma), std::nullopt};
  return order;
}

TEST(order_limits, LIM_7_what_remains_without_the_engine_is_the_sum_of_the_fallbacks) {
  const auto site = boxes(16);
  const auto rest = operators::what_remains(site, order_of(30'000));
  ASSERT_TRUE(rest);
  EXPECT_EQ(rest->line, each(96'000));      // 16 * 6 A
  EXPECT_EQ(rest->power, watts{66'240});    // 96 A * 3 * 230 V
  EXPECT_FALSE(operators::what_remains(site, order_of(96'000))) << "they fit";
}

TEST(order_limits, LIM_7_what_remains_counts_the_building_unless_the_order_is_for_the_chargers) {
  auto site = boxes(4);
  site.nodes[0].has_meter = true;
  site.nodes[0].unmanaged_max = each(40'000);
  auto order = order_of(60'000);
  const auto rest = operators::what_remains(site, order);
  ASSERT_TRUE(rest);
  EXPECT_EQ(rest->line, each(64'000));   // 4 * 6 A + 40 A
  EXPECT_EQ(rest->power, watts{44'160}); // 64 A * 3 * 230 V
  order.counts = counted_load::chargers;
  EXPECT_FALSE(operators::what_remains(site, order));
}

TEST(order_limits, LIM_7_the_guaranteed_power_follows_the_formula_that_the_order_states) {
  const auto site = boxes(4); // 22 080 W each
  const domain::node_index service{0U};
  const auto power = [&](std::int64_t w, std::int64_t of_rated, std::int64_t factor) {
    return operators::guaranteed_power(site, service,
                                       {watts{w}, permille{of_rated}, permille{factor}})
        .count();
  };
  EXPECT_EQ(power(4'200, 0, 1'000), 16'800); // 4 * 4.2 kW
  EXPECT_EQ(power(4'200, 0, 700), 13'020);   // 4.2 kW + 3 * 0.7 * 4.2 kW
  EXPECT_EQ(power(4'200, 400, 700), 44'148); // 0.4 * 4 * 22.08 kW + 3 * 0.7 * 4.2 kW
  EXPECT_EQ(power(4'201, 0, 333), 8'398);    // 4 201 W + 3 * 0.333 * 4 201 W = 8 397.8 W, up
  EXPECT_EQ(operators::guaranteed_power(boxes(0), service, {watts{4'200}, {}, {}}).count(), 0);
}

/// Two vehicles below a service of 100 A with 40 A of a building on each line.
struct two_vehicles {
  garage site{100'000};

  two_vehicles() {
    site.connector(0);
    site.connector(0);
    site.node(0).knowledge = unmanaged_knowledge::known;
    site.node(0).unmanaged = each(40'000);
  }
  std::int64_t target_under(const order_limit& order) {
    site.node(0).orders = {order};
    return site.plan_at(0).grants[0].target.count();
  }
};

TEST(order_limits, LIM_7_an_order_for_the_chargers_leaves_the_building_out) {
  two_vehicles it;
  const domain::limit limit{limit_source::demand_response, each(50'000), std::nullopt};
  EXPECT_EQ(it.target_under({limit, counted_load::everything, {}}), 10'000); // 50 A - 40 A, one's
  EXPECT_EQ(it.target_under({limit, counted_load::chargers, {}}), 25'000); // 50 A / 2
  EXPECT_EQ(it.site.plan_at(1).grants[0].because.source, limit_source::demand_response);
  EXPECT_EQ(it.site.plan_at(2).limits[0].limit, each(50'000));
}

TEST(order_limits, LIM_7_an_order_for_the_chargers_loosens_no_other_limit) {
  two_vehicles it;
  const domain::limit limit{limit_source::demand_response, each(90'000), std::nullopt};
  EXPECT_EQ(it.target_under({limit, counted_load::chargers, {}}), 30'000); // (100 A - 40 A) / 2
  EXPECT_EQ(it.site.plan_at(1).limits[0].source, limit_source::rating);
}

TEST(order_limits, LIM_7_an_order_takes_no_more_than_is_not_guaranteed) {
  two_vehicles it;
  const domain::limit of_power{limit_source::demand_response, std::nullopt, watts{1'000}};
  // 8 400 W / (2 * 3 * 230 V) = 6.09 A
  EXPECT_EQ(it.target_under({of_power, counted_load::chargers, watts{8'400}}), 6'000);
  EXPECT_EQ(it.target_under({of_power, counted_load::everything, watts{8'400}}), 6'000);
  const domain::limit of_current{limit_source::demand_response, each(1'000), std::nullopt};
  // 9 660 W / (3 * 230 V) = 14 A on each line
  EXPECT_EQ(it.target_under({of_current, counted_load::everything, watts{9'660}}), 7'000);
}

} // namespace
} // namespace busbar::control::tests
