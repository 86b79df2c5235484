#include "control/sessions/driver_record.hpp"

#include <gtest/gtest.h>

namespace busbar::control::sessions {

using domain::instant;
using domain::request_kind;
using domain::session_fact_kind;
using std::chrono::seconds;

namespace {

const instant start{seconds{1'000'000}};

struct driver_bench {
  driver_settings settings;
  driver_record record{domain::driver_id{"Alice"}};

  static domain::driver_request request(const char* id, request_kind kind = request_kind::start) {
    domain::driver_request made;
    made.id = domain::request_id{id};
    made.driver = domain::driver_id{"Alice"};
    made.site = domain::site_id{"garage"};
    made.station = domain::station_id{"A"};
    made.kind = kind;
    return made;
  }
  /// Its refusal; where there is none it is on its way.
  std::string ask(const char* id, instant at = start) {
    auto why = record.refusal(settings, request(id), at);
    if (why.empty()) record.asked(settings, request(id), at);
    return why;
  }
  void tell(const char* id, session_fact_kind kind, const char* session, instant at = start) {
    domain::session_fact fact;
    fact.request = domain::request_id{id};
    fact.session = domain::session_id{session};
    fact.site = domain::site_id{"garage"};
    fact.station = domain::station_id{"A"};
    fact.kind = kind;
    fact.at = at;
    record.told(settings, fact);
  }
};

} // namespace

TEST(driver_record, a_driver_asks_once_and_charges_until_its_session_is_completed) {
  driver_bench bench;
  EXPECT_EQ(bench.ask("r1"), "");
  EXPECT_EQ(bench.record.facts().state, "asking");
  EXPECT_EQ(bench.ask("r2"), "driver has a request");
  bench.tell("r1", session_fact_kind::accepted, "A.3.1");
  EXPECT_EQ(bench.record.facts().state, "charging");
  EXPECT_EQ(bench.record.facts().session.text(), "A.3.1");
  EXPECT_EQ(bench.ask("r3"), "driver has a session");
  bench.tell("r1", session_fact_kind::completed, "A.3.1");
  EXPECT_EQ(bench.record.facts().state, "idle");
  EXPECT_EQ(bench.record.facts().completed, 1u);
  EXPECT_EQ(bench.ask("r4"), "");
}

TEST(driver_record, a_stop_is_passed_on_whatever_is_open) {
  driver_bench bench;
  bench.ask("r1");
  const auto stop = driver_bench::request("r2", request_kind::stop);
  EXPECT_EQ(bench.record.refusal(bench.settings, stop, start), "");
}

TEST(driver_record, a_request_without_an_answer_has_failed_once) {
  driver_bench bench;
  bench.ask("r1");
  EXPECT_FALSE(bench.record.overdue(bench.settings, start + seconds{2}));
  const auto lost = bench.record.overdue(bench.settings, start + seconds{3});
  ASSERT_TRUE(lost);
  EXPECT_EQ(lost->id.text(), "r1");
  EXPECT_TRUE(bench.record.answers().is_overdue());
  EXPECT_FALSE(bench.record.overdue(bench.settings, start + seconds{4}));
}

TEST(driver_record, requests_that_fail_again_and_again_open_its_breaker) {
  driver_bench bench;
  auto at = start;
  std::string why;
  for (int i = 0; i < 20 && why.empty(); ++i, at += seconds{3}) {
    why = bench.ask("r1", at);
    static_cast<void>(bench.record.overdue(bench.settings, at + seconds{3}));
  }
  EXPECT_EQ(why, "circuit breaker open");
  EXPECT_EQ(bench.record.requests().position(), domain::breaker_position::open);
}

TEST(driver_record, sessions_of_a_site_that_goes_elsewhere_are_forgotten_here) {
  driver_bench bench;
  domain::session_state session;
  session.id = domain::session_id{"A.3.1"};
  session.started_at = start;
  bench.record.restore(domain::site_id{"garage"}, domain::station_id{"A"}, session);
  EXPECT_EQ(bench.record.facts().state, "charging");
  bench.record.forget(domain::site_id{"garage"});
  EXPECT_EQ(bench.record.facts().state, "idle");
  EXPECT_EQ(bench.ask("r1"), "");
}

} // namespace busbar::control::sessions
