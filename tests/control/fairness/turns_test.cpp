// FAIR-2 over hours of simulated time, and its order in worked cases.

#include "control/fairness/turns.hpp"
#include "tests/control/planner/garage.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>

namespace busbar::control::tests {
namespace {

using domain::rule;

bool is_on(const plan& plan, std::uint32_t i) { return !plan.grants[i].target.is_zero(); }

TEST(turns, FAIR_2_when_the_minima_do_not_fit_priority_goes_first_and_every_fitting_one_is_used) {
  garage site{14'000};
  for (int i = 0; i < 4; ++i) site.connector(0, {0});
  site.station(2).priority = 9;
  const auto& plan = site.plan_at(0);
  EXPECT_TRUE(is_on(plan, 2));
  EXPECT_TRUE(is_on(plan, 0)) << "then the site's order";
  EXPECT_FALSE(is_on(plan, 1));
  EXPECT_EQ(plan.grants[1].because.which, rule::turn);
  EXPECT_EQ(plan.grants[0].target.count(), 7'000) << "the room above the minima is shared";
}

TEST(turns, FAIR_2_a_small_minimum_is_not_left_out_because_a_large_one_does_not_fit) {
  garage site{10'000};
  site.connector(0);
  site.connector(0);
  site.facts(1).current_min = milliamperes{8'000};
  site.connector(0);
  site.facts(2).current_min = milliamperes{4'000};
  const auto& plan = site.plan_at(0);
  EXPECT_TRUE(is_on(plan, 0));
  EXPECT_FALSE(is_on(plan, 1));
  EXPECT_TRUE(is_on(plan, 2)); // 6 A + 4 A = 10 A
}

TEST(turns, FAIR_2_a_minimum_that_does_not_fit_alone_names_the_limit_not_a_turn) {
  garage site{100'000};
  const auto f1 = site.feeder(5'000);
  site.connector(f1);
  const auto& plan = site.plan_at(0);
  EXPECT_EQ(plan.grants[0].target.count(), 0);
  EXPECT_EQ(plan.grants[0].because.which, rule::limit);
  EXPECT_EQ(plan.grants[0].because.node, domain::node_index{f1});
}

TEST(turns, FAIR_2_the_times_are_those_that_operators_are_told) {
  const fairness::turn_settings stated;
  EXPECT_EQ(stated.on_min, std::chrono::minutes{5});
  EXPECT_EQ(stated.off_min, std::chrono::minutes{1});
  EXPECT_EQ(stated.patience, std::chrono::minutes{30});
  EXPECT_EQ(stated.line_time, std::chrono::hours{2});
}

TEST(turns, FAIR_2_a_turn_lasts_its_minimum_on_time_and_then_goes_to_who_waits) {
  garage site{11'000};
  site.connector(0);
  site.connector(0);
  EXPECT_TRUE(is_on(site.obeyed_plan(0), 0));
  EXPECT_TRUE(is_on(site.obeyed_plan(299), 0));
  EXPECT_TRUE(is_on(site.obeyed_plan(300), 1));
  EXPECT_FALSE(is_on(site.obeyed_plan(301), 0)); // told by now: its turn begins
  EXPECT_TRUE(is_on(site.obeyed_plan(600), 1)) << "299 s";
  EXPECT_TRUE(is_on(site.obeyed_plan(601), 0));
}

TEST(turns, FAIR_2_who_can_take_just_its_minimum_takes_turns_too) {
  garage site{11'000};
  for (std::uint32_t i = 0; i < 2; ++i) {
    site.connector(0);
    site.row(i).vehicle_max = milliamperes{6'000};
  }
  const auto& first = site.obeyed_plan(0);
  EXPECT_TRUE(is_on(first, 0));
  EXPECT_FALSE(is_on(first, 1)) << "two minima of 6 A do not fit 11 A";
  EXPECT_TRUE(is_on(site.obeyed_plan(300), 1));
}

TEST(turns, FAIR_2_who_was_turned_off_rests_for_the_minimum_off_time) {
  garage site{11'000};
  site.connector(0);
  site.connector(0);
  site.obeyed_plan(0);
  site.obeyed_plan(300);
  site.row(1).wants = false;
  EXPECT_FALSE(is_on(site.obeyed_plan(330), 0)) << "off for 30 s of 60 s";
  EXPECT_TRUE(is_on(site.obeyed_plan(360), 0));
}

TEST(turns, FAIR_2_while_an_overdue_one_waits_no_new_turn_outlasts_those_that_are_held) {
  garage site{12'000};
  for (int i = 0; i < 6; ++i) site.connector(0);
  constexpr std::uint32_t a = 0, b = 1, large = 2, d = 3, e = 4, f = 5;
  site.facts(large).current_min = milliamperes{11'000}; // fits beside no other
  site.station(large).priority = 1;
  site.station(f).priority = 9;
  for (const auto later : {d, e, f}) site.row(later).wants = false;
  site.obeyed_plan(0);
  site.row(b).wants = false;
  site.row(d).wants = true;
  site.obeyed_plan(1'789);
  EXPECT_TRUE(is_on(site.obeyed_plan(1'790), d)); // told, held until 2 090
  EXPECT_FALSE(is_on(site.obeyed_plan(1'800), large)) << "overdue";
  site.row(a).wants = false;
  site.row(e).wants = true;
  site.obeyed_plan(1'899);
  EXPECT_TRUE(is_on(site.obeyed_plan(1'900), e)); // until 2 090 as well, not until 2 200
  site.row(f).wants = true;
  EXPECT_TRUE(is_on(site.obeyed_plan(1'950), e)) << "held, whatever the priority of others";
  EXPECT_TRUE(is_on(site.obeyed_plan(2'089), e));
  const auto& plan = site.obeyed_plan(2'090);
  EXPECT_TRUE(is_on(plan, large));
  EXPECT_FALSE(is_on(plan, d) || is_on(plan, e) || is_on(plan, f));
}

/// The longest that a connector waited while `hours` go by, and the shortest turn that was ended.
struct history {
  std::int64_t longest_wait = 0;
  std::vector<std::int64_t> longest_waits;
  std::int64_t shortest_turn = 1'000'000;
};

history live(garage& site, std::uint32_t connectors, std::int64_t hours, std::int64_t tick) {
  history seen;
  seen.longest_waits.resize(connectors);
  std::vector<std::int64_t> on_since(connectors, -1);
  std::vector<std::int64_t> off_since(connectors, 0);
  for (std::int64_t second = 0; second < hours * 3600; second += tick) {
    const auto& plan = site.obeyed_plan(second);
    for (std::uint32_t i = 0; i < connectors; ++i) {
      auto& longest = seen.longest_waits[i];
      longest = std::max(longest, second - off_since[i]);
      if (is_on(plan, i)) {
        if (on_since[i] < 0) on_since[i] = second;
        off_since[i] = second;
      } else {
        if (on_since[i] >= 0)
          seen.shortest_turn = std::min(seen.shortest_turn, second - on_since[i]);
        on_since[i] = -1;
      }
      seen.longest_wait = std::max(seen.longest_wait, longest);
    }
  }
  return seen;
}

TEST(turns, FAIR_2_nobody_waits_longer_than_the_stated_bound_whatever_the_priorities) {
  std::mt19937_64 random{distribution::tests::announced_seed()};
  for (int round = 0; round < 25; ++round) {
    const auto count = static_cast<std::uint32_t>(2 + random() % 9);
    garage site{static_cast<std::int64_t>(6'000 + random() % 20'000)};
    const auto f1 = site.feeder(static_cast<std::int64_t>(6'000 + random() % 20'000));
    for (std::uint32_t i = 0; i < count; ++i) {
      site.connector(random() % 2 ? f1 : 0,
                     random() % 2 ? std::vector<int>{0, 1, 2}
                                  : std::vector<int>{static_cast<int>(random() % 3)});
      site.station(i).priority = static_cast<std::uint8_t>(1 + random() % 10);
      // Needs of 6 A to 6 A + what the smaller limit has at most fit alone.
      if (random() % 4 == 0) site.facts(i).current_min = milliamperes{5'000};
    }
    const std::int64_t tick = 1 + static_cast<std::int64_t>(random() % 20);
    const auto seen = live(site, count, 8, tick);
    // patience + n * on_min, each turn rounded up to a tick
    EXPECT_LE(seen.longest_wait, 1800 + count * (300 + tick) + tick) << "round " << round;
  }
}

TEST(turns, FAIR_2_a_policy_that_lets_wait_keeps_the_stated_bound_too) {
  std::mt19937_64 random{distribution::tests::announced_seed() + 1};
  constexpr std::array policies{domain::policy::plan_ahead, domain::policy::greatest_total};
  for (std::size_t round = 0; round < 24; ++round) {
    const auto count = static_cast<std::uint32_t>(2 + random() % 11);
    garage site{static_cast<std::int64_t>(6'000 + random() % 30'000)};
    site.site().split = policies[round % 2];
    const auto f1 = site.feeder(static_cast<std::int64_t>(6'000 + random() % 20'000));
    std::vector<bool> is_announced;
    for (std::uint32_t i = 0; i < count; ++i) {
      site.connector(random() % 2 ? f1 : 0,
                     random() % 2 ? std::vector<int>{0, 1, 2}
                                  : std::vector<int>{static_cast<int>(random() % 3)});
      // Facts that never change: the last in one plan is last in all of them.
      auto& row = site.row(i);
      row.energy_needed = domain::watt_hours{static_cast<std::int64_t>(1 + random() % 60'000)};
      row.energy_delivered = domain::watt_hours{static_cast<std::int64_t>(random() % 20'000)};
      is_announced.push_back(random() % 3 != 0);
      if (is_announced.back()) row.departs_at = at(20 * 3600 + static_cast<int>(random() % 36'000));
    }
    const std::int64_t tick = 5 + static_cast<std::int64_t>(random() % 56);
    const auto seen = live(site, count, 20, tick);
    // Patience: 30 min without an announced departure and under greatest-total, else 6 h.
    const auto longest = round % 2 ? 1'800 : 6 * 3600;
    for (std::uint32_t i = 0; i < count; ++i)
      EXPECT_LE(seen.longest_waits[i],
                (is_announced[i] ? longest : 1'800) + count * (300 + tick) + tick)
          << "round " << round << ", connector " << i << " of " << count;
  }
}

TEST(turns, FAIR_2_plan_ahead_lets_wait_whose_minimum_would_fit_and_says_so) {
  garage site{16'000};
  site.site().split = domain::policy::plan_ahead;
  for (std::uint32_t i = 0; i < 2; ++i) {
    site.connector(0, {0});
    site.row(i).energy_needed = domain::watt_hours{11'040}; // 3 h at 16 A * 230 V
  }
  site.row(0).departs_at = at(3 * 3600);
  site.row(1).departs_at = at(30 * 3600);
  const auto& plan = site.plan_at(0);
  EXPECT_EQ(plan.grants[0].target.count(), 16'000);
  EXPECT_EQ(plan.grants[1].target.count(), 0);
  EXPECT_EQ(plan.grants[1].because.which, rule::turn);
}

TEST(turns, FAIR_2_who_is_let_wait_has_its_minimum_after_six_hours) {
  garage site{11'000};
  site.site().split = domain::policy::plan_ahead;
  for (std::uint32_t i = 0; i < 2; ++i) {
    site.connector(0, {0});
    site.row(i).energy_needed = domain::watt_hours{50'000};
    site.row(i).departs_at = at(i == 0 ? 12 * 3600 : 40 * 3600);
  }
  EXPECT_TRUE(is_on(site.obeyed_plan(0), 0));
  EXPECT_FALSE(is_on(site.obeyed_plan(21'540), 1));
  EXPECT_TRUE(is_on(site.obeyed_plan(21'600), 1));
  site.obeyed_plan(21'601); // the first has answered: the second is told
  EXPECT_TRUE(is_on(site.obeyed_plan(21'900), 1)) << "held for 300 s";
  EXPECT_TRUE(is_on(site.obeyed_plan(21'901), 0)) << "then it goes by the policy again";
}

TEST(turns, FAIR_2_the_overdue_are_called_a_few_at_a_time_so_that_the_policys_choice_stands) {
  garage site{12'000}; // room for two minima of 6 A
  site.site().split = domain::policy::plan_ahead;
  for (std::uint32_t i = 0; i < 6; ++i) {
    site.connector(0, {0});
    site.row(i).energy_needed = domain::watt_hours{60'000};
    site.row(i).departs_at = at(i < 2 ? 10 * 3600 : 60 * 3600);
  }
  for (std::int64_t second = 0; second < 21'600; second += 60) site.obeyed_plan(second);
  // Four are due at once; four turns of 300 s are less than two hours, so one is called at a time.
  for (const std::int64_t second : {21'600, 21'660, 21'840}) {
    const auto& plan = site.obeyed_plan(second);
    std::array<int, 2> on{};
    for (std::uint32_t i = 0; i < 6; ++i) on[i < 2 ? 0 : 1] += is_on(plan, i) ? 1 : 0;
    EXPECT_EQ(on[0], 1) << second;
    EXPECT_EQ(on[1], 1) << second << ": the one that was called has its turn still";
  }
}

TEST(turns, FAIR_2_room_that_nobody_else_can_use_is_given_to_who_was_let_wait) {
  garage site{16'000};
  site.site().split = domain::policy::plan_ahead;
  site.connector(site.feeder(8'000), {0}); // the policy wants to give it all 16 A
  site.connector(0, {0});
  for (std::uint32_t i = 0; i < 2; ++i) site.row(i).energy_needed = domain::watt_hours{11'040};
  site.row(0).departs_at = at(3 * 3600);
  site.row(1).departs_at = at(30 * 3600);
  const auto& plan = site.plan_at(0);
  EXPECT_EQ(plan.grants[0].target.count(), 8'000);
  EXPECT_EQ(plan.grants[1].target.count(), 8'000);
}

TEST(turns, FAIR_2_room_that_nobody_else_can_use_waits_for_who_rests) {
  garage site{16'000};
  site.site().split = domain::policy::plan_ahead;
  const auto f1 = site.feeder(16'000);
  site.connector(f1, {0});
  site.connector(0, {0});
  for (std::uint32_t i = 0; i < 2; ++i) site.row(i).energy_needed = domain::watt_hours{11'040};
  site.row(0).departs_at = at(3 * 3600);
  site.row(1).departs_at = at(30 * 3600);
  site.row(0).wants = false;
  EXPECT_TRUE(is_on(site.obeyed_plan(0), 1));
  site.row(0).wants = true;
  EXPECT_FALSE(is_on(site.obeyed_plan(300), 1)) << "16 A to who leaves first";
  const milliamperes eight{8'000};
  site.node(f1).live_limits.push_back({domain::limit_source::site_operator,
                                       domain::per_line<milliamperes>{eight, eight, eight},
                                       std::nullopt});
  EXPECT_FALSE(is_on(site.obeyed_plan(301), 1)) << "8 A are left, and it is off for 1 s of 60 s";
  EXPECT_FALSE(is_on(site.obeyed_plan(359), 1));
  EXPECT_TRUE(is_on(site.obeyed_plan(360), 1));
}

TEST(turns, FAIR_2_among_equals_a_turn_is_never_shorter_than_the_minimum_on_time) {
  garage site{13'000};
  for (int i = 0; i < 5; ++i) site.connector(0);
  const auto seen = live(site, 5, 6, 7);
  EXPECT_GE(seen.shortest_turn, 300);
  EXPECT_LE(seen.longest_wait, 1800 + 5 * 307);
}

/// 12 at 6 A on 100 A, where a limit lets three, then eight of them charge: no turn lasts 300 s.
TEST(turns, FAIR_2_turns_that_a_falling_limit_cuts_short_leave_none_behind) {
  garage site{100'000};
  constexpr std::uint32_t connectors = 12;
  for (std::uint32_t i = 0; i < connectors; ++i) {
    site.connector(0);
    site.row(i).vehicle_max = milliamperes{6'000};
  }
  std::array<std::int64_t, connectors> seconds_on{};
  for (std::int64_t second = 0; second < 2 * 3'600; second += 5) {
    const bool is_low = second / 40 % 2 == 0;
    const milliamperes most{is_low ? 18'000 : 48'000};
    site.node(0).live_limits = {{domain::limit_source::site_operator,
                                 domain::per_line<milliamperes>{most, most, most}, std::nullopt}};
    const auto& plan = site.obeyed_plan(second);
    for (std::uint32_t i = 0; i < connectors; ++i) seconds_on[i] += is_on(plan, i) ? 5 : 0;
  }
  const auto [least, most] = std::ranges::minmax(seconds_on);
  EXPECT_GT(least * 10, most * 7) << least << " to " << most << " s";
}

} // namespace
} // namespace busbar::control::tests
