// FAIR-3: what each policy does with one scarce feeder.

#include "tests/control/planner/garage.hpp"

#include "control/fairness/policy.hpp"

#include <gtest/gtest.h>

namespace busbar::control::tests {
namespace {

using domain::policy;

/// Three three-phase connectors of 0 to 32 A on a service of 40 A.
struct scarce {
  explicit scarce(policy which, std::int64_t rating_ma = 40'000) : site(rating_ma) {
    site.site().split = which;
    for (std::uint32_t i = 0; i < 3; ++i) {
      site.connector(0);
      site.facts(i).current_min = milliamperes{0};
    }
  }
  std::vector<std::int64_t> targets(std::int64_t second = 0) {
    std::vector<std::int64_t> amperes;
    for (const auto& grant : site.plan_at(second).grants)
      amperes.push_back(grant.target.count() / 1000);
    return amperes;
  }
  garage site;
};

using amperes = std::vector<std::int64_t>;

TEST(policies, FAIR_3_every_name_has_one_entry_and_an_unknown_one_is_equal) {
  for (const auto& entry : fairness::every_policy()) {
    EXPECT_EQ(&fairness::policy_for(entry.name), &entry);
    EXPECT_NE(entry.arrange, nullptr);
  }
  EXPECT_EQ(fairness::policy_for(policy::unspecified).name, policy::equal);
}

TEST(policies, FAIR_3_equal_goes_by_the_stations_weights) {
  scarce split{policy::equal};
  split.site.station(2).weight = 2;
  EXPECT_EQ(split.targets(), (amperes{10, 10, 20}));
}

TEST(policies, FAIR_3_priority_multiplies_the_weights) {
  scarce split{policy::priority};
  split.site.station(0).priority = 2;
  split.site.station(1).priority = 3;
  split.site.station(2).priority = 5;
  EXPECT_EQ(split.targets(), (amperes{8, 12, 20}));
}

TEST(policies, FAIR_3_weights_beyond_the_splits_range_keep_their_proportions) {
  scarce split{policy::priority};
  split.site.row(2).wants = false;
  split.site.station(0).weight = split.site.station(1).weight = 32'768;
  split.site.station(0).priority = 2; // 65 536 is one more than the split takes
  split.site.station(1).priority = 1;
  EXPECT_EQ(split.targets(), (amperes{27, 13, 0})); // 26.7 A and 13.3 A of 40 A
}

TEST(policies, FAIR_3_strict_priority_fills_the_higher_before_the_lower_get_more_than_minima) {
  scarce split{policy::priority, 51'000};
  split.site.site().by_priority = domain::priority_order::strict;
  for (std::uint32_t i = 0; i < 3; ++i) split.site.facts(i).current_min = milliamperes{6'000};
  split.site.station(0).priority = 4;
  split.site.station(1).priority = 5;
  split.site.station(2).priority = 4;
  // 32 A to priority 5; the other 19 A among equals: 6 A each and half of 7 A, in whole amperes
  EXPECT_EQ(split.targets(), (amperes{10, 32, 9}));
}

TEST(policies, FAIR_3_strict_priority_shares_by_the_stations_weights_within_one_priority) {
  scarce split{policy::priority};
  split.site.site().by_priority = domain::priority_order::strict;
  split.site.station(2).priority = 6;
  split.site.station(1).weight = 3;
  split.site.facts(2).current_max = milliamperes{16'000};
  // 16 A to priority 6; 24 A by weights 1 to 3
  EXPECT_EQ(split.targets(), (amperes{6, 18, 16}));
}

TEST(policies, FAIR_3_first_come_fills_in_the_order_of_arrival) {
  scarce split{policy::first_come};
  split.site.row(0).arrived_at = at(-10);
  split.site.row(2).arrived_at = at(-20);
  EXPECT_EQ(split.targets(), (amperes{8, 0, 32}));
}

TEST(policies, FAIR_3_earliest_deadline_fills_who_leaves_first) {
  scarce split{policy::earliest_deadline};
  split.site.row(0).departs_at = at(7200);
  split.site.row(1).departs_at = at(3600);
  EXPECT_EQ(split.targets(), (amperes{8, 32, 0}));
}

TEST(policies, FAIR_3_least_laxity_fills_who_has_least_time_to_spare) {
  scarce split{policy::least_laxity};
  for (std::uint32_t i = 0; i < 3; ++i) split.site.row(i).departs_at = at(7200);
  // 32 A on three lines are 22.08 kW: 22 080 Wh take one hour of the two, 33 120 Wh one and a half.
  split.site.row(0).energy_needed = domain::watt_hours{22'080};
  split.site.row(1).energy_needed = domain::watt_hours{11'040};
  split.site.row(2).energy_needed = domain::watt_hours{33'120};
  EXPECT_EQ(split.targets(), (amperes{8, 0, 32}));
}

TEST(policies, FAIR_3_least_laxity_knows_on_how_many_lines_an_outlet_charges_now) {
  garage site{32'000};
  site.site().split = policy::least_laxity;
  const auto switched = site.connector(0);
  site.facts(switched).can_switch_phases = true;
  site.row(switched).lines_now = 1;
  const auto single = site.connector(0, {0});
  for (const auto each : {switched, single}) {
    site.facts(each).current_min = milliamperes{0};
    site.row(each).departs_at = at(7200);
  }
  // 32 A on one line are 7.36 kW: an hour and three quarters of one.
  site.row(switched).energy_needed = domain::watt_hours{7'360};
  site.row(single).energy_needed = domain::watt_hours{5'520};
  const auto& plan = site.plan_at(0);
  EXPECT_EQ(plan.grants[switched].target.count(), 32'000);
  EXPECT_EQ(plan.grants[single].target.count(), 0);
}

TEST(policies, FAIR_2_FAIR_3_a_strict_order_still_gives_every_minimum_that_fits) {
  scarce split{policy::first_come};
  for (std::uint32_t i = 0; i < 3; ++i) {
    split.site.facts(i).current_min = milliamperes{6'000};
    split.site.row(i).arrived_at = at(-static_cast<std::int64_t>(i));
  }
  EXPECT_EQ(split.targets(), (amperes{6, 6, 28}));
}

TEST(policies, FAIR_3_soc_deficit_serves_below_the_reserve_before_all_others) {
  scarce split{policy::soc_deficit};
  split.site.row(0).soc = domain::permille{100}; // 200 is the reserve
  split.site.row(1).soc = domain::permille{500};
  split.site.row(2).soc = domain::permille{700};
  // 32 A to the first; the other 8 A by the gap to the target of 800: 300 to 100
  EXPECT_EQ(split.targets(), (amperes{32, 6, 2}));
}

TEST(policies, FAIR_3_soc_deficit_counts_who_stands_at_the_reserve_or_says_nothing_as_above_it) {
  scarce split{policy::soc_deficit};
  split.site.row(0).soc = domain::permille{199};
  split.site.row(1).soc = domain::permille{200};
  // 32 A to the one below it; 8 A to the others, both 600 permille from the target.
  EXPECT_EQ(split.targets(), (amperes{32, 4, 4}));
  split.site.row(0).soc = domain::permille{200};
  EXPECT_EQ(split.targets(1), (amperes{14, 13, 13})) << "40 A by equal gaps";
}

TEST(policies, FAIR_3_soc_deficit_gives_nothing_beyond_the_target_while_others_are_under_it) {
  scarce split{policy::soc_deficit, 100'000};
  split.site.row(0).soc = domain::permille{850};
  split.site.row(1).soc = domain::permille{790};
  split.site.row(2).soc = domain::permille{900};
  EXPECT_EQ(split.targets(), (amperes{0, 32, 0}));
  split.site.row(1).soc = domain::permille{800};
  EXPECT_EQ(split.targets(1), (amperes{32, 32, 32}));
}

TEST(policies, FAIR_3_soc_deficit_shares_by_the_gap_to_full_where_everybody_is_beyond_the_target) {
  scarce split{policy::soc_deficit};
  split.site.row(0).soc = domain::permille{850};
  split.site.row(1).soc = domain::permille{900};
  split.site.row(2).wants = false;
  EXPECT_EQ(split.targets(), (amperes{24, 16, 0})); // 150 to 100 of 40 A
  split.site.row(1).soc = domain::permille{1000};
  EXPECT_EQ(split.targets(1), (amperes{32, 8, 0})) << "who is full still counts as one part";
}

/// What soc-deficit owes each, in mA s, once `targets` stood for `elapsed`.
std::vector<std::int64_t> owed(const std::vector<fairness::ask>& asks,
                               const std::vector<milliamperes>& targets, domain::seconds elapsed,
                               std::vector<connector_memory> memory) {
  const image nothing;
  fairness::policy_for(policy::soc_deficit).learn({nothing, asks, targets, elapsed}, memory);
  std::vector<std::int64_t> found;
  for (const auto& each : memory) found.push_back(each.deficit_ma_s);
  return found;
}

TEST(policies, FAIR_3_soc_deficit_owes_what_was_short_of_a_share_by_weight) {
  const auto of = [](std::int64_t cap_ma, std::uint32_t weight) {
    return fairness::ask{.cap = milliamperes{cap_ma}, .weight = weight, .is_competing = true};
  };
  const std::vector<fairness::ask> asks{of(32'000, 1), of(32'000, 3), of(4'000, 4), of(0, 1), {}};
  const std::vector<milliamperes> targets{milliamperes{24'000}, milliamperes{8'000},
                                          milliamperes{}, milliamperes{}, milliamperes{}};
  std::vector<connector_memory> before(5);
  for (auto& each : before) each.deficit_ma_s = 1'000;
  // 32 A by weights 1 : 3 : 4 are 4, 12 and 16 A, of which the third can take 4 A: 20 A too much,
  // 4 A and 4 A too little, for 10 s. Who may get nothing keeps what is owed, who left loses it.
  EXPECT_EQ(owed(asks, targets, domain::seconds{10}, before),
            (std::vector<std::int64_t>{-199'000, 41'000, 41'000, 1'000, 0}));
  // Four hours at 32 A are the most, either way.
  EXPECT_EQ(owed(asks, targets, domain::seconds{200'000}, before),
            (std::vector<std::int64_t>{-460'800'000, 460'800'000, 460'800'000, 1'000, 0}));
}

TEST(policies, FAIR_3_soc_deficit_carries_what_a_connector_did_not_get) {
  scarce split{policy::soc_deficit, 7'000};
  for (std::uint32_t i = 0; i < 3; ++i) {
    split.site.facts(i).current_min = milliamperes{6'000};
    split.site.row(i).soc = domain::permille{500};
  }
  std::vector<int> served(3);
  for (std::int64_t second = 0; second < 9000; second += 60)
    for (std::size_t i = 0; i < 3; ++i)
      served[i] += !split.site.obeyed_plan(second).grants[i].target.is_zero();
  for (const int turns : served) EXPECT_NEAR(turns, 50, 10) << "a third of the time each";
}

} // namespace
} // namespace busbar::control::tests
