// What drivers want and when they leave: told back, changed, kept, and what will be missed.

#include "tests/actors/engine_bench.hpp"
#include "tests/builders/site_builder.hpp"

#include <gtest/gtest.h>

namespace busbar::actors {

using domain::connector_state;
using domain::request_kind;
using domain::session_fact_kind;
using domain::watt_hours;
using std::chrono::hours;
using std::chrono::seconds;
using tests::engine_bench;
using tests::site_builder;

namespace {

/// Two cars of 32 A on a feeder of 40 A.
std::shared_ptr<const domain::site> two_stations(domain::policy policy = domain::policy::equal) {
  auto site = *site_builder{}.feeder("f-dc", 40'000).station("A").station("B").build();
  site.split = policy;
  return std::make_shared<const domain::site>(std::move(site));
}

domain::driver_request wish(const std::string& driver, const std::string& station,
                            std::optional<watt_hours> energy,
                            std::optional<domain::instant> departs_at,
                            request_kind kind = request_kind::start) {
  domain::driver_request request;
  request.driver = domain::driver_id{driver};
  request.station = domain::station_id{station};
  request.kind = kind;
  request.energy_wanted = energy;
  request.departs_at = departs_at;
  return request;
}

/// What A's register says of Alice's session.
std::int64_t delivered_wh(const engine_bench& bench) {
  const auto& kept = bench.log.states.back().sessions.at(0);
  return bench.connector("A").energy_wh - kept.register_start_wh;
}

/// Alice charges at A.
void begin(engine_bench& bench, std::optional<watt_hours> energy,
           std::optional<domain::instant> departs_at) {
  for (const auto* station : {"A", "B"}) bench.set(station, connector_state::disconnected);
  bench.seconds(2);
  bench.ask(wish("Alice", "A", energy, departs_at));
  bench.run();
  ASSERT_EQ(bench.log.count(session_fact_kind::accepted), 1u);
  bench.set("A", connector_state::supplying, 20'000);
  bench.seconds(3);
}

} // namespace

TEST(departures, come_out_in_facts_in_the_view_and_in_the_changelog) {
  engine_bench bench{two_stations()};
  const auto leaves = bench.now + hours{10};
  begin(bench, watt_hours{20'000}, leaves);
  const auto& session = bench.view()->sessions.at(0);
  EXPECT_EQ(session.energy_wanted, watt_hours{20'000});
  EXPECT_EQ(session.departs_at, leaves);
  EXPECT_EQ(*bench.connector("A").energy_wanted, watt_hours{20'000});
  EXPECT_EQ(*bench.connector("A").departs_at, leaves);
  for (const auto kind : {session_fact_kind::accepted, session_fact_kind::in_progress}) {
    EXPECT_EQ(bench.log.newest(kind)->energy_wanted, watt_hours{20'000});
    EXPECT_EQ(bench.log.newest(kind)->departs_at, leaves);
  }
  EXPECT_EQ(bench.log.states.back().sessions.at(0).departs_at, leaves);
  // One who is denied is told what it asked for, too.
  bench.ask(wish("Bob", "A", watt_hours{7'000}, leaves));
  bench.run();
  EXPECT_EQ(bench.log.newest(session_fact_kind::denied)->energy_wanted, watt_hours{7'000});
  EXPECT_EQ(bench.log.newest(session_fact_kind::denied)->departs_at, leaves);
}

TEST(departures, a_change_is_a_fact_and_is_known_in_the_next_plan_and_after_a_restart) {
  domain::site_state remembered;
  const auto site = two_stations();
  domain::instant later;
  {
    engine_bench bench{site};
    begin(bench, watt_hours{20'000}, bench.now + hours{10});
    later = bench.now + hours{3};
    bench.ask(wish("Alice", "A", watt_hours{9'000}, later, request_kind::change));
    bench.run(); // no pulse in between
    ASSERT_EQ(bench.log.count(session_fact_kind::changed), 1u);
    const auto& told = *bench.log.newest(session_fact_kind::changed);
    EXPECT_EQ(told.energy_wanted, watt_hours{9'000});
    EXPECT_EQ(told.departs_at, later);
    EXPECT_EQ(told.request.text(), "r2");
    bench.seconds(2);
    EXPECT_EQ(bench.view()->sessions.at(0).energy_wanted, watt_hours{9'000});
    EXPECT_EQ(bench.drivers().at(0).state, "charging");
    bench.seconds(10); // a snapshot later
    remembered = bench.log.states.back();
  }
  engine_bench successor{site, {}, &remembered};
  successor.set("A", connector_state::supplying, 20'000);
  successor.seconds(2);
  EXPECT_EQ(successor.view()->sessions.at(0).energy_wanted, watt_hours{9'000});
  EXPECT_EQ(successor.view()->sessions.at(0).departs_at, later);
}

TEST(departures, a_change_states_the_departure_by_the_clocks_at_the_site) {
  auto site = *two_stations();
  site.zone = {"Europe/Berlin", {{{}, hours{1}}}};
  engine_bench bench{std::make_shared<const domain::site>(site)}; // from 22:13:20 UTC on
  begin(bench, watt_hours{20'000}, bench.now + hours{10});
  const auto ask = [&](std::optional<domain::instant> leaves) {
    bench.ask(wish("Alice", "A", {}, leaves, request_kind::change));
    bench.run();
    return bench.log.newest(session_fact_kind::changed)->why;
  };
  EXPECT_EQ(ask(bench.now + hours{3}), "leaves at 02:13");
  EXPECT_EQ(ask(bench.now + hours{27}), "leaves at 2023-11-16 02:13");
  EXPECT_EQ(ask(std::nullopt), "says no departure");
}

TEST(departures, FAIR_3_who_is_to_leave_first_from_now_on_goes_first_from_now_on) {
  engine_bench bench{two_stations(domain::policy::earliest_deadline)};
  begin(bench, {}, bench.now + hours{10});
  bench.ask(wish("Bob", "B", {}, bench.now + hours{5}));
  bench.run();
  for (const auto* station : {"A", "B"}) bench.set(station, connector_state::supplying, 6'000);
  bench.seconds(10);
  EXPECT_EQ(bench.told("B").count(), 32'000); // leaves first
  EXPECT_EQ(bench.told("A").count(), 8'000);  // 40 A - 32 A
  bench.ask(wish("Alice", "A", {}, bench.now + hours{1}, request_kind::change));
  bench.seconds(10);
  EXPECT_EQ(bench.told("A").count(), 32'000);
  EXPECT_EQ(bench.told("B").count(), 8'000);
}

TEST(departures, a_change_that_is_not_possible_is_denied_with_field_value_and_range) {
  engine_bench bench{two_stations()};
  begin(bench, watt_hours{20'000}, bench.now + hours{10});
  const auto refused = [&](const domain::driver_request& request) {
    bench.ask(request);
    bench.run();
    return bench.log.newest(session_fact_kind::denied)->why;
  };
  EXPECT_TRUE(refused(wish("Alice", "A", {}, bench.now, request_kind::change))
                  .starts_with("departs_at is "));
  EXPECT_EQ(refused(wish("Alice", "A", watt_hours{2'000'000}, {}, request_kind::change)),
            "energy_wanted_wh is 2000000: allowed is " +
                std::to_string(delivered_wh(bench)) +
                " (delivered already) to 1000000");
  EXPECT_EQ(refused(wish("Bob", "A", {}, {}, request_kind::change)), "no such session");
  EXPECT_EQ(bench.log.count(session_fact_kind::changed), 0u);
  EXPECT_EQ(bench.view()->sessions.at(0).energy_wanted, watt_hours{20'000});
  EXPECT_EQ(bench.drivers().at(0).state, "charging");
}

TEST(departures, energy_can_be_changed_after_the_departure_that_was_said_has_passed) {
  engine_bench bench{two_stations()};
  const auto leaves = bench.now + seconds{10};
  begin(bench, watt_hours{20'000}, leaves);
  bench.seconds(10);
  bench.ask(wish("Alice", "A", watt_hours{30'000}, leaves, request_kind::change));
  bench.run();
  EXPECT_EQ(bench.log.count(session_fact_kind::changed), 1u);
}

TEST(departures, a_session_that_will_miss_what_it_wants_says_so_once_and_takes_it_back) {
  engine_bench bench{two_stations()};
  const auto leaves = bench.now + hours{2};
  begin(bench, watt_hours{40'000}, leaves);
  bench.ask(wish("Bob", "B", {}, {}));
  bench.run();
  bench.set("B", connector_state::supplying, 20'000);
  bench.seconds(90);
  const auto* said = bench.log.event("session_short");
  ASSERT_NE(said, nullptr);
  EXPECT_EQ(bench.log.count("session_short"), 1u);
  EXPECT_EQ(said->level, domain::severity::warning);
  EXPECT_EQ(said->subject, "A-1");
  EXPECT_NE(said->text.find(" kWh short at "), std::string::npos) << said->text;
  EXPECT_NE(said->text.find("because of f-dc (wants 40 kWh)"), std::string::npos) << said->text;
  const auto view = bench.view();
  const auto& session = view->sessions.at(0);
  ASSERT_TRUE(session.forecast);
  // 20 A * 3 * 230 V = 13 800 W until then
  const auto left = std::chrono::floor<seconds>(leaves - view->at).count();
  EXPECT_EQ(session.forecast->expected.count(), delivered_wh(bench) + 13'800 * left / 3'600);
  EXPECT_EQ(session.forecast->shortfall, watt_hours{40'000} - session.forecast->expected);
  EXPECT_EQ(session.forecast->because.node, domain::node_index{1U});
  EXPECT_EQ(bench.connector("A").shortfall, session.forecast->shortfall);
  EXPECT_FALSE(view->sessions.at(1).forecast) << "Bob has said nothing";
  bench.ask(wish("Alice", "A", watt_hours{20'000}, leaves, request_kind::change));
  bench.seconds(90);
  EXPECT_EQ(bench.log.count("session_on_time"), 1u);
  EXPECT_EQ(bench.view()->sessions.at(0).forecast->shortfall.count(), 0);
}

} // namespace busbar::actors
