#include "control/limits/node_limits.hpp"

#include "control/limits/integer_math.hpp"

#include <gtest/gtest.h>

#include <vector>

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

/// As of a site that is this node alone.
void take_off(node_limits& limits, const domain::node& node, const node_image& image) {
  domain::site site;
  site.nodes.push_back(node);
  unmanaged_count count{site};
  subtract_unmanaged(limits, node, count.of({&image, 1})[0]);
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
  take_off(limits, node, image);
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
  take_off(limits, node, lost);
  EXPECT_EQ((*limits.line)[1].left, 0);
  EXPECT_EQ((*limits.line)[1].source, limit_source::rating);
  node_limits bare;
  take_off(bare, domain::node{}, lost);
  ASSERT_TRUE(bare.line);
  EXPECT_EQ((*bare.line)[0].left, 0);
}

TEST(node_limits, LIM_6_unmanaged_wye_load_behind_delta_wye_is_seen_as_a_phasor_on_the_primary) {
  const auto node = delta_wye_node();
  auto limits = stated_limits(node);
  node_image image;
  image.knowledge = unmanaged_knowledge::known;
  image.unmanaged = lines(48'000, 0, 0);
  take_off(limits, node, image);
  // 48 A * 208 / (sqrt 3 * 480) = 12.009 A on the two primary lines that touch it
  EXPECT_EQ((*limits.primary_line)[0].left, 90'210 - 12'009);
  EXPECT_EQ((*limits.primary_line)[1].left, 90'210 - 12'009);
  EXPECT_EQ((*limits.primary_line)[2].left, 90'210);
}

TEST(node_limits, LIM_5_power_and_current_convert_with_their_rounding_named) {
  const node_voltage neutral{domain::millivolts{230'000}, false};
  const node_voltage between{domain::millivolts{400'000}, true};
  // 16.001 A * 230 V = 3 680.23 W; 16.001 A * 400 V / sqrt3 = 3 695.27 W
  EXPECT_EQ(power_ceil(milliamperes{16'001}, neutral).count(), 3'681);
  EXPECT_EQ(power_ceil(milliamperes{16'001}, between).count(), 3'696);
  EXPECT_EQ(power_ceil(milliamperes{10'000}, neutral).count(), 2'300) << "exactly";
  // 1 MW / 400 V * sqrt3 = 4 330 127.018 mA, and back
  EXPECT_EQ(current_floor(watts{1'000'000}, between).count(), 4'330'127);
  EXPECT_EQ(power_ceil(milliamperes{4'330'127}, between).count(), 1'000'000);
  EXPECT_EQ(current_floor(watts{1'000}, neutral).count(), 4'347); // 4.347 826 A
  EXPECT_EQ(rated_current(domain::volt_amperes{1'000'000}, domain::millivolts{400'000}).count(),
            1'443'375); // 1 MVA / (sqrt3 * 400 V) = 1 443.375 67 A
}

TEST(node_limits, LIM_2_one_ampere_of_each_connection_has_its_power) {
  const node_voltage neutral{domain::millivolts{230'000}, false};
  const node_voltage between{domain::millivolts{400'000}, true};
  domain::connector connector;
  connector.line_count = 3;
  EXPECT_EQ(milliwatts_per_ampere(connector, neutral), 690'000);
  EXPECT_EQ(milliwatts_per_ampere(connector, between), 692'820); // 3 * 400 / sqrt3 V = 692.8203
  connector.line_count = 1;
  EXPECT_EQ(milliwatts_per_ampere(connector, neutral), 230'000);
  EXPECT_EQ(milliwatts_per_ampere(connector, between), 230'940); // 400 / sqrt3 V = 230.9401
  connector.line_count = 2;
  connector.wiring = domain::connection::delta;
  EXPECT_EQ(milliwatts_per_ampere(connector, neutral), 398'371); // 230 * sqrt3 V = 398.3717
  EXPECT_EQ(milliwatts_per_ampere(connector, between), 400'000);
}

TEST(node_limits, LIM_2_voltages_come_from_the_nearest_transformer_above) {
  domain::site site;
  site.nominal = domain::millivolts{230'000};
  site.nodes.resize(4);
  for (std::size_t n = 1; n < 4; ++n) site.nodes[n].parent = domain::node_index{n - 1};
  site.nodes[2].transformer = delta_wye_node().transformer;
  const auto voltages = voltages_of(site);
  EXPECT_EQ(voltages[1].stated.count(), 230'000);
  EXPECT_FALSE(voltages[1].is_line_to_line);
  EXPECT_EQ(voltages[2].stated.count(), 208'000);
  EXPECT_TRUE(voltages[3].is_line_to_line);
  EXPECT_EQ(voltages[3].stated.count(), 208'000);
}

TEST(node_limits, LIM_2_a_bound_is_found_by_its_name_and_the_first_of_equal_powers_keeps_it) {
  auto node = delta_wye_node();
  node.continuous = permille{800};
  node.limits.push_back({limit_source::rating, std::nullopt, watts{50'000}});
  node.limits.push_back({limit_source::service_power, std::nullopt, watts{40'000}});
  node.limits.push_back({limit_source::site_operator, std::nullopt, watts{39'999}});
  auto limits = stated_limits(node);
  EXPECT_EQ(limits.find(domain::binding_line::power)->source, limit_source::site_operator);
  node.limits.pop_back();
  limits = stated_limits(node);
  EXPECT_EQ(limits.power->allowed, 40'000); // 50 kW * 0.8
  EXPECT_EQ(limits.power->source, limit_source::continuous_factor);
  (*limits.line)[1].left = 7;
  (*limits.primary_line)[2].left = 8;
  EXPECT_EQ(limits.find(domain::binding_line::l2)->left, 7);
  EXPECT_EQ(limits.find(domain::binding_line::primary_l3)->left, 8);
  EXPECT_EQ(limits.find(domain::binding_line::unspecified), nullptr);
  EXPECT_EQ(node_limits{}.find(domain::binding_line::power), nullptr);
  EXPECT_EQ(node_limits{}.find(domain::binding_line::l1), nullptr);
  EXPECT_EQ(node_limits{}.find(domain::binding_line::primary_l1), nullptr);
  const auto bounds = bounds_of(limits);
  EXPECT_EQ((*bounds.line)[1].count(), 7);
  EXPECT_EQ((*bounds.primary_line)[2].count(), 8);
  EXPECT_EQ(bounds.power->count(), 40'000);
}

TEST(node_limits, LIM_1_the_load_on_a_bound_is_that_of_its_name) {
  distribution::node_load load;
  load.line = lines(1, 2, 3);
  load.primary_line = lines(4, 5, 6);
  load.power = watts{7};
  load.unbalanced = lines(8, 9, 10);
  std::vector<std::int64_t> found;
  for (const auto which : every_line) found.push_back(load_on(load, which));
  EXPECT_EQ(found, (std::vector<std::int64_t>{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}));
}

TEST(node_limits, LIM_3_negative_unmanaged_load_counts_as_none_and_a_lost_meter_uses_all) {
  auto node = delta_wye_node();
  node.limits.push_back({limit_source::service_power, std::nullopt, watts{40'000}});
  auto limits = stated_limits(node);
  node_image image;
  image.knowledge = unmanaged_knowledge::known;
  image.unmanaged = lines(-48'000, 0, 10'000);
  take_off(limits, node, image);
  EXPECT_EQ((*limits.line)[0].left, 208'179);
  EXPECT_EQ((*limits.line)[2].left, 198'179);
  // 10 A on L3, on primary lines 3 (3 - 2) and 1 (1 - 3): 10 A / sqrt3 = 5.774 A, up;
  // 5.774 A * 208 / 480 = 2.502 07 A, up
  EXPECT_EQ((*limits.primary_line)[0].used, 2'503);
  EXPECT_EQ((*limits.primary_line)[1].used, 0);
  EXPECT_EQ((*limits.primary_line)[2].used, 2'503);
  EXPECT_EQ(limits.power->used, 1'201); // 10 A * 208 V / sqrt3 = 1 200.89 W
  image.knowledge = unmanaged_knowledge::lost;
  take_off(limits, node, image);
  EXPECT_EQ(limits.power->left, 0);
  EXPECT_EQ((*limits.primary_line)[1].left, 0);
  image.knowledge = unmanaged_knowledge::none;
  auto untouched = stated_limits(node);
  take_off(untouched, node, image);
  EXPECT_EQ(untouched.power->left, 40'000);
}

TEST(integer_math, divisions_and_roots_round_as_named) {
  EXPECT_TRUE(floor_of(-7, 2) == -4 && ceil_of(-7, 2) == -3 && ceil_of(7, 2) == 4);
  EXPECT_EQ(root_floor(15), 3);
  EXPECT_EQ(root_ceil(15), 4);
  EXPECT_EQ(root_ceil(16), 4);
  EXPECT_EQ(root_floor(0), 0);
  // Squares and their neighbours: 3^2, and 2^k where the search's own steps lie.
  EXPECT_EQ(root_floor(9), 3);
  for (int k = 0; k < 62; ++k) {
    const wide root = wide{1} << k;
    EXPECT_EQ(root_floor(root * root), std::int64_t{1} << k) << k;
    EXPECT_EQ(root_floor(root * root - 1), (std::int64_t{1} << k) - 1) << k;
    EXPECT_EQ(root_ceil(root * root), std::int64_t{1} << k) << k;
    EXPECT_EQ(root_ceil(root * root + 1), (std::int64_t{1} << k) + 1) << k;
  }
}

} // namespace
} // namespace busbar::control::limits
