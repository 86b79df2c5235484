// The tree grows while vehicles charge: restart and live reload with sessions going on.
#include "tests/actors/engine_bench.hpp"
#include "tests/builders/site_builder.hpp"

#include <caf/send.hpp>
#include <gtest/gtest.h>

namespace busbar::actors {

using domain::connector_state;
using domain::session_fact_kind;
using tests::engine_bench;
using tests::site_builder;

namespace {

/// 40 A for two boxes.
site_builder garage() {
  return site_builder{}.feeder("f1", 40'000).station("A").station("B");
}

/// One box more, before the others, on a feeder of its own: all places are other ones.
site_builder grown() {
  return site_builder{}.feeder("f0", 10'000).station("X").feeder("f1", 40'000).station("A").station(
      "B");
}

site_builder shrunk() { return site_builder{}.feeder("f1", 40'000).station("A"); }

void charge(engine_bench& bench, const std::string& driver, const std::string& station) {
  bench.set(station, connector_state::disconnected);
  bench.seconds(2);
  bench.ask(driver, station);
  bench.run();
  bench.set(station, connector_state::supplying, 16'000);
  bench.seconds(2);
}

/// Demand response allows the feeder 30 A.
void limit_feeder(engine_bench& bench) {
  domain::node_constraint limit;
  limit.node = domain::node_index{1U};
  const domain::milliamperes most{30'000};
  limit.limit = {domain::limit_source::demand_response,
                 domain::per_line<domain::milliamperes>{most, most, most}, std::nullopt};
  caf::anon_send(bench.context().routes->find(domain::site_id{"garage"})->site,
                 operator_message{limit, bench.now});
  bench.run();
}

/// Both boxes charge, with 15 A each of the 30 A that demand response allows.
void begin(engine_bench& bench) {
  charge(bench, "Alice", "A");
  charge(bench, "Bob", "B");
  limit_feeder(bench);
  for (const auto* station : {"A", "B"}) bench.set(station, connector_state::supplying, 15'000);
  bench.seconds(5);
  ASSERT_EQ(bench.told("A").count(), 15'000);
  ASSERT_EQ(bench.view()->sessions.size(), 2u);
}

domain::site_state remembered() {
  engine_bench bench{garage().build()};
  begin(bench);
  return bench.log.states.back();
}

} // namespace

TEST(growth, one_box_more_and_a_restart_keep_sessions_told_currents_and_orders) {
  const auto state = remembered();
  engine_bench next{grown().build(), {}, &state};
  next.set("A", connector_state::supplying, 15'000);
  next.set("B", connector_state::supplying, 15'000);
  next.set("X", connector_state::disconnected);
  next.seconds(3);
  ASSERT_EQ(next.view()->sessions.size(), 2u);
  EXPECT_EQ(next.connector("A").granted.count(), 15'000);
  ASSERT_EQ(next.view()->constraints.size(), 1u);
  EXPECT_EQ(next.view()->constraints[0].node, domain::node_index{2U}) << "f1";
  EXPECT_EQ(next.log.count("connector_gone"), 0u);
  EXPECT_EQ(next.log.count(session_fact_kind::completed), 0u);
  charge(next, "Carol", "X");
  EXPECT_EQ(next.view()->sessions.size(), 3u);
  next.ask("Alice", "A", domain::request_kind::stop);
  next.seconds(8);
  EXPECT_EQ(next.log.newest(session_fact_kind::completed)->session, state.sessions[0].id);
}

TEST(growth, one_box_more_in_the_file_of_a_running_site_disturbs_no_vehicle) {
  engine_bench bench{garage().build()};
  begin(bench);
  bench.replace_site(grown().build());
  bench.set("X", connector_state::disconnected);
  bench.seconds(3);
  ASSERT_EQ(bench.view()->sessions.size(), 2u);
  EXPECT_EQ(bench.told("A").count(), 15'000);
  EXPECT_FALSE(bench.connector("A").is_stale);
  EXPECT_EQ(bench.view()->constraints.size(), 1u);
  EXPECT_EQ(bench.log.count("site_reloaded"), 1u);
  charge(bench, "Carol", "X");
  EXPECT_EQ(bench.view()->sessions.size(), 3u);
  EXPECT_EQ(bench.connector("X").granted.count(), 10'000) << "all of f0";
}

TEST(growth, LIM_9_a_removed_box_is_told_its_stop_billed_said_and_reserved_until_its_lease_ends) {
  engine_bench bench{garage().build()};
  begin(bench);
  const auto batches = bench.log.batches.size();
  const auto before = garage().build()->topology_hash;
  bench.replace_site(shrunk().build());
  bench.seconds(2);
  const auto& first = bench.log.batches.at(batches);
  EXPECT_EQ(first.topology_hash, before) << "in the places that its gateway knows";
  ASSERT_EQ(first.commands.size(), 1u);
  EXPECT_EQ(first.commands[0].kind, domain::command_kind::stop);
  EXPECT_EQ(first.commands[0].connector, domain::connector_index{1U});
  ASSERT_EQ(bench.log.count(session_fact_kind::completed), 1u);
  EXPECT_EQ(bench.log.newest(session_fact_kind::completed)->driver.text(), "Bob");
  const auto* said = bench.log.event("connector_gone");
  ASSERT_NE(said, nullptr);
  EXPECT_EQ(said->subject, "B/B-1");
  EXPECT_NE(said->text.find("15000 mA stay reserved at f1 for 125 s"), std::string::npos)
      << said->text;
  bench.set("A", connector_state::supplying, 15'000);
  bench.seconds(30);
  EXPECT_EQ(bench.told("A").count(), 15'000) << "30 A less B's 15 A";
  bench.seconds(100);
  EXPECT_EQ(bench.told("A").count(), 30'000) << "B has fallen back to 0 A";
  EXPECT_EQ(bench.log.count("left_behind_over"), 1u);
}

TEST(growth, LIM_9_a_removed_box_stays_reserved_over_a_restart) {
  const auto state = remembered();
  engine_bench next{shrunk().build(), {}, &state};
  next.set("A", connector_state::supplying, 15'000);
  next.seconds(30);
  EXPECT_EQ(next.told("A").count(), 15'000);
  EXPECT_EQ(next.log.count("connector_gone"), 1u);
  EXPECT_EQ(next.log.batches.at(0).commands.at(0).kind, domain::command_kind::stop);
  // And over a second one, within the time.
  const auto again = next.log.states.back();
  EXPECT_EQ(again.left_behind.size(), 1u);
  engine_bench third{shrunk().build(), {}, &again};
  third.set("A", connector_state::supplying, 15'000);
  third.seconds(5);
  EXPECT_EQ(third.connector("A").granted.count(), 15'000);
  EXPECT_EQ(third.log.count("connector_gone"), 0u) << "said once";
}

TEST(growth, a_box_on_another_feeder_keeps_its_session_and_counts_at_both_for_a_while) {
  engine_bench bench{garage().build()};
  begin(bench);
  auto moved = std::make_shared<domain::site>(*garage().feeder("f2", 20'000).build());
  moved->stations[1].parent = domain::node_index{2U};
  domain::seal(*moved);
  bench.replace_site(moved);
  bench.seconds(10);
  EXPECT_EQ(bench.view()->sessions.size(), 2u);
  EXPECT_EQ(bench.log.count("connector_rewired"), 1u);
  EXPECT_EQ(bench.told("A").count(), 15'000) << "f1: 30 A less B's 15 A";
  EXPECT_EQ(bench.told("B").count(), 20'000) << "all of f2";
  bench.seconds(120);
  EXPECT_EQ(bench.told("A").count(), 30'000);
}

TEST(growth, LIM_9_a_box_that_is_moved_and_moved_back_leaves_the_service_as_it_was) {
  const auto home = garage().feeder("f2", 20'000).build();
  engine_bench bench{home};
  begin(bench);
  auto moved = std::make_shared<domain::site>(*home);
  moved->stations[1].parent = domain::node_index{2U};
  domain::seal(*moved);
  bench.replace_site(moved);
  bench.seconds(3);
  const auto away = bench.view();
  EXPECT_EQ(away->nodes[0].unmanaged[0].count(), 0) << "the service counts the box itself";
  EXPECT_TRUE(away->nodes[0].left_behind.empty());
  ASSERT_EQ(away->nodes[1].left_behind.size(), 1u);
  const auto& left = away->nodes[1].left_behind[0];
  EXPECT_EQ(left.station.text(), "B");
  EXPECT_EQ(left.connector.text(), "B-1");
  EXPECT_EQ(left.line[0].count(), 15'000);
  EXPECT_GT(left.until, bench.now + std::chrono::seconds{100});
  EXPECT_EQ(away->nodes[1].unmanaged[0].count(), 15'000);
  bench.replace_site(std::make_shared<domain::site>(*home));
  bench.seconds(3);
  const auto back = bench.view();
  EXPECT_EQ(back->nodes[0].unmanaged[0].count(), 0);
  EXPECT_EQ(back->nodes[1].unmanaged[0].count(), 0) << "it hangs there again";
  EXPECT_EQ(back->nodes[2].left_behind.size(), 1u);
  EXPECT_LE(back->nodes[1].reserved[0].count(), 30'000);
  bench.seconds(130);
  EXPECT_TRUE(bench.view()->nodes[2].left_behind.empty());
}

TEST(growth, LIM_9_changes_that_come_before_the_first_one_is_in_place_follow_one_another) {
  engine_bench bench{garage().build()};
  begin(bench);
  bench.replace_site_by_each({garage().feeder("f2", 20'000).build(), grown().build(),
                              grown().feeder("f3", 20'000).build()});
  bench.seconds(3);
  EXPECT_EQ(bench.view()->topology->nodes.size(), 4u) << "service, f0, f1, f3";
  EXPECT_EQ(bench.view()->sessions.size(), 2u);
  EXPECT_EQ(bench.told("A").count(), 15'000);
  EXPECT_EQ(bench.told("B").count(), 15'000);
  EXPECT_EQ(bench.connector("A").acknowledged.count(), 15'000);
  EXPECT_EQ(bench.log.count("site_reloaded"), 3u);
  EXPECT_EQ(bench.log.count(session_fact_kind::completed), 0u);
  EXPECT_EQ(bench.view()->constraints.size(), 1u);
}

TEST(growth, a_violation_that_stands_is_not_raised_again_by_a_change_of_its_site) {
  auto home = std::make_shared<domain::site>(*garage().build());
  engine_bench bench{home};
  begin(bench);
  bench.set("A", connector_state::supplying, 32'000);
  bench.seconds(12);
  const auto before = bench.view()->violations;
  ASSERT_FALSE(before.empty());
  const auto raised = bench.log.count("violation_raised");
  auto next = std::make_shared<domain::site>(*garage().feeder("f2", 20'000).build());
  bench.replace_site(next);
  bench.seconds(3);
  EXPECT_EQ(bench.log.count("violation_raised"), raised);
  const auto after = bench.view()->violations;
  ASSERT_EQ(after.size(), before.size());
  for (std::size_t i = 0; i < after.size(); ++i) {
    EXPECT_EQ(after[i].what, before[i].what);
    EXPECT_EQ(after[i].since, before[i].since) << after[i].what;
    EXPECT_EQ(after[i].allowed, before[i].allowed) << after[i].what;
  }
}

/// The state after A fell silent and Alice's stop was not answered: her bill waits.
domain::site_state with_a_bill_that_waits() {
  engine_bench bench{garage().build()};
  charge(bench, "Alice", "A");
  bench.silent.insert("A");
  bench.set("A", connector_state::unspecified);
  bench.ask("Alice", "A", domain::request_kind::stop);
  bench.seconds(20);
  EXPECT_EQ(bench.log.count(session_fact_kind::completed), 1u);
  EXPECT_EQ(bench.log.count(session_fact_kind::settled), 0u);
  return bench.log.states.back();
}

void expect_settled_once(engine_bench& next, const domain::site_state& before) {
  next.seconds(5);
  EXPECT_EQ(next.log.count(session_fact_kind::settled), 0u) << "A is silent still";
  next.count_from("A", 9'000);
  next.set("A", connector_state::activated);
  next.seconds(5);
  ASSERT_EQ(next.log.count(session_fact_kind::settled), 1u);
  const auto* settled = next.log.newest(session_fact_kind::settled);
  EXPECT_EQ(settled->session, before.unsettled.at(0).id);
  EXPECT_EQ(settled->driver.text(), "Alice");
  next.seconds(5);
  EXPECT_EQ(next.log.count(session_fact_kind::settled), 1u);
  EXPECT_TRUE(next.log.states.back().unsettled.empty());
}

TEST(growth, LIFE_1_a_bill_that_waits_for_its_register_outlives_the_engine) {
  const auto state = with_a_bill_that_waits();
  ASSERT_EQ(state.unsettled.size(), 1u);
  engine_bench same{garage().build(), {}, &state};
  same.now += std::chrono::hours{1};
  expect_settled_once(same, state);
  engine_bench changed{grown().build(), {}, &state};
  changed.now += std::chrono::hours{1};
  expect_settled_once(changed, state);
}

TEST(growth, LIFE_1_a_bill_that_waits_for_its_register_outlives_a_reload) {
  engine_bench bench{garage().build()};
  charge(bench, "Alice", "A");
  bench.silent.insert("A");
  bench.set("A", connector_state::unspecified);
  bench.ask("Alice", "A", domain::request_kind::stop);
  bench.seconds(20);
  const auto state = bench.log.states.back();
  bench.replace_site(grown().build());
  bench.silent.clear();
  expect_settled_once(bench, state);
}

TEST(growth, a_change_that_comes_while_the_engine_node_restarts_is_taken) {
  if (!has_test_doors) GTEST_SKIP() << "a release has no test doors";
  engine_bench bench{garage().build()};
  begin(bench);
  bench.fault("engine:engine-1");
  bench.replace_site(grown().build());
  bench.seconds(3);
  EXPECT_TRUE(bench.context().is_in_place);
  EXPECT_EQ(bench.view()->topology->stations.size(), 3u);
  EXPECT_EQ(bench.view()->sessions.size(), 2u);
}

TEST(growth, an_order_for_a_node_that_is_gone_is_said_to_be_void) {
  engine_bench bench{garage().build()};
  begin(bench);
  bench.replace_site(site_builder{}.feeder("north", 40'000).station("A").station("B").build());
  bench.seconds(2);
  const auto* said = bench.log.event("order_void");
  ASSERT_NE(said, nullptr);
  EXPECT_EQ(said->subject, "f1");
  EXPECT_EQ(bench.view()->sessions.size(), 2u);
  EXPECT_EQ(bench.view()->constraints.size(), 0u);
}

TEST(growth, a_state_that_does_not_say_what_its_places_are_is_taken_in_its_own_tree_alone) {
  auto state = remembered();
  state.outline.bytes = nullptr;
  engine_bench same{garage().build(), {}, &state};
  same.seconds(2);
  EXPECT_EQ(same.view()->sessions.size(), 2u);
  site_context other{lay_out(grown().build()), 2, {}};
  EXPECT_FALSE(other.go_on(state, same.now));
}

} // namespace busbar::actors
