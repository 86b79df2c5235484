#include "control/limits/unmanaged_count.hpp"

#include "tests/control/planner/garage.hpp"

#include <gtest/gtest.h>

namespace busbar::control::tests {
namespace {

using domain::limit_source;
using domain::per_line;

constexpr auto known = unmanaged_knowledge::known;
constexpr auto lost = unmanaged_knowledge::lost;

per_line<milliamperes> amperes(std::int64_t l1, std::int64_t l2, std::int64_t l3) {
  return {milliamperes{l1 * 1'000}, milliamperes{l2 * 1'000}, milliamperes{l3 * 1'000}};
}

/// A service of 40 A with a feeder of 63 A that carries unmanaged load, and a vehicle beside it.
struct shop_and_vehicle {
  garage site{40'000};
  std::uint32_t shop = site.feeder(63'000);
  std::uint32_t beside = site.connector(0);

  void see(std::uint32_t node, unmanaged_knowledge how, per_line<milliamperes> load = {}) {
    site.node(node).knowledge = how;
    site.node(node).unmanaged = load;
  }
  std::int64_t target() { return site.plan_at(0).grants[beside].target.count(); }
};

TEST(unmanaged_count, LIM_2_what_is_measured_below_a_node_without_a_meter_counts_there) {
  shop_and_vehicle it;
  it.see(it.shop, known, amperes(20, 20, 20));
  EXPECT_EQ(it.target(), 20'000); // 40 A - 20 A
  EXPECT_EQ(it.site.plan_at(1).unmanaged[0], amperes(20, 20, 20));
}

TEST(unmanaged_count, LIM_2_the_same_load_counts_once_where_both_nodes_have_a_meter) {
  shop_and_vehicle it;
  it.see(it.shop, known, amperes(20, 20, 20));
  it.see(0, known, amperes(25, 20, 20));
  EXPECT_EQ(it.target(), 15'000); // 40 A - 25 A, of which 20 A are the shop's
}

TEST(unmanaged_count, LIM_2_export_above_does_not_hide_the_load_below) {
  shop_and_vehicle it;
  it.see(it.shop, known, amperes(20, 20, 20));
  it.see(0, known, amperes(-5, -5, -5));
  EXPECT_EQ(it.target(), 20'000); // 40 A - 20 A: the sun may go
}

TEST(unmanaged_count, LIM_3_a_lost_meter_below_counts_above_as_all_that_its_node_carries) {
  shop_and_vehicle it;
  it.site.site().nodes[0].limits[0].current = amperes(95, 95, 95);
  it.see(it.shop, lost);
  EXPECT_EQ(it.target(), 32'000); // 95 A - 63 A
  const auto& because = it.site.plan_at(1);
  EXPECT_EQ(because.limits[0].limit, amperes(32, 32, 32));
}

TEST(unmanaged_count, LIM_3_a_lost_meter_counts_as_the_declared_maximum_here_and_above) {
  shop_and_vehicle it;
  it.site.site().nodes[it.shop].unmanaged_max = amperes(30, 10, 10);
  const auto inside = it.site.connector(it.shop);
  it.site.row(it.beside).wants = false;
  it.see(it.shop, lost);
  const auto& plan = it.site.plan_at(0);
  // below the shop's own breaker 63 A - 30 A = 33 A are left, below the service 40 A - 30 A = 10 A
  EXPECT_EQ(plan.grants[inside].target.count(), 10'000);
  EXPECT_EQ(plan.grants[inside].because.node, domain::node_index{0U});
  EXPECT_EQ(plan.grants[inside].because.source, limit_source::meter_lost);
  EXPECT_EQ(plan.limits[it.shop].limit, amperes(33, 53, 53));
  EXPECT_EQ(plan.limits[it.shop].source, limit_source::meter_lost);
}

TEST(unmanaged_count, LIM_3_a_meter_above_that_is_known_sees_what_the_lost_one_below_hides) {
  shop_and_vehicle it;
  it.see(it.shop, lost);
  it.see(0, known, amperes(12, 12, 12));
  EXPECT_EQ(it.target(), 28'000); // 40 A - 12 A
}

TEST(unmanaged_count, LIM_3_a_lost_meter_counts_no_less_than_what_is_known_below_it) {
  shop_and_vehicle it;
  it.site.site().nodes[0].unmanaged_max = amperes(10, 10, 10);
  it.see(it.shop, known, amperes(22, 22, 22));
  it.see(0, lost);
  EXPECT_EQ(it.target(), 18'000); // 40 A - 22 A
}

TEST(unmanaged_count, LIM_3_an_order_does_not_hold_what_a_lost_meter_hides) {
  shop_and_vehicle it;
  it.site.limit(it.shop, limit_source::site_operator, 5'000);
  it.see(it.shop, lost);
  EXPECT_EQ(it.target(), 0); // 63 A may flow, not 5 A
}

TEST(unmanaged_count, LIM_2_a_declared_load_counts_beside_what_hangs_below) {
  shop_and_vehicle it;
  it.site.site().nodes[0].unmanaged = amperes(5, 5, 5);
  it.see(it.shop, known, amperes(20, 20, 20));
  it.see(0, known, amperes(5, 5, 5));
  EXPECT_EQ(it.target(), 15'000); // 40 A - 20 A - 5 A
}

TEST(unmanaged_count, LIM_2_export_is_no_load_and_by_default_no_room) {
  garage site{18'000};
  const auto vehicle = site.connector(0);
  site.facts(vehicle).current_max = milliamperes{32'000};
  site.node(0).knowledge = known;
  site.node(0).unmanaged = amperes(-12, -12, -12);
  EXPECT_EQ(site.plan_at(0).grants[vehicle].target.count(), 18'000);
}

TEST(unmanaged_count, LIM_2_export_is_room_as_far_as_the_node_says) {
  garage site{18'000};
  const auto vehicle = site.connector(0);
  site.site().nodes[0].export_room = domain::permille{500};
  site.node(0).knowledge = known;
  site.node(0).unmanaged = amperes(-12, -10, -12);
  EXPECT_EQ(site.plan_at(0).grants[vehicle].target.count(), 23'000); // 18 A + 10 A / 2
}

TEST(unmanaged_count, LIM_2_export_below_is_never_room_above) {
  shop_and_vehicle it;
  it.site.site().nodes[it.shop].export_room = domain::permille{1'000};
  it.site.site().nodes[0].limits[0].current = amperes(18, 18, 18);
  it.see(it.shop, known, amperes(-20, -20, -20));
  EXPECT_EQ(it.target(), 18'000);
}

TEST(unmanaged_count, LIM_6_load_below_a_transformer_is_carried_by_its_ratio) {
  garage built{40'000};
  const auto t1 = built.feeder(63'000);
  auto site = built.site();
  site.nodes[t1].kind = domain::node_kind::transformer;
  site.nodes[t1].transformer = domain::transformer_data{
      domain::volt_amperes{75'000}, domain::winding::wye_wye, domain::millivolts{400'000},
      domain::millivolts{200'000}};
  std::vector<node_image> images(2);
  images[t1].knowledge = known;
  images[t1].unmanaged = amperes(30, 0, 0);
  limits::unmanaged_count count{site};
  EXPECT_EQ(count.of(images)[0].line, amperes(15, 0, 0)); // 30 A * 200 V / 400 V
  EXPECT_EQ(count.of(images)[0].power, domain::watts{3'465}); // 30 A * 200 V / sqrt 3, up
  site.nodes[t1].transformer->connection = domain::winding::delta_wye;
  limits::unmanaged_count turned{site};
  const auto lines = turned.of(images)[0].line;
  // 30 A / sqrt 3 = 17.321 A, up; * 200 V / 400 V = 8.6605 A, up, on both lines that touch it
  EXPECT_EQ(lines[0].count(), 8'661);
  EXPECT_EQ(lines[1].count(), 8'661);
  EXPECT_EQ(lines[2].count(), 0);
}

} // namespace
} // namespace busbar::control::tests
