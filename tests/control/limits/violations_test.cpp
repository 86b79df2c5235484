// LIM-1 watched: what is said of a node that is over a bound, how grave it is, and when it ends.

#include "control/limits/violations.hpp"

#include "tests/builders/site_builder.hpp"

#include <gtest/gtest.h>

namespace busbar::control::limits {
namespace {

using domain::milliamperes;
using domain::seconds;
using domain::severity;
using domain::watts;
using std::chrono::milliseconds;

domain::instant at(std::int64_t second) { return domain::instant{seconds{1'000 + second}}; }

/// A service of 100 A and a feeder of 50 A, whose loads a test states.
class watched_site : public testing::Test {
protected:
  watched_site() {
    for (const auto& node : site->nodes) bounds.push_back(stated_limits(node));
    loads.resize(site->nodes.size());
    memory.resize(site->nodes.size());
  }

  void load(std::size_t node, std::int64_t ma) { loads[node].line.fill(milliamperes{ma}); }

  std::vector<domain::violation> watch(domain::instant now) {
    std::vector<domain::violation> found;
    const watched_loads watched{loads, undrawn, nodes, known};
    watch_nodes({}, *site, bounds, watched, now, memory, found);
    return found;
  }

  std::shared_ptr<const domain::site> site = tests::site_builder{}.feeder("f1", 50'000).build();
  std::vector<node_limits> bounds;
  std::vector<distribution::node_load> loads;
  std::vector<node_memory> memory;
  /// Of no meter, until a test states it.
  std::vector<distribution::node_load> undrawn;
  std::vector<node_image> nodes;
  /// All of `loads`, until a test states it.
  std::vector<distribution::node_load> known;
};

TEST_F(watched_site, LIM_1_none_begins_by_what_is_not_heard_and_one_that_stands_gets_no_worse) {
  known.resize(loads.size());
  load(1, 52'000);
  for (int second = 0; second < 60; ++second) EXPECT_TRUE(watch(at(second)).empty()) << second;
  known[1].line.fill(milliamperes{52'000});
  ASSERT_EQ(watch(at(60)).size(), 1U);
  known[1].line.fill(milliamperes{0});
  // 4 % above: a warning once vehicles must have followed, and critical after 30 s if it is heard.
  for (int second = 61; second < 120; ++second) {
    const auto found = watch(at(second));
    ASSERT_EQ(found.size(), 1U) << second;
    EXPECT_EQ(found[0].since, at(60));
    EXPECT_NE(found[0].level, severity::critical) << second;
  }
  known[1].line.fill(milliamperes{52'000});
  EXPECT_EQ(watch(at(120)).at(0).level, severity::critical);
}

TEST_F(watched_site, LIM_7_an_order_below_what_flows_is_no_alarm_until_it_could_be_followed) {
  tighten(bounds[1], {domain::limit_source::site_operator,
                      domain::per_line<milliamperes>{milliamperes{10'000}, milliamperes{10'000},
                                                     milliamperes{10'000}},
                      std::nullopt});
  load(1, 50'000);
  for (int second = 0; second < 15; ++second)
    EXPECT_EQ(watch(at(second)).at(0).level, severity::info) << second;
  EXPECT_EQ(watch(at(15)).at(0).level, severity::critical);
}

TEST_F(watched_site, LIM_7_what_exceeds_a_breaker_beside_an_order_is_an_alarm_at_once) {
  tighten(bounds[1], {domain::limit_source::demand_response, std::nullopt, watts{1'000}});
  load(1, 60'000);
  EXPECT_EQ(watch(at(0)).at(0).level, severity::critical);
}

TEST_F(watched_site, LIM_1_it_begins_with_the_first_milliampere_above) {
  load(1, 50'000);
  EXPECT_TRUE(watch(at(0)).empty());
  load(1, 50'001);
  const auto found = watch(at(1));
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].subject, "f1");
  EXPECT_EQ(found[0].what, "L1 above breaker");
  EXPECT_EQ(found[0].since, at(1));
  EXPECT_EQ(found[0].measured, 50'001);
  EXPECT_EQ(found[0].allowed, 50'000);
  EXPECT_EQ(found[0].unit, "ma");
}

TEST_F(watched_site, LIM_1_for_15_s_vehicles_may_follow_but_ten_percent_is_critical_at_once) {
  load(1, 54'999);
  EXPECT_EQ(watch(at(0)).at(0).level, severity::info);
  EXPECT_EQ(watch(at(15) - milliseconds{1}).at(0).level, severity::info);
  EXPECT_EQ(watch(at(15)).at(0).level, severity::warning);
  load(0, 110'000);
  EXPECT_EQ(watch(at(16)).at(0).level, severity::critical);
}

TEST_F(watched_site, LIM_1_info_up_to_one_percent_critical_from_ten_or_after_thirty_seconds) {
  const auto level = [&](std::int64_t ma, domain::instant now) {
    load(1, ma);
    return watch(now).at(0).level;
  };
  EXPECT_EQ(level(50'500, at(0)), severity::info);
  EXPECT_EQ(level(50'500, at(15)), severity::info);
  EXPECT_EQ(level(50'501, at(16)), severity::warning);
  EXPECT_EQ(level(54'999, at(17)), severity::warning);
  EXPECT_EQ(level(55'000, at(18)), severity::critical);
  EXPECT_EQ(level(51'000, at(29)), severity::warning);
  EXPECT_EQ(level(50'001, at(30)), severity::critical);
}

TEST_F(watched_site, LIM_1_it_stands_only_while_exceeded_and_begins_anew_after_ten_seconds_kept) {
  load(1, 60'000);
  (void)watch(at(0));
  load(1, 50'000);
  EXPECT_TRUE(watch(at(5)).empty()) << "50 A of 50 A is no violation";
  load(1, 60'000);
  EXPECT_EQ(watch(at(7)).at(0).since, at(0)) << "the same one goes on";
  load(1, 50'000);
  EXPECT_TRUE(watch(at(8)).empty());
  EXPECT_TRUE(watch(at(18)).empty());
  load(1, 60'000);
  EXPECT_EQ(watch(at(19)).at(0).since, at(19));
}

TEST_F(watched_site, LIM_1_the_bound_with_the_largest_excess_is_told_the_first_of_equal_ones) {
  loads[1].line = {milliamperes{51'000}, milliamperes{53'000}, milliamperes{53'000}};
  EXPECT_EQ(watch(at(0)).at(0).what, "L2 above breaker");
  bounds[1].power = bound{10'000, 0, 10'000, domain::limit_source::service_power};
  loads[1].power = watts{14'000};
  const auto found = watch(at(1)).at(0);
  EXPECT_EQ(found.what, "power above service_power");
  EXPECT_EQ(found.unit, "w");
  EXPECT_EQ(found.measured, 14'000);
}

TEST_F(watched_site, LIM_2_unmanaged_load_counts_and_a_node_without_bounds_is_never_over) {
  (*bounds[1].line)[2].used = 20'000;
  load(1, 30'001);
  EXPECT_EQ(watch(at(0)).at(0).measured, 50'001);
  bounds[1] = {};
  EXPECT_TRUE(watch(at(1)).empty());
}

TEST_F(watched_site, LIM_3_what_a_lost_meter_may_hide_exceeds_nothing_what_is_known_of_it_does) {
  auto& line = (*bounds[1].line)[0];
  line = {50'000, 50'000, 0, domain::limit_source::breaker, true, 0};
  load(1, 6'000); // reserved at a cold start, before the first sample of the meter
  EXPECT_TRUE(watch(at(0)).empty());
  line.sure = 44'001; // by the meter of a node below
  EXPECT_EQ(watch(at(1)).at(0).measured, 50'001);
  line.sure = 0;
  load(1, 50'001);
  EXPECT_EQ(watch(at(2)).at(0).measured, 50'001) << "reserved alone";
}

TEST_F(watched_site, LIM_1_a_current_that_is_reserved_and_metered_as_unmanaged_counts_once) {
  nodes.resize(2);
  undrawn.resize(2);
  // A connector of 25 A has fallen silent: its draw is not taken off the meter any more.
  (*bounds[1].line)[0].used = 45'000; // the meter: 20 A beside it and its 25 A
  load(1, 25'000);                    // and 25 A reserved: 70 A of 50 A
  nodes[1].flow = measured_flow{{milliamperes{45'000}, {}, {}}, {}};
  EXPECT_TRUE(watch(at(0)).empty());
  EXPECT_TRUE(watch(at(30)).empty());
  // Another 6 A may come beside what flows: 51 A.
  undrawn[1].line.fill(milliamperes{6'000});
  EXPECT_TRUE(watch(at(31)).empty()) << "for 2 s: samples and readings are not of one instant";
  EXPECT_TRUE(watch(at(32)).empty());
  EXPECT_EQ(watch(at(33)).at(0).measured, 51'000);
}

TEST_F(watched_site, LIM_1_a_start_that_only_the_meter_has_seen_is_not_above_a_bound) {
  nodes.resize(2);
  undrawn.resize(2);
  // 30 A are reserved, of which the newest reading says 0 A; the meter sees all of them: 40 A.
  (*bounds[1].line)[0].used = 40'000;
  load(1, 30'000);
  undrawn[1].line.fill(milliamperes{30'000});
  nodes[1].flow = measured_flow{{milliamperes{40'000}, {}, {}}, {}};
  EXPECT_TRUE(watch(at(0)).empty());
  nodes[1].unmanaged_sure = measured_flow{{milliamperes{10'000}, {}, {}}, {}};
  EXPECT_TRUE(watch(at(2)).empty()) << "30 A and 10 A are 40 A of 50 A";
  nodes[1].unmanaged_sure = measured_flow{{milliamperes{20'001}, {}, {}}, {}};
  EXPECT_EQ(watch(at(3)).at(0).measured, 50'001) << "30 A and 20.001 A";
  // What is measured counts whatever is sure.
  nodes[1].unmanaged_sure = measured_flow{};
  (*bounds[1].line)[0].used = 50'002;
  nodes[1].flow->current[0] = milliamperes{50'002};
  EXPECT_EQ(watch(at(6)).at(0).measured, 50'002);
}

TEST_F(watched_site, LIM_1_what_a_meter_measures_above_a_bound_is_said_at_once) {
  nodes.resize(2);
  undrawn.resize(2);
  (*bounds[1].line)[1].used = 50'001;
  nodes[1].flow = measured_flow{{milliamperes{}, milliamperes{50'001}, {}}, {}};
  const auto found = watch(at(0));
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].what, "L2 above breaker");
  EXPECT_EQ(found[0].measured, 50'001);
  EXPECT_EQ(found[0].level, severity::info);
}

TEST_F(watched_site, LIM_1_each_node_has_one_of_its_own_in_the_sites_order) {
  load(0, 120'000);
  load(1, 60'000);
  const auto found = watch(at(0));
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].subject, "service");
  EXPECT_EQ(found[1].subject, "f1");
}

TEST(disobedience, SAFE_2_it_says_what_was_told_and_what_is_drawn) {
  const auto found =
      disobedience({}, "CP-001-1", milliamperes{10'000}, milliamperes{16'000}, at(3), at(4));
  EXPECT_EQ(found.subject, "CP-001-1");
  EXPECT_EQ(found.what, "draws more than it acknowledged");
  EXPECT_EQ(found.level, severity::critical); // 60 % above
  EXPECT_EQ(found.since, at(3));
  EXPECT_EQ(found.measured, 16'000);
  EXPECT_EQ(found.allowed, 10'000);
  EXPECT_EQ(found.unit, "ma");
  EXPECT_EQ(
      disobedience({}, "c", milliamperes{100'000}, milliamperes{100'600}, at(3), at(4)).level,
      severity::info);
}

} // namespace
} // namespace busbar::control::limits
