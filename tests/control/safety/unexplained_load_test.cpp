// What shedding acts on: load that the split did not hand out.

#include "control/safety/unexplained_load.hpp"

#include "tests/builders/site_builder.hpp"

#include <gtest/gtest.h>

namespace busbar::control::safety {
namespace {

using domain::milliamperes;
using domain::permille;
using domain::seconds;

/// Two stations behind a feeder of 50 A, below a service of 100 A; bounds as the site states them.
class feeder_under_watch : public testing::Test {
protected:
  feeder_under_watch() { start(); }

  void start() {
    watch.emplace(*site);
    seen.topology = site;
    seen.nodes.assign(site->nodes.size(), {});
    seen.connectors.assign(site->connectors.size(), {});
    made.grants.assign(site->connectors.size(), {});
    flows.assign(site->nodes.size(), {});
    made.bounds.clear();
    for (const auto& node : site->nodes) made.bounds.push_back(limits::stated_limits(node));
  }

  /// What flows: the meter's word where the case gives one, else unmanaged load and every draw.
  std::optional<site_load> at(std::int64_t second) {
    seen.now = domain::instant{seconds{1'000'000 + second}};
    return watch->observe(settings, seen, flows, made);
  }

  void flow(std::size_t node, std::int64_t ma) {
    flows[node].current.emplace();
    flows[node].current->fill(milliamperes{ma});
  }

  void unmanaged(std::size_t node, std::int64_t ma) {
    seen.nodes[node].knowledge = unmanaged_knowledge::known;
    seen.nodes[node].unmanaged.fill(milliamperes{ma});
  }

  void draws(std::size_t connector, std::int64_t drawn, std::int64_t reserved) {
    seen.connectors[connector].drawn = milliamperes{drawn};
    made.grants[connector].reserved = milliamperes{reserved};
  }

