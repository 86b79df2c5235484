// Who shares what, what a group can get, and how its minima are served: each by itself.

#include "control/fairness/phase_groups.hpp"
#include "tests/control/distribution/trees.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>

namespace busbar::control::fairness {
namespace {

using distribution::tests::line_limit;
using domain::milliamperes;
using ::testing::ElementsAre;
using currents = std::vector<std::int64_t>;

/// A site whose connectors compete for up to 32 A each, with any current, at 230 V a line.
class yard {
public:
  explicit yard(std::int64_t service_ma = 1'000'000) { node(std::nullopt, service_ma); }

  std::uint32_t node(std::optional<std::uint32_t> parent, std::int64_t limit_ma,
                     bool is_transformer = false) {
    bounds.push_back(line_limit(limit_ma));
    return tree.add_node(parent, is_transformer
                                     ? std::optional(distribution::tests::transformer(
                                           domain::winding::wye_wye, 400'000, 400'000))
                                     : std::nullopt);
  }

  std::uint32_t add(std::uint32_t node, const std::vector<int>& lines,
                    domain::connection wiring = domain::connection::wye) {
    const auto added = tree.add_connector(node, lines, wiring);
    asks.push_back({.cap = milliamperes{32'000},
                    .lines = domain::first_lines(tree.site.connectors.back(), lines.size()),
                    .is_competing = true});
    image.connectors.emplace_back().wants = true;
    fixed.emplace_back();
    power.push_back(230'000 * static_cast<std::int64_t>(lines.size()));
    return added;
  }

  void group() {
    image.topology = std::make_shared<const domain::site>(tree.site);
    gather(input(), asks, scratch);
  }

  /// The totals of the groups once `weights` (in the order of contenders) share the site.
  currents totals(const currents& weights) {
    for (std::size_t i = 0; i < weights.size(); ++i) {
      scratch.contenders[i].weight = weights[i];
      scratch.contenders[i].limit = scratch.contenders[i].cap;
    }
    distribution::splitter splitter(tree.site);
    auto asked = input();
    asked.splitter = &splitter;
    split_among(asked, scratch);
    currents found;
    for (const auto& each : scratch.groups) found.push_back(each.total);
    return found;
  }

  /// Connectors of each group.
  std::vector<std::vector<std::uint32_t>> members() {
    std::vector<std::vector<std::uint32_t>> found;
    for (const auto& each : scratch.groups)
      for (auto& row = found.emplace_back(); const auto& member : members_of(each, scratch))
        row.push_back(member.connector);
    return found;
  }

  std::vector<std::uint32_t> places() {
    std::vector<std::uint32_t> found;
    for (const auto& each : scratch.groups) found.push_back(each.place);
    return found;
  }

  distribution::tests::tree tree;
  control::image image;
  plan_state memory;
  std::vector<ask> asks;
  std::vector<milliamperes> fixed;
  std::vector<std::int64_t> power;
  std::vector<distribution::node_bounds> bounds;
  policy_scratch scratch;

private:
  policy_input input() { return {image, memory, power, fixed, bounds, nullptr, &scratch}; }
};

/// One group of members with a floor of 6 A and a cap of 32 A; `current`: what each is to get.
struct one_group {
  explicit one_group(const currents& wanted, std::int64_t total) {
    for (const auto each : wanted)
      scratch.contenders.push_back({.connector = static_cast<std::uint32_t>(&each - &wanted[0]),
                                    .floor = 6'000,
                                    .cap = 32'000,
                                    .needed = 1'000'000'000,
                                    .current = each});
    group.last = static_cast<std::uint32_t>(wanted.size());
    group.total = total;
    group.need = 1; // more than the room: no group gets all that it wants
  }
  currents served() {
    give_minima(group, scratch);
    currents found;
    for (const auto& each : scratch.contenders) found.push_back(each.current);
    return found;
  }
  contender& member(std::size_t i) { return scratch.contenders[i]; }

  policy_scratch scratch;
  phase_group group;
};

} // namespace

TEST(phase_groups, energy_is_charge_on_the_lines_rounded_up) {
  // 230 Wh at 230 W/A are 1 Ah = 3 600 A s; 1 Wh is 3.6e9 mW ms / 230 000 mW/A = 15 652.2 mA s
  EXPECT_EQ(charge_of(domain::watt_hours{230}, 230'000), 3'600'000);
  EXPECT_EQ(charge_of(domain::watt_hours{1}, 230'000), 15'653);
  EXPECT_EQ(charge_of(domain::watt_hours{}, 230'000), 0);
  EXPECT_EQ(charge_of(domain::watt_hours{-5}, 230'000), 0);
}

TEST(phase_groups, without_a_voltage_or_beyond_any_battery_it_is_ten_thousand_ampere_hours) {
  const std::int64_t most = 10'000'000LL * 3'600; // mA s
  EXPECT_EQ(charge_of(domain::watt_hours{5'000}, 0), most);
  // At 1 W/A 10 000 Ah are 10 000 Wh.
  EXPECT_EQ(charge_of(domain::watt_hours{9'999}, 1'000), 9'999LL * 3'600'000);
  EXPECT_EQ(charge_of(domain::watt_hours{10'001}, 1'000), most);
}

TEST(phase_groups, FAIR_3_a_group_is_who_loads_the_same_lines_in_the_same_way) {
  yard place;
  place.add(0, {1});
  place.add(0, {0, 1, 2});
  place.add(0, {0, 1}, domain::connection::delta);
  place.add(0, {1});
  place.add(0, {0, 1});
  place.add(0, {2});
  place.group();
  // By lines (L1 1, L2 2, L3 4), loads between two lines after the others.
  EXPECT_THAT(place.members(),
              ElementsAre(ElementsAre(0U, 3U), ElementsAre(4U), ElementsAre(5U), ElementsAre(1U),
                          ElementsAre(2U)));
  EXPECT_THAT(place.places(), ElementsAre(0U, 1U, 2U, 3U, 4U));
  EXPECT_EQ(place.scratch.groups[0].caps, 64'000);
  EXPECT_EQ(place.scratch.groups[1].caps, 32'000);
}

TEST(phase_groups, FAIR_3_phases_meet_at_the_next_transformer_and_groups_are_numbered_there) {
  yard place;
  const auto feeder = place.node(0, 1'000'000);
  const auto left = place.node(0, 1'000'000, true);
  const auto right = place.node(0, 1'000'000, true);
  const auto below = place.node(left, 1'000'000);
  place.add(below, {0});
  place.add(right, {0});
  place.add(left, {1});
  place.add(feeder, {0});
  place.add(left, {0});
  place.add(0, {0});
  place.group();
  EXPECT_THAT(place.members(), ElementsAre(ElementsAre(3U, 5U), ElementsAre(0U, 4U),
                                           ElementsAre(2U), ElementsAre(1U)));
  EXPECT_THAT(place.places(), ElementsAre(0U, 0U, 1U, 0U));
}

TEST(phase_groups, FAIR_3_who_does_not_compete_or_may_get_nothing_is_in_no_group) {
  yard place;
  for (int i = 0; i < 3; ++i) place.add(0, {0});
  place.asks[0].is_competing = false;
  place.asks[1].cap = {};
  place.group();
  EXPECT_THAT(place.members(), ElementsAre(ElementsAre(2U)));
}

TEST(phase_groups, FAIR_3_an_outlet_that_uses_one_of_its_lines_is_with_those_that_have_one) {
  yard place;
  place.add(0, {0, 1, 2});
  place.add(0, {0});
  place.asks[0].lines = domain::line_set::of_bits(1);
  place.group();
  EXPECT_THAT(place.members(), ElementsAre(ElementsAre(0U, 1U)));
}

TEST(phase_groups, FAIR_3_what_is_needed_and_was_got_is_charge_and_unknown_is_all_and_nothing) {
  yard place;
  place.add(0, {0});
  place.add(0, {0});
  place.image.connectors[0].energy_needed = domain::watt_hours{460};
  place.image.connectors[0].energy_delivered = domain::watt_hours{230};
  place.group();
  EXPECT_EQ(place.scratch.contenders[0].needed, 7'200'000); // 2 Ah
  EXPECT_EQ(place.scratch.contenders[0].got, 3'600'000);
  EXPECT_EQ(place.scratch.contenders[1].needed, 36'000'000'000);
  EXPECT_EQ(place.scratch.contenders[1].got, 0);
}

TEST(phase_groups, FAIR_1_a_room_is_shared_by_the_weights) {
  yard place(30'000);
  place.add(0, {0});
  place.add(0, {0, 1});
  place.group();
  EXPECT_EQ(place.totals({1, 2}), (currents{10'000, 20'000}));
  place.fixed[0] = milliamperes{12'000}; // a fixed load; it competes no more
  place.asks[0].is_competing = false;
  place.group();
  EXPECT_EQ(place.totals({1}), (currents{18'000}));
}

TEST(phase_groups, FAIR_1_weights_beyond_the_splits_range_are_scaled_and_none_is_lost) {
  yard place(30'001);
  place.add(0, {0});
  place.add(0, {0, 1});
  place.group();
  // 65 536 is one too many: 65 535 to 32 767 (of 32 768 * 65 535 / 65 536 = 32 767.5)
  EXPECT_EQ(place.totals({65'536, 32'768}), (currents{20'000, 10'000}));
  // In range they stand as they are: 65 535 to 21 845 is 3 to 1.
  EXPECT_EQ(place.totals({65'535, 21'845}), (currents{22'500, 7'500}));
  // 1 to 131 070 would be half a part: it is 1 to 65 535, 30 001 mA / 65 536 = 0.46 mA.
  EXPECT_EQ(place.totals({131'070, 1}), (currents{30'000, 0}));
}

TEST(phase_groups, FAIR_3_who_got_least_is_filled_first_and_equals_in_the_sites_order) {
  policy_scratch scratch;
  std::vector<contender> members(4);
  for (auto& each : members) each.cap = 10'000;
  members[0].got = 3;
  members[1].got = 2;
  members[2].got = 2;
  members[3].got = 1;
  members[3].current = 4'000;
  // 6 A to the last, 10 A to the second, 5 A are left to the third.
  fill_least_served(members, 21'000, scratch);
  currents found;
  for (const auto& each : members) found.push_back(each.current);
  EXPECT_EQ(found, (currents{0, 10'000, 5'000, 10'000}));
}

TEST(phase_groups, FAIR_2_without_minima_everything_stays_as_it_is) {
  one_group one({1'000, 500}, 1'500);
  one.member(0).floor = one.member(1).floor = 0;
  EXPECT_EQ(one.served(), (currents{1'000, 500}));
}

TEST(phase_groups, FAIR_2_a_groups_first_is_served_from_half_a_minimum_on) {
  // Half of 6 A.
  EXPECT_EQ(one_group({1'000, 1'999}, 2'999).served(), (currents{0, 0}));
  EXPECT_EQ(one_group({1'000, 2'000}, 3'000).served(), (currents{0, 6'000}));
  EXPECT_EQ(one_group({1'500, 1'500}, 3'000).served(), (currents{6'000, 0}))
      << "of equals the first of the site";
}

TEST(phase_groups, FAIR_2_of_nothing_nobody_is_served) {
  one_group one({0, 0}, 0);
  one.member(0).floor = 1;
  EXPECT_EQ(one.served(), (currents{0, 0}));
}

TEST(phase_groups, FAIR_2_the_others_are_served_where_seven_eighths_of_a_minimum_are_left) {
  // 6 A + 5.25 A; what is short of it goes to the first.
  EXPECT_EQ(one_group({6'000, 5'250}, 11'250).served(), (currents{6'000, 6'000}));
  EXPECT_EQ(one_group({6'000, 5'249}, 11'249).served(), (currents{11'249, 0}));
}

TEST(phase_groups, FAIR_2_what_minima_leave_goes_to_who_was_to_get_most_up_to_its_cap) {
  // 30 A and 2 A of 40 A: 30 A are given, the second gets its 6 A, the first 2 A more, then 2 A.
  EXPECT_EQ(one_group({2'000, 30'000}, 40'000).served(), (currents{8'000, 32'000}));
  // Who is to get more than there is gets what there is.
  EXPECT_EQ(one_group({20'000, 0}, 12'000).served(), (currents{12'000, 0}));
}

TEST(phase_groups, FAIR_2_who_is_due_comes_first_and_has_its_minimum_in_any_case) {
  one_group one({9'000, 1'000}, 10'000);
  one.member(1).is_due = true;
  EXPECT_EQ(one.served(), (currents{0, 10'000})) << "6 A and the 4 A that are no minimum";
  one_group none({0, 0}, 0);
  none.member(1).is_due = true;
  EXPECT_EQ(none.served(), (currents{0, 6'000}));
}

TEST(phase_groups, FAIR_2_where_there_is_plenty_who_is_full_within_a_turn_goes_first) {
  // 6 A for 300 s are 1 800 000 mA s.
  const auto served = [](std::int64_t needed, std::int64_t need, std::int64_t room) {
    one_group one({8'000, 1'000}, 9'000);
    one.member(1).needed = needed;
    one.group.need = need;
    one.group.room = room;
    return one.served();
  };
  EXPECT_EQ(served(1'800'000, 9'000, 9'000), (currents{0, 9'000}));
  EXPECT_EQ(served(1'800'001, 9'000, 9'000), (currents{9'000, 0}));
  EXPECT_EQ(served(1'800'000, 9'001, 9'000), (currents{9'000, 0})) << "not everybody's wish fits";
}

TEST(phase_groups, FAIR_3_weights_of_a_plan_are_currents_and_who_is_below_its_minimum_may_wait) {
  policy_scratch scratch;
  std::uint32_t connector = 0;
  for (const std::int64_t current : {0, 5'999, 6'000, 40'000})
    scratch.contenders.push_back(
        {.connector = connector++, .floor = 6'000, .cap = 32'000, .current = current});
  std::vector<ask> asks(4);
  weigh_by_current(scratch, asks);
  std::vector<std::uint32_t> weights, turn_ranks;
  std::vector<bool> waits;
  for (const auto& each : asks) {
    weights.push_back(each.weight);
    turn_ranks.push_back(each.turn_rank);
    waits.push_back(each.may_wait);
  }
  EXPECT_THAT(weights, ElementsAre(1U, 5'999U, 6'000U, 40'000U));
  EXPECT_THAT(turn_ranks, ElementsAre(32'000U, 26'001U, 26'000U, 0U));
  EXPECT_THAT(waits, ElementsAre(true, true, false, false));
}

} // namespace busbar::control::fairness
