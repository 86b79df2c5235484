// KEEP-2: a snapshot and what the topics hold after it are the state, wherever the snapshot ends.

#include "site/catch_up.hpp"

#include <gtest/gtest.h>

#include <utility>
#include <vector>

namespace busbar::site {
namespace {

using domain::command_kind;
using domain::connector_index;
using domain::milliamperes;
using domain::session_fact_kind;

const domain::session_id first{"CP-1.4.1"};
constexpr domain::sequence number = 4ULL << 32U;

std::optional<connector_index> find(const domain::station_id& station,
                                    const domain::connector_id& connector) {
  if (station.text() != "CP-1") return std::nullopt;
  return connector_index{connector.text() == "left" ? 0U : 1U};
}

std::optional<domain::station_index> find_station(const domain::station_id& station) {
  if (station.text() != "CP-1") return std::nullopt;
  return domain::station_index{3U};
}

const place_finder places{find, find_station};

domain::session_fact fact(session_fact_kind kind, std::int64_t register_now = 1'000,
                          const domain::session_id& session = first) {
  domain::session_fact made;
  made.kind = kind;
  made.session = session;
  made.request = domain::request_id{"r-1"};
  made.driver = domain::driver_id{"Alice"};
  made.station = domain::station_id{"CP-1"};
  made.connector = domain::connector_id{"left"};
  made.register_start_wh = 1'000;
  made.register_now_wh = register_now;
  made.at = domain::instant{std::chrono::seconds{50}};
  return made;
}

domain::command command(command_kind kind, domain::sequence at, std::int64_t ma = 0) {
  domain::command made;
  made.kind = kind;
  made.connector = connector_index{0U};
  made.number = number + at;
  made.current = milliamperes{ma};
  if (kind != command_kind::grant) made.session = first;
  return made;
}

class catch_up_test : public testing::Test {
protected:
  catch_up_test() {
    state.owner = 4;
    state.topology_hash = 7;
  }

  void commands(std::vector<domain::command> all, domain::epoch owner = 4,
                std::uint64_t tree = 7) {
    domain::command_batch batch;
    batch.owner = owner;
    batch.topology_hash = tree;
    batch.commands = std::move(all);
    since.commands.push_back(std::move(batch));
  }

  void accepted(domain::sequence at) {
    domain::result_batch batch;
    batch.owner = 4;
    batch.topology_hash = 7;
    batch.results.push_back(
        {connector_index{0U}, number + at, domain::outcome::accepted, {}, {}, {}, {}});
    since.results.push_back(std::move(batch));
  }

  domain::site_state run() {
    auto made = state;
    catch_up(made, since, places);
    return made;
  }

