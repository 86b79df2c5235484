#include "site/driver_requests.hpp"
#include "tests/site/station_bench.hpp"

#include <gtest/gtest.h>

namespace busbar::site {

using domain::session_fact_kind;
using std::chrono::seconds;
using tests::station_bench;

namespace {

const auto start = station_bench::start;

struct request_bench : station_bench {
  session_machine sessions{channel};
  driver_requests requests{channel, sessions};

  station_effects ask(domain::request_kind kind, const char* driver, const char* connector = "",
                      domain::instant at = start) {
    auto asked = request(kind, driver);
    asked.connector = domain::connector_id{connector};
    return ask(asked, at);
  }
  station_effects ask(const domain::driver_request& asked, domain::instant at) {
    return ask(asked, at, facts());
  }
  station_effects ask(const domain::driver_request& asked, domain::instant at,
                      const station_facts& known) {
    station_effects out;
    requests.take(out, asked, known, at);
    return out;
  }

  /// A transaction of Alice at A-2 that its station began an hour before `start`.
  static domain::driver_request reported() {
    auto made = request(domain::request_kind::start, "Alice");
    made.connector = domain::connector_id{"A-2"};
    made.reported = domain::reported_transaction{start - seconds{3'600}, 900, {}, {}};
    return made;
  }
  /// It lasted half an hour.
  static domain::driver_request ended(std::int64_t energy_wh) {
    auto made = reported();
    made.reported->ended_at = made.reported->began_at + seconds{1'800};
    made.reported->register_stop_wh = 900 + energy_wh;
    return made;
  }
};

} // namespace

TEST(driver_requests, a_second_driver_gets_the_second_connector_and_a_third_is_denied) {
  request_bench bench;
  const auto begin = domain::request_kind::start;
  EXPECT_EQ(bench.ask(begin, "Alice").commands.at(0).connector.value(), 0u);
  EXPECT_EQ(bench.ask(begin, "Bob").commands.at(0).connector.value(), 1u);
  EXPECT_EQ(bench.ask(begin, "Eve").facts.at(0).why, "occupied");
}

TEST(driver_requests, a_named_connector_is_the_one_that_is_used) {
  request_bench bench;
  const auto begin = domain::request_kind::start;
  EXPECT_EQ(bench.ask(begin, "Alice", "A-2").commands.at(0).connector.value(), 1u);
  EXPECT_EQ(bench.ask(begin, "Bob", "A-2").facts.at(0).why, "occupied")
      << "A-1 is free and not meant";
  EXPECT_EQ(bench.ask(begin, "Eve", "A-3").facts.at(0).why,
            "station 'A' has no connector 'A-3'");
}

TEST(driver_requests, a_stop_is_for_the_drivers_own_session) {
  request_bench bench;
  bench.ask(domain::request_kind::start, "Alice");
  EXPECT_EQ(bench.ask(domain::request_kind::stop, "Bob").facts.at(0).why, "no such session");
  EXPECT_EQ(bench.ask(domain::request_kind::stop, "Alice").commands.size(), 1u);
}

TEST(driver_requests, a_stop_that_states_why_ends_the_session_with_that_reason) {
  request_bench bench;
  bench.ask(domain::request_kind::start, "Alice");
  auto stop = station_bench::request(domain::request_kind::stop, "Alice");
  stop.why = "not resumed after a boot";
  EXPECT_EQ(bench.ask(stop, start).commands.size(), 1u);
  EXPECT_EQ(bench.notes[0].session->stopping_because, "not resumed after a boot");
}

TEST(driver_requests, KEEP_1_a_stop_that_reports_its_register_is_the_end_and_the_bill) {
  request_bench bench;
  const auto begun = bench.ask(bench.reported(), start, bench.facts(900));
  auto stop = request_bench::ended(700);
  stop.kind = domain::request_kind::stop;
  stop.session = begun.facts.at(0).session;
  const auto over = bench.ask(stop, start + seconds{5});
  EXPECT_TRUE(over.commands.empty()) << "its station has ended it";
  ASSERT_EQ(over.facts.size(), 1u);
  EXPECT_EQ(over.facts[0].kind, session_fact_kind::completed);
  EXPECT_EQ(over.facts[0].energy.count(), 700);
  EXPECT_EQ(over.facts[0].why, "driver");
  EXPECT_TRUE(bench.ask(stop, start + seconds{6}).facts.empty()) << "one bill";
}

TEST(driver_requests, KEEP_1_a_stop_before_its_session_is_named_means_that_of_the_start) {
  request_bench bench;
  bench.ask(bench.reported(), start, bench.facts(900));
  auto stop = request_bench::ended(700);
  stop.kind = domain::request_kind::stop;
  stop.begun_by = domain::request_id{"another"};
  EXPECT_TRUE(bench.ask(stop, start).facts.empty());
  stop.begun_by = bench.reported().id;
  EXPECT_EQ(bench.ask(stop, start).facts.at(0).energy.count(), 700);
}

TEST(driver_requests, KEEP_1_an_ordered_stop_that_is_reported_first_ends_for_its_own_reason) {
  request_bench bench;
  const auto begun = bench.ask(bench.reported(), start, bench.facts(900));
  station_effects out;
  bench.sessions.stop(out, bench.notes[1], "energy reached");
  auto stop = request_bench::ended(700);
  stop.kind = domain::request_kind::stop;
  stop.session = begun.facts.at(0).session;
  const auto over = bench.ask(stop, start + seconds{5});
  ASSERT_EQ(over.facts.size(), 1u);
  EXPECT_EQ(over.facts[0].why, "energy reached");
  auto answered = bench.notice(notice_kind::answered, start, out.commands.at(0).number, 2'000);
  answered.connector = out.commands[0].connector;
  station_effects later;
  bench.sessions.answered(later, bench.notes[1], answered);
  EXPECT_TRUE(later.facts.empty()) << "one bill";
}

TEST(driver_requests, KEEP_1_a_reported_stop_settles_a_bill_that_waits) {
  request_bench bench;
  const auto begun = bench.ask(bench.reported(), start, bench.facts(900));
  station_effects out;
  bench.sessions.stop(out, bench.notes[1], "driver");
  auto lost = bench.notice(notice_kind::overdue, start + seconds{31}, out.commands.at(0).number);
  lost.connector = out.commands[0].connector;
  bench.sessions.overdue(out, bench.notes[1], lost);
  ASSERT_TRUE(out.facts.back().is_bill_open);
  auto stop = request_bench::ended(700);
  stop.kind = domain::request_kind::stop;
  stop.session = begun.facts.at(0).session;
  const auto settled = bench.ask(stop, start + seconds{40});
  ASSERT_EQ(settled.facts.size(), 1u);
  EXPECT_EQ(settled.facts[0].kind, session_fact_kind::settled);
  EXPECT_EQ(settled.facts[0].energy.count(), 700);
}

TEST(driver_requests, a_station_held_for_one_driver_is_denied_to_others_for_15_minutes) {
  request_bench bench;
  EXPECT_EQ(bench.ask(domain::request_kind::reserve, "Alice").facts.at(0).why, "reserved");
  const auto begin = domain::request_kind::start;
  EXPECT_EQ(bench.ask(begin, "Bob").facts.at(0).why, "reserved");
  EXPECT_EQ(bench.ask(begin, "Bob", "", start + seconds{901}).facts.at(0).kind,
            session_fact_kind::accepted);
}

TEST(driver_requests, a_start_by_the_driver_that_it_is_held_for_ends_the_reservation) {
  request_bench bench;
  bench.ask(domain::request_kind::reserve, "Alice");
  EXPECT_EQ(bench.ask(domain::request_kind::start, "Alice").commands.size(), 1u);
  EXPECT_EQ(bench.book.reserved, nullptr);
}

TEST(driver_requests, what_a_driver_wants_of_an_open_session_can_be_changed_until_it_stops) {
  request_bench bench;
  bench.ask(domain::request_kind::start, "Alice");
  auto wish = station_bench::request(domain::request_kind::change, "Alice");
  wish.energy_wanted = domain::watt_hours{20'000};
  const auto changed = bench.ask(wish, start + seconds{1});
  ASSERT_EQ(changed.facts.size(), 1u);
  EXPECT_EQ(changed.facts[0].kind, session_fact_kind::changed);
  ASSERT_EQ(changed.sessions.size(), 1u);
  EXPECT_EQ(changed.sessions[0].session->energy_wanted, domain::watt_hours{20'000});
  bench.ask(domain::request_kind::stop, "Alice");
  EXPECT_EQ(bench.ask(wish, start + seconds{2}).facts.at(0).why, "the session is ending");
}

TEST(driver_requests, OCPP_7_a_transaction_that_has_begun_has_its_session_whatever_the_station_is) {
  request_bench bench;
  auto known = bench.facts();
  known.is_silent = known.is_unhealthy = known.is_site_safe = true;
  known.readings[1].state = domain::connector_state::supplying;
  const auto out = bench.ask(request_bench::reported(), start, known);
  ASSERT_EQ(out.facts.size(), 1u);
  EXPECT_EQ(out.facts[0].kind, session_fact_kind::accepted);
  EXPECT_EQ(out.facts[0].began_at, start - seconds{3'600});
  EXPECT_EQ(out.facts[0].register_start_wh, 900);
  EXPECT_EQ(out.facts[0].energy.count(), 4'100) << "what the register has counted since";
  EXPECT_TRUE(out.commands.empty()) << "it runs: there is nothing to start";
  EXPECT_FALSE(bench.notes[1].session->start_waits);
  EXPECT_EQ(bench.ask(request_bench::reported(), start).facts.at(0).why, "occupied")
      << "the session before it has not ended yet";
}

TEST(driver_requests, OCPP_7_a_transaction_that_is_over_is_billed_by_its_own_times_and_registers) {
  request_bench bench;
  const auto out = bench.ask(request_bench::ended(500), start);
  ASSERT_EQ(out.facts.size(), 2u);
  EXPECT_EQ(out.facts[0].kind, session_fact_kind::accepted);
  EXPECT_EQ(out.facts[1].kind, session_fact_kind::completed);
  EXPECT_EQ(out.facts[1].session, out.facts[0].session);
  EXPECT_EQ(out.facts[1].at, start);
  EXPECT_EQ(out.facts[1].energy.count(), 500);
  EXPECT_TRUE(out.commands.empty());
  EXPECT_TRUE(out.events.empty());
  EXPECT_EQ(bench.notes[1].session, nullptr) << "the connector is as it was";
}

TEST(driver_requests, LIFE_1_a_report_of_more_than_rating_and_time_allow_keeps_the_rest_apart) {
  request_bench bench;
  // 32 A on three lines for half an hour and the five minutes of reports are 12 880 Wh, and 15 %
  // more.
  const auto out = bench.ask(request_bench::ended(50'000), start);
  EXPECT_EQ(out.facts.at(1).energy.count(), 14'813);
  ASSERT_EQ(out.events.size(), 1u);
  EXPECT_EQ(out.events[0].kind, "energy_kept_apart");
}

TEST(driver_requests, OCPP_7_a_report_leaves_the_session_of_now_alone) {
  request_bench bench;
  bench.ask(domain::request_kind::start, "Bob", "A-2");
  const auto bobs = bench.notes[1].session->state;
  bench.ask(request_bench::ended(500), start);
  ASSERT_NE(bench.notes[1].session, nullptr);
  EXPECT_EQ(bench.notes[1].session->state, bobs);
}

} // namespace busbar::site
