// The balance of lines bounds the difference between them: what loads all three alike is not held.

#include "control/limits/imbalance.hpp"

#include "tests/builders/site_builder.hpp"
#include "tests/control/planner/garage.hpp"

#include <gtest/gtest.h>

namespace busbar::control::tests {
namespace {

using domain::imbalance_rule;
using domain::limit_source;
using domain::millivolts;
using domain::per_line;

per_line<milliamperes> lines(std::int64_t l1, std::int64_t l2, std::int64_t l3) {
  return {milliamperes{l1}, milliamperes{l2}, milliamperes{l3}};
}

imbalance_rule difference_of(std::int64_t ma) {
  return {milliamperes{ma}, std::nullopt, std::nullopt};
}

/// A service whose lines may differ by 7 A, with what is measured there; every plan is obeyed.
struct balanced_garage {
  garage site{100'000};
  per_line<milliamperes> base{};

  balanced_garage() { site.site().nodes[0].protection.imbalance = difference_of(7'000); }

  /// Plans with what flows, for that many seconds.
  const plan& pass(int seconds) {
    for (int second = 0; second < seconds; ++second) plan_once();
    return plan_once();
  }
  const plan& plan_once() {
    std::vector<per_line<milliamperes>> drawn(1);
    const auto& image = site.now(at_);
    limits::add_unbalanced_draws(*image.topology, image, drawn);
    auto flow = base;
    for (std::size_t c = 0; c < image.connectors.size(); ++c) {
      const auto& data = image.topology->connectors[c];
      for (std::size_t k = 0; k < data.line_count; ++k)
        flow[domain::index_of(data.lines[k])] += image.connectors[c].drawn;
    }
    flow_ = flow;
    site.node(0).unbalanced_max = limits::unbalanced_max(
        *image.topology->nodes[0].protection.imbalance, flow, drawn[0], millivolts{230'000});
    return site.obeyed_plan(at_++);
  }
  [[nodiscard]] std::int64_t difference() const {
    return (std::max({flow_[0], flow_[1], flow_[2]}) - std::min({flow_[0], flow_[1], flow_[2]}))
        .count();
  }

private:
  std::int64_t at_ = 0;
  per_line<milliamperes> flow_{};
};

TEST(balance, LIM_2_three_phase_vehicles_beside_an_uneven_base_load_get_all_at_once) {
  balanced_garage it;
  it.base = lines(2'600, 4'800, 2'600); // 2.2 A apart, 7 A allowed
  for (int i = 0; i < 4; ++i)
    it.site.facts(it.site.connector(0)).current_max = milliamperes{16'000};
  const auto& first = it.plan_once();
  for (const auto& grant : first.grants) EXPECT_EQ(grant.granted.count(), 16'000);
  EXPECT_EQ(first.limits[0].limit, lines(100'000, 100'000, 100'000)) << "no line is held by it";
  EXPECT_EQ(first.limits[0].source, limit_source::rating);
}

TEST(balance, LIM_2_three_phase_vehicles_charge_where_the_base_load_alone_is_too_uneven) {
  balanced_garage it;
  it.base = lines(12'000, 1'000, 1'000); // 11 A apart
  const auto three = it.site.connector(0);
  const auto on_l1 = it.site.connector(0, {0});
  const auto on_l2 = it.site.connector(0, {1});
  const auto& plan = it.pass(5);
  EXPECT_EQ(plan.grants[three].target.count(), 32'000);
  EXPECT_EQ(plan.grants[on_l1].target.count(), 0);
  EXPECT_EQ(plan.grants[on_l1].because.source, limit_source::phase_imbalance);
  EXPECT_EQ(plan.grants[on_l1].because.line, domain::binding_line::l1);
  // 1 A of L3 and 7 A, less 1 A of the base load on L2
  EXPECT_EQ(plan.grants[on_l2].target.count(), 7'000);
  EXPECT_TRUE(plan.violations.empty());
}

TEST(balance, LIM_2_single_phase_vehicles_keep_each_other_in_balance) {
  balanced_garage it;
  for (int line = 0; line < 3; ++line) it.site.connector(0, {line});
  const auto& plan = it.pass(10);
  for (const auto& grant : plan.grants) EXPECT_EQ(grant.granted.count(), 32'000);
  EXPECT_EQ(it.difference(), 0);
}

TEST(balance, LIM_2_the_difference_is_kept_at_every_plan_while_single_phase_vehicles_rise) {
  balanced_garage it;
  it.base = lines(1'000, 3'000, 0);
  it.site.connector(0, {0});
  it.site.connector(0, {0});
  it.site.connector(0, {1});
  it.site.connector(0, {0, 1});
  it.site.connector(0);
  for (int second = 0; second < 60; ++second) {
    it.plan_once();
    ASSERT_LE(it.difference(), 7'000) << second;
  }
}

TEST(balance, LIM_2_who_takes_the_other_vehicle_away_brings_the_rest_down) {
  balanced_garage it;
  const auto on_l1 = it.site.connector(0, {0});
  const auto on_l2 = it.site.connector(0, {1});
  const auto on_l3 = it.site.connector(0, {2});
  it.pass(10);
  it.site.row(on_l3).wants = false;
  it.pass(2);
  // L3 carries nothing: 7 A are allowed on each of the others
  const auto& plan = it.pass(1);
  EXPECT_EQ(plan.grants[on_l1].granted.count(), 7'000);
  EXPECT_EQ(plan.grants[on_l2].granted.count(), 7'000);
}

TEST(balance, LIM_2_every_part_of_the_rule_counts) {
  imbalance_rule rule;
  const auto flow = lines(30'000, 12'000, 18'000);
  const auto at_nominal = [&](const per_line<milliamperes>& seen) {
    return limits::unbalanced_max(rule, seen, lines(30'000, 0, 18'000), millivolts{230'000});
  };
  EXPECT_FALSE(at_nominal(flow));
  rule.difference = milliamperes{20'000};
  // of L1 30 A are such connectors': 12 A and 20 A; of L2 none are: 18 A + 20 A - 12 A
  EXPECT_EQ(*at_nominal(flow), lines(32'000, 26'000, 32'000));
  rule.single_line = domain::volt_amperes{3'680}; // 16 A at 230 V
  EXPECT_EQ((*at_nominal(flow))[0].count(), 28'000);
  rule.of_mean = domain::permille{500}; // half of a mean of 20 A
  EXPECT_EQ((*at_nominal(flow))[0].count(), 22'000);
}

TEST(balance, LIM_3_without_a_meter_the_rest_is_taken_as_balanced) {
  EXPECT_EQ(*limits::unbalanced_max(difference_of(7'000), std::nullopt, lines(5'000, 0, 0),
                                    millivolts{230'000}),
            lines(7'000, 7'000, 7'000)); // 0 A + 7 A; on L2: 0 A (L3) + 7 A
}

TEST(balance, LIM_2_what_does_not_load_all_lines_alike_is_summed_up_the_tree) {
  auto site = *busbar::tests::site_builder{}
                   .transformer("t1", 400'000)
                   .station("three", 2)
                   .station("one")
                   .station("delta")
                   .build();
  site.nodes[1].transformer->primary = millivolts{800'000};
  site.connectors[2].line_count = 1;
  site.connectors[3].line_count = 2;
  site.connectors[3].wiring = domain::connection::delta;
  image now;
  now.connectors.resize(4);
  for (auto& each : now.connectors) each.drawn = milliamperes{10'001};
  std::vector<per_line<milliamperes>> drawn(2);
  limits::add_unbalanced_draws(site, now, drawn);
  EXPECT_EQ(drawn[1], lines(20'002, 10'001, 0)); // one on L1, one between L1 and L2
  EXPECT_EQ(drawn[0], lines(10'001, 5'000, 0)); // * 400 / 800, down
  now.connectors[0].lines_now = 1;
  limits::add_unbalanced_draws(site, now, drawn);
  EXPECT_EQ(drawn[1], lines(30'003, 10'001, 0)) << "it charges on one line now";
}

} // namespace
} // namespace busbar::control::tests
