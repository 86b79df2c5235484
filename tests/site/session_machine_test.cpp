#include "site/session_machine.hpp"
#include "tests/site/station_bench.hpp"

#include <gtest/gtest.h>

namespace busbar::site {

using domain::command_kind;
using domain::session_fact_kind;
using std::chrono::seconds;
using tests::station_bench;

namespace {

const auto start = station_bench::start;

struct session_bench : station_bench {
  session_machine sessions{channel};

  station_effects begin(const char* driver, std::int64_t register_wh = 5'000) {
    station_effects out;
    sessions.start(out, notes[0], request(domain::request_kind::start, driver),
                   facts(register_wh).readings[0], start);
    return out;
  }
  station_effects stop(const char* why) {
    station_effects out;
    sessions.stop(out, notes[0], why);
    return out;
  }
  /// `register_at`: what the answer tells; negative: nothing.
  station_effects answer(domain::sequence number, domain::instant at, std::int64_t register_at,
                         domain::outcome answer = domain::outcome::accepted) {
    auto came = notice(notice_kind::answered, at, number);
    came.answer = answer;
    came.why = "no";
    if (register_at >= 0) came.register_at = domain::watt_hours{register_at};
    station_effects out;
    sessions.answered(out, notes[0], came);
    return out;
  }
  station_effects lose(domain::sequence number, domain::instant at) {
    station_effects out;
    sessions.overdue(out, notes[0], notice(notice_kind::overdue, at, number));
    return out;
  }
  station_effects unplug(domain::instant measured_at, domain::instant now) {
    auto left = notice(notice_kind::unplugged, now);
    left.measured_at = measured_at;
    station_effects out;
    sessions.unplugged(out, notes[0], left);
    return out;
  }
  station_effects progress(domain::instant at, std::int64_t power_w) {
    auto passed = notice(notice_kind::progress, at);
    passed.power = domain::watts{power_w};
    station_effects out;
    sessions.progress(out, notes[0], passed);
    return out;
  }
};

} // namespace

TEST(session_machine, LIFE_1_a_session_is_open_from_its_start_command_on) {
  session_bench bench;
  const auto begun = bench.begin("Alice");
  ASSERT_EQ(begun.commands.size(), 1u);
  EXPECT_EQ(begun.commands[0].kind, command_kind::start);
  ASSERT_EQ(begun.facts.size(), 1u);
  EXPECT_EQ(begun.facts[0].kind, session_fact_kind::accepted);
  EXPECT_EQ(begun.facts[0].session.text(), "A.3.1") << "station, epoch, first session";
  ASSERT_EQ(begun.sessions.size(), 1u);
  EXPECT_EQ(begun.sessions[0].session, bench.notes[0].session->state);
}

TEST(session_machine, LIFE_1_a_notice_that_the_vehicle_before_has_left_ends_no_session) {
  session_bench bench;
  const auto now = start + seconds{1};
  EXPECT_TRUE(bench.unplug(start, now).facts.empty()) << "there is none";
  bench.begin("Bob");
  EXPECT_TRUE(bench.unplug(start - seconds{2}, now).facts.empty());
  ASSERT_TRUE(bench.notes[0].session);
  const auto ended = bench.unplug(now, now);
  ASSERT_EQ(ended.facts.size(), 1u);
  EXPECT_EQ(ended.facts[0].why, "unplugged");
  EXPECT_FALSE(bench.notes[0].session);
}

TEST(session_machine, LIFE_1_one_stop_is_sent_and_its_answer_completes_once) {
  session_bench bench;
  bench.begin("Alice");
  bench.answer(1, start, -1);
  EXPECT_EQ(bench.stop("driver").commands.size(), 1u);
  EXPECT_TRUE(bench.stop("energy reached").commands.empty()) << "one waits for its answer";
  const auto ended = bench.answer(2, start + seconds{60}, 5'100);
  ASSERT_EQ(ended.facts.size(), 1u);
  EXPECT_EQ(ended.facts[0].kind, session_fact_kind::completed);
  EXPECT_EQ(ended.facts[0].why, "driver");
  EXPECT_EQ(ended.facts[0].energy.count(), 100); // 5 100 Wh - 5 000 Wh
  EXPECT_TRUE(bench.answer(2, start + seconds{61}, 5'200).facts.empty());
}

TEST(session_machine, LIFE_1_the_registers_that_the_answers_tell_make_the_bill) {
  session_bench bench;
  bench.begin("Alice"); // the newest reading shows 5 000 Wh
  bench.answer(1, start, 5'002);
  bench.stop("driver");
  bench.sessions.note_register(bench.notes[0], 5'090);
  const auto ended = bench.answer(2, start + seconds{60}, 5'099);
  ASSERT_EQ(ended.facts.size(), 1u);
  EXPECT_EQ(ended.facts[0].energy.count(), 97); // 5 099 Wh - 5 002 Wh
}

TEST(session_machine, a_stop_that_is_insisted_on_is_sent_again_for_its_first_reason) {
  session_bench bench;
  bench.begin("Alice");
  bench.stop("driver");
  station_effects out;
  bench.sessions.insist_on_stop(out, bench.notes[0], "does not obey");
  ASSERT_EQ(out.commands.size(), 1u);
  EXPECT_TRUE(bench.answer(2, start, 5'000).facts.empty()) << "the stop before";
  const auto ended = bench.answer(out.commands[0].number, start, 5'000);
  ASSERT_EQ(ended.facts.size(), 1u);
  EXPECT_EQ(ended.facts[0].why, "driver");
}

TEST(session_machine, LIFE_1_a_refused_start_is_completed_without_energy) {
  session_bench bench;
  bench.begin("Alice");
  const auto out = bench.answer(1, start, -1, domain::outcome::refused);
  ASSERT_EQ(out.facts.size(), 1u);
  EXPECT_EQ(out.facts[0].kind, session_fact_kind::completed);
  EXPECT_EQ(out.facts[0].why, "start refused: no");
  EXPECT_EQ(out.facts[0].energy.count(), 0);
  EXPECT_EQ(bench.notes[0].session, nullptr);
}

TEST(session_machine, LIFE_1_without_an_answer_it_is_completed_and_its_bill_waits) {
  session_bench bench;
  bench.begin("Alice");
  bench.answer(1, start, -1);
  bench.stop("driver");
  EXPECT_TRUE(bench.lose(1, start + seconds{5}).facts.empty()) << "the stop came after";
  const auto ended = bench.lose(2, start + seconds{6});
  ASSERT_EQ(ended.facts.size(), 1u);
  ASSERT_EQ(ended.sessions.size(), 1u) << "one change";
  EXPECT_EQ(ended.sessions[0].session, nullptr);
  EXPECT_TRUE(ended.sessions[0].is_unsettled);
  EXPECT_NE(bench.notes[0].unsettled, nullptr);
}

TEST(session_machine, a_start_that_is_neither_answered_nor_followed_by_power_fails_after_15_s) {
  session_bench bench;
  bench.begin("Alice");
  EXPECT_EQ(bench.progress(start + seconds{15}, 0).facts.at(0).kind,
            session_fact_kind::in_progress);
  const auto failed = bench.progress(start + seconds{16}, 0);
  ASSERT_EQ(failed.facts.size(), 1u);
  EXPECT_EQ(failed.facts[0].kind, session_fact_kind::completed);
  EXPECT_EQ(failed.facts[0].why, "start not answered");
}

TEST(session_machine, a_start_that_is_followed_by_power_has_begun_without_its_answer) {
  session_bench bench;
  bench.begin("Alice");
  const auto goes_on = bench.progress(start + seconds{16}, 7'400);
  ASSERT_EQ(goes_on.facts.size(), 1u);
  EXPECT_EQ(goes_on.facts[0].kind, session_fact_kind::in_progress);
  EXPECT_EQ(goes_on.facts[0].power.count(), 7'400);
}

TEST(session_machine, LIFE_1_a_register_beyond_what_can_have_flowed_is_kept_apart_with_an_event) {
  session_bench bench;
  bench.begin("Alice");
  bench.sessions.note_register(bench.notes[0], 1'005'000);
  station_effects out;
  const auto later = start + seconds{3'600};
  bench.sessions.complete(out, bench.notes[0], station_bench::notice(notice_kind::faulted, later),
                          "fault");
  ASSERT_EQ(out.facts.size(), 1u);
  // 32 A * 3 * 230 V * 1.15 * 1 h = 25 392 Wh, and one more for whole watt-hours
  EXPECT_EQ(out.facts[0].energy.count(), 25'393);
  ASSERT_EQ(out.events.size(), 1u);
  EXPECT_EQ(out.events[0].kind, "energy_kept_apart");
  EXPECT_EQ(out.events[0].text,
            "session A.3.1: the register says 1000000 Wh, rating and time allow 25393 Wh: "
            "974607 Wh are not billed");
}

TEST(session_machine, LIFE_1_a_session_whose_stop_the_station_refuses_goes_on_and_that_is_said) {
  session_bench bench;
  const auto first = bench.begin("Alice").commands.at(0).number;
  bench.answer(first, start, 5'000);
  const auto stop = bench.stop("driver").commands.at(0).number;
  const auto refused =
      bench.answer(stop, start + seconds{1}, -1, domain::outcome::refused);
  EXPECT_TRUE(refused.facts.empty()) << "it has no bill yet";
  ASSERT_NE(bench.notes[0].session, nullptr);
  ASSERT_EQ(refused.events.size(), 1u);
  EXPECT_EQ(refused.events[0].kind, "stop_refused");
  EXPECT_TRUE(bench.progress(start + seconds{60}, 7'000).commands.empty());
  const auto again = bench.progress(start + seconds{61}, 7'000);
  ASSERT_EQ(again.commands.size(), 1u) << "once more after a minute";
  EXPECT_EQ(again.commands[0].kind, command_kind::stop);
  const auto over = bench.answer(again.commands[0].number, start + seconds{62}, 5'300);
  ASSERT_EQ(over.facts.size(), 1u);
  EXPECT_EQ(over.facts[0].energy.count(), 300);
  EXPECT_EQ(over.facts[0].why, "driver");
}

TEST(session_machine, LIFE_1_three_refused_stops_of_a_station_that_draws_nothing_are_an_end) {
  session_bench bench;
  bench.answer(bench.begin("Alice").commands.at(0).number, start, 5'000);
  for (int refusals = 1; refusals <= 3; ++refusals) {
    const auto number = bench.stop("driver").commands.at(0).number;
    const auto refused = bench.answer(number, start, -1, domain::outcome::refused);
    EXPECT_EQ(refused.facts.size(), refusals < 3 ? 0u : 1u) << refusals;
    EXPECT_EQ(refused.events.size(), refusals == 1 ? 1u : 0u) << "said once";
  }
}

TEST(session_machine, LIFE_1_a_start_that_is_refused_bills_nothing_of_the_driver_before) {
  session_bench bench;
  const auto number = bench.begin("Alice").commands.at(0).number;
  bench.sessions.note_register(bench.notes[0], 5'014);
  const auto refused = bench.answer(number, start, -1, domain::outcome::refused);
  ASSERT_EQ(refused.facts.size(), 1u);
  EXPECT_EQ(refused.facts[0].energy.count(), 0);
}

} // namespace busbar::site
