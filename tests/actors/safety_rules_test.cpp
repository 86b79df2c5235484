// The rules of safety on the whole tree of actors: obedience, shedding, lost input, operators.
#include "tests/actors/engine_bench.hpp"
#include "tests/builders/site_builder.hpp"

#include <caf/send.hpp>
#include <gtest/gtest.h>

#include <algorithm>

namespace busbar::actors {

using domain::connector_state;
using tests::engine_bench;
using tests::site_builder;

namespace {

std::shared_ptr<const domain::site> two_stations() {
  return site_builder{}.feeder("f1", 40'000).station("A").station("B").build();
}

bool has_event(const engine_bench& bench, const std::string& kind, const std::string& part = {}) {
  return std::any_of(bench.log.events.begin(), bench.log.events.end(), [&](const auto& event) {
    return event.kind == kind && event.text.find(part) != std::string::npos;
  });
}

std::size_t commands_of(const engine_bench& bench, domain::command_kind kind) {
  std::size_t count = 0;
  for (const auto& batch : bench.log.batches)
    for (const auto& command : batch.commands) count += command.kind == kind ? 1 : 0;
  return count;
}

/// Both want: 40 A / 2 = 20 A each. Then A, which acknowledged 20 A, draws 32 A.
void share_and_disobey(engine_bench& bench) {
  for (const auto* station : {"A", "B"}) bench.set(station, connector_state::supplying, 6'000);
  bench.seconds(5);
  ASSERT_EQ(bench.told("A").count(), 20'000);
  bench.set("A", connector_state::supplying, 32'000);
}

void order(engine_bench& bench, const domain::operator_order& wanted) {
  caf::anon_send(bench.context().routes->find(domain::site_id{"garage"})->site,
                 operator_message{wanted, bench.now, domain::caused_by_program("http api")});
  bench.run();
}

} // namespace

TEST(site, SAFE_2_a_station_that_keeps_drawing_is_escalated_step_by_step) {
  engine_bench bench{two_stations()};
  share_and_disobey(bench);
  bench.seconds(8);
  EXPECT_TRUE(has_event(bench, "disobedience", "is told again"));
  EXPECT_EQ(bench.connector("A").because.which, domain::rule::disobedience);
  bench.seconds(11);
  EXPECT_TRUE(has_event(bench, "disobedience", "lower limit"));
  EXPECT_EQ(bench.told("A").count(), 6'000);
  // The others keep charging: 40 A - 32 A that A draws.
  EXPECT_EQ(bench.told("B").count(), 8'000);
  bench.seconds(33);
  EXPECT_TRUE(has_event(bench, "disobedience", "its session is stopped"));
  EXPECT_TRUE(has_event(bench, "disobedience", "is set unavailable"));
  EXPECT_TRUE(has_event(bench, "disobedience", "needs an operator"));
  EXPECT_EQ(commands_of(bench, domain::command_kind::set_unavailable), 1u);
  EXPECT_EQ(bench.connector("A").step, domain::escalation::site_operator);
}

TEST(site, SAFE_2_who_obeys_again_is_given_its_share_again) {
  engine_bench bench{two_stations()};
  share_and_disobey(bench);
  bench.seconds(20);
  ASSERT_EQ(bench.told("A").count(), 6'000);
  bench.set("A", connector_state::supplying, 6'000);
  bench.seconds(10);
  EXPECT_TRUE(has_event(bench, "obeys_again"));
  EXPECT_EQ(bench.told("A").count(), 20'000);
  EXPECT_EQ(bench.connector("A").step, domain::escalation::none);
}

TEST(site, SAFE_1_after_five_cycles_without_a_reading_every_station_is_told_its_fallback) {
  engine_bench bench{site_builder{}
                         .stale_after(std::chrono::seconds{3})
                         .feeder("f1", 64'000)
                         .station("A")
                         .fallback(6'000)
                         .station("B")
                         .fallback(6'000)
                         .build()};
  for (const auto* station : {"A", "B"}) bench.set(station, connector_state::supplying, 30'000);
  bench.seconds(5);
  ASSERT_EQ(bench.told("A").count(), 32'000);
  for (const auto* station : {"A", "B"}) bench.set(station, connector_state::unspecified);
  bench.seconds(6); // 3 s until stale, then cycles 1 to 3
  EXPECT_FALSE(has_event(bench, "input_lost"));
  EXPECT_EQ(bench.told("A").count(), 32'000);
  bench.seconds(3);
  EXPECT_TRUE(has_event(bench, "input_lost"));
  EXPECT_EQ(bench.told("A").count(), 6'000);
  EXPECT_EQ(bench.view()->mode, "safe");
  EXPECT_EQ(bench.view()->mode_because, "no reading of any station: told its fallback");
  bench.ask("Bob", "B");
  bench.run();
  EXPECT_EQ(bench.log.newest(domain::session_fact_kind::denied)->why, "site in safe mode");
  for (const auto* station : {"A", "B"}) bench.set(station, connector_state::supplying, 6'000);
  bench.seconds(4);
  EXPECT_TRUE(has_event(bench, "input_back"));
  EXPECT_EQ(bench.view()->mode, "controlling");
  EXPECT_EQ(bench.view()->mode_because, "");
  EXPECT_EQ(bench.told("A").count(), 32'000);
  bench.ask("Bob", "B");
  bench.run();
  EXPECT_EQ(bench.log.newest(domain::session_fact_kind::denied)->why, "occupied");
}

TEST(site, SAFE_1_safe_zero_tells_a_silent_station_to_stop_and_reserves_what_it_may_draw) {
  auto site = std::make_shared<domain::site>(*two_stations());
  site->input.stale_after = std::chrono::seconds{3};
  site->input.when_stale = domain::stale_input_policy::safe_zero;
  engine_bench bench{site};
  bench.set("A", connector_state::supplying, 32'000);
  bench.set("B", connector_state::disconnected);
  bench.seconds(4);
  ASSERT_EQ(bench.told("A").count(), 32'000);
  bench.set("A", connector_state::unspecified); // silent readings, answers commands
  bench.seconds(6);
  EXPECT_EQ(bench.told("A").count(), 0);
  EXPECT_EQ(bench.connector("A").because.which, domain::rule::input_lost);
}

TEST(site, SAFE_1_on_a_cold_start_safe_zero_tells_who_was_never_heard_to_stop) {
  for (const bool is_told : {true, false}) {
    auto site = std::make_shared<domain::site>(
        *site_builder{}.feeder("f1", 40'000).station("A").fallback(6'000).build());
    using enum domain::stale_input_policy;
    site->input.cold_start = is_told ? safe_zero : hold_last;
    engine_bench bench{site};
    bench.seconds(4);
    EXPECT_EQ(commands_of(bench, domain::command_kind::grant), is_told ? 1u : 0u);
    // LIM-3: unheard, it may have fallen back, whatever it was told.
    EXPECT_EQ(bench.connector("A").reserved.count(), 6'000);
  }
}

TEST(site, SAFE_1_hold_last_believes_an_old_reading_for_its_time) {
  auto site = std::make_shared<domain::site>(*two_stations());
  site->input.stale_after = std::chrono::seconds{3};
  site->input.hold_max = std::chrono::seconds{10};
  site->input.when_stale = domain::stale_input_policy::hold_last;
  engine_bench bench{site};
  bench.set("A", connector_state::supplying, 32'000);
  bench.set("B", connector_state::disconnected);
  bench.seconds(4);
  bench.set("A", connector_state::unspecified);
  bench.set("B", connector_state::supplying, 6'000);
  bench.seconds(6); // 6 s old: stale and held
  EXPECT_EQ(bench.told("A").count(), 20'000); // 40 A / 2: it is still decided about
  bench.seconds(8);                           // 14 s old: excluded
  EXPECT_EQ(bench.connector("A").because.which, domain::rule::fallback);
}

TEST(site, LIM_2_an_operators_limit_holds_from_the_next_plan_until_it_is_lifted) {
  engine_bench bench{two_stations()};
  for (const auto* station : {"A", "B"}) bench.set(station, connector_state::supplying, 6'000);
  bench.seconds(3);
  ASSERT_EQ(bench.told("A").count(), 20'000);
  domain::node_constraint limit;
  limit.node = domain::node_index{1u};
  limit.limit.source = domain::limit_source::site_operator;
  limit.limit.current = domain::per_line<domain::milliamperes>{
      domain::milliamperes{30'000}, domain::milliamperes{30'000}, domain::milliamperes{30'000}};
  order(bench, limit);
  bench.seconds(2);
  EXPECT_EQ(bench.told("A").count(), 15'000); // 30 A / 2
  EXPECT_EQ(bench.view()->nodes[1].source, domain::limit_source::site_operator);
  EXPECT_EQ(bench.view()->constraints.size(), 1u);
  order(bench, domain::lift_node_constraint{domain::node_index{1u}});
  bench.seconds(3);
  EXPECT_EQ(bench.told("A").count(), 20'000);
  EXPECT_TRUE(has_event(bench, "limit_set", "30000"));
  EXPECT_TRUE(has_event(bench, "limit_lifted"));
}

namespace {

/// Sixteen boxes that fall back to 6 A each, 96 A together, on a service of 100 A.
std::shared_ptr<const domain::site> sixteen_boxes() {
  site_builder builder;
  builder.feeder("f1", 100'000);
  for (int i = 0; i < 16; ++i) builder.station("B" + std::to_string(i)).fallback(6'000);
  return builder.build();
}

domain::node_constraint thirty_amperes(const engine_bench& bench) {
  domain::node_constraint limit;
  limit.node = domain::node_index{0u};
  const domain::milliamperes most{30'000};
  limit.limit = {domain::limit_source::demand_response,
                 domain::per_line<domain::milliamperes>{most, most, most}, std::nullopt};
  limit.from = bench.now;
  limit.until = bench.now + std::chrono::hours{6};
  return limit;
}

domain::node_constraint nothing_at_all(const engine_bench& bench) {
  auto limit = thirty_amperes(bench);
  limit.limit.current->fill({});
  limit.counts = domain::counted_load::chargers;
  return limit;
}

void set_all(engine_bench& bench, connector_state state, std::int32_t ma) {
  for (int i = 0; i < 16; ++i) bench.set("B" + std::to_string(i), state, ma);
}

std::int64_t told_to_all(const engine_bench& bench) {
  std::int64_t sum = 0;
  for (int i = 0; i < 16; ++i) sum += bench.told("B" + std::to_string(i)).count();
  return sum;
}

} // namespace

TEST(site, LIM_7_an_order_below_the_fallbacks_is_obeyed_and_what_remains_is_said) {
  engine_bench bench{sixteen_boxes()};
  set_all(bench, connector_state::supplying, 0);
  bench.seconds(5);
  ASSERT_EQ(told_to_all(bench), 100'000); // 16 times 6.25 A
  order(bench, thirty_amperes(bench));
  bench.seconds(3);
  EXPECT_LE(told_to_all(bench), 30'000);
  EXPECT_GE(told_to_all(bench), 30'000 - 6'000 + 1) << "5 minima of 6 A fit";
  const auto& set = bench.view()->constraints.at(0);
  ASSERT_TRUE(set.if_engine_stops);
  EXPECT_EQ(set.if_engine_stops->line[0].count(), 96'000);
  EXPECT_TRUE(has_event(bench, "limit_set", "if the engine stops: 96 A until "));
  EXPECT_EQ(bench.log.event("limit_set")->level, domain::severity::warning);
  EXPECT_EQ(text_of(bench.log.event("limit_set")->caused_by), "program http api");
}

TEST(site, LIM_7_leases_are_short_while_an_order_below_the_fallbacks_stands) {
  engine_bench bench{sixteen_boxes()};
  set_all(bench, connector_state::supplying, 0);
  bench.seconds(5);
  const auto newest_lease = [&] { return bench.log.batches.back().commands.back().lease; };
  EXPECT_EQ(newest_lease(), domain::seconds{60});
  order(bench, thirty_amperes(bench));
  const auto batches = bench.log.batches.size();
  bench.seconds(12);
  std::set<std::uint32_t> told;
  for (auto i = batches; i < bench.log.batches.size(); ++i)
    for (const auto& command : bench.log.batches[i].commands) {
      if (command.kind != domain::command_kind::grant) continue;
      EXPECT_EQ(command.lease, domain::seconds{30});
      told.insert(command.connector.value());
    }
  EXPECT_EQ(told.size(), 16u) << "every one has a short lease within a third of it";
  order(bench, domain::lift_node_constraint{domain::node_index{0u},
                                            domain::limit_source::demand_response});
  bench.seconds(25);
  EXPECT_EQ(newest_lease(), domain::seconds{60});
}

TEST(site, LIM_7_an_order_is_obeyed_by_a_site_that_has_lost_all_its_input) {
  engine_bench bench{sixteen_boxes()};
  set_all(bench, connector_state::supplying, 0);
  bench.seconds(5);
  set_all(bench, connector_state::unspecified, 0);
  bench.seconds(40); // stale after 30 s, and 5 cycles
  ASSERT_TRUE(has_event(bench, "input_lost"));
  order(bench, thirty_amperes(bench));
  bench.seconds(2);
  for (int i = 0; i < 16; ++i)
    EXPECT_EQ(bench.told("B" + std::to_string(i)).count(), 0) << "6 A each would be 96 A";
}

TEST(site, LIM_7_an_order_is_obeyed_at_once_by_a_station_that_reports_again) {
  engine_bench bench{sixteen_boxes()};
  set_all(bench, connector_state::supplying, 0);
  bench.seconds(5);
  const auto breaker = [&] {
    const auto& all = bench.view()->breakers;
    return std::ranges::find(all, "station:B3", &domain::breaker_view::actor)->position;
  };
  bench.silent.insert("B3");
  bench.set("B3", connector_state::unspecified);
  for (int second = 0; second < 200 && breaker() != domain::breaker_position::open; ++second)
    bench.seconds(1);
  ASSERT_EQ(breaker(), domain::breaker_position::open);
  bench.silent.clear();
  bench.set("B3", connector_state::supplying, 6'000);
  bench.seconds(2);
  order(bench, nothing_at_all(bench));
  bench.seconds(4);
  EXPECT_EQ(bench.told("B3").count(), 0);
  EXPECT_EQ(breaker(), domain::breaker_position::closed);
}

TEST(site, LIM_7_an_order_is_obeyed_by_a_site_whose_actors_have_failed) {
  if (!has_test_doors) GTEST_SKIP() << "a release has no test doors";
  engine_bench bench{sixteen_boxes()};
  set_all(bench, connector_state::supplying, 0);
  bench.seconds(5);
  for (int i = 0; i < 6; ++i) bench.break_feeder(0); // intensity 5
  bench.seconds(2);
  ASSERT_EQ(bench.view()->mode, "safe");
  ASSERT_EQ(bench.told("B0").count(), 6'000);
  order(bench, thirty_amperes(bench));
  bench.seconds(2);
  for (int i = 0; i < 16; ++i)
    EXPECT_EQ(bench.told("B" + std::to_string(i)).count(), 0) << "6 A each would be 96 A";
}

TEST(site, LIM_2_an_operators_limit_outlives_the_engine) {
  domain::site_state remembered;
  {
    engine_bench bench{two_stations()};
    for (const auto* station : {"A", "B"}) bench.set(station, connector_state::supplying, 6'000);
    bench.seconds(3);
    domain::node_constraint limit;
    limit.node = domain::node_index{1u};
    limit.limit = {domain::limit_source::site_operator, std::nullopt, domain::watts{6'900}};
    order(bench, limit);
    order(bench, domain::configure_shedding{{}, 2});
    bench.seconds(2);
    remembered = bench.log.states.back();
  }
  engine_bench next{two_stations(), {}, &remembered};
  for (const auto* station : {"A", "B"}) next.set(station, connector_state::supplying, 6'000);
  next.seconds(3);
  ASSERT_EQ(next.view()->constraints.size(), 1u);
  // 6 900 W / (3 x 230 V) = 10 A: one minimum of 6 A fits, not two.
  EXPECT_LE(next.told("A").count() + next.told("B").count(), 10'000);
  EXPECT_EQ(next.view()->shedding.level, 2);
  EXPECT_TRUE(next.view()->shedding.is_forced);
}

TEST(site, OWN_1_LIFE_1_it_goes_on_under_another_file_with_its_sessions_and_limits) {
  const auto before =
      site_builder{}.feeder("f1", 40'000).station("A").station("B").fallback(6'000).build();
  engine_bench bench{before};
  bench.set("A", connector_state::disconnected);
  bench.set("B", connector_state::disconnected);
  bench.seconds(2);
  bench.ask("Alice", "A");
  bench.run();
  bench.set("A", connector_state::supplying, 32'000);
  bench.seconds(3);
  ASSERT_EQ(bench.view()->sessions.size(), 1u);
  domain::node_constraint limit;
  limit.node = domain::node_index{0u};
  limit.limit = {domain::limit_source::demand_response, std::nullopt, domain::watts{60'000}};
  order(bench, limit);
  bench.seconds(1);
  auto next = std::make_shared<domain::site>(*before);
  const domain::milliamperes ten{10'000};
  next->nodes[1].limits[0].current = domain::per_line<domain::milliamperes>{ten, ten, ten};
  domain::seal(*next);
  bench.replace_site(next);
  bench.seconds(1);
  EXPECT_FALSE(bench.connector("B").is_stale) << "what was heard is still known";
  EXPECT_EQ(bench.connector("B").reserved.count(), 0) << "it holds its lease";
  bench.seconds(1);
  EXPECT_EQ(bench.view()->owner, 2u);
  EXPECT_EQ(bench.told("A").count(), 10'000);
  ASSERT_EQ(bench.view()->sessions.size(), 1u);
  EXPECT_EQ(bench.view()->constraints.size(), 1u);
  EXPECT_TRUE(has_event(bench, "site_reloaded"));
  bench.set("A", connector_state::supplying, 10'000);
  bench.ask("Alice", "A", domain::request_kind::stop);
  bench.seconds(1);
  EXPECT_EQ(bench.log.count(domain::session_fact_kind::accepted), 1u);
  EXPECT_EQ(bench.log.count(domain::session_fact_kind::completed), 1u);
}

TEST(site, an_operators_limit_of_a_connector_ends_with_its_time) {
  engine_bench bench{two_stations()};
  bench.set("A", connector_state::supplying, 6'000);
  bench.seconds(3);
  domain::connector_constraint limit;
  limit.connector = domain::connector_index{0u};
  limit.current = domain::per_line<domain::milliamperes>{
      domain::milliamperes{10'000}, domain::milliamperes{12'000}, domain::milliamperes{11'000}};
  limit.until = bench.now + std::chrono::seconds{5};
  order(bench, limit);
  bench.seconds(2);
  EXPECT_EQ(bench.told("A").count(), 10'000); // the smallest of its lines
  EXPECT_EQ(bench.connector("A").because.which, domain::rule::site_operator);
  bench.seconds(6);
  EXPECT_EQ(bench.told("A").count(), 32'000);
}

TEST(site, load_shedding_acts_on_a_rise_that_the_split_could_not_know) {
  auto site = std::make_shared<domain::site>(
      *site_builder{}.meter().feeder("f1", 90'000).station("A").station("B").build());
  site->stations[0].priority = 3;
  engine_bench bench{site};
  for (const auto* station : {"A", "B"}) bench.set(station, connector_state::supplying, 30'000);
  for (int i = 0; i < 5; ++i) {
    bench.meter("service", 70'000); // 60 A of vehicles, 10 A of the house: 70 of 100 A
    bench.seconds(1);
  }
  EXPECT_EQ(bench.view()->shedding.level, 0);
  bench.meter("service", 96'000); // the house takes 36 A: 26 A more than a plan knew
  bench.seconds(1);
  bench.meter("service", 96'000);
  bench.seconds(1);
  EXPECT_GE(bench.view()->shedding.level, 1);
  EXPECT_TRUE(has_event(bench, "load_shedding", "priority 3 and below reduced by 20 %"));
  // 32 A less 20 %, rounded down to mA.
  EXPECT_LE(bench.told("A").count(), 25'600);
  EXPECT_GE(bench.view()->shedding.connectors_reduced, 1u);
}

TEST(site, load_shedding_that_was_set_by_hand_says_that_its_release_lifts_it) {
  engine_bench bench{two_stations()};
  for (const auto* station : {"A", "B"}) bench.set(station, connector_state::supplying, 6'000);
  bench.seconds(3);
  order(bench, domain::configure_shedding{{}, 4});
  bench.seconds(2);
  const auto stopped = bench.view()->connectors[0];
  EXPECT_EQ(stopped.because.which, domain::rule::load_shedding) << "priority 5";
  EXPECT_EQ(stopped.lifted_by.level_by_hand, 4);
  EXPECT_TRUE(has_event(bench, "load_shedding", "stopped; set by hand, until it is released"));
  order(bench, domain::configure_shedding{{}, std::nullopt});
  bench.seconds(1);
  EXPECT_FALSE(bench.view()->connectors[0].lifted_by.level_by_hand);
}

TEST(site, load_shedding_leaves_what_the_split_hands_out_alone) {
  engine_bench bench{two_stations()};
  for (const auto* station : {"A", "B"}) bench.set(station, connector_state::supplying, 20'000);
  bench.seconds(30); // 40 of 40 A, all of it granted
  EXPECT_EQ(bench.view()->shedding.level, 0);
  EXPECT_FALSE(has_event(bench, "load_shedding"));
}

TEST(site, FAIR_2_a_vehicle_that_three_lines_cannot_carry_is_switched_to_one) {
  auto site = std::make_shared<domain::site>(
      *site_builder{}.feeder("f1", 32'000).station("A").build());
  site->connectors[0].can_switch_phases = true;
  site->nodes[1].unmanaged = domain::per_line<domain::milliamperes>{
      domain::milliamperes{2'000}, domain::milliamperes{30'000}, domain::milliamperes{30'000}};
  engine_bench bench{site};
  bench.set("A", connector_state::disconnected);
  bench.seconds(2);
  bench.ask("Alice", "A");
  bench.run();
  bench.set("A", connector_state::activated);
  bench.seconds(5);
  EXPECT_EQ(commands_of(bench, domain::command_kind::set_phases), 1u);
  EXPECT_EQ(bench.connector("A").lines_now, 1);
  EXPECT_EQ(bench.told("A").count(), 30'000); // 32 A - 2 A on L1; 2 A on L2 and L3 carry nobody
  bench.set("A", connector_state::supplying, 30'000);
  bench.seconds(5);
  EXPECT_EQ(commands_of(bench, domain::command_kind::set_phases), 1u);
}

TEST(site, its_view_shows_how_stations_follow) {
  engine_bench bench{two_stations()};
  bench.set("A", connector_state::disconnected);
  bench.seconds(2);
  bench.ask("Alice", "A");
  bench.run();
  bench.set("A", connector_state::supplying, 30'000);
  bench.seconds(5);
  const auto& seen = bench.connector("A");
  ASSERT_TRUE(seen.tracking_error.has_value());
  EXPECT_EQ(seen.acknowledged.count(), 32'000);
  EXPECT_EQ(seen.tracking_error->count(), -2'000); // 30 A drawn of 32 A
}

} // namespace busbar::actors
