#include "site/conversation.hpp"
#include "tests/builders/site_builder.hpp"

#include <gtest/gtest.h>

namespace busbar::site {

using domain::command_kind;
using domain::connector_state;
using domain::instant;
using domain::session_fact_kind;
using std::chrono::seconds;

namespace {

const instant start{seconds{1'000'000}};

struct talk_bench {
  conversation_terms terms{
      tests::site_builder{}.feeder("f1", 63'000).station("A", 2).build(), 3, {}, {}};
  std::int64_t reading_wh = 5'000;
  notebook book;
  std::vector<connector_notes> notes{2};
  conversation talk{terms, domain::station_index{}, book, notes};

  station_effects ask(domain::request_kind kind, const char* driver, instant at = start,
                      connector_state state = connector_state::disconnected,
                      const char* connector = "") {
    domain::driver_request request;
    request.connector = domain::connector_id{connector};
    request.id = domain::request_id{"r1"};
    request.driver = domain::driver_id{driver};
    request.station = domain::station_id{"A"};
    request.kind = kind;
    station_facts facts;
    facts.readings.resize(2);
    for (auto& reading : facts.readings) {
      reading.state = state;
      reading.energy_wh = reading_wh;
    }
    return talk.request(request, facts, at);
  }
  station_effects tell(notice_kind kind, domain::sequence number, instant at,
                       domain::outcome answer = domain::outcome::accepted,
                       std::int64_t register_wh = 0) {
    station_notice notice;
    notice.kind = kind;
    notice.number = number;
    notice.now = at;
    notice.answer = answer;
    notice.register_wh = register_wh;
    return talk.notice(notice);
  }
  /// It is accepted and tells the register; `last_wh`: of the newest reading.
  station_effects answer(domain::sequence number, instant at, std::int64_t register_wh,
                         std::int64_t last_wh = 0) {
    station_notice notice;
    notice.kind = notice_kind::answered;
    notice.number = number;
    notice.now = at;
    notice.answer = domain::outcome::accepted;
    notice.register_wh = last_wh;
    notice.register_at = domain::watt_hours{register_wh};
    return talk.notice(notice);
  }
};

} // namespace

TEST(conversation, a_command_that_is_not_answered_is_said_once_until_its_connector_answers_again) {
  talk_bench bench;
  const auto first = bench.tell(notice_kind::overdue, 7, start);
  ASSERT_EQ(first.events.size(), 1u);
  EXPECT_EQ(first.events[0].kind, "command_unanswered");
  EXPECT_EQ(first.events[0].level, domain::severity::warning);
  EXPECT_EQ(first.events[0].subject, "A-1");
  EXPECT_TRUE(bench.tell(notice_kind::overdue, 8, start + seconds{7}).events.empty());
  bench.tell(notice_kind::answered, 9, start + seconds{14});
  EXPECT_EQ(bench.tell(notice_kind::overdue, 10, start + seconds{30}).events.size(), 1u);
  static_cast<void>(bench.talk.routine_answers(1, start + seconds{40}));
  EXPECT_EQ(bench.tell(notice_kind::overdue, 11, start + seconds{60}).events.size(), 1u);
}

TEST(conversation, LIFE_1_one_start_one_stop_one_bill) {
  talk_bench bench;
  const auto begun = bench.ask(domain::request_kind::start, "Alice");
  ASSERT_EQ(begun.facts.size(), 1u);
  EXPECT_EQ(begun.facts[0].kind, session_fact_kind::accepted);
  EXPECT_EQ(begun.facts[0].session.text(), "A.3.1"); // station, epoch, first session
  ASSERT_EQ(begun.commands.size(), 1u);
  EXPECT_EQ(begun.commands[0].kind, command_kind::start);
  EXPECT_TRUE(bench.tell(notice_kind::answered, 1, start).facts.empty());
  const auto stopping = bench.ask(domain::request_kind::stop, "Alice");
  ASSERT_EQ(stopping.commands.size(), 1u);
  EXPECT_EQ(stopping.commands[0].kind, command_kind::stop);
  EXPECT_TRUE(bench.ask(domain::request_kind::stop, "Alice").commands.empty());
  const auto later = start + seconds{3'600};
  const auto ended = bench.tell(notice_kind::answered, 2, later, domain::outcome::accepted, 15'000);
  ASSERT_EQ(ended.facts.size(), 1u);
  EXPECT_EQ(ended.facts[0].energy.count(), 10'000); // 15 000 Wh - 5 000 Wh
  EXPECT_EQ(ended.facts[0].cost.count(), 3'000'000); // 10 kWh * 0.30
  EXPECT_TRUE(bench.tell(notice_kind::answered, 2, later).facts.empty());
  EXPECT_EQ(bench.ask(domain::request_kind::stop, "Alice").facts[0].why, "no such session");
}

TEST(conversation, SAFE_2_the_step_remote_stop_sends_a_stop_that_waits_once_more_and_one_bill) {
  talk_bench bench;
  bench.ask(domain::request_kind::start, "Alice");
  bench.tell(notice_kind::answered, 1, start);
  ASSERT_EQ(bench.ask(domain::request_kind::stop, "Alice").commands.size(), 1u);
  station_notice notice;
  notice.kind = notice_kind::disobeys;
  notice.step = domain::escalation::remote_stop;
  notice.now = start + seconds{20};
  const auto step = bench.talk.notice(notice);
  ASSERT_EQ(step.commands.size(), 1u);
  EXPECT_EQ(step.commands[0].kind, command_kind::stop);
  EXPECT_EQ(step.commands[0].session.text(), "A.3.1");
  EXPECT_EQ(step.commands[0].because.which, domain::rule::disobedience);
  ASSERT_EQ(step.events.size(), 1u);
  EXPECT_EQ(step.events[0].kind, "disobedience");
  const auto later = start + seconds{21};
  EXPECT_TRUE(bench.tell(notice_kind::answered, 2, later).facts.empty()) << "the stop before";
  const auto ended = bench.tell(notice_kind::answered, step.commands[0].number, later);
  ASSERT_EQ(ended.facts.size(), 1u);
  EXPECT_EQ(ended.facts[0].why, "driver");
}

TEST(conversation, LIFE_1_the_bill_of_a_silent_station_is_completed_when_it_is_heard_again) {
  talk_bench bench;
  bench.ask(domain::request_kind::start, "Alice");
  bench.answer(1, start, 5'000);
  bench.tell(notice_kind::progress, 0, start + seconds{10}, {}, 5'014);
  bench.ask(domain::request_kind::stop, "Alice", start + seconds{20});
  const auto ended = bench.tell(notice_kind::overdue, 2, start + seconds{25}, {}, 5'014);
  ASSERT_EQ(ended.facts.size(), 1u);
  EXPECT_EQ(ended.facts[0].energy.count(), 14); // all that is known
  ASSERT_EQ(ended.sessions.size(), 1u);
  EXPECT_TRUE(ended.sessions[0].is_unsettled);
  // The station goes on with the session; once it is heard it is told to stop again.
  const auto heard = bench.tell(notice_kind::heard_again, 0, start + seconds{300}, {}, 5'030);
  ASSERT_EQ(heard.commands.size(), 1u);
  EXPECT_EQ(heard.commands[0].kind, command_kind::stop);
  EXPECT_EQ(heard.commands[0].session.text(), "A.3.1");
  const auto settled = bench.answer(3, start + seconds{301}, 5'037, 5'030);
  ASSERT_EQ(settled.facts.size(), 1u);
  EXPECT_EQ(settled.facts[0].kind, session_fact_kind::settled);
  EXPECT_EQ(settled.facts[0].energy.count(), 37); // 5 037 - 5 000
  EXPECT_EQ(settled.facts[0].why, "the station is heard again: the register says 37 Wh, "
                                  "14 Wh were billed");
  EXPECT_TRUE(bench.answer(3, start + seconds{302}, 5'040).facts.empty()) << "at most once";
}

TEST(conversation, LIFE_1_the_next_session_begins_where_the_bill_before_it_ends) {
  talk_bench bench;
  bench.ask(domain::request_kind::start, "Alice"); // at 5 000 Wh
  bench.answer(1, start, 5'000);
  bench.ask(domain::request_kind::stop, "Alice");
  bench.tell(notice_kind::overdue, 2, start + seconds{30}, {}, 5'004);
  bench.reading_wh = 5'010;
  const auto begun = bench.ask(domain::request_kind::start, "Bob", start + seconds{60});
  ASSERT_EQ(begun.commands.size(), 2u) << "the session before is stopped first";
  EXPECT_EQ(begun.commands[0].kind, command_kind::stop);
  EXPECT_EQ(begun.commands[1].kind, command_kind::start);
  ASSERT_EQ(begun.facts.size(), 2u);
  EXPECT_EQ(begun.facts[0].kind, session_fact_kind::settled);
  EXPECT_EQ(begun.facts[0].energy.count(), 10); // 5 010 - 5 000
  EXPECT_EQ(begun.facts[1].kind, session_fact_kind::accepted);
}

TEST(conversation, SAFE_1_every_grant_tells_what_has_been_configured_for_when_it_is_lost) {
  talk_bench bench;
  station_order order;
  order.current = domain::milliamperes{10'000};
  order.now = start;
  EXPECT_FALSE(bench.talk.order(order).commands.at(0).when_lost);
  auto configured = std::make_shared<domain::site>(*bench.terms.site);
  const domain::fallback stop{domain::fallback_action::stop, {}, seconds{30}};
  configured->stations[0].told_when_lost = stop;
  bench.terms.site = configured;
  EXPECT_EQ(bench.talk.order(order).commands.at(0).when_lost, stop);
}

TEST(conversation, with_an_open_breaker_only_safety_decreases_go_out) {
  talk_bench bench;
  for (domain::sequence n = 1; n <= 5; ++n)
    static_cast<void>(bench.tell(notice_kind::overdue, n, start));
  ASSERT_EQ(bench.book.commands.position(), domain::breaker_position::open);
  station_order order;
  order.now = start + seconds{1};
  EXPECT_TRUE(bench.talk.order(order).commands.empty());
  order.is_decrease = true;
  EXPECT_EQ(bench.talk.order(order).commands.size(), 1u);
  EXPECT_EQ(bench.ask(domain::request_kind::start, "Alice").facts[0].why, "circuit breaker open");
}

} // namespace busbar::site
