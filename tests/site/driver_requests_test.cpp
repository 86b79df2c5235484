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
    station_effects out;
    requests.take(out, asked, facts(), at);
    return out;
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

} // namespace busbar::site
