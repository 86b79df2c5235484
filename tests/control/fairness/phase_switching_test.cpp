// FAIR-2 and LIM-1 where stations can switch between three phases and one.

#include "tests/control/distribution/certificate.hpp"
#include "tests/control/distribution/trees.hpp"
#include "tests/control/planner/garage.hpp"

#include "domain/relief.hpp"
#include "domain/time_text.hpp"

#include <gtest/gtest.h>

#include <array>

namespace busbar::control::tests {
namespace {

/// A service of 10 A a line; X switches phases; Y, of higher priority, lies on L2 alone.
struct crowded {
  explicit crowded(bool can_switch = true) : site(10'000) {
    site.connector(0);
    site.facts(x).can_switch_phases = can_switch;
    site.connector(0, {1});
    site.station(y).priority = 9;
  }
  /// A plan that is obeyed at once; X's station does as told after `answer`.
  const plan& at_second(std::int64_t second) { return site.obeyed_plan(second); }
  void says(std::uint8_t lines) { site.row(x).lines_now = lines; }

  static constexpr std::uint32_t x = 0, y = 1;
  garage site;
};

std::int64_t target(const plan& made, std::uint32_t connector) {
  return made.grants[connector].target.count();
}

std::array<std::int64_t, 3> reserved(const plan& made) {
  const auto& lines = made.limits[0].reserved;
  return {lines[0].count(), lines[1].count(), lines[2].count()};
}

using lines = std::array<std::int64_t, 3>;

TEST(phase_switching, FAIR_2_a_minimum_that_fits_on_one_line_alone_is_switched_to_it) {
  crowded place;
  // On three lines L2 would carry 6 + 6 = 12 A of 10 A.
  const auto& made = place.at_second(0);
  EXPECT_EQ(made.phase_choices[place.x], 1);
  EXPECT_EQ(target(made, place.x), 0) << "nothing flows while it switches";
  EXPECT_EQ(made.phase_choices[place.y], 1) << "what it has";
  place.says(1);
  const auto& after = place.at_second(5);
  EXPECT_EQ(after.phase_choices[place.x], 1);
  EXPECT_EQ(target(after, place.x), 10'000);
  EXPECT_EQ(reserved(after), (lines{10'000, 10'000, 0}));
}

TEST(phase_switching, FAIR_2_a_station_that_cannot_switch_takes_turns) {
  crowded place{false};
  EXPECT_EQ(place.at_second(0).phase_choices[place.x], 3);
  EXPECT_EQ(place.at_second(5).phase_choices[place.x], 3);
  EXPECT_EQ(target(place.at_second(10), place.x), 0);
}

TEST(phase_switching, LIM_1_it_counts_on_all_lines_and_gets_nothing_until_the_station_says_so) {
  crowded place;
  place.at_second(0);
  place.site.row(place.y).wants = false; // three lines would fit again
  for (const std::int64_t second : {1, 10, 29}) {
    const auto& made = place.at_second(second);
    EXPECT_EQ(made.phase_choices[place.x], 1);
    EXPECT_EQ(target(made, place.x), 0);
  }
}

TEST(phase_switching, FAIR_2_an_order_that_is_not_answered_is_withdrawn_for_the_dwell) {
  crowded place;
  place.at_second(0);
  EXPECT_EQ(place.at_second(30).phase_choices[place.x], 3) << "30 s for an answer";
  EXPECT_EQ(place.at_second(299).phase_choices[place.x], 3);
  EXPECT_EQ(place.at_second(300).phase_choices[place.x], 1) << "300 s between two switches";
}

TEST(phase_switching, FAIR_2_it_goes_back_to_three_lines_after_the_dwell_when_they_fit) {
  crowded place;
  place.at_second(0);
  place.says(1);
  EXPECT_EQ(target(place.at_second(5), place.x), 10'000);
  place.site.row(place.y).wants = false;
  EXPECT_EQ(place.at_second(299).phase_choices[place.x], 1);
  EXPECT_EQ(target(place.at_second(300), place.x), 10'000) << "decided in this plan";
  const auto& pausing = place.at_second(301);
  EXPECT_EQ(target(pausing, place.x), 0);
  EXPECT_EQ(pausing.phase_choices[place.x], 1) << "something is still reserved for it";
  EXPECT_EQ(place.at_second(302).phase_choices[place.x], 3);
  place.says(3);
  const auto& made = place.at_second(310);
  EXPECT_EQ(target(made, place.x), 10'000);
  EXPECT_EQ(reserved(made), (lines{10'000, 10'000, 10'000}));
}

TEST(phase_switching, FAIR_2_who_changes_lines_is_told_the_end_of_that_and_not_of_its_wait) {
  crowded place;
  place.at_second(0); // ordered at once: it is told nothing
  const auto ordered = place.at_second(5).grants[place.x].because;
  EXPECT_EQ(ordered.which, domain::rule::turn);
  EXPECT_EQ(ordered.switches_until, at(30)) << "30 s for the answer";
  EXPECT_EQ(ordered.turn_by, at(30));
  EXPECT_FALSE(ordered.node) << "on one line it fits";
  EXPECT_EQ(domain::text_of({}, ordered, place.site.site()),
            "its station on the lines that it changes to, at " + domain::text_of(at(30)) +
                " at the latest");
  place.says(1);
  EXPECT_FALSE(place.at_second(6).grants[place.x].because.switches_until);
  place.site.row(place.y).wants = false;
  place.at_second(300); // decided: back to three lines
  // At most 30 s of pause, and 30 s for the answer to the order that follows it.
  EXPECT_EQ(place.at_second(301).grants[place.x].because.switches_until, at(360));
  const auto back = place.at_second(302).grants[place.x].because;
  EXPECT_EQ(back.switches_until, at(332)) << "ordered, since nothing is reserved any more";
  EXPECT_EQ(back.turn_by, at(332));
  EXPECT_FALSE(place.at_second(332).grants[place.x].target.is_zero()) << "withdrawn";
}

TEST(phase_switching, FAIR_2_three_lines_must_give_the_power_of_one) {
  garage site{30'000};
  const auto x = site.connector(0);
  site.facts(x).can_switch_phases = true;
  site.row(x).lines_now = 1;
  site.row(x).drawn = site.row(x).told = site.row(x).acknowledged = milliamperes{30'000};
  const auto y = site.connector(0, {1});
  site.facts(y).current_min = milliamperes{22'000};
  // 30 A on one line are 10 A on three; L2 has 30 - 22 = 8 A.
  for (const std::int64_t second : {0, 1, 2})
    EXPECT_EQ(site.obeyed_plan(second).phase_choices[x], 1);
  site.row(y).wants = false;
  for (const std::int64_t second : {300, 301, 302}) site.obeyed_plan(second);
  EXPECT_EQ(site.obeyed_plan(303).phase_choices[x], 3);
}

TEST(phase_switching, FAIR_2_an_idle_outlet_goes_back_to_all_its_lines) {
  crowded place;
  place.says(1);
  place.site.row(place.x).wants = false;
  place.at_second(0);
  EXPECT_EQ(place.at_second(1).phase_choices[place.x], 3);
}

TEST(phase_switching, FAIR_2_no_more_are_switched_than_fit_on_the_line) {
  garage site{10'000};
  for (int i = 0; i < 3; ++i) site.facts(site.connector(0)).can_switch_phases = true;
  site.connector(0, {1});
  site.station(3).priority = 9;
  // L1 has 10 A: one minimum of 6 A, not two.
  for (const std::int64_t second : {0, 1}) {
    const auto& made = site.obeyed_plan(second);
    int switched = 0;
    for (std::uint32_t i = 0; i < 3; ++i) switched += made.phase_choices[i] == 1 ? 1 : 0;
    EXPECT_EQ(switched, 1) << second;
  }
}

TEST(phase_switching, LIM_3_out_of_reach_it_counts_on_all_its_lines) {
  crowded place;
  place.at_second(0);
  place.says(1);
  place.at_second(5);
  place.site.row(place.x).is_reachable = false;
  const auto& made = place.site.plan_at(6);
  EXPECT_EQ(made.grants[place.x].reserved.count(), 10'000);
  EXPECT_EQ(made.limits[0].reserved[2].count(), 10'000);
}

TEST(phase_switching, FAIR_2_what_is_decided_survives_a_restart) {
  crowded place;
  place.at_second(0);
  const auto bytes = place.site.control().memory();
  planner next{place.site.now(10).topology};
  ASSERT_TRUE(next.restore(bytes));
  EXPECT_EQ(next.memory(), bytes);
  EXPECT_EQ(next.decide(place.site.now(10)).phase_choices[place.x], 1) << "still ordered";
  EXPECT_EQ(next.decide(place.site.now(40)).phase_choices[place.x], 3) << "withdrawn";
  EXPECT_EQ(next.decide(place.site.now(60)).phase_choices[place.x], 3) << "within the dwell";
}

TEST(phase_switching, LIM_6_on_one_line_the_split_is_that_of_a_connector_that_has_one) {
  using namespace distribution::tests;
  std::mt19937_64 random{announced_seed()};
  int switched = 0;
  for (int round = 0; round < 500; ++round) {
    auto given = make_random_case(random, {.connectors_max = 20});
    auto single = given.built.site;
    std::vector<std::uint32_t> on_one;
    for (std::uint32_t i = 0; i < single.connectors.size(); ++i) {
      if (single.connectors[i].line_count != 3) continue;
      given.built.site.connectors[i].can_switch_phases = true;
      if (random() % 2 == 0) continue;
      single.connectors[i].line_count = 1;
      on_one.push_back(i);
      ++switched;
    }
    distribution::splitter able{given.built.site};
    const auto before = able.split(given.demands, given.bounds).stepped;
    for (const auto i : on_one) able.use_one_line(domain::connector_index{i}, true);
    // The independent judge knows the connectors as having one line.
    const judge certificate{single, given.demands, given.bounds};
    const auto& found = able.split(given.demands, given.bounds);
    ASSERT_EQ(certificate.fault_of_exact(found.exact), "") << "round " << round;
    ASSERT_EQ(certificate.fault_of_stepped(found.stepped), "") << "round " << round;
    for (const auto i : on_one) able.use_one_line(domain::connector_index{i}, false);
    ASSERT_EQ(able.split(given.demands, given.bounds).stepped, before) << "and back";
  }
  EXPECT_GT(switched, 300);
}

} // namespace
} // namespace busbar::control::tests