  domain::site_state state;
  records_since since;
};

TEST_F(catch_up_test, KEEP_2_an_accepted_session_is_open_with_all_that_its_fact_says) {
  since.facts = {fact(session_fact_kind::accepted), fact(session_fact_kind::in_progress, 1'250)};
  commands({command(command_kind::start, 1)});
  const auto now = run();
  ASSERT_EQ(now.sessions.size(), 1U);
  EXPECT_EQ(now.sessions[0].id, first);
  EXPECT_EQ(now.sessions[0].driver.text(), "Alice");
  EXPECT_EQ(now.sessions[0].connector, connector_index{0U});
  EXPECT_EQ(now.sessions[0].register_start_wh, 1'000);
  EXPECT_EQ(now.sessions[0].register_now_wh, 1'250);
  EXPECT_EQ(now.sessions[0].start_waits, number + 1);
}

TEST_F(catch_up_test, KEEP_1_a_session_whose_start_is_in_no_command_owes_one) {
  since.facts = {fact(session_fact_kind::accepted)};
  EXPECT_EQ(run().sessions.at(0).start_waits, domain::never_sent);
}

TEST_F(catch_up_test, KEEP_1_a_start_that_a_snapshot_waits_for_and_no_command_holds_is_owed) {
  since.facts = {fact(session_fact_kind::accepted)};
  commands({command(command_kind::start, 1)});
  state = run();
  state.at = domain::instant{std::chrono::seconds{51}}; // its session began at 50 s
  EXPECT_EQ(run().sessions.at(0).start_waits, number + 1);
  since.commands.clear();
  EXPECT_EQ(run().sessions.at(0).start_waits, domain::never_sent);
  // Older than the span: its start may lie before it.
  state.at = domain::instant{std::chrono::seconds{60}};
  EXPECT_EQ(run().sessions.at(0).start_waits, number + 1);
}

TEST_F(catch_up_test, KEEP_2_an_answered_start_waits_no_more) {
  since.facts = {fact(session_fact_kind::accepted)};
  commands({command(command_kind::start, 1)});
  accepted(1);
  EXPECT_EQ(run().sessions.at(0).start_waits, std::nullopt);
}

TEST_F(catch_up_test, LIFE_1_a_completed_session_is_gone_and_an_open_bill_waits) {
  since.facts = {fact(session_fact_kind::accepted), fact(session_fact_kind::completed, 1'300)};
  EXPECT_TRUE(run().sessions.empty());
  EXPECT_TRUE(run().unsettled.empty());
  since.facts.back().is_bill_open = true;
  ASSERT_EQ(run().unsettled.size(), 1U);
  EXPECT_EQ(run().unsettled[0].register_now_wh, 1'300);
  since.facts.push_back(fact(session_fact_kind::settled, 1'310));
  EXPECT_TRUE(run().unsettled.empty());
}

TEST_F(catch_up_test, LIFE_1_a_bill_that_waits_learns_where_its_session_began) {
  since.facts = {fact(session_fact_kind::accepted), fact(session_fact_kind::completed, 1'300)};
  since.facts.back().is_bill_open = true;
  commands({command(command_kind::start, 1)});
  EXPECT_EQ(run().unsettled.at(0).start_waits, number + 1);
  accepted(1);
  since.results.back().results[0].register_at = domain::watt_hours{1'100};
  const auto billed = run().unsettled.at(0);
  EXPECT_FALSE(billed.start_waits);
  EXPECT_EQ(billed.register_begun_wh, 1'100);
  EXPECT_EQ(billed.register_start_wh, 1'000) << "as it was billed";
}

TEST_F(catch_up_test, KEEP_2_a_changed_wish_is_the_sessions) {
  since.facts = {fact(session_fact_kind::accepted), fact(session_fact_kind::changed)};
  since.facts.back().energy_wanted = domain::watt_hours{5'000};
  EXPECT_EQ(run().sessions.at(0).energy_wanted, domain::watt_hours{5'000});
}

TEST_F(catch_up_test, LIM_1_what_was_told_and_not_answered_stays_reserved) {
  state.told.push_back({connector_index{0U}, number + 5, milliamperes{8'000}, milliamperes{8'000}});
  commands({command(command_kind::grant, 6, 20'000), command(command_kind::grant, 7, 10'000)});
  const auto waiting = run().told.at(0);
  EXPECT_EQ(waiting.number, number + 7);
  EXPECT_EQ(waiting.told.count(), 10'000);
  EXPECT_EQ(waiting.acknowledged.count(), 20'000);
  accepted(7);
  EXPECT_EQ(run().told.at(0).acknowledged.count(), 10'000);
}

TEST_F(catch_up_test, OWN_1_commands_of_strangers_and_of_another_tree_are_left_out) {
  commands({command(command_kind::grant, 1, 20'000)}, 9);
  commands({command(command_kind::grant, 2, 20'000)}, 3);
  commands({command(command_kind::grant, 3, 20'000)}, 4, 8);
  EXPECT_TRUE(run().told.empty());
}

TEST_F(catch_up_test, KEEP_2_a_stop_that_waits_stays_owed) {
  since.facts = {fact(session_fact_kind::accepted)};
  commands({command(command_kind::start, 1), command(command_kind::stop, 2)});
  accepted(1);
  EXPECT_EQ(run().sessions.at(0).stop_waits, number + 2);
  EXPECT_EQ(run().sessions.at(0).stopping_because, "driver");
}

domain::session_fact reserved_for(const char* driver) {
  auto made = fact(session_fact_kind::accepted, 0, {});
  made.connector.reset();
  made.driver = domain::driver_id{driver};
  made.why = "reserved";
  return made;
}

TEST_F(catch_up_test, KEEP_1_a_reservation_that_was_accepted_is_kept) {
  since.facts = {reserved_for("Bob"), reserved_for("Alice")};
  const auto kept = run().reservations;
  ASSERT_EQ(kept.size(), 1U);
  EXPECT_EQ(kept[0].station, domain::station_index{3U});
  EXPECT_EQ(kept[0].driver.text(), "Alice");
  // Accepted at 50 s, kept for 900 s.
  EXPECT_EQ(kept[0].until, domain::instant{std::chrono::seconds{950}});
}

TEST_F(catch_up_test, KEEP_1_a_session_at_the_station_ends_its_reservation_and_no_other) {
  state.reservations = {{domain::station_index{3U}, domain::driver_id{"Alice"}, {}},
                        {domain::station_index{4U}, domain::driver_id{"Bob"}, {}}};
  since.facts = {fact(session_fact_kind::accepted)};
  const auto kept = run().reservations;
  ASSERT_EQ(kept.size(), 1U);
  EXPECT_EQ(kept[0].driver.text(), "Bob");
}

TEST_F(catch_up_test, OCPP_7_a_transaction_that_its_station_began_owes_no_start) {
  since.facts = {fact(session_fact_kind::accepted)};
  since.facts[0].began_at = domain::instant{std::chrono::seconds{17}};
  const auto session = run().sessions.at(0);
  EXPECT_FALSE(session.start_waits);
  EXPECT_EQ(session.started_at, domain::instant{std::chrono::seconds{17}});
}

TEST_F(catch_up_test, OCPP_7_one_that_was_over_when_it_was_reported_ends_no_reservation) {
  state.reservations = {{domain::station_index{3U}, domain::driver_id{"Bob"}, {}}};
  since.facts = {fact(session_fact_kind::accepted), fact(session_fact_kind::completed, 1'250)};
  since.facts[0].began_at = domain::instant{std::chrono::seconds{17}};
  EXPECT_EQ(run().reservations.size(), 1U);
  since.facts[0].began_at.reset();
  EXPECT_TRUE(run().reservations.empty());
}

/// Wherever the snapshot was made: the records before it, read again, change nothing.
TEST_F(catch_up_test, KEEP_2_every_cut_of_a_history_comes_to_the_same_state) {
  const domain::session_id next{"CP-1.4.2"};
  since.facts = {fact(session_fact_kind::accepted), fact(session_fact_kind::in_progress, 1'100),
                 fact(session_fact_kind::completed, 1'200),
                 fact(session_fact_kind::accepted, 1'000, next),
                 fact(session_fact_kind::in_progress, 1'050, next)};
  commands({command(command_kind::start, 1), command(command_kind::grant, 2, 16'000)});
  commands({command(command_kind::stop, 3)});
  commands({command(command_kind::grant, 4, 9'000), command(command_kind::start, 5)});
  since.commands.back().commands.back().session = next;
  for (const auto at : {1, 2, 3, 4, 5}) accepted(static_cast<domain::sequence>(at));
  const auto whole = run();
  ASSERT_EQ(whole.sessions.size(), 1U);
  EXPECT_EQ(whole.sessions[0].id, next);
  auto again = whole;
  catch_up(again, since, places);
  EXPECT_EQ(again, whole);
}

} // namespace
} // namespace busbar::site
