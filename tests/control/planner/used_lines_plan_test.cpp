// LIM-8 in a plan: who counts on which lines.

#include "domain/relief.hpp"
#include "tests/control/planner/garage.hpp"

#include <gtest/gtest.h>

#include <array>

namespace busbar::control::tests {
namespace {

using domain::line_set;

constexpr line_set l1 = line_set::of_bits(0b001);
constexpr line_set l2 = line_set::of_bits(0b010);
constexpr line_set l3 = line_set::of_bits(0b100);

/// 24 boxes of three lines on 100 A with 6 A of other load, by turns with vehicles on L1, L2, L3.
struct boxes {
  boxes() : site{100'000} {
    for (int i = 0; i < 24; ++i) {
      site.connector(0);
      site.row(static_cast<std::uint32_t>(i)).used_lines = by_turns(i);
      draws(site.row(static_cast<std::uint32_t>(i)), 8'000);
    }
    site.node(0).knowledge = unmanaged_knowledge::known;
    site.node(0).unmanaged = {milliamperes{6'000}, milliamperes{6'000}, milliamperes{6'000}};
  }
  static void draws(connector_image& row, std::int64_t ma) {
    row.told = row.acknowledged = row.drawn = milliamperes{ma};
  }
  static line_set by_turns(int i) { return i % 3 == 0 ? l1 : i % 3 == 1 ? l2 : l3; }
  /// After so many plans that are obeyed.
  int charging(int plans) {
    for (int second = 0; second < plans; ++second) site.obeyed_plan(second);
    int count = 0;
    for (std::uint32_t i = 0; i < 24; ++i) count += site.row(i).drawn.count() >= 6'000;
    return count;
  }
  garage site;
};

TEST(used_lines_plan, LIM_8_all_24_charge_that_on_three_lines_15_would) {
  boxes seen;
  EXPECT_EQ(seen.charging(3), 24);
  // 94 A / (8 on the line + 3 kept) = 8.5 A: in steps of 1 A some have 8 A, others 9.
  for (std::uint32_t i = 0; i < 24; ++i) EXPECT_GE(seen.site.row(i).drawn.count(), 8'000);
  boxes unseen;
  for (std::uint32_t i = 0; i < 24; ++i) {
    unseen.site.row(i).used_lines.reset();
    boxes::draws(unseen.site.row(i), 0);
  }
  EXPECT_EQ(unseen.charging(3), 15); // 94 A / 6 A
}

TEST(used_lines_plan, LIM_8_what_is_kept_is_in_no_reserve_and_makes_no_violation) {
  boxes it;
  it.charging(3);
  const auto& made = it.site.obeyed_plan(3);
  std::int64_t on_l1 = 0;
  for (std::uint32_t i = 0; i < 24; i += 3) on_l1 += it.site.row(i).drawn.count();
  EXPECT_EQ(made.limits[0].reserved[0].count(), on_l1);
  EXPECT_TRUE(made.violations.empty());
}

TEST(used_lines_plan, LIM_8_LIM_1_the_line_that_holds_a_vehicle_is_one_that_it_uses) {
  boxes it;
  it.charging(3);
  const auto& made = it.site.obeyed_plan(3);
  for (std::uint32_t i = 0; i < 24; ++i) {
    const auto& because = made.grants[i].because;
    ASSERT_EQ(because.which, domain::rule::limit);
    // All three lines are used up: each vehicle is told its own.
    EXPECT_EQ(because.line, static_cast<domain::binding_line>(i % 3 + 1)) << i;
    EXPECT_FALSE(because.is_kept);
  }
}

TEST(used_lines_plan, LIM_8_LIM_1_room_kept_on_a_line_that_it_does_not_use_is_said_as_that) {
  garage site{100'000};
  for (std::uint32_t i = 0; i < 9; ++i) {
    site.connector(0);
    site.facts(i).step = milliamperes{1};
    site.row(i).used_lines = i < 8 ? l1 : l2;
    boxes::draws(site.row(i), 6'000);
  }
  // On L1 eight vehicles, and what is kept for the ninth: 9 x 11.1 A. On L2 44 A: one and three.
  const auto& ninth = site.plan_at(0).grants[8];
  EXPECT_EQ(ninth.target, milliamperes{11'111});
  EXPECT_EQ(ninth.because.line, domain::binding_line::l1);
  EXPECT_TRUE(ninth.because.is_kept);
  const auto because = ninth.because;
  const auto lifting = site.control().reliefs(site.now(0))[8];
  EXPECT_EQ(lifting.more, 9 * 32'000 - 100'000);
  EXPECT_NE(domain::text_of(lifting, because, site.site())
                .find("since room is kept on L1 in case its vehicle begins to use it"),
            std::string::npos);
}

TEST(used_lines_plan, LIM_8_LIM_3_below_a_lost_meter_the_line_is_one_that_it_uses) {
  garage site{100'000};
  const auto feeder = site.feeder(0);
  site.site().nodes[feeder].limits.clear();
  site.connector(feeder);
  site.row(0).used_lines = l2;
  boxes::draws(site.row(0), 6'000);
  site.node(feeder).knowledge = unmanaged_knowledge::lost;
  const auto& because = site.plan_at(0).grants[0].because;
  EXPECT_EQ(because.node, domain::node_index{feeder});
  EXPECT_EQ(because.line, domain::binding_line::l2);
}

TEST(used_lines_plan, LIM_8_three_vehicles_that_turn_to_three_lines_at_once_fit_in_what_is_kept) {
  boxes it;
  it.charging(3);
  for (const std::uint32_t i : {0U, 3U, 6U}) it.site.row(i).used_lines.reset();
  const auto& made = it.site.plan_at(3);
  EXPECT_TRUE(made.violations.empty());
  for (const auto sum : made.limits[0].reserved) EXPECT_LE(sum.count(), 94'000);
}

TEST(used_lines_plan, LIM_8_three_are_raised_at_a_time_and_the_next_once_these_have_settled) {
  boxes it;
  it.charging(3);
  // The building's 6 A leave: (100 A - 94 A) / 11 more for each, in steps of 1 A.
  it.site.node(0).unmanaged = {};
  const auto raised_at = [&](std::int64_t second) {
    int count = 0;
    std::array<std::int64_t, 24> before{};
    for (std::uint32_t i = 0; i < 24; ++i) before[i] = it.site.row(i).told.count();
    it.site.obeyed_plan(second);
    for (std::uint32_t i = 0; i < 24; ++i) count += it.site.row(i).told.count() > before[i];
    return count;
  };
  for (const std::int64_t second : {10, 17, 24, 31, 38}) {
    EXPECT_EQ(raised_at(second), 3) << "second " << second;
    EXPECT_EQ(raised_at(second + 6), 0) << "second " << second + 6;
  }
}

TEST(used_lines_plan, LIM_8_LIM_3_who_cannot_be_reached_counts_on_all_lines) {
  garage site{100'000};
  const auto silent = site.connector(0);
  site.row(silent).used_lines = l1;
  boxes::draws(site.row(silent), 16'000);
  EXPECT_EQ(site.plan_at(0).limits[0].reserved[1].count(), 0);
  site.row(silent).is_reachable = false;
  EXPECT_EQ(site.plan_at(1).limits[0].reserved[1].count(), 16'000);
}

TEST(used_lines_plan, LIM_8_one_that_draws_nothing_counts_on_all_lines) {
  garage site{100'000};
  const auto waiting = site.connector(0);
  site.row(waiting).used_lines = l1;
  boxes::draws(site.row(waiting), 16'000);
  EXPECT_EQ(site.plan_at(0).limits[0].reserved[1].count(), 0);
  site.row(waiting).drawn = milliamperes{400};
  // On all three: it is raised to 32 A there.
  EXPECT_EQ(site.plan_at(1).limits[0].reserved[1].count(), 32'000);
}

TEST(used_lines_plan, LIM_8_an_order_lifted_before_a_reading_shows_the_pause_wakes_none) {
  boxes it;
  it.charging(3);
  // The building takes all, for one plan: every station is told to pause, and acknowledges.
  it.site.node(0).unmanaged = {milliamperes{100'000}, milliamperes{100'000}, milliamperes{100'000}};
  const auto tell = [&](std::int64_t second) {
    const auto& made = it.site.plan_at(second);
    std::int64_t sum = 0;
    for (std::uint32_t i = 0; i < 24; ++i) {
      it.site.row(i).told = it.site.row(i).acknowledged = made.grants[i].granted;
      sum += made.grants[i].granted.count();
    }
    return sum;
  };
  EXPECT_EQ(tell(4), 0);
  it.site.node(0).unmanaged = {milliamperes{6'000}, milliamperes{6'000}, milliamperes{6'000}};
  EXPECT_EQ(tell(70), 0) << "the last readings are of before the pause";
  for (std::uint32_t i = 0; i < 24; ++i) it.site.row(i).drawn = {};
  EXPECT_GT(tell(71), 0);
  int told = 0;
  for (std::uint32_t i = 0; i < 24; ++i) told += !it.site.row(i).told.is_zero();
  EXPECT_EQ(told, 15) << "each may take 6 A of 94 A on every line";
}

TEST(used_lines_plan, LIM_8_a_trickle_does_not_keep_one_that_was_told_to_pause_from_charging) {
  garage site{100'000};
  const auto trickles = site.connector(0);
  site.row(trickles).used_lines = l1;
  site.row(trickles).drawn = milliamperes{800};
  EXPECT_GE(site.plan_at(0).grants[trickles].granted.count(), 6'000);
  site.row(trickles).drawn = milliamperes{6'000};
  EXPECT_EQ(site.plan_at(1).grants[trickles].granted.count(), 0) << "it has not paused yet";
}

TEST(used_lines_plan, LIM_8_SAFE_2_who_does_not_obey_counts_on_all_lines) {
  garage site{100'000};
  const auto deaf = site.connector(0);
  site.row(deaf).used_lines = l1;
  site.row(deaf).is_disobeying = true;
  site.row(deaf).drawn = milliamperes{16'000};
  EXPECT_EQ(site.plan_at(0).limits[0].reserved[2].count(), 16'000);
}

TEST(used_lines_plan, LIM_8_what_one_draws_above_its_grant_has_room_on_its_other_lines_too) {
  garage site{20'000};
  const auto above = site.connector(0);
  const auto other = site.connector(0);
  site.row(above).used_lines = l1;
  site.row(other).used_lines = l2;
  for (int second = 0; second < 3; ++second) site.obeyed_plan(second);
  for (int second = 3; second < 20; ++second) {
    site.row(above).drawn = site.row(above).told + milliamperes{400};
    site.row(above).excess = milliamperes{400};
    const auto& made = site.plan_at(second);
    for (const auto i : {above, other})
      site.row(i).told = site.row(i).acknowledged = made.grants[i].granted;
    site.row(other).drawn = site.row(other).told;
  }
  // Both may use every line: their grants and the 0.4 A fit into 20 A.
  EXPECT_LE(site.row(above).told.count() + 400 + site.row(other).told.count(), 20'000);
}

TEST(used_lines_plan, LIM_8_a_box_that_switches_lines_counts_by_what_it_says_alone) {
  garage site{100'000};
  const auto box = site.connector(0);
  site.facts(box).can_switch_phases = true;
  site.row(box).used_lines = l1;
  site.row(box).told = site.row(box).acknowledged = milliamperes{16'000};
  // As its station says, on all three: it is raised to 32 A there.
  EXPECT_EQ(site.plan_at(0).limits[0].reserved[1].count(), 32'000);
}

} // namespace
} // namespace busbar::control::tests
