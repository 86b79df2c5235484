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
    made.bounds.clear();
    for (const auto& node : site->nodes) made.bounds.push_back(limits::stated_limits(node));
  }

  std::optional<site_load> at(std::int64_t second) {
    seen.now = domain::instant{seconds{1'000'000 + second}};
    return watch->observe(settings, seen, made);
  }

  void unmanaged(std::size_t node, std::int64_t ma) {
    seen.nodes[node].knowledge = unmanaged_knowledge::known;
    seen.nodes[node].unmanaged.fill(milliamperes{ma});
  }

  void draws(std::size_t connector, std::int64_t drawn, std::int64_t told,
             std::int64_t acknowledged) {
    auto& row = seen.connectors[connector];
    row.drawn = milliamperes{drawn};
    row.told = milliamperes{told};
    row.acknowledged = milliamperes{acknowledged};
  }

  std::shared_ptr<const domain::site> site = tests::site_builder{}
                                                 .feeder("f1", 50'000)
                                                 .station("CP-001")
                                                 .station("CP-002")
                                                 .build();
  domain::shedding_settings settings;
  std::optional<unexplained_load> watch;
  image seen;
  plan made;
};

TEST_F(feeder_under_watch, LIM_1_a_feeder_that_the_split_fills_is_explained) {
  draws(0, 25'000, 25'000, 25'000);
  draws(1, 25'000, 25'000, 25'000);
  const auto load = at(0);
  ASSERT_TRUE(load);
  EXPECT_EQ(load->node, domain::node_index{1U});
  EXPECT_EQ(load->load, permille{1'000}); // 50 A of 50 A
  EXPECT_EQ(load->unexplained, permille{0});
  EXPECT_EQ(load_to_shed(settings, load), permille{849}) << "just below where shedding falls";
}

TEST_F(feeder_under_watch, a_rise_of_unmanaged_load_counts_for_as_long_as_vehicles_may_take) {
  unmanaged(1, 10'000);
  draws(0, 30'000, 30'000, 30'000);
  EXPECT_EQ(at(0)->unexplained, permille{0});
  unmanaged(1, 15'000);
  for (int second = 1; second <= 7; ++second) {
    const auto load = at(second);
    EXPECT_EQ(load->load, permille{900}) << second;        // 45 A of 50 A
    EXPECT_EQ(load->unexplained, permille{100}) << second; // 5 A of 50 A
    EXPECT_EQ(load_to_shed(settings, load), permille{900});
  }
  EXPECT_EQ(at(8)->unexplained, permille{0}) << "5 s and two readings are over";
}

TEST_F(feeder_under_watch, the_lowest_of_the_window_is_what_plans_knew) {
  const std::int64_t course[] = {12'000, 8'000, 10'000, 14'000};
  for (int second = 0; second < 4; ++second) {
    unmanaged(1, course[second]);
    if (second < 3) (void)at(second);
  }
  EXPECT_EQ(at(3)->unexplained, permille{120}); // 14 A - 8 A of 50 A
  EXPECT_EQ(at(3)->unexplained, permille{120}) << "asked twice in a second";
  // 8 A leave the window with second 1: of seconds 2 to 9 the lowest is 10 A.
  for (int second = 4; second < 9; ++second) (void)at(second);
  EXPECT_EQ(at(9)->unexplained, permille{80});
}

TEST_F(feeder_under_watch, seconds_that_nobody_looked_at_hold_what_was_before) {
  unmanaged(1, 10'000);
  (void)at(0);
  unmanaged(1, 20'000);
  EXPECT_EQ(at(7)->unexplained, permille{200}); // 10 A stood until second 6
  unmanaged(1, 30'000);
  EXPECT_EQ(at(15)->unexplained, permille{0}) << "8 s unseen: nothing is known of before";
}

TEST_F(feeder_under_watch, who_does_not_obey_counts_with_all_above_what_it_was_told) {
  draws(0, 30'000, 10'000, 12'000);
  EXPECT_EQ(at(0)->unexplained, permille{0}) << "on its way down";
  seen.connectors[0].is_disobeying = true;
  const auto load = at(1);
  EXPECT_EQ(load->load, permille{600});        // 30 A of 50 A
  EXPECT_EQ(load->unexplained, permille{360}); // 30 A - 12 A of 50 A
  seen.connectors[0].is_disobeying = false;
  made.grants[0].because.which = domain::rule::fallback;
  EXPECT_EQ(at(2)->unexplained, permille{360}) << "the plan found it";
  seen.connectors[0].is_reachable = false;
  EXPECT_EQ(at(3)->unexplained, permille{0}) << "in its fallback, as everybody knows";
  seen.connectors[0].is_reachable = true;
  draws(0, 8'000, 10'000, 12'000);
  EXPECT_EQ(at(4)->unexplained, permille{0});
}

TEST_F(feeder_under_watch, the_fullest_of_those_that_count_leads_before_any_fuller_one) {
  unmanaged(0, 20'000);
  draws(0, 45'000, 45'000, 45'000);
  EXPECT_EQ(at(0)->node, domain::node_index{1U}); // 900 of the feeder, 650 of the service
  unmanaged(0, 25'000);
  const auto load = at(1);
  EXPECT_EQ(load->node, domain::node_index{0U});
  EXPECT_EQ(load->load, permille{700});       // 25 A + 45 A of 100 A
  EXPECT_EQ(load->unexplained, permille{50}); // 5 A of 100 A: just enough
  settings.unexplained = permille{51};
  EXPECT_EQ(at(1)->node, domain::node_index{1U});
}

TEST_F(feeder_under_watch, LIM_3_a_lost_meter_says_nothing_and_a_limit_of_nothing_is_full) {
  seen.nodes[0].knowledge = seen.nodes[1].knowledge = unmanaged_knowledge::lost;
  EXPECT_FALSE(at(0));
  EXPECT_FALSE(load_to_shed(settings, at(0)));
  seen.nodes[1].knowledge = unmanaged_knowledge::none;
  (*made.bounds[1].line)[2].allowed = 0;
  draws(1, 1, 1, 1);
  EXPECT_EQ(at(1)->load, permille{10'000});
  made.bounds[1].line.reset();
  EXPECT_FALSE(at(2)) << "no current limit, nothing to be full of";
}

TEST_F(feeder_under_watch, only_the_lines_of_a_connector_carry_its_draw) {
  auto changed = *site;
  changed.connectors[0].line_count = 1;
  changed.connectors[0].lines[0] = domain::line::l2;
  site = std::make_shared<domain::site>(changed);
  start();
  draws(0, 20'000, 20'000, 20'000);
  draws(1, 10'000, 10'000, 10'000);
  EXPECT_EQ(at(0)->load, permille{600}); // 30 A of 50 A on L2
  (*made.bounds[1].line)[1].allowed = 1'000'000;
  EXPECT_EQ(at(1)->load, permille{300}) << "the service: 30 A of 100 A on L2";
}

TEST_F(feeder_under_watch, through_a_transformer_currents_go_by_the_voltages_rounded_up) {
  auto changed = *tests::site_builder{}.transformer("t1", 400'000).station("CP-001").build();
  changed.nodes[1].transformer->primary = domain::millivolts{1'000'000};
  site = std::make_shared<domain::site>(changed);
  start();
  made.bounds[1].line.reset();
  draws(0, 20'001, 20'001, 20'001);
  // 20.001 A * 400 / 1000 = 8.0004 A, up to 8.001 A: 80.01 permille of 100 A, up
  EXPECT_EQ(at(0)->load, permille{81});
}

} // namespace
} // namespace busbar::control::safety
