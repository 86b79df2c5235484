// FAIR-2 with vehicles and clocks as they are: blinks, sleepers, full cars, clocks that are set.

#include "tests/control/fairness/field_of_stations.hpp"

#include <gtest/gtest.h>

namespace busbar::control::tests {
namespace {

TEST(blinks, FAIR_2_what_was_waited_survives_a_blink) {
  for (const bool is_unreachable : {false, true}) {
    garage site{11'000}; // room for one of two
    site.connector(0, {0});
    site.connector(0, {0});
    site.station(0).priority = 10;
    site.station(1).priority = 1;
    field_of_stations field{site, 2};
    field.change = [&](std::int64_t second) {
      const bool blinks = second % 1500 == 1499; // one plan every 25 minutes
      site.row(1).wants = is_unreachable || !blinks;
      site.row(1).is_reachable = !is_unreachable || !blinks;
    };
    field.live(12'000);
    // Without a blink: 30 min of waiting and 300 s, five times in 12 000 s; a blink costs a turn.
    EXPECT_GE(field.at(1).charging_s, 4 * 300) << is_unreachable;
    EXPECT_LE(field.at(1).longest_off, 1800 + 2 * 300) << is_unreachable;
  }
}

TEST(blinks, FAIR_2_an_absence_of_two_minutes_is_no_blink) {
  garage site{11'000};
  site.connector(0, {0});
  site.connector(0, {0});
  site.station(0).priority = 10;
  field_of_stations field{site, 2};
  field.live(1'700);
  site.row(1).wants = false;
  field.live(121);
  site.row(1).wants = true;
  field.live(1'700);
  EXPECT_EQ(field.at(1).charging_s, 0) << "waits anew";
  field.live(110);
  EXPECT_GT(field.at(1).charging_s, 0);
}

TEST(blinks, FAIR_2_a_blink_does_not_end_the_minimum_off_time) {
  for (const bool is_unreachable : {false, true}) {
    garage site{11'000};
    site.connector(0, {0});
    site.connector(0, {0});
    site.obeyed_plan(0);
    site.obeyed_plan(300); // the first is off, the second on
    site.row(1).wants = false;
    site.row(0).wants = is_unreachable;
    site.row(0).is_reachable = !is_unreachable;
    site.obeyed_plan(320);
    site.row(0).wants = site.row(0).is_reachable = true;
    EXPECT_EQ(site.obeyed_plan(321).grants[0].target.count(), 0) << "off for 21 s of 60 s";
    EXPECT_EQ(site.obeyed_plan(359).grants[0].target.count(), 0);
    EXPECT_EQ(site.obeyed_plan(360).grants[0].target.count(), 11'000);
  }
}

TEST(sleepers, FAIR_2_a_sleeper_gives_its_turn_away_and_is_asked_less_and_less_often) {
  garage site{11'000};
  site.connector(0, {0});
  site.connector(0, {0});
  field_of_stations field{site, 2};
  field.at(1).appetite_ma = 0;
  field.live(4 * 3600);
  // Offered 60 s, then 30 s after 10, 20, 30, 30 min, 1 h: at 5, 16, 37, 68, 99, 160, 281 min at
  // the soonest. Each time it keeps its minimum while the other rests for its 60 s: six offers
  // until 4 hours are over, each of 60 s and a plan or two for either answer.
  EXPECT_LE(field.at(1).charging_s, 6 * (60 + 4));
  EXPECT_GE(field.at(1).charging_s, 60 + 4 * 30) << "it is asked";
  // Each offer costs the other its 60 s of rest at most, and the offer.
  EXPECT_GE(field.at(0).ampere_seconds, 11 * (4 * 3600 - 7 * (60 + 60)));
}

TEST(sleepers, FAIR_2_a_sleeper_has_its_turn_when_it_is_asked_next_or_its_state_changes) {
  for (const bool says_so : {false, true}) {
    garage site{11'000};
    site.connector(0, {0});
    site.connector(0, {0});
    field_of_stations field{site, 2};
    field.at(1).appetite_ma = 0;
    field.live(420); // turns: 0 to 300 s the first, 300 to 362 s the second, which sleeps
    ASSERT_EQ(field.at(1).offered_ma, 0);
    field.at(1).appetite_ma = 32'000;
    if (says_so) site.row(1).departs_at = at(7'200);
    const auto before = field.at(1).charging_s;
    field.live(300);
    // The first's turn began at 363 s or, after its rest, at the latest at 423 s: it ends by 723 s.
    field.live(5);
    EXPECT_EQ(field.at(1).charging_s > before, says_so);
    field.live(600);
    EXPECT_GT(field.at(1).charging_s, before);
  }
}

TEST(sleepers, FAIR_2_a_sleeper_has_its_minimum_while_nobody_else_can_use_it) {
  garage site{64'000};
  site.connector(0, {0});
  site.connector(0, {0});
  field_of_stations field{site, 2};
  field.at(1).appetite_ma = 0;
  field.live(3600);
  EXPECT_EQ(field.at(0).offered_ma, 32'000);
  EXPECT_EQ(field.at(1).offered_ma, 6'000) << "64 A - 32 A are left";
  EXPECT_EQ(field.at(1).stops, 0);
}

TEST(sleepers, FAIR_2_who_draws_is_no_sleeper) {
  garage site{11'000};
  site.connector(0, {0});
  site.connector(0, {0});
  field_of_stations field{site, 2};
  field.at(1).appetite_ma = 600; // little, but a current
  field.live(3600);
  EXPECT_GE(field.at(1).charging_s, 5 * 300);
}

/// 27 full cars and 3 hungry ones, room for 7 minima of 6 A. Ampere seconds of the hungry ones.
std::int64_t flow_to_hungry(std::int64_t from_s, std::int64_t to_s,
                            const std::function<void(connector_image&)>& say_full) {
  garage site{42'000};
  for (std::uint32_t i = 0; i < 30; ++i) site.connector(0, {0});
  field_of_stations field{site, 30};
  for (std::uint32_t i = 0; i < 27; ++i) field.at(i).appetite_ma = 0;
  for (std::uint32_t i = 0; i < 27; ++i) say_full(site.row(i));
  const auto flowed = [&] {
    return field.at(27).ampere_seconds + field.at(28).ampere_seconds + field.at(29).ampere_seconds;
  };
  field.live(from_s);
  const auto before = flowed();
  field.live(to_s - from_s);
  return flowed() - before;
}

TEST(full_cars, FAIR_2_all_flows_to_the_hungry_where_the_others_say_that_they_are_full) {
  const auto by_soc = [](connector_image& row) { row.soc = domain::permille{1'000}; };
  const auto by_energy = [](connector_image& row) { row.energy_needed = domain::watt_hours{0}; };
  EXPECT_EQ(flow_to_hungry(10, 3'610, by_soc), 42 * 3'600);
  EXPECT_EQ(flow_to_hungry(10, 3'610, by_energy), 42 * 3'600);
}

TEST(full_cars, FAIR_2_all_flows_to_the_hungry_between_the_probes_where_the_others_draw_nothing) {
  const auto say_nothing = [](connector_image&) {};
  // Each of 27 is asked once in the hour from 10 min on, for 30 s: 6 A of 42 A for 50 s at most,
  // with the answers before and after. That leaves 39.75 A on average; 36.4 A flowed where each was
  // asked after 10, 20 and 30 min.
  EXPECT_GE(flow_to_hungry(600, 4'200, say_nothing), 42 * 3'600 - 27 * 6 * 50);
  EXPECT_EQ(flow_to_hungry(2'400, 5'400, say_nothing), 42 * 3'000) << "between two rounds";
  // Later it is once in 4 hours: 41.4 A on average.
  EXPECT_GE(flow_to_hungry(12 * 3'600, 16 * 3'600, say_nothing), 42 * 4 * 3'600 - 27 * 6 * 50);
}

TEST(full_cars, FAIR_2_one_that_wakes_among_many_charges_within_the_bound_of_those_who_wait) {
  garage site{42'000};
  for (std::uint32_t i = 0; i < 30; ++i) site.connector(0, {0});
  field_of_stations field{site, 30};
  for (std::uint32_t i = 0; i < 27; ++i) field.at(i).appetite_ma = 0;
  field.live(900);
  field.at(5).appetite_ma = 32'000;
  const auto before = field.at(5).ampere_seconds;
  // Three times 27 probes of 30 s, and its turn among 4 at once: long before 30 min + 30 x 5 min.
  field.live(3 * 27 * 30 + 300);
  EXPECT_GT(field.at(5).ampere_seconds, before);
}

TEST(clock_steps, FAIR_2_a_rest_and_a_turn_last_as_long_as_they_say_when_the_clock_is_set_back) {
  for (const std::int64_t back : {1, 45, 3'600, 86'400}) {
    garage site{11'000};
    site.connector(0);
    site.connector(0);
    site.obeyed_plan(0);
    site.obeyed_plan(300); // the first rests
    site.row(1).wants = false;
    site.obeyed_plan(345);
    EXPECT_EQ(site.obeyed_plan(346 - back).grants[0].target.count(), 0) << back;
    // 45 s are over, none between the last two plans: 15 s are left of the 60 s.
    EXPECT_EQ(site.obeyed_plan(346 - back + 14).grants[0].target.count(), 0) << back;
    EXPECT_EQ(site.obeyed_plan(346 - back + 15).grants[0].target.count(), 11'000) << back;
    site.row(1).wants = true;
    EXPECT_EQ(site.obeyed_plan(346 - back + 200).grants[0].target.count(), 11'000) << back;
    site.obeyed_plan(346 - 2 * back + 200);
    EXPECT_EQ(site.obeyed_plan(346 - 2 * back + 314).grants[0].target.count(), 11'000) << back;
    EXPECT_EQ(site.obeyed_plan(346 - 2 * back + 315).grants[0].target.count(), 0) << back;
  }
}

TEST(clock_steps, FAIR_2_a_clock_that_is_set_forward_cuts_the_turn_that_runs_and_no_other) {
  garage site{11'000};
  site.connector(0);
  site.connector(0);
  EXPECT_EQ(site.obeyed_plan(0).grants[0].target.count(), 11'000);
  EXPECT_EQ(site.obeyed_plan(100).grants[0].target.count(), 11'000);
  EXPECT_EQ(site.obeyed_plan(3'700).grants[0].target.count(), 0);
  EXPECT_EQ(site.obeyed_plan(3'701).grants[1].target.count(), 11'000);
  EXPECT_EQ(site.obeyed_plan(3'999).grants[1].target.count(), 11'000);
  EXPECT_EQ(site.obeyed_plan(4'001).grants[1].target.count(), 0);
}

TEST(real_life, FAIR_2_the_bound_holds_through_hours_of_blinks_sleeps_and_replugs) {
  std::mt19937_64 random{distribution::tests::announced_seed() + 8};
  const auto pick = [&](std::int64_t low, std::int64_t high) {
    return low + static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(high - low + 1));
  };
  for (int round = 0; round < 8; ++round) {
    const auto count = static_cast<std::uint32_t>(pick(2, 8));
    const auto rating = pick(6'000, 20'000);
    garage site{rating};
    for (std::uint32_t i = 0; i < count; ++i) site.connector(0, {0});
    field_of_stations field{site, count};
    for (std::uint32_t i = 0; i < count; ++i) {
      site.station(i).priority = static_cast<std::uint8_t>(pick(1, 10));
      field.at(i).answers_after = pick(0, 5);
    }
    std::vector<std::int64_t> back_at(count, 0), wakes_at(count, 0), unused(count, 0);
    std::int64_t longest_unused = 0;
    field.change = [&](std::int64_t second) {
      for (std::uint32_t i = 0; i < count; ++i) {
        auto& row = site.row(i);
        auto& own = field.at(i);
        if (second >= back_at[i]) row.wants = row.is_reachable = true;
        if (second >= wakes_at[i]) own.appetite_ma = 32'000;
        if (second > back_at[i] + 200 && random() % 1'200 == 0) {
          // A blink of up to 60 s; a replug takes 150 s and more.
          const bool is_replug = random() % 10 == 0;
          back_at[i] = second + (is_replug ? pick(150, 600) : pick(1, 60));
          (is_replug || random() % 2 ? row.wants : row.is_reachable) = false;
        }
        // It sleeps through one turn and is awake at the next probe.
        if (second >= wakes_at[i] && random() % 5'000 == 0) {
          wakes_at[i] = second + pick(10, 600);
          own.appetite_ma = 0;
        }
        const bool holds = own.offered_ma >= 6'000 && own.appetite_ma == 0 && row.is_reachable;
        unused[i] = holds ? unused[i] + 1 : 0;
        std::int64_t needed = 0;
        for (std::uint32_t k = 0; k < count; ++k) needed += site.row(k).wants ? 32'000 : 0;
        if (needed > rating + 32'000) longest_unused = std::max(longest_unused, unused[i]);
      }
    };
    field.live(8 * 3600);
    // 30 min and for each a turn of 300 s with its two answers; a blink in the own turn costs at
    // most one more turn of another, a sleep 10 min.
    for (std::uint32_t i = 0; i < count; ++i)
      EXPECT_LE(field.at(i).longest_off, 1'800 + (count + 1) * (300 + 2 * 7) + 660)
          << "round " << round << ", connector " << i << " of " << count << " on " << rating;
    // 60 s without current, an answer of 5 s on either side, a plan, and a blink of 60 s.
    EXPECT_LE(longest_unused, 60 + 2 * 5 + 2 + 60) << round;
    EXPECT_LE(field.most_reserved(), rating) << "LIM-1";
  }
}

} // namespace
} // namespace busbar::control::tests
