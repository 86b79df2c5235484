#include "control/limits/node_limits.hpp"

#include "control/limits/integer_math.hpp"

#include <gtest/gtest.h>

namespace busbar::control::limits {
namespace {

using domain::limit_source;
using domain::milliamperes;
using domain::permille;
using domain::watts;

domain::per_line<milliamperes> lines(std::int64_t a, std::int64_t b, std::int64_t c) {
  return {milliamperes{a}, milliamperes{b}, milliamperes{c}};
}

domain::node rated_node(std::int64_t each) {
  domain::node node;
  node.limits.push_back({limit_source::rating, lines(each, each, each), std::nullopt});
  return node;
}

domain::node delta_wye_node() {
  domain::node node;
  node.transformer = domain::transformer_data{
      domain::volt_amperes{75'000}, domain::winding::delta_wye, domain::millivolts{480'000},
      domain::millivolts{208'000}};
  return node;
}

TEST(node_limits, LIM_2_the_smallest_source_of_each_line_is_named) {
  auto node = rated_node(100'000);
  node.limits.push_back({limit_source::breaker, lines(63'000, 100'000, 120'000), std::nullopt});
  const auto limits = stated_limits(node);
  EXPECT_EQ((*limits.line)[0].allowed, 63'000);
  EXPECT_EQ((*limits.line)[0].source, limit_source::breaker);
  EXPECT_EQ((*limits.line)[1].source, limit_source::rating) << "of two equal ones the first";
  EXPECT_EQ((*limits.line)[2].allowed, 100'000);
  EXPECT_FALSE(limits.power);
}

TEST(node_limits, LIM_2_a_continuous_factor_lowers_the_rating_alone_and_is_named) {
  auto node = rated_node(100'000);
  node.continuous = permille{800};
  node.limits.push_back({limit_source::breaker, lines(90'000, 79'999, 90'000), std::nullopt});
  const auto limits = stated_limits(node);
  EXPECT_EQ((*limits.line)[0].allowed, 80'000); // 100 A * 0.8
  EXPECT_EQ((*limits.line)[0].source, limit_source::continuous_factor);
  EXPECT_EQ((*limits.line)[1].source, limit_source::breaker);
}

TEST(node_limits, LIM_2_a_transformer_bounds_its_secondary_and_behind_delta_its_primary_lines) {
  auto node = delta_wye_node();
  const auto limits = stated_limits(node);
  // 75 000 VA / (sqrt 3 * 208 V) = 208.179 A; / (sqrt 3 * 480 V) = 90.211 A
  EXPECT_EQ((*limits.line)[2].allowed, 208'179);
  EXPECT_EQ((*limits.primary_line)[0].allowed, 90'210);
  EXPECT_EQ((*limits.primary_line)[0].source, limit_source::transformer);
  node.transformer->connection = domain::winding::wye_wye;
  EXPECT_FALSE(stated_limits(node).primary_line);
}

TEST(node_limits, LIM_2_unmanaged_load_comes_off_lines_and_power_rounded_up) {
  auto node = rated_node(100'000);
  node.limits.push_back({limit_source::demand_response, std::nullopt, watts{40'000}});
  auto limits = stated_limits(node);
  node_image image;
  image.knowledge = unmanaged_knowledge::known;
  image.unmanaged = lines(10'001, 12'000, 108'000);
  subtract_unmanaged(limits, node, image, {domain::millivolts{230'000}, false});
  EXPECT_EQ((*limits.line)[0].left, 89'999);
  EXPECT_EQ((*limits.line)[2].left, 0) << "never below nothing";
  EXPECT_EQ((*limits.line)[2].allowed, 100'000);
  EXPECT_EQ(limits.power->left, 40'000 - 29'901); // 130.001 A * 230 V = 29 900.23 W
}

TEST(node_limits, LIM_3_nothing_is_left_below_a_lost_meter_even_without_any_limit) {
  node_image lost;
  lost.knowledge = unmanaged_knowledge::lost;
  auto node = rated_node(63'000);
  auto limits = stated_limits(node);
  subtract_unmanaged(limits, node, lost, {domain::millivolts{230'000}, false});
  EXPECT_EQ((*limits.line)[1].left, 0);
  EXPECT_EQ((*limits.line)[1].source, limit_source::rating);
  node_limits bare;
  subtract_unmanaged(bare, domain::node{}, lost, {domain::millivolts{230'000}, false});
  ASSERT_TRUE(bare.line);
  EXPECT_EQ((*bare.line)[0].left, 0);
}

TEST(node_limits, LIM_6_unmanaged_wye_load_behind_delta_wye_is_seen_as_a_phasor_on_the_primary) {
  const auto node = delta_wye_node();
  auto limits = stated_limits(node);
  node_image image;
  image.knowledge = unmanaged_knowledge::known;
  image.unmanaged = lines(48'000, 0, 0);
  subtract_unmanaged(limits, node, image, {domain::millivolts{208'000}, true});
  // 48 A * 208 / (sqrt 3 * 480) = 12.009 A on the two primary lines that touch it
  EXPECT_EQ((*limits.primary_line)[0].left, 90'210 - 12'009);
  EXPECT_EQ((*limits.primary_line)[1].left, 90'210 - 12'009);
  EXPECT_EQ((*limits.primary_line)[2].left, 90'210);
}

TEST(integer_math, divisions_and_roots_round_as_named) {
  EXPECT_TRUE(floor_of(-7, 2) == -4 && ceil_of(-7, 2) == -3 && ceil_of(7, 2) == 4);
  EXPECT_EQ(root_floor(15), 3);
  EXPECT_EQ(root_ceil(15), 4);
  EXPECT_EQ(root_ceil(16), 4);
  EXPECT_EQ(root_floor(0), 0);
}

} // namespace
} // namespace busbar::control::limits
