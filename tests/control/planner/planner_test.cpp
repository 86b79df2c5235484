#include "tests/control/planner/garage.hpp"

#include <gtest/gtest.h>

namespace busbar::control::tests {
namespace {

using domain::binding_line;
using domain::limit_source;
using domain::rule;

std::int64_t target(const plan& plan, std::uint32_t i) { return plan.grants[i].target.count(); }
std::int64_t granted(const plan& plan, std::uint32_t i) { return plan.grants[i].granted.count(); }
std::int64_t reserved(const plan& plan, std::uint32_t i) { return plan.grants[i].reserved.count(); }

TEST(planner, LIM_1_a_binding_breaker_is_named_with_its_line) {
  garage site{100'000};
  const auto f1 = site.feeder(40'000);
  site.connector(f1);
  site.connector(f1, {1});
  const auto& plan = site.plan_at(0);
  EXPECT_EQ(target(plan, 0), 20'000); // 40 A on L2 for two
  EXPECT_EQ(target(plan, 1), 20'000);
  EXPECT_EQ(granted(plan, 0), 20'000) << "nothing stands in the way: at once";
  const domain::reason because{rule::limit, domain::node_index{f1}, binding_line::l2,
                               limit_source::breaker};
  EXPECT_EQ(plan.grants[0].because, because);
  EXPECT_EQ(plan.limits[f1].reserved[1].count(), 40'000);
  EXPECT_EQ(plan.limits[f1].source, limit_source::breaker);
}

TEST(planner, LIM_2_a_nodes_summary_names_the_source_of_its_smallest_line_the_first_of_equals) {
  garage site{100'000};
  const auto amperes = [](std::int64_t l1, std::int64_t l2, std::int64_t l3) {
    return domain::per_line<milliamperes>{milliamperes{l1 * 1'000}, milliamperes{l2 * 1'000},
                                          milliamperes{l3 * 1'000}};
  };
  site.site().nodes[0].limits = {{limit_source::rating, amperes(40, 50, 60), std::nullopt},
                                 {limit_source::breaker, amperes(90, 90, 40), std::nullopt}};
  site.connector(0);
  EXPECT_EQ(site.plan_at(0).limits[0].source, limit_source::rating);
  site.node(0).live_limits.push_back(
      {limit_source::site_operator, amperes(90, 90, 39), std::nullopt});
  const auto& plan = site.plan_at(1);
  EXPECT_EQ(plan.limits[0].source, limit_source::site_operator);
  EXPECT_EQ(plan.limits[0].limit, amperes(40, 50, 39));
}

TEST(planner, LIM_2_what_a_node_allows_stands_beside_what_is_left_of_it) {
  garage site{100'000};
  site.connector(0);
  site.node(0).knowledge = unmanaged_knowledge::known;
  site.node(0).unmanaged.fill(milliamperes{120'000});
  EXPECT_EQ(site.plan_at(0).limits[0].limit[0].count(), 0);
  EXPECT_EQ(site.plan_at(1).allowed[0][0].count(), 100'000);
}

TEST(planner, LIM_3_a_node_that_power_alone_bounds_names_its_lost_meter_and_shows_that_bound) {
  garage site{100'000};
  site.connector(0);
  // 23 kW at 230 V, all on one line: 100 A
  site.site().nodes[0].limits = {
      {limit_source::demand_response, std::nullopt, domain::watts{23'000}}};
  site.node(0).knowledge = unmanaged_knowledge::lost;
  const auto& lost = site.plan_at(0);
  EXPECT_EQ(lost.limits[0].limit[0].count(), 0);
  EXPECT_EQ(lost.limits[0].source, limit_source::meter_lost);
  EXPECT_EQ(lost.allowed[0][2].count(), 100'000);
}

TEST(planner, FAIR_1_a_connector_at_its_cap_says_so_and_one_without_a_wish_too) {
  garage site{100'000};
  site.connector(0);
  site.connector(0);
  site.row(1).wants = false;
  const auto& plan = site.plan_at(0);
  EXPECT_EQ(target(plan, 0), 32'000);
  EXPECT_EQ(plan.grants[0].because.which, rule::maximum);
  EXPECT_EQ(target(plan, 1), 0);
  EXPECT_EQ(plan.grants[1].because.which, rule::not_wanted);
}

TEST(planner, FAIR_1_a_vehicle_that_can_take_less_is_held_by_its_demand) {
  garage site{100'000};
  site.connector(0);
  site.row(0).vehicle_max = milliamperes{10'700};
  site.connector(0);
  site.row(1).energy_needed = domain::watt_hours{0};
  const auto& plan = site.plan_at(0);
  EXPECT_EQ(target(plan, 0), 10'000) << "LIM-5: in whole steps, rounded down";
  EXPECT_EQ(plan.grants[0].because.which, rule::demand);
  EXPECT_EQ(target(plan, 1), 0);
  EXPECT_EQ(plan.grants[1].because.which, rule::demand);
}

TEST(planner, LIM_1_a_raise_waits_for_the_decrease_that_pays_for_it) {
  garage site{32'000};
  site.connector(0);
  site.connector(0);
  site.row(0).told = site.row(0).acknowledged = site.row(0).drawn = milliamperes{32'000};
  const auto& first = site.plan_at(0);
  EXPECT_EQ(target(first, 0), 16'000);
  EXPECT_EQ(granted(first, 0), 16'000) << "down at once";
  EXPECT_EQ(reserved(first, 0), 32'000) << "counted until it is acknowledged and measured";
  EXPECT_EQ(target(first, 1), 16'000);
  EXPECT_EQ(granted(first, 1), 0) << "no room yet";
  ASSERT_EQ(first.effects.size(), 1U);
  EXPECT_EQ(first.effects[0].kind, effect_kind::decrease);

  site.row(0).told = site.row(0).acknowledged = milliamperes{16'000};
  EXPECT_EQ(granted(site.plan_at(1), 1), 0) << "acknowledged, but it still draws 32 A";
  site.row(0).drawn = milliamperes{20'000};
  EXPECT_EQ(granted(site.plan_at(2), 1), 12'000) << "32 A - 20 A";
  site.row(0).drawn = milliamperes{15'900};
  EXPECT_EQ(granted(site.plan_at(3), 1), 16'000);
}

TEST(planner, LIM_1_a_raise_that_would_be_below_the_minimum_is_not_told) {
  garage site{32'000};
  site.connector(0);
  site.connector(0);
  site.row(0).told = site.row(0).acknowledged = site.row(0).drawn = milliamperes{28'000};
  EXPECT_EQ(granted(site.plan_at(0), 1), 0) << "4 A of room, 6 A at least (FAIR-2)";
  site.row(0).drawn = site.row(0).told = site.row(0).acknowledged = milliamperes{26'000};
  EXPECT_EQ(granted(site.plan_at(1), 1), 6'000);
}

TEST(planner, FAIR_3_what_is_left_until_others_make_room_goes_by_weights_of_any_size) {
  garage site{40'000};
  for (int i = 0; i < 3; ++i) site.connector(0);
  site.site().split = domain::policy::soc_deficit;
  site.station(0).weight = 3000; // times priority 5 and a gap of 600: 9 000 000 to 3000
  site.row(2).wants = false;
  site.row(2).acknowledged = milliamperes{16'000};
  const auto& plan = site.plan_at(0);
  EXPECT_EQ(target(plan, 0), 32'000);
  EXPECT_EQ(granted(plan, 0), 18'000); // 40 A - 16 A - 6 A
  EXPECT_EQ(granted(plan, 1), 6'000) << "its minimum, and 1 of 3001 parts of nothing";
}

TEST(planner, LIM_1_a_ledger_that_says_no_raise_is_obeyed_and_decreases_go_out) {
  garage site{32'000};
  site.connector(0);
  auto& row = site.row(0);
  row.told = row.acknowledged = milliamperes{16'000};
  row.may_rise = false;
  EXPECT_EQ(granted(site.plan_at(0), 0), 16'000);
  site.now(0).nodes[0].live_limits.push_back(
      {domain::limit_source::site_operator,
       domain::per_line<milliamperes>{milliamperes{10'000}, milliamperes{10'000},
                                      milliamperes{10'000}},
       std::nullopt});
  EXPECT_EQ(granted(site.plan_at(1), 0), 10'000);
}

TEST(planner, LIM_1_the_reserve_of_the_ledger_counts_and_no_less_than_the_row_shows) {
  garage site{32'000};
  site.connector(0);
  site.connector(0);
  auto& row = site.row(0);
  row.told = milliamperes{32'000};
  row.acknowledged = row.drawn = milliamperes{10'000};
  row.unanswered = milliamperes{32'000};
  EXPECT_EQ(granted(site.plan_at(1), 0), 16'000);
  row.told = milliamperes{16'000};
  EXPECT_EQ(reserved(site.plan_at(2), 0), 32'000);
  row.acknowledged = milliamperes{16'000};
  row.unanswered = milliamperes{0};
  row.reserve = milliamperes{24'000};
  EXPECT_EQ(reserved(site.plan_at(3), 0), 24'000) << "what it had before the decrease";
  row.reserve = milliamperes{0};
  EXPECT_EQ(granted(site.plan_at(3), 1), 16'000);
}

TEST(planner, LIM_3_an_unreachable_station_keeps_its_reserve_and_is_told_nothing) {
  garage site{40'000};
  site.connector(0);
  site.connector(0);
  auto& lost = site.row(0);
  lost.is_reachable = false;
  lost.told = lost.acknowledged = milliamperes{16'000};
  site.station(0).when_lost.current = milliamperes{20'000};
  const auto& plan = site.plan_at(0);
  EXPECT_EQ(reserved(plan, 0), 20'000) << "the largest: its fallback";
  EXPECT_EQ(target(plan, 0), 16'000) << "whole steps of what it was told, not what it may draw";
  EXPECT_EQ(granted(plan, 0), 16'000);
  EXPECT_EQ(plan.grants[0].because.which, rule::fallback);
  EXPECT_EQ(granted(plan, 1), 20'000);
  ASSERT_EQ(plan.effects.size(), 1U);
  EXPECT_EQ(plan.effects[0].connector, domain::connector_index{1U});
}

TEST(planner, SAFE_2_who_draws_above_what_it_acknowledged_is_named_and_counts_with_its_draw) {
  garage site{40'000};
  site.connector(0);
  site.connector(0);
  auto& deaf = site.row(0);
  deaf.is_disobeying = true;
  deaf.told = deaf.acknowledged = milliamperes{20'000};
  deaf.drawn = milliamperes{32'000};
  const auto& plan = site.plan_at(0);
  EXPECT_EQ(plan.grants[0].because.which, rule::disobedience);
  EXPECT_EQ(reserved(plan, 0), 32'000);
  EXPECT_EQ(granted(plan, 1), 8'000); // 40 A - 32 A
  deaf.is_reachable = false;
  EXPECT_EQ(site.plan_at(1).grants[0].because.which, rule::fallback);
}

TEST(planner, SAFE_2_what_a_silent_station_drew_last_is_no_violation_of_what_it_acknowledged) {
  garage site{40'000};
  site.connector(0);
  auto& row = site.row(0);
  row.told = row.acknowledged = milliamperes{};
  row.drawn = milliamperes{16'000};
  row.is_reachable = false;
  EXPECT_TRUE(site.plan_at(0).violations.empty());
  EXPECT_EQ(reserved(site.plan_at(1), 0), 16'000) << "it counts";
  row.is_reachable = true;
  site.plan_at(2);
  row.is_disobeying = true;
  row.overdraws_since = at(3);
  ASSERT_EQ(site.plan_at(20).violations.size(), 1U) << "it is heard, and does not obey";
  EXPECT_EQ(site.plan_at(20).violations[0].since, at(3));
}

TEST(planner, LIM_3_below_a_lost_meter_nothing_is_granted) {
  garage site{100'000};
  const auto f1 = site.feeder(63'000);
  site.connector(f1);
  site.connector(0);
  site.node(f1).knowledge = unmanaged_knowledge::lost;
  const auto& plan = site.plan_at(0);
  EXPECT_EQ(target(plan, 0), 0);
  EXPECT_EQ(plan.grants[0].because.node, domain::node_index{f1});
  EXPECT_EQ(plan.grants[0].because.source, limit_source::meter_lost);
  EXPECT_EQ(target(plan, 1), 32'000);
}

TEST(planner, LIM_2_a_live_limit_binds_while_it_stands) {
  garage site{100'000};
  site.connector(0);
  site.node(0).live_limits.push_back(
      {limit_source::demand_response, std::nullopt, domain::watts{6'900}});
  const auto& plan = site.plan_at(0);
  EXPECT_EQ(target(plan, 0), 10'000); // 6 900 W / (3 * 230 V) = 10 A
  EXPECT_EQ(plan.grants[0].because.line, binding_line::power);
  EXPECT_EQ(plan.grants[0].because.source, limit_source::demand_response);
  site.node(0).live_limits.clear();
  EXPECT_EQ(target(site.plan_at(1), 0), 32'000);
}

TEST(planner, LIM_1_when_a_limit_falls_decreases_go_out_and_nothing_below_it_is_raised) {
  garage site{100'000};
  const auto f1 = site.feeder(64'000);
  const auto phase_one = site.connector(f1, {0});
  const auto three_phase = site.connector(f1);
  site.row(three_phase).wants = false;
  site.row(phase_one).vehicle_max = milliamperes{10'000};
  site.obeyed_plan(0);
  site.row(phase_one).vehicle_max.reset();
  site.row(three_phase).told = site.row(three_phase).acknowledged = milliamperes{50'000};
  const auto& plan = site.plan_at(1);
  // 10 A + 50 A fit 64 A: the raise of the first is paid for by room that is there.
  EXPECT_EQ(granted(plan, phase_one), 14'000);
  site.node(f1).live_limits.push_back(
      {limit_source::site_operator,
       domain::per_line<milliamperes>{milliamperes{55'000}, milliamperes{40'000},
                                      milliamperes{55'000}},
       std::nullopt});
  const auto& fallen = site.plan_at(2);
  EXPECT_EQ(granted(fallen, three_phase), 0);
  EXPECT_EQ(granted(fallen, phase_one), 10'000) << "L2 is over its limit: none below is raised";
  ASSERT_EQ(fallen.violations.size(), 1U);
  EXPECT_EQ(fallen.violations[0].subject, "n1");
  EXPECT_EQ(fallen.violations[0].allowed, 40'000);
  EXPECT_EQ(fallen.violations[0].measured, 50'000);
  EXPECT_EQ(fallen.violations[0].level, domain::severity::info) << "the order is followed now";
  const auto& ignored = site.plan_at(17);
  EXPECT_EQ(ignored.violations.at(0).level, domain::severity::critical) << "25 % above";
}

TEST(planner, LIM_1_a_violation_stands_only_while_the_limit_is_exceeded) {
  garage site{20'000};
  site.connector(0);
  site.row(0).told = site.row(0).acknowledged = site.row(0).drawn = milliamperes{20'100};
  EXPECT_EQ(site.plan_at(0).violations.at(0).level, domain::severity::info) << "half a percent";
  site.row(0).told = site.row(0).acknowledged = site.row(0).drawn = milliamperes{20'000};
  EXPECT_EQ(site.plan_at(1).violations.size(), 0U) << "20 A of 20 A";
}

TEST(planner, SAFE_2_a_station_that_does_not_obey_is_reserved_at_its_draw_and_others_go_on) {
  garage site{40'000};
  site.connector(0);
  site.connector(0);
  site.obeyed_plan(0);
  site.row(0).told = site.row(0).acknowledged = milliamperes{6'000};
  site.row(0).drawn = milliamperes{25'000};
  EXPECT_EQ(reserved(site.plan_at(1), 0), 25'000);
  EXPECT_EQ(target(site.plan_at(7), 1), 20'000) << "it is not found yet";
  site.row(0).is_disobeying = true;
  site.row(0).overdraws_since = at(1);
  const auto& plan = site.plan_at(8);
  EXPECT_EQ(granted(plan, 0), 6'000) << "told what it was told, not what it takes";
  EXPECT_EQ(granted(plan, 1), 15'000); // 40 A - 25 A
  ASSERT_EQ(plan.violations.size(), 2U) << "the node while the others still draw, and the station";
  EXPECT_EQ(plan.violations[1].subject, "c0");
}

TEST(planner, LIM_1_others_make_room_for_a_decrease_whose_answer_is_owed) {
  garage site{40'000};
  site.connector(0);
  site.connector(0);
  site.obeyed_plan(0);
  ASSERT_EQ(site.row(0).told.count(), 20'000); // 40 A / 2
  site.row(0).wants = false;
  EXPECT_EQ(granted(site.plan_at(1), 0), 0);
  site.row(0).told = {}; // and 20 A stay acknowledged
  EXPECT_EQ(target(site.plan_at(3), 1), 32'000) << "it will be acknowledged any moment";
  EXPECT_EQ(granted(site.plan_at(3), 1), 20'000);
  site.row(0).owes_answer = true;
  EXPECT_EQ(target(site.plan_at(4), 1), 20'000) << "40 A less the 20 A that it may still draw";
  site.row(0).acknowledged = site.row(0).drawn = {};
  site.row(0).owes_answer = false;
  EXPECT_EQ(granted(site.plan_at(5), 1), 32'000);
}

TEST(planner, FAIR_2_reclaim_gives_back_what_is_not_taken_and_returns_it_within_a_tick) {
  garage site{40'000};
  site.connector(0);
  site.connector(0);
  site.obeyed_plan(0);
  EXPECT_EQ(site.row(0).told.count(), 20'000);
  for (int second = 1; second <= 61; ++second) {
    site.row(0).drawn = milliamperes{8'000};
    site.obeyed_plan(second);
    site.row(0).drawn = milliamperes{8'000};
  }
  site.obeyed_plan(62);
  EXPECT_EQ(site.row(0).told.count(), 10'000) << "8 A and a margin of 2 A";
  EXPECT_EQ(site.row(1).told.count(), 30'000);
  site.row(0).drawn = milliamperes{9'900}; // uses the margin: asks for more
  const auto& plan = site.obeyed_plan(63);
  EXPECT_EQ(target(plan, 0), 20'000);
  EXPECT_EQ(granted(plan, 1), 20'000);
  site.obeyed_plan(64);
  EXPECT_EQ(site.row(0).told.count(), 20'000);
}

TEST(planner, RAMP_1_raises_are_limited_where_the_site_says_so_and_decreases_never) {
  garage site{100'000};
  site.connector(0);
  site.site().ramping = domain::ramp{milliamperes{2'000}, std::nullopt, milliamperes{500}};
  EXPECT_EQ(granted(site.obeyed_plan(0), 0), 6'000) << "the minimum at once";
  EXPECT_EQ(granted(site.obeyed_plan(1), 0), 8'000);
  EXPECT_EQ(granted(site.obeyed_plan(2), 0), 10'000);
  EXPECT_EQ(granted(site.obeyed_plan(6), 0), 18'000);
  site.row(0).vehicle_max = milliamperes{7'000};
  EXPECT_EQ(granted(site.obeyed_plan(7), 0), 7'000);
}

TEST(planner, a_memory_given_back_gives_the_same_plans_and_a_spoiled_one_is_refused) {
  garage site{10'000};
  site.connector(0);
  site.connector(0);
  site.obeyed_plan(0);
  const auto memory = site.control().memory();
  planner other{site.now(0).topology};
  ASSERT_TRUE(other.restore(memory));
  EXPECT_EQ(other.memory(), memory) << "canonical bytes";
  auto cut = memory;
  cut.pop_back();
  EXPECT_FALSE(other.restore(cut));
  EXPECT_FALSE(other.restore({}));
  auto wrong = memory;
  wrong[0] = 99;
  EXPECT_FALSE(other.restore(wrong));
  EXPECT_EQ(other.memory(), memory) << "nothing changed";
}

TEST(planner, RAMP_1_who_owes_an_answer_is_told_what_is_shed_and_zero_once_it_wants_nothing) {
  garage site{100'000};
  site.connector(0);
  const auto f1 = site.feeder(30'000);
  site.connector(f1);
  for (std::uint32_t i = 0; i < 2; ++i) {
    auto& row = site.row(i);
    row.told = row.acknowledged = row.drawn = milliamperes{32'000};
  }
  EXPECT_EQ(granted(site.plan_at(0), 1), 30'000);
  site.row(1).told = milliamperes{30'000}; // does not answer
  site.row(1).owes_answer = true;
  EXPECT_EQ(granted(site.plan_at(3), 1), 30'000);
  site.now(4).shedding_level = 3; // all by half
  EXPECT_EQ(granted(site.plan_at(4), 1), 16'000); // 32 A / 2
  site.now(5).shedding_level = 0;
  site.row(1).wants = false;
  EXPECT_EQ(granted(site.plan_at(5), 1), 0);
}

TEST(planner, LIM_1_the_others_make_room_for_a_draw_a_little_above_its_grant) {
  garage site{32'000};
  const auto follows = [&](std::uint32_t i, std::int64_t told, std::int64_t drawn) {
    site.row(i).told = site.row(i).acknowledged = milliamperes{told};
    site.row(i).drawn = milliamperes{drawn};
  };
  for (int i = 0; i < 2; ++i) {
    site.connector(0);
    site.site().connectors.back().step = milliamperes{100};
  }
  follows(0, 16'000, 16'400); // 0.4 A is no disobedience
  follows(1, 16'000, 16'000);
  EXPECT_EQ(granted(site.plan_at(0), 1), 16'000);
  site.row(0).excess = milliamperes{400};
  const auto& plan = site.plan_at(7);
  EXPECT_EQ(target(plan, 0), 15'800); // (32 - 0.4) / 2
  EXPECT_EQ(granted(plan, 1), 15'800);
  follows(0, 15'800, 16'200); // draws 0.4 A above whatever it is told
  follows(1, 15'800, 15'800);
  const auto& next = site.plan_at(8);
  EXPECT_EQ(granted(next, 0), 15'800) << "16.2 and 15.8 A are 32 A: it rests there";
  EXPECT_EQ(granted(next, 1), 15'800);
  EXPECT_EQ(next.limits[0].reserved[0].count(), 32'000);
}

TEST(planner, RAMP_1_who_owes_an_answer_is_told_less_at_once_where_a_limit_falls_further) {
  garage site{100'000};
  for (int i = 0; i < 2; ++i) {
    auto& row = site.row(site.connector(0));
    row.told = row.acknowledged = row.drawn = milliamperes{32'000};
  }
  const auto operator_sets = [&](std::int64_t ma) {
    const milliamperes each{ma};
    site.node(0).live_limits = {{limit_source::site_operator,
                                 domain::per_line<milliamperes>{each, each, each}, std::nullopt}};
  };
  operator_sets(40'000);
  EXPECT_EQ(granted(site.plan_at(0), 0), 20'000);
  site.row(0).told = milliamperes{20'000}; // does not answer, and draws on
  site.row(0).owes_answer = true;
  site.row(1).told = site.row(1).acknowledged = site.row(1).drawn = milliamperes{20'000};
  const auto& late = site.plan_at(3);
  EXPECT_EQ(granted(late, 0), 20'000);
  EXPECT_EQ(granted(late, 1), 8'000) << "40 A less the 32 A that the other may draw";
  site.row(1).told = site.row(1).acknowledged = site.row(1).drawn = milliamperes{8'000};
  operator_sets(10'000);
  const auto& lower = site.plan_at(4);
  EXPECT_EQ(granted(lower, 0), 10'000);
  EXPECT_EQ(granted(lower, 1), 0);
  EXPECT_EQ(reserved(lower, 0), 32'000);
  site.row(0).told = milliamperes{10'000};
  operator_sets(5'000);
  EXPECT_EQ(granted(site.plan_at(5), 0), 0) << "6 A do not fit";
}

} // namespace
} // namespace busbar::control::tests