  std::shared_ptr<const domain::site> site = tests::site_builder{}
                                                 .feeder("f1", 50'000)
                                                 .station("CP-001")
                                                 .station("CP-002")
                                                 .build();
  domain::shedding_settings settings;
  std::optional<unexplained_load> watch;
  image seen;
  std::vector<limits::node_flow> flows;
  plan made;
};

TEST_F(feeder_under_watch, LIM_1_a_feeder_that_the_split_fills_is_explained) {
  draws(0, 25'000, 25'000);
  draws(1, 25'000, 25'000);
  flow(1, 50'000);
  const auto load = at(0);
  ASSERT_TRUE(load);
  EXPECT_EQ(load->node, domain::node_index{1U});
  EXPECT_EQ(load->load, permille{1'000}); // 50 A of 50 A
  EXPECT_EQ(load->unexplained, permille{0});
  EXPECT_FALSE(load->counts);
  EXPECT_EQ(load_to_shed(settings, load), permille{849}) << "just below where shedding falls";
}

TEST_F(feeder_under_watch, a_rise_that_no_plan_knew_counts_for_one_tick) {
  unmanaged(1, 10'000);
  draws(0, 30'000, 30'000);
  flow(1, 40'000);
  EXPECT_FALSE(at(0)->counts);
  unmanaged(1, 17'500);
  flow(1, 47'500);
  const auto load = at(1);
  EXPECT_EQ(load->load, permille{950});        // 47.5 A of 50 A
  EXPECT_EQ(load->unexplained, permille{150}); // 7.5 A of 50 A
  EXPECT_TRUE(load->counts);
  EXPECT_EQ(load_to_shed(settings, load), permille{950});
  EXPECT_FALSE(at(2)->counts) << "the plan of second 1 knew it";
}

TEST_F(feeder_under_watch, a_rise_that_is_not_sure_is_no_surprise) {
  unmanaged(1, 10'000);
  flow(1, 40'000);
  (void)at(0);
  unmanaged(1, 40'000); // 30 A that started between a reading and the meter's sample
  seen.nodes[1].unmanaged_sure = measured_flow{};
  seen.nodes[1].unmanaged_sure->current.fill(milliamperes{10'000});
  flow(1, 48'000);
  EXPECT_FALSE(at(1)->counts);
  seen.nodes[1].unmanaged_sure->current.fill(milliamperes{40'000});
  EXPECT_TRUE(at(2)->counts);
}

TEST_F(feeder_under_watch, a_rise_counts_from_the_shares_that_are_set) {
  unmanaged(1, 10'000);
  flow(1, 45'000);
  (void)at(0);
  unmanaged(1, 12'500);
  flow(1, 47'499);
  const auto risen = at(1);
  EXPECT_EQ(risen->unexplained, permille{50}); // 2.5 A of 50 A: just enough
  EXPECT_EQ(risen->load, permille{950});
  EXPECT_TRUE(risen->counts);
  unmanaged(1, 15'000);
  flow(1, 47'000);
  EXPECT_FALSE(at(2)->counts) << "940 permille is below the level's rise";
  unmanaged(1, 17'499);
  flow(1, 50'000);
  EXPECT_TRUE(at(3)->counts);
  settings.unexplained = permille{51};
  unmanaged(1, 19'999);
  EXPECT_FALSE(at(4)->counts);
}

TEST_F(feeder_under_watch, SAFE_2_who_draws_above_its_reserve_is_a_surprise) {
  draws(0, 32'000, 20'000);
  draws(1, 16'000, 18'000);
  flow(1, 48'000);
  const auto load = at(0);
  EXPECT_EQ(load->unexplained, permille{240}); // 32 A - 20 A of 50 A
  EXPECT_TRUE(load->counts);
  made.grants[0].reserved = milliamperes{32'000};
  EXPECT_FALSE(at(1)->counts) << "reserved at what it draws";
}

TEST_F(feeder_under_watch, what_stays_above_the_limit_longer_than_vehicles_may_take_counts) {
  draws(0, 51'000, 51'000);
  flow(1, 50'001);
  for (int second = 0; second < 7; ++second) EXPECT_FALSE(at(second)->counts) << second;
  EXPECT_TRUE(at(7)->counts) << "5 s and two readings are over";
  flow(1, 50'000);
  EXPECT_FALSE(at(8)->counts);
  flow(1, 50'001);
  EXPECT_FALSE(at(9)->counts) << "counted from anew";
}

TEST_F(feeder_under_watch, LIM_3_a_sample_that_is_repeated_does_not_stay_above_the_limit) {
  flow(1, 50'001);
  const auto sampled = [&](std::int64_t second) {
    flows[1].measured_at = domain::instant{seconds{1'000'000 + second}};
  };
  sampled(0);
  for (int second = 0; second < 60; ++second) EXPECT_FALSE(at(second)->counts) << second;
  sampled(6);
  EXPECT_FALSE(at(60)->counts);
  sampled(7);
  EXPECT_TRUE(at(61)->counts);
}

TEST_F(feeder_under_watch, the_fullest_of_those_that_count_leads_before_any_fuller_one) {
  unmanaged(0, 20'000);
  flow(0, 90'000);
  flow(1, 50'000);
  EXPECT_EQ(at(0)->node, domain::node_index{1U}); // 1000 of the feeder, 900 of the service
  unmanaged(0, 25'000);
  flow(0, 95'000);
  const auto load = at(1);
  EXPECT_EQ(load->node, domain::node_index{0U});
  EXPECT_EQ(load->load, permille{950});       // 95 A of 100 A
  EXPECT_EQ(load->unexplained, permille{50}); // 5 A of 100 A
}

TEST_F(feeder_under_watch, of_nodes_that_are_equally_full_the_upper_one_leads) {
  flow(0, 80'000);
  flow(1, 40'000);
  EXPECT_EQ(at(0)->load, permille{800}); // 80 A of 100 A, 40 A of 50 A
  EXPECT_EQ(at(1)->node, domain::node_index{0U});
}

TEST_F(feeder_under_watch, LIM_3_a_lost_meter_says_nothing_and_a_limit_of_nothing_is_full) {
  EXPECT_FALSE(at(0));
  EXPECT_FALSE(load_to_shed(settings, at(0)));
  const domain::per_line<milliamperes> nothing{};
  seen.nodes[1].live_limits = {{domain::limit_source::frequency, nothing, std::nullopt}};
  flow(1, 1);
  EXPECT_EQ(at(1)->load, permille{10'000});
  auto changed = *site;
  for (auto& node : changed.nodes) node.limits.clear();
  site = std::make_shared<domain::site>(changed);
  start();
  flow(1, 1);
  EXPECT_FALSE(at(2)) << "no current limit, nothing to be full of";
  seen.nodes[1].live_limits = {{domain::limit_source::thermal, nothing, std::nullopt}};
  EXPECT_EQ(at(3)->load, permille{10'000});
}

TEST_F(feeder_under_watch, lines_that_differ_are_no_overload) {
  const domain::per_line<milliamperes> least{milliamperes{20'000}, milliamperes{20'000},
                                             milliamperes{20'000}};
  seen.nodes[1].live_limits = {{domain::limit_source::phase_imbalance, least, std::nullopt}};
  flow(1, 40'000);
  for (int second = 0; second < 20; ++second) EXPECT_FALSE(at(second)->counts);
  EXPECT_EQ(at(20)->load, permille{800}); // 40 A of the feeder's 50 A
}

TEST_F(feeder_under_watch, LIM_7_what_an_order_leaves_is_kept_by_the_split_and_sheds_nothing) {
  const domain::per_line<milliamperes> ordered{milliamperes{12'000}, milliamperes{12'000},
                                               milliamperes{12'000}};
  for (const auto source :
       {domain::limit_source::demand_response, domain::limit_source::site_operator}) {
    start();
    seen.nodes[1].live_limits = {{source, ordered, std::nullopt}};
    unmanaged(1, 10'000);
    flow(1, 10'000);
    EXPECT_FALSE(at(0)->counts);
    // 2 A more of a building that moves are 40 permille of 50 A, and 167 of what the order leaves.
    unmanaged(1, 12'000);
    flow(1, 14'000);
    for (int second = 1; second < 20; ++second) EXPECT_FALSE(at(second)->counts) << second;
    EXPECT_EQ(at(20)->load, permille{280}); // 14 A of the feeder's 50 A
  }
}

TEST_F(feeder_under_watch, a_meter_that_comes_back_is_no_rise) {
  unmanaged(1, 0);
  (void)at(0);
  unmanaged(1, 48'000);
  flow(1, 48'000);
  EXPECT_FALSE(at(1)->counts) << "before it came back everything counted as used (LIM-3)";
}

TEST_F(feeder_under_watch, a_surprise_is_carried_up_through_a_transformer_by_the_voltages) {
  auto changed = *tests::site_builder{}.transformer("t1", 400'000).station("CP-001").build();
  changed.nodes[1].transformer->primary = domain::millivolts{1'000'000};
  site = std::make_shared<domain::site>(changed);
  start();
  draws(0, 20'001, 0);
  flow(0, 95'000);
  // 20.001 A * 400 / 1000 = 8.0004 A, up to 8.001 A: 80.01 permille of 100 A, up
  EXPECT_EQ(at(0)->unexplained, permille{81});
}

TEST_F(feeder_under_watch, LIM_6_line_to_line_loads_need_a_meter_to_be_looked_at) {
  auto changed = *site;
  changed.connectors[0].wiring = domain::connection::delta;
  changed.connectors[0].line_count = 2;
  site = std::make_shared<domain::site>(changed);
  start();
  flow(0, 99'000);
  flow(1, 49'000);
  EXPECT_FALSE(at(0)) << "currents of different groups do not add up";
  changed.nodes[0].has_meter = true;
  site = std::make_shared<domain::site>(changed);
  start();
  flow(0, 99'000);
  flow(1, 49'000);
  EXPECT_EQ(at(0)->node, domain::node_index{0U});
}

} // namespace
} // namespace busbar::control::safety
