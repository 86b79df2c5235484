#include "site/unsettled_bill.hpp"
#include "tests/site/station_bench.hpp"

#include <gtest/gtest.h>

namespace busbar::site {

using domain::command_kind;
using domain::session_fact_kind;
using std::chrono::seconds;
using tests::station_bench;

namespace {

const auto start = station_bench::start;

struct bill_bench : station_bench {
  unsettled_bill bill{channel};

  /// A session from 5 000 Wh on that was billed at 5 014 Wh.
  station_effects keep() {
    auto state = std::make_shared<domain::session_state>();
    state->id = domain::session_id{"A.3.1"};
    state->driver = domain::driver_id{"Alice"};
    state->started_at = start;
    state->register_start_wh = 5'000;
    auto last = std::make_unique<session_notes>();
    last->state = std::move(state);
    last->register_now_wh = 5'014;
    last->stop_waits = 2;
    station_effects out;
    bill.keep(out, notes[0], std::move(last));
    return out;
  }
  station_effects hear(std::int64_t register_wh) {
    station_effects out;
    bill.heard_again(out, notes[0],
                     notice(notice_kind::heard_again, start + seconds{300}, 0, register_wh));
    return out;
  }
  station_effects answer(domain::sequence number, std::int64_t register_at) {
    auto came = notice(notice_kind::answered, start + seconds{301}, number);
    came.register_at = domain::watt_hours{register_at};
    station_effects out;
    bill.answered(out, notes[0], came);
    return out;
  }
  station_effects lose(domain::sequence number) {
    station_effects out;
    bill.overdue(out, notes[0], notice(notice_kind::overdue, start + seconds{305}, number));
    return out;
  }
};

} // namespace

TEST(unsettled_bill, LIFE_1_what_was_billed_is_kept_with_the_register_of_then) {
  bill_bench bench;
  const auto kept = bench.keep();
  ASSERT_EQ(kept.sessions.size(), 1u);
  EXPECT_TRUE(kept.sessions[0].is_unsettled);
  ASSERT_NE(kept.sessions[0].bill_waits, nullptr);
  EXPECT_EQ(kept.sessions[0].bill_waits->register_now_wh, 5'014);
}

TEST(unsettled_bill, LIFE_1_a_station_that_is_heard_again_is_stopped_and_its_answer_settles) {
  bill_bench bench;
  bench.keep();
  const auto heard = bench.hear(5'030);
  ASSERT_EQ(heard.commands.size(), 1u);
  EXPECT_EQ(heard.commands[0].kind, command_kind::stop);
  EXPECT_EQ(heard.commands[0].session.text(), "A.3.1");
  EXPECT_TRUE(bench.hear(5'031).commands.empty()) << "one stop waits";
  const auto number = heard.commands[0].number;
  EXPECT_TRUE(bench.answer(number + 1, 5'036).facts.empty()) << "of another command";
  const auto settled = bench.answer(number, 5'037);
  ASSERT_EQ(settled.facts.size(), 1u);
  EXPECT_EQ(settled.facts[0].kind, session_fact_kind::settled);
  EXPECT_EQ(settled.facts[0].energy.count(), 37); // 5 037 Wh - 5 000 Wh
  EXPECT_EQ(settled.facts[0].why, "the station is heard again: the register says 37 Wh, "
                                  "14 Wh were billed");
  EXPECT_TRUE(bench.answer(number, 5'040).facts.empty()) << "at most once";
}

TEST(unsettled_bill, LIFE_1_a_register_that_shows_what_was_billed_changes_no_bill) {
  bill_bench bench;
  bench.keep();
  const auto number = bench.hear(5'014).commands.at(0).number;
  const auto settled = bench.answer(number, 5'014);
  EXPECT_TRUE(settled.facts.empty());
  ASSERT_EQ(settled.sessions.size(), 1u);
  EXPECT_EQ(settled.sessions[0].bill_waits, nullptr);
}

TEST(unsettled_bill, LIFE_1_after_three_stops_without_an_answer_the_next_reading_settles) {
  bill_bench bench;
  bench.keep();
  for (int stops = 0; stops < 3; ++stops) {
    const auto heard = bench.hear(5'030);
    ASSERT_EQ(heard.commands.size(), 1u) << stops;
    const auto lost = bench.lose(heard.commands[0].number);
    ASSERT_EQ(lost.sessions.size(), 1u);
    EXPECT_TRUE(lost.sessions[0].is_unsettled) << "it waits for the next reading";
  }
  const auto settled = bench.hear(5'037);
  EXPECT_TRUE(settled.commands.empty());
  ASSERT_EQ(settled.facts.size(), 1u);
  EXPECT_EQ(settled.facts[0].energy.count(), 37);
}

TEST(unsettled_bill, LIFE_1_before_another_session_starts_the_one_before_is_stopped_and_settled) {
  bill_bench bench;
  bench.keep();
  station_effects out;
  bench.bill.give_way(out, bench.notes[0], 5'020, start + seconds{60});
  ASSERT_EQ(out.commands.size(), 1u);
  EXPECT_EQ(out.commands[0].kind, command_kind::stop);
  ASSERT_EQ(out.facts.size(), 1u);
  EXPECT_EQ(out.facts[0].energy.count(), 20); // 5 020 Wh - 5 000 Wh
  EXPECT_EQ(bench.notes[0].unsettled, nullptr);
}

/// The session before took 100 Wh that no reading had shown when this one was asked for.
TEST(unsettled_bill, LIFE_1_a_late_answer_to_the_start_states_where_the_bill_begins) {
  bill_bench bench;
  bench.keep();
  bench.notes[0].unsettled->start_waits = 1;
  const auto begun = bench.answer(1, 5'100);
  EXPECT_TRUE(begun.facts.empty()) << "the register of its end is yet to come";
  ASSERT_EQ(begun.sessions.size(), 1u);
  EXPECT_EQ(begun.sessions[0].bill_waits->register_begun_wh, 5'100);
  const auto number = bench.hear(5'100).commands.at(0).number;
  const auto settled = bench.answer(number, 5'100);
  ASSERT_EQ(settled.facts.size(), 1u);
  EXPECT_EQ(settled.facts[0].energy.count(), 0) << "5 100 Wh - 5 100 Wh, not 100 Wh";
  EXPECT_EQ(settled.facts[0].register_start_wh, 5'100);
  EXPECT_EQ(settled.facts[0].why, "the station is heard again: the register says 0 Wh, "
                                  "14 Wh were billed");
}

TEST(unsettled_bill, LIFE_1_a_session_that_its_station_never_had_is_billed_nothing) {
  bill_bench bench;
  bench.keep();
  bench.notes[0].unsettled->start_waits = 1;
  auto refused = bench.notice(notice_kind::answered, start + seconds{301}, 1, 5'100);
  refused.answer = domain::outcome::refused;
  station_effects out;
  bench.bill.answered(out, bench.notes[0], refused);
  ASSERT_EQ(out.facts.size(), 1u);
  EXPECT_EQ(out.facts[0].energy.count(), 0);
  EXPECT_EQ(bench.notes[0].unsettled, nullptr);
}

TEST(unsettled_bill, LIFE_1_a_refused_stop_of_a_start_without_an_answer_bills_nothing) {
  bill_bench bench;
  bench.keep();
  bench.notes[0].unsettled->start_waits = 1;
  const auto number = bench.hear(5'100).commands.at(0).number;
  auto refused = bench.notice(notice_kind::answered, start + seconds{301}, number, 5'100);
  refused.answer = domain::outcome::refused;
  station_effects out;
  bench.bill.answered(out, bench.notes[0], refused);
  ASSERT_EQ(out.facts.size(), 1u);
  EXPECT_EQ(out.facts[0].energy.count(), 0);
}

} // namespace busbar::site
