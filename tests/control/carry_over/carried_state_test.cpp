// A site's state in another tree.
#include "control/carry_over/carried_state.hpp"
#include "control/limits/unmanaged_count.hpp"
#include "control/plan_state.hpp"
#include "tests/builders/site_builder.hpp"

#include <gtest/gtest.h>

namespace busbar::control::carry_over {
namespace {

using busbar::tests::site_builder;
using domain::connector_index;
using domain::milliamperes;

const domain::instant noon{std::chrono::seconds{1'700'000'000}};
constexpr domain::node_index service{0U}, feeder{1U};

/// A and B on f1; the lease is 60 s, a station's own time-out 120 s.
site_builder garage() {
  return site_builder{}.feeder("f1", 40'000).station("A").fallback(6'000).station("B").fallback(
      6'000);
}

/// Both were told 16 A, and both have a session, B's with 4 000 Wh since an hour.
domain::site_state charging() {
  domain::site_state state;
  state.site = domain::site_id{"garage"};
  state.topology_hash = garage().build()->topology_hash;
  for (std::uint32_t i = 0; i < 2; ++i) {
    const connector_index place{i};
    state.told.push_back({place, 7, milliamperes{16'000}, milliamperes{16'000}});
    domain::session_state session;
    session.id = domain::session_id{i == 0 ? "of-a" : "of-b"};
    session.connector = place;
    session.started_at = noon - std::chrono::hours{1};
    session.register_start_wh = 1'000;
    session.register_now_wh = 5'000;
    state.sessions.push_back(session);
  }
  return state;
}

carried_state carried_to(const site_builder& now, const domain::site_state& state) {
  return carry(state, outline_of(*garage().build()), *now.build(), noon);
}

domain::node_constraint limit_of(domain::node_index node) {
  domain::node_constraint limit;
  limit.node = node;
  limit.limit = {domain::limit_source::demand_response, std::nullopt, domain::watts{9'000}};
  return limit;
}

/// What counts of line 1 at node `place`.
std::int64_t left_at(const domain::site& site, const domain::site_state& state,
                     std::size_t place) {
  std::vector<node_image> nodes(site.nodes.size());
  limits::put_left(site, state.left_behind, nodes);
  return nodes[place].left_behind[0].count();
}

} // namespace

TEST(carried_state, one_station_more_keeps_told_currents_sessions_orders_profiles_and_turns) {
  auto state = charging();
  state.node_constraints = {limit_of(feeder)};
  domain::connector_constraint slower;
  slower.connector = connector_index{1U};
  state.connector_constraints = {slower};
  const auto memory = std::make_shared<const std::vector<std::uint8_t>>(3, std::uint8_t{1});
  state.profiles = {{domain::station_index{1U}, memory}};
  plan_state turns;
  turns.at = noon;
  turns.connectors.resize(2);
  turns.nodes.resize(2);
  turns.connectors[1].waiting_since = noon - std::chrono::minutes{9};
  turns.nodes[1].exceeded_since = noon;
  state.planner_memory = encode(turns);
  const auto now = site_builder{}.feeder("f0", 9'000).station("X").feeder("f1", 40'000)
                       .station("A").fallback(6'000).station("B").fallback(6'000);
  const auto carried = carried_to(now, state);
  ASSERT_EQ(carried.state.told.size(), 2u);
  EXPECT_EQ(carried.state.told[0].connector, connector_index{1U});
  EXPECT_EQ(carried.state.told[1].told.count(), 16'000);
  ASSERT_EQ(carried.state.sessions.size(), 2u);
  EXPECT_EQ(carried.state.sessions[1].connector, connector_index{2U});
  EXPECT_EQ(carried.state.node_constraints[0].node, domain::node_index{2U});
  EXPECT_EQ(carried.state.connector_constraints[0].connector, connector_index{2U});
  EXPECT_EQ(carried.state.profiles[0].station, domain::station_index{2U});
  const auto after = control::decode(carried.state.planner_memory, 3, 3);
  ASSERT_TRUE(after);
  EXPECT_EQ(after->connectors[2], turns.connectors[1]);
  EXPECT_EQ(after->nodes[2], turns.nodes[1]);
  EXPECT_TRUE(carried.left.empty());
  EXPECT_TRUE(carried.lost.empty());
  EXPECT_TRUE(carried.state.left_behind.empty());
}

TEST(carried_state, LIM_9_what_is_gone_stays_reserved_where_it_hung_until_it_has_fallen_back) {
  const auto now = site_builder{}.feeder("f1", 40'000).station("A").fallback(6'000);
  const auto carried = carried_to(now, charging());
  ASSERT_EQ(carried.left.size(), 1u);
  EXPECT_TRUE(carried.left[0].is_gone);
  EXPECT_EQ(carried.left[0].session->id.text(), "of-b");
  ASSERT_EQ(carried.state.left_behind.size(), 1u);
  EXPECT_EQ(carried.state.left_behind[0].node, feeder);
  for (const auto line : carried.state.left_behind[0].line) EXPECT_EQ(line.count(), 16'000);
  // Its time-out of 120 s and 5 s of grace.
  EXPECT_EQ(carried.state.left_until, noon + std::chrono::seconds{125});
  EXPECT_EQ(carried.state.sessions.size(), 1u);
}

TEST(carried_state, LIFE_1_the_session_of_what_is_gone_ends_with_the_bill_that_is_known) {
  const auto now = site_builder{}.feeder("f1", 40'000).station("A").fallback(6'000);
  const auto carried = carried_to(now, charging());
  const auto last = last_fact_of(carried.left.at(0), outline_of(*garage().build()),
                                 domain::site_id{"garage"}, noon);
  EXPECT_EQ(last.kind, domain::session_fact_kind::completed);
  EXPECT_EQ(last.station.text(), "B");
  EXPECT_EQ(last.energy.count(), 4'000); // 5 000 Wh - 1 000 Wh
  EXPECT_EQ(last.cost.count(), 1'200'000); // 4 kWh at 0.30
  EXPECT_EQ(last.why, "B-1 is no longer part of the site");
}

TEST(carried_state, LIM_9_a_station_on_another_node_goes_on_and_counts_at_both) {
  const auto now = garage().feeder("f2", 40'000);
  auto site = std::make_shared<domain::site>(*now.build());
  site->stations[1].parent = domain::node_index{2U};
  const auto carried = carry(charging(), outline_of(*garage().build()), *site, noon);
  EXPECT_EQ(carried.state.sessions.size(), 2u);
  EXPECT_EQ(carried.state.told.size(), 2u);
  ASSERT_EQ(carried.state.left_behind.size(), 1u);
  EXPECT_EQ(carried.state.left_behind[0].node, feeder);
  EXPECT_EQ(carried.state.left_behind[0].line[0].count(), 16'000);
}

TEST(carried_state, LIM_9_a_second_change_keeps_what_the_first_one_left_behind) {
  const auto only_a = site_builder{}.feeder("f1", 40'000).station("A").fallback(6'000);
  const auto first = carried_to(only_a, charging());
  const auto only_feeder = site_builder{}.feeder("f1", 40'000);
  const auto at = noon + std::chrono::seconds{20};
  const auto second = carry(first.state, outline_of(*only_a.build()), *only_feeder.build(), at);
  ASSERT_EQ(second.state.left_behind.size(), 2u);
  for (const auto& load : second.state.left_behind) EXPECT_EQ(load.line[2].count(), 16'000);
  EXPECT_EQ(left_at(*only_feeder.build(), second.state, 1), 32'000) << "B's 16 A and A's";
  EXPECT_EQ(left_at(*only_feeder.build(), second.state, 0), 32'000) << "and above";
  const auto later = carry(second.state, outline_of(*only_feeder.build()), *only_feeder.build(),
                           noon + std::chrono::seconds{130});
  EXPECT_EQ(left_at(*only_feeder.build(), later.state, 1), 16'000) << "A's alone: B's is over";
  EXPECT_EQ(second.state.left_until, at + std::chrono::seconds{125});
  const auto late = noon + std::chrono::seconds{125};
  const auto third = carry(first.state, outline_of(*only_a.build()), *only_a.build(), late);
  EXPECT_TRUE(third.state.left_behind.empty()) << "B has fallen back";
}

TEST(carried_state, LIM_9_a_second_move_of_the_same_station_counts_at_all_three_places) {
  const auto three = garage().feeder("f2", 40'000).feeder("f3", 40'000);
  auto there = *three.build();
  there.stations[1].parent = domain::node_index{2U};
  domain::seal(there);
  const auto first = carry(charging(), outline_of(*garage().build()), there, noon);
  auto further = there;
  further.stations[1].parent = domain::node_index{3U};
  domain::seal(further);
  const auto at = noon + std::chrono::seconds{20};
  const auto second = carry(first.state, outline_of(there), further, at);
  ASSERT_EQ(second.state.left_behind.size(), 2u);
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_EQ(second.state.left_behind[i].node, domain::node_index{i + 1}) << "f1 and f2";
    EXPECT_EQ(second.state.left_behind[i].line[0].count(), 16'000);
  }
  EXPECT_EQ(second.state.left_until, at + std::chrono::seconds{125});
  // Back where it hung before: it counts there for itself.
  const auto third = carry(second.state, outline_of(further), there, at);
  ASSERT_EQ(third.state.left_behind.size(), 2u);
  EXPECT_EQ(left_at(there, third.state, 1), 16'000) << "f1";
  EXPECT_EQ(left_at(there, third.state, 2), 0) << "f2, where it hangs";
  EXPECT_EQ(left_at(there, third.state, 3), 16'000) << "f3";
  EXPECT_EQ(left_at(there, third.state, 0), 0) << "the service counts the station itself";
}

TEST(carried_state, LIM_9_a_station_that_comes_back_takes_its_own_reserve_back_at_once) {
  const auto home = *garage().feeder("f2", 40'000).build();
  auto away = home;
  away.stations[1].parent = domain::node_index{2U};
  domain::seal(away);
  const auto first = carry(charging(), outline_of(home), away, noon);
  EXPECT_EQ(left_at(away, first.state, 1), 16'000) << "f1";
  EXPECT_EQ(left_at(away, first.state, 0), 0) << "the service counts the station itself";
  const auto& owner = first.state.left_behind.at(0).of;
  ASSERT_TRUE(owner);
  EXPECT_EQ(owner->station.text(), "B");
  EXPECT_EQ(owner->connector.text(), "B-1");
  EXPECT_EQ(owner->until, noon + std::chrono::seconds{125});
  const auto back = carry(first.state, outline_of(away), home, noon + std::chrono::seconds{9});
  EXPECT_EQ(left_at(home, back.state, 1), 0) << "f1, where it hangs again";
  EXPECT_EQ(left_at(home, back.state, 2), 16'000) << "f2";
  EXPECT_EQ(left_at(home, back.state, 0), 0);
  EXPECT_EQ(back.state.told.at(1).told.count(), 16'000);
}

TEST(carried_state, LIM_9_a_station_that_was_gone_and_is_back_counts_once_for_itself) {
  const auto only_a = site_builder{}.feeder("f1", 40'000).station("A").fallback(6'000);
  const auto gone = carried_to(only_a, charging());
  EXPECT_EQ(left_at(*only_a.build(), gone.state, 0), 16'000);
  const auto back = carry(gone.state, outline_of(*only_a.build()), *garage().build(), noon);
  EXPECT_TRUE(back.state.left_behind.empty());
  ASSERT_EQ(back.state.told.size(), 2u);
  EXPECT_EQ(back.state.told[1].connector, connector_index{1U});
  EXPECT_EQ(back.state.told[1].told.count(), 16'000) << "until it has acknowledged something";
}

TEST(carried_state, LIM_9_what_two_moves_left_behind_counts_once_where_both_places_meet) {
  const auto all = *site_builder{}.feeder("p", 60'000).feeder("f1", 40'000, "p").station("A")
                        .feeder("f2", 40'000, "p").feeder("f3", 40'000).build();
  auto state = charging();
  state.told.resize(1);
  state.sessions.resize(1);
  auto there = all;
  there.stations[0].parent = domain::node_index{3U};
  domain::seal(there);
  const auto first = carry(state, outline_of(all), there, noon);
  EXPECT_EQ(left_at(there, first.state, 1), 0) << "p counts the station itself";
  auto further = all;
  further.stations[0].parent = domain::node_index{4U};
  domain::seal(further);
  const auto second = carry(first.state, outline_of(there), further, noon);
  EXPECT_EQ(left_at(further, second.state, 2), 16'000) << "f1";
  EXPECT_EQ(left_at(further, second.state, 3), 16'000) << "f2";
  EXPECT_EQ(left_at(further, second.state, 1), 16'000) << "p, above both";
  EXPECT_EQ(left_at(further, second.state, 0), 0) << "the service counts the station itself";
}

TEST(carried_state, LIM_9_behind_a_transformer_that_stepped_up_more_flows_above_it) {
  // 400 V to 800 V line to line: 16 A below are 32 A above.
  auto before = *site_builder{}.transformer("t1", 50'000).feeder("f1", 40'000, "t1").station("A")
                     .build();
  before.nodes[1].transformer->primary = domain::millivolts{400'000};
  before.nodes[1].transformer->secondary = domain::millivolts{800'000};
  domain::seal(before);
  auto state = charging();
  state.told.resize(1);
  state.sessions.clear();
  state.topology_hash = before.topology_hash;
  const auto none = site_builder{}.feeder("f9", 10'000);
  const auto carried = carry(state, outline_of(before), *none.build(), noon);
  ASSERT_EQ(carried.state.left_behind.size(), 1u);
  EXPECT_EQ(carried.state.left_behind[0].node, service);
  // 16 A x 461.880 V / 230 V, line to neutral, rounded up
  for (const auto line : carried.state.left_behind[0].line) EXPECT_EQ(line.count(), 32'131);
  // And where the feeder goes first, and the transformer with the next change.
  auto without_station = before;
  without_station.stations.clear();
  without_station.connectors.clear();
  domain::seal(without_station);
  const auto first = carry(state, outline_of(before), without_station, noon);
  ASSERT_EQ(first.state.left_behind.size(), 1u);
  EXPECT_EQ(first.state.left_behind[0].line[0].count(), 16'000) << "at f1";
  const auto second = carry(first.state, outline_of(without_station), *none.build(), noon);
  // And on each line as behind a delta-wye transformer: x 1.155, rounded up
  EXPECT_EQ(second.state.left_behind.at(0).line[0].count(), 37'112);
}

TEST(carried_state, KEEP_1_a_reservation_goes_on_by_its_station_and_ends_with_it) {
  auto state = charging();
  state.reservations = {{domain::station_index{1U}, domain::driver_id{"Alice"}, noon}};
  const auto grown = site_builder{}.feeder("f0", 9'000).station("X").feeder("f1", 40'000)
                         .station("A").fallback(6'000).station("B").fallback(6'000);
  const auto carried = carried_to(grown, state);
  ASSERT_EQ(carried.state.reservations.size(), 1u);
  EXPECT_EQ(carried.state.reservations[0].station, domain::station_index{2U});
  const auto gone = carried_to(site_builder{}.feeder("f1", 40'000).station("A"), state);
  EXPECT_TRUE(gone.state.reservations.empty());
  ASSERT_EQ(gone.lost.size(), 1u);
  EXPECT_EQ(gone.lost[0].text,
            "the reservation of Alice is void: its connectors are not the same");
}

TEST(carried_state, LIFE_1_a_bill_that_waits_for_its_register_goes_on_by_id) {
  auto state = charging();
  state.unsettled = {state.sessions[1]};
  state.sessions.pop_back();
  const auto grown = site_builder{}.feeder("f0", 9'000).station("X").feeder("f1", 40'000)
                         .station("A").fallback(6'000).station("B").fallback(6'000);
  const auto carried = carried_to(grown, state);
  ASSERT_EQ(carried.state.unsettled.size(), 1u);
  EXPECT_EQ(carried.state.unsettled[0].connector, connector_index{2U});
  const auto gone = carried_to(site_builder{}.feeder("f1", 40'000).station("A"), state);
  EXPECT_TRUE(gone.state.unsettled.empty());
  ASSERT_EQ(gone.lost.size(), 1u);
  EXPECT_EQ(gone.lost[0].text, "the bill of session of-b stands as it is: its register is no "
                               "longer part of the site");
}

TEST(carried_state, an_order_for_what_is_gone_is_named) {
  auto state = charging();
  state.node_constraints = {limit_of(service), limit_of(feeder)};
  domain::connector_constraint slower;
  slower.connector = connector_index{1U};
  state.connector_constraints = {slower};
  state.profiles = {{domain::station_index{1U},
                     std::make_shared<const std::vector<std::uint8_t>>(3, std::uint8_t{1})}};
  const auto carried = carried_to(site_builder{}.feeder("f9", 40'000).station("A"), state);
  ASSERT_EQ(carried.state.node_constraints.size(), 1u);
  EXPECT_EQ(carried.state.node_constraints[0].node, service);
  ASSERT_EQ(carried.lost.size(), 3u);
  EXPECT_EQ(carried.lost[0].subject, "B") << "its profiles";
  EXPECT_EQ(carried.lost[1].subject, "f1");
  EXPECT_EQ(carried.lost[2].subject, "B-1");
}

TEST(carried_state, LIM_3_a_station_counts_with_the_higher_fallback_of_the_tree_before) {
  auto state = charging();
  state.told.clear();
  const auto now = site_builder{}.feeder("f1", 40'000).station("A").station("B").fallback(6'000);
  const auto carried = carried_to(now, state);
  ASSERT_EQ(carried.state.told.size(), 1u) << "B's is the same";
  EXPECT_EQ(carried.state.told[0].told.count(), 6'000);
}

TEST(carried_state, a_state_that_names_what_its_outline_does_not_have_is_none_of_it) {
  const auto outline = outline_of(*garage().build());
  EXPECT_TRUE(is_of(charging(), outline));
  auto state = charging();
  state.told[0].connector = connector_index{2U};
  EXPECT_FALSE(is_of(state, outline));
  state = charging();
  state.left_behind = {{domain::node_index{2U}, {}}};
  EXPECT_FALSE(is_of(state, outline));
}

} // namespace busbar::control::carry_over
