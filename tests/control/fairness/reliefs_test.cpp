// What would lift a limit, by arithmetic and by doing it.

#include "control/fairness/reliefs.hpp"
#include "tests/control/planner/garage.hpp"

#include "domain/time_text.hpp"

#include <gtest/gtest.h>

#include <array>
#include <random>
#include <string>

namespace busbar::control::tests {
namespace {

using domain::limit_source;
using domain::milliamperes;
using domain::rule;
using domain::watts;

domain::relief relief_of(garage& site, std::uint32_t connector, std::int64_t second) {
  const auto& image = site.now(second);
  static_cast<void>(site.control().decide(image));
  return site.control().reliefs(image)[connector];
}

std::string text_at(garage& site, std::uint32_t connector, std::int64_t second) {
  const auto lifting = relief_of(site, connector, second);
  return domain::text_of(lifting, site.plan_at(second).grants[connector].because, site.site());
}

TEST(reliefs, LIM_1_a_share_is_lifted_by_what_all_that_are_held_there_lack_or_by_one_leaving) {
  garage site{60'000};
  for (int i = 0; i < 3; ++i) site.connector(0); // 20 A each, 32 A wanted
  const auto lifting = relief_of(site, 1, 0);
  EXPECT_EQ(lifting.more, 3 * (32'000 - 20'000)); // 36 A: the room is shared alike
  EXPECT_FALSE(lifting.leaving) << "60 A are less than 2 x 32 A";
  site.row(2).vehicle_max = milliamperes{28'000};
  // 32 + 28 A fit 60 A where the first leaves; where the third does, 64 A are wanted.
  EXPECT_EQ(relief_of(site, 1, 1).leaving, domain::connector_index{0U});
  EXPECT_EQ(relief_of(site, 0, 2).leaving, domain::connector_index{1U});
}

TEST(reliefs, LIM_1_power_is_said_in_watts_with_the_names_that_people_gave) {
  garage site{100'000};
  site.site().nodes[0].name = "DC feeder";
  site.site().nodes[0].limits = {
      {limit_source::service_power, std::nullopt, watts{43'960}}};
  site.connector(0);
  site.connector(0);
  site.station(0).name = "CP-3";
  // 2 x 32 A x 690 V = 44 160 W
  EXPECT_EQ(relief_of(site, 1, 0).more, 200);
  EXPECT_EQ(text_at(site, 1, 1), "200 W more at DC feeder, or CP-3 leaving");
}

TEST(reliefs, LIM_1_weights_and_caps_are_kept) {
  garage site{30'000};
  site.connector(0, {0});
  site.connector(0, {0});
  site.station(1).weight = 2; // 10 A and 20 A
  site.facts(0).current_max = milliamperes{16'000};
  // The first at 16 A: the second at 2 x 16 A = 32 A. The second at 32 A: the first at 16 A.
  EXPECT_EQ(relief_of(site, 0, 0).more, 18'000);
  EXPECT_EQ(relief_of(site, 1, 1).more, 18'000);
}

TEST(reliefs, FAIR_2_a_turn_is_lifted_by_a_minimum_more_for_each_that_stands_before_it) {
  garage site{14'000};
  for (int i = 0; i < 4; ++i) site.connector(0, {0});
  // Two minima of 6 A fit, 2 A are left over.
  const auto& plan = site.plan_at(0);
  ASSERT_EQ(plan.grants[2].because.place, 1U);
  ASSERT_EQ(plan.grants[3].because.place, 2U);
  EXPECT_EQ(relief_of(site, 2, 0).more, 3 * 6'000 - 14'000);
  EXPECT_EQ(relief_of(site, 3, 0).more, 4 * 6'000 - 14'000);
  EXPECT_EQ(relief_of(site, 2, 0).leaving, domain::connector_index{0U});
  EXPECT_FALSE(relief_of(site, 3, 0).leaving) << "two have to leave";
  site.site().nodes[0].name = "Garage";
  site.station(0).name = "CP-1";
  EXPECT_EQ(text_at(site, 2, 0), "4 A more on L1 of Garage, or CP-1 leaving, or its turn");
}

TEST(reliefs, FAIR_2_a_minimum_that_does_not_fit_alone_is_lifted_by_what_it_lacks) {
  garage site{100'000};
  const auto f1 = site.feeder(5'500);
  site.connector(f1);
  EXPECT_EQ(relief_of(site, 0, 0).more, 500); // 6 A - 5.5 A
}

TEST(reliefs, LIM_1_what_is_above_the_limit_already_is_part_of_what_would_lift_it) {
  garage site{10'000};
  site.connector(0);
  const milliamperes building{21'600};
  site.node(0).knowledge = unmanaged_knowledge::known;
  site.node(0).unmanaged = domain::per_line<milliamperes>{building, building, building};
  // 21.6 A - 10 A are too much already, and 6 A are its minimum.
  EXPECT_EQ(relief_of(site, 0, 0).more, 11'600 + 6'000);
}

TEST(reliefs, LIM_1_room_that_others_use_is_told_apart_from_room_that_is_reserved_for_them) {
  garage site{30'000};
  site.connector(0, {0});
  site.connector(0, {0});
  const auto set = [&](std::uint32_t i, std::int64_t told, std::int64_t acknowledged,
                       std::int64_t drawn) {
    site.row(i).told = milliamperes{told};
    site.row(i).acknowledged = milliamperes{acknowledged};
    site.row(i).drawn = milliamperes{drawn};
  };
  set(0, 15'000, 15'000, 14'700);
  set(1, 15'000, 15'000, 14'800);
  EXPECT_EQ(relief_of(site, 1, 0).unused, 0) << "0.3 A of 15 A: it is used";
  set(0, 15'000, 20'000, 8'000); // lowered, not acknowledged, and draws 8 A of 20 A
  set(1, 10'000, 10'000, 10'000);
  EXPECT_EQ(relief_of(site, 1, 1).unused, 12'000);
  site.row(0).is_reachable = false; // lost: nobody knows what it draws of 20 A
  EXPECT_EQ(relief_of(site, 1, 2).unused, 20'000);
  EXPECT_EQ(relief_of(site, 1, 2).more, 32'000 + 20'000 - 30'000);
}

TEST(reliefs, FAIR_2_a_turn_that_is_slept_through_is_room_reserved_for_others) {
  garage site{11'000};
  site.connector(0, {0});
  site.connector(0, {0});
  site.obeyed_plan(0);
  site.row(0).drawn = milliamperes{0};
  EXPECT_EQ(site.plan_at(10).grants[1].because.which, rule::turn);
  EXPECT_EQ(relief_of(site, 1, 10).unused, 11'000);
}

TEST(reliefs, every_reason_says_what_would_lift_it) {
  garage site{100'000};
  site.connector(0);
  for (const auto which :
       {rule::maximum, rule::demand, rule::turn, rule::not_wanted, rule::ramp, rule::fallback,
        rule::input_lost, rule::load_shedding, rule::site_operator, rule::derating,
        rule::disobedience, rule::unspecified}) {
    domain::reason because;
    because.which = which;
    EXPECT_NE(domain::text_of({}, because, site.site()), "") << name_of(which);
  }
  domain::reason lost{rule::limit, domain::node_index{0U}, domain::binding_line::l2,
                      limit_source::meter_lost};
  site.site().nodes[0].name = "Garage";
  EXPECT_EQ(domain::text_of({500, 0, {}}, lost, site.site()),
            "the lost meter of Garage, or below it, heard again, or 0.5 A more on L2 of Garage");
}

TEST(reliefs, a_level_of_load_shedding_that_was_set_by_hand_is_lifted_by_its_release_alone) {
  garage site{100'000};
  domain::reason because;
  because.which = rule::load_shedding;
  domain::relief lifting;
  EXPECT_EQ(domain::text_of(lifting, because, site.site()),
            "less load that no plan explains: the level goes down");
  lifting.level_by_hand = 4;
  EXPECT_EQ(domain::text_of(lifting, because, site.site()),
            "the release of level 4, which was set by hand");
}

/// Twelve of 6 to 16 A on lines of 56.7, 57 and 56.3 A: nine minima fit (9 x 6 = 54 A).
std::unique_ptr<garage> uneven(const domain::per_line<milliamperes>& rating) {
  auto site = std::make_unique<garage>(0);
  site->site().nodes[0].limits[0].current = rating;
  for (std::uint32_t i = 0; i < 12; ++i) {
    site->connector(0);
    site->facts(i).current_max = milliamperes{16'000};
    site->facts(i).step = milliamperes{1};
  }
  return site;
}

TEST(reliefs, FAIR_2_of_uneven_lines_a_turn_names_the_one_that_lacks_most) {
  auto site = uneven({milliamperes{56'700}, milliamperes{57'000}, milliamperes{56'300}});
  const auto because = site->plan_at(0).grants[9].because;
  EXPECT_EQ(because.which, rule::turn);
  EXPECT_EQ(because.line, domain::binding_line::l3);
  const auto lifting = relief_of(*site, 9, 0);
  // A tenth minimum makes 60 A of each line.
  EXPECT_EQ(lifting.more, 60'000 - 56'300);
  ASSERT_EQ(lifting.also.size(), 2U);
  EXPECT_EQ(lifting.also[0].more, 60'000 - 56'700);
  EXPECT_EQ(lifting.also[1].more, 60'000 - 57'000);
}

TEST(reliefs, FAIR_2_a_share_is_lifted_beside_the_minima_of_all_that_wait) {
  auto site = uneven({milliamperes{56'700}, milliamperes{57'000}, milliamperes{56'300}});
  const auto lifting = relief_of(*site, 0, 0);
  // The three that wait come in with the room: 12 x 16 A.
  EXPECT_EQ(lifting.more, 192'000 - 56'300);
  const milliamperes all{192'000};
  EXPECT_EQ(uneven({all, all, all})->plan_at(0).grants[0].target, milliamperes{16'000});
}

/// Two that charge on 100 A, until an operator's order leaves less.
struct two_that_charge : garage {
  two_that_charge() : garage{100'000} {
    connector(0);
    connector(0);
    obeyed_plan(0);
  }
  void order(std::int64_t ma) {
    const milliamperes most{ma};
    node(0).live_limits.assign(1, {limit_source::site_operator,
                                   domain::per_line<milliamperes>{most, most, most},
                                   std::nullopt});
  }
};

/// What was said is given: it lifts the reason, and goes on to when the other has rested.
TEST(reliefs, FAIR_2_a_share_is_lifted_beside_one_that_only_rests_now) {
  two_that_charge site;
  site.order(7'000);
  site.obeyed_plan(400);
  site.order(20'000);
  site.obeyed_plan(410);
  const auto& plan = site.plan_at(411);
  ASSERT_EQ(plan.grants[0].because.which, rule::limit);
  ASSERT_EQ(plan.grants[1].because.rests_until, at(460));
  const auto more = relief_of(site, 0, 411).more;
  EXPECT_EQ(more, 2 * 32'000 - 20'000);
  site.order(20'000 + more);
  EXPECT_EQ(site.plan_at(470).grants[0].target, milliamperes{32'000});
}

/// What is said is enough, and on one line nothing less is; who is named is enough, too.
TEST(reliefs, LIM_1_doing_what_is_said_lifts_the_limit_and_a_little_less_does_not) {
  std::mt19937_64 random{distribution::tests::announced_seed() + 41};
  const auto pick = [&](std::int64_t low, std::int64_t high) {
    return low + static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(high - low + 1));
  };
  int shares = 0;
  int turns = 0;
  int departures = 0;
  for (int round = 0; round < 300; ++round) {
    const auto count = static_cast<std::uint32_t>(pick(2, 8));
    const auto rating = pick(6'000, 120'000);
    std::vector<std::int64_t> most;
    for (std::uint32_t i = 0; i < count; ++i) most.push_back(1'000 * pick(6, 32));
    const auto plan_with = [&](std::int64_t ma, std::optional<std::uint32_t> gone) {
      auto site = std::make_unique<garage>(ma);
      for (std::uint32_t i = 0; i < count; ++i) {
        site->connector(0, {0});
        site->facts(i).current_max = milliamperes{most[i]};
        site->facts(i).step = milliamperes{1};
        site->row(i).wants = gone != i;
      }
      return site;
    };
    auto now = plan_with(rating, {});
    const auto plan = now->plan_at(0);
    for (std::uint32_t i = 0; i < count; ++i) {
      const auto why = plan.grants[i].because.which;
      if (!plan.grants[i].because.node) continue;
      const auto lifting = relief_of(*now, i, 0);
      ASSERT_GT(lifting.more, 0);
      const auto target_with = [&](std::int64_t ma, std::optional<std::uint32_t> gone) {
        return plan_with(ma, gone)->plan_at(0).grants[i].target.count();
      };
      const auto wanted = why == rule::turn ? 6'000 : most[i];
      EXPECT_GE(target_with(rating + lifting.more, {}), wanted);
      // Each that is held has a milliampere less then, or the others have.
      const auto less = why == rule::turn ? 1 : std::int64_t{count};
      EXPECT_LT(target_with(rating + lifting.more - less, {}), wanted);
      ++(why == rule::turn ? turns : shares);
      if (!lifting.leaving) continue;
      EXPECT_GE(target_with(rating, lifting.leaving->value()), wanted);
      ++departures;
    }
  }
  EXPECT_GT(shares, 100);
  EXPECT_GT(turns, 100);
  EXPECT_GT(departures, 100);
}

TEST(reliefs, LIM_1_bounds_that_hold_it_one_after_another_are_named_with_what_each_lacks) {
  garage site{105'000};
  site.site().nodes[0].name = "Garage";
  const auto feeder = site.feeder(20'000);
  site.site().nodes[feeder].name = "Feeder 1";
  site.connector(feeder);                             // 20 A of 32 A
  for (int i = 0; i < 4; ++i) site.connector(0, {1}); // 21 A each of the 85 A left on L2
  const auto text = text_at(site, 0, 0);
  // On L2 of the garage those that it holds rise, too: 5 x 32 A = 160 A, 55 A more than 105 A. On
  // L1 and L3 there are 105 A for 32 A.
  EXPECT_EQ(text, "12 A more on L1, L2 and L3 of Feeder 1 and 55 A more on L2 of Garage");
  const auto lifting = relief_of(site, 0, 1);
  EXPECT_EQ(lifting.more, 12'000);
  ASSERT_EQ(lifting.also.size(), 3U);
  EXPECT_FALSE(lifting.leaving) << "whoever leaves L2 of the garage leaves the feeder as it is";
}

/// Three nodes of uneven lines with up to nine connectors on one or three lines.
struct uneven_tree {
  explicit uneven_tree(std::mt19937_64& random) {
    const auto pick = [&](std::int64_t low, std::int64_t high) {
      return low +
             static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(high - low + 1));
    };
    const auto count = static_cast<std::size_t>(pick(2, 9));
    for (std::size_t i = 0; i < count; ++i) {
      parents.push_back(static_cast<std::uint32_t>(pick(0, 2)));
      const auto first = static_cast<int>(pick(0, 2));
      lines.push_back(pick(0, 1) == 0 ? std::vector<int>{first} : std::vector<int>{0, 1, 2});
    }
    for (auto& node : ratings)
      for (auto& line : node) line = pick(4'000, 90'000);
    power = watts{pick(4'000, 60'000)};
  }
  void raise(domain::node_index node, domain::binding_line line, std::int64_t more) {
    if (line == domain::binding_line::power) power += watts{more};
    else ratings[node.value()][static_cast<std::size_t>(line) - 1] += more;
  }
  /// What is said is done.
  [[nodiscard]] uneven_tree raised(const domain::reason& why, const domain::relief& done) const {
    auto tree = *this;
    tree.raise(*why.node, why.line, done.more);
    for (const auto& each : done.also) tree.raise(each.node, each.line, each.more);
    return tree;
  }
  [[nodiscard]] std::unique_ptr<garage> site(std::optional<std::uint32_t> gone = {}) const {
    auto site = std::make_unique<garage>(0);
    site->feeder(0);
    site->feeder(0);
    for (std::size_t n = 0; n < 3; ++n)
      for (std::size_t l = 0; l < 3; ++l)
        (*site->site().nodes[n].limits[0].current)[l] = milliamperes{ratings[n][l]};
    site->site().nodes[0].limits.push_back({limit_source::service_power, std::nullopt, power});
    for (std::uint32_t i = 0; i < parents.size(); ++i) {
      site->connector(parents[i], lines[i]);
      site->facts(i).step = milliamperes{1};
      site->row(i).wants = gone != i;
    }
    return site;
  }
  [[nodiscard]] std::int64_t target(std::uint32_t of,
                                    std::optional<std::uint32_t> gone = {}) const {
    return site(gone)->plan_at(0).grants[of].target.count();
  }

  std::vector<std::uint32_t> parents;
  std::vector<std::vector<int>> lines;
  std::array<std::array<std::int64_t, 3>, 3> ratings{};
  watts power{};
};

/// What is said lifts the limit, whichever bounds hold it one after another.
TEST(reliefs, LIM_1_doing_all_that_is_said_lifts_the_limit_in_a_tree_of_uneven_lines) {
  std::mt19937_64 random{distribution::tests::announced_seed() + 43};
  int several = 0, departures = 0;
  for (int round = 0; round < 400; ++round) {
    const uneven_tree tree{random};
    auto now = tree.site();
    const auto plan = now->plan_at(0);
    const auto reliefs = now->control().reliefs(now->now(0));
    for (std::uint32_t i = 0; i < tree.parents.size(); ++i) {
      const auto& because = plan.grants[i].because;
      if (!because.node) continue;
      const auto& lifting = reliefs[i];
      const bool is_share = !plan.grants[i].target.is_zero();
      const auto wanted = is_share ? 32'000 : 6'000;
      EXPECT_GE(tree.raised(because, lifting).target(i), wanted)
          << domain::text_of(lifting, because, now->site());
      several += lifting.also.empty() ? 0 : 1;
      if (!lifting.leaving) continue;
      EXPECT_GE(tree.target(i, lifting.leaving->value()), wanted);
      ++departures;
    }
  }
  EXPECT_GT(several, 300);
  EXPECT_GT(departures, 100);
}

/// An order that leaves nothing, and its end.
TEST(reliefs, FAIR_2_who_rests_is_told_the_end_of_its_minimum_off_time_and_not_of_its_wait) {
  garage site{100'000};
  site.site().nodes[0].name = "Garage";
  site.connector(0);
  site.obeyed_plan(0);
  const milliamperes three{3'000};
  site.node(0).live_limits.push_back({limit_source::site_operator,
                                      domain::per_line<milliamperes>{three, three, three},
                                      std::nullopt});
  site.obeyed_plan(400);
  const auto dimmed = site.plan_at(401).grants[0].because;
  EXPECT_EQ(dimmed.source, limit_source::site_operator);
  EXPECT_EQ(dimmed.rests_until, at(460));
  EXPECT_EQ(text_at(site, 0, 401), "the end of its minimum off time of 60 s at " +
                                       domain::text_of(at(460)) +
                                       ", and then 3 A more on L1, L2 and L3 of Garage");
  site.node(0).live_limits.clear();
  const auto resting = site.plan_at(410).grants[0].because;
  EXPECT_EQ(resting.which, rule::turn);
  EXPECT_FALSE(resting.node) << "100 A are free";
  EXPECT_EQ(resting.rests_until, at(460));
  EXPECT_EQ(resting.turn_by, at(460));
  EXPECT_EQ(text_at(site, 0, 410),
            "the end of its minimum off time of 60 s at " + domain::text_of(at(460)));
  const auto& after = site.plan_at(460).grants[0];
  EXPECT_FALSE(after.target.is_zero()) << "what was said lifts it";
  EXPECT_FALSE(after.because.rests_until);
}

TEST(reliefs, FAIR_2_of_two_that_rest_the_one_that_finds_room_is_told_the_end_of_its_rest) {
  two_that_charge site;
  site.order(3'000);
  site.obeyed_plan(400);
  site.order(11'000);
  const auto& plan = site.plan_at(410);
  EXPECT_EQ(plan.grants[0].because.turn_by, at(460));
  EXPECT_FALSE(plan.grants[0].because.node);
  EXPECT_EQ(plan.grants[1].because.rests_until, at(460));
  EXPECT_EQ(plan.grants[1].because.node, domain::node_index{0U}) << "two minima need 12 A";
  // Off since 400: 400 + 1 800 s of patience + 2 x 300 s.
  EXPECT_EQ(plan.grants[1].because.turn_by, at(2'800));
  EXPECT_EQ(relief_of(site, 1, 411).more, 2 * 6'000 - 11'000);
}

} // namespace
} // namespace busbar::control::tests
