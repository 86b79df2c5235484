#include "actors/conversation.hpp"
#include "tests/builders/site_builder.hpp"

#include <gtest/gtest.h>

namespace busbar::actors {

using domain::command_kind;
using domain::connector_state;
using domain::instant;
using domain::session_fact_kind;
using std::chrono::seconds;

namespace {

const instant start{seconds{1'000'000}};

struct talk_bench {
  conversation_terms terms{
      tests::site_builder{}.feeder("f1", 63'000).station("A", 2).build(), 3, {}, {}, seconds{900}};
  notebook book;
  std::vector<connector_notes> notes{2};
  conversation talk{terms, domain::station_index{}, book, notes};

  station_effects ask(domain::request_kind kind, const char* driver, instant at = start,
                      connector_state state = connector_state::disconnected) {
    domain::driver_request request;
    request.id = domain::request_id{"r1"};
    request.driver = domain::driver_id{driver};
    request.station = domain::station_id{"A"};
    request.kind = kind;
    station_facts facts;
    facts.readings.resize(2);
    for (auto& reading : facts.readings) {
      reading.state = state;
      reading.energy_wh = 5'000;
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
};

} // namespace

TEST(conversation, LIFE_1_a_register_beyond_what_can_have_flowed_is_kept_apart_and_said) {
  talk_bench bench;
  bench.ask(domain::request_kind::start, "Alice");
  bench.tell(notice_kind::answered, 1, start);
  const auto later = start + seconds{3'600};
  const auto ended =
      bench.tell(notice_kind::unplugged, 0, later, domain::outcome::accepted, 1'005'000);
  ASSERT_EQ(ended.facts.size(), 1u);
  // 32 A * 3 * 230 V * 1.15 * 1 h = 25 392 Wh, and one more for whole watt-hours
  EXPECT_EQ(ended.facts[0].energy.count(), 25'393);
  ASSERT_EQ(ended.events.size(), 1u);
  EXPECT_EQ(ended.events[0].kind, "energy_kept_apart");
  EXPECT_EQ(ended.events[0].text,
            "session A.3.1: the register says 1000000 Wh, rating and time allow 25393 Wh: "
            "974607 Wh are not billed");
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

TEST(conversation, a_second_driver_gets_the_second_connector_and_a_third_is_denied) {
  talk_bench bench;
  EXPECT_EQ(bench.ask(domain::request_kind::start, "Alice").commands[0].connector.value(), 0u);
  EXPECT_EQ(bench.ask(domain::request_kind::start, "Bob").commands[0].connector.value(), 1u);
  EXPECT_EQ(bench.ask(domain::request_kind::start, "Eve").facts[0].why, "occupied");
}

TEST(conversation, a_refused_start_is_completed_without_energy) {
  talk_bench bench;
  static_cast<void>(bench.ask(domain::request_kind::start, "Alice"));
  const auto out = bench.tell(notice_kind::answered, 1, start, domain::outcome::refused);
  ASSERT_EQ(out.facts.size(), 1u);
  EXPECT_EQ(out.facts[0].kind, session_fact_kind::completed);
  EXPECT_EQ(out.facts[0].energy.count(), 0);
}

TEST(conversation, a_start_without_answer_does_not_hang_its_driver) {
  talk_bench bench;
  static_cast<void>(bench.ask(domain::request_kind::start, "Alice"));
  const auto out = bench.tell(notice_kind::overdue, 1, start + seconds{6});
  ASSERT_EQ(out.facts.size(), 1u);
  EXPECT_EQ(out.facts[0].why, "start not answered");
}

TEST(conversation, a_station_held_for_one_driver_is_denied_to_others) {
  talk_bench bench;
  EXPECT_EQ(bench.ask(domain::request_kind::reserve, "Alice").facts[0].why, "reserved");
  EXPECT_EQ(bench.ask(domain::request_kind::start, "Bob").facts[0].why, "reserved");
  EXPECT_EQ(bench.ask(domain::request_kind::start, "Bob", start + seconds{901}).facts[0].kind,
            session_fact_kind::accepted);
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

TEST(conversation, numbers_of_commands_grow_by_one_for_each_connector) {
  talk_bench bench;
  station_order order;
  for (domain::sequence n = 1; n <= 3; ++n)
    EXPECT_EQ(bench.talk.order(order).commands[0].number, n);
  order.connector = domain::connector_index{1u};
  EXPECT_EQ(bench.talk.order(order).commands[0].number, 1u);
}

} // namespace busbar::actors
