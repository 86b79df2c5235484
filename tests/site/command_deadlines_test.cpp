#include "site/command_deadlines.hpp"

#include <gtest/gtest.h>

namespace busbar::site {

using domain::instant;
using std::chrono::seconds;

namespace {

const instant start{seconds{1'000'000}};
const call_terms calls{seconds{5}, 3, seconds{2}};
constexpr domain::seconds lease{60};

domain::command command_of(domain::command_kind kind, domain::sequence number) {
  domain::command command;
  command.kind = kind;
  command.number = number;
  return command;
}

/// A command at `at` that is not answered: when it is overdue.
instant lose_one(command_deadlines& deadlines, instant at) {
  deadlines.issued(command_of(domain::command_kind::grant, 1), at);
  const auto later = at + calls.answer_within + seconds{1};
  EXPECT_EQ(deadlines.take_overdue(calls, lease, later), seconds{6});
  return later;
}

domain::reading on_lines(std::int32_t l1, std::int32_t l2) {
  domain::reading reading;
  reading.current_ma = {l1, l2, 0};
  return reading;
}

} // namespace

TEST(command_deadlines, a_command_without_an_answer_is_overdue_once) {
  command_deadlines deadlines;
  deadlines.issued(command_of(domain::command_kind::grant, 1), start);
  EXPECT_FALSE(deadlines.take_overdue(calls, lease, start + seconds{5}));
  EXPECT_EQ(deadlines.take_overdue(calls, lease, start + seconds{6}), seconds{6});
  EXPECT_FALSE(deadlines.take_overdue(calls, lease, start + seconds{7}));
}

TEST(command_deadlines, a_second_command_does_not_move_the_deadline_of_the_first) {
  command_deadlines deadlines;
  deadlines.issued(command_of(domain::command_kind::grant, 1), start);
  deadlines.issued(command_of(domain::command_kind::grant, 2), start + seconds{4});
  EXPECT_EQ(deadlines.waited(start + seconds{5}), seconds{5});
  EXPECT_TRUE(deadlines.take_overdue(calls, lease, start + seconds{6}));
}

TEST(command_deadlines, an_answered_command_is_never_overdue) {
  command_deadlines deadlines;
  deadlines.issued(command_of(domain::command_kind::grant, 1), start);
  deadlines.answered();
  EXPECT_EQ(deadlines.waited(start + seconds{3}), seconds{0});
  EXPECT_FALSE(deadlines.take_overdue(calls, lease, start + seconds{60}));
}

TEST(command_deadlines, time_in_which_no_answer_could_be_taken_is_not_held_against_a_station) {
  command_deadlines deadlines;
  deadlines.issued(command_of(domain::command_kind::grant, 1), start);
  deadlines.excuse(seconds{6}, start + seconds{8});
  EXPECT_FALSE(deadlines.take_overdue(calls, lease, start + seconds{10})) << "4 s of 5 s";
  EXPECT_TRUE(deadlines.take_overdue(calls, lease, start + seconds{12}));
}

TEST(command_deadlines, tries_follow_after_growing_pauses_and_then_with_the_leases_renewal) {
  command_deadlines deadlines;
  auto at = start;
  for (const auto pause : {2, 4, 8, 20, 20}) { // 2 s doubled 3 times, then 60 s / 3
    at = lose_one(deadlines, at);
    EXPECT_FALSE(deadlines.is_due(at + seconds{pause} - domain::microseconds{1})) << pause;
    at += seconds{pause};
    EXPECT_TRUE(deadlines.is_due(at)) << pause;
  }
  deadlines.followed();
  at = lose_one(deadlines, at);
  EXPECT_TRUE(deadlines.is_due(at + seconds{2})) << "the channel has worked meanwhile";
}

TEST(command_deadlines, LIM_7_a_refused_grant_is_tried_again_before_its_lease_is_renewed) {
  command_deadlines deadlines;
  deadlines.issued(command_of(domain::command_kind::grant, 1), start);
  deadlines.renew_at(start + seconds{20});
  deadlines.refused(calls, lease, start);
  deadlines.answered();
  EXPECT_FALSE(deadlines.is_due(start + seconds{1}));
  EXPECT_TRUE(deadlines.is_due(start + seconds{2}));
  deadlines.renew_at(start + seconds{3});
  deadlines.refused(calls, lease, start);
  EXPECT_TRUE(deadlines.is_due(start + seconds{3})) << "4 s later it is due by its lease";
}

TEST(command_deadlines, LIM_7_after_a_silence_it_is_commanded_at_once) {
  command_deadlines deadlines;
  for (int i = 0; i < 4; ++i) lose_one(deadlines, start);
  deadlines.issued(command_of(domain::command_kind::grant, 9), start);
  deadlines.begin_anew(start + seconds{1});
  EXPECT_TRUE(deadlines.is_due(start + seconds{1}));
  EXPECT_FALSE(deadlines.take_overdue(calls, lease, start + seconds{60}));
}

TEST(command_deadlines, tries_follow_no_slower_than_the_circuit_breaker_lets_probes_through) {
  command_deadlines deadlines;
  auto soon = calls;
  soon.probe_after = seconds{7};
  auto at = start;
  for (int i = 0; i < 6; ++i) {
    deadlines.issued(command_of(domain::command_kind::grant, 1), at);
    at += soon.answer_within + domain::microseconds{1};
    ASSERT_TRUE(deadlines.take_overdue(soon, lease, at));
  }
  EXPECT_FALSE(deadlines.is_due(at + seconds{6}));
  EXPECT_TRUE(deadlines.is_due(at + seconds{7})) << "and not a third of 60 s";
}

TEST(command_deadlines, nothing_is_renewed_while_a_command_waits_for_its_answer) {
  command_deadlines deadlines;
  deadlines.issued(command_of(domain::command_kind::grant, 1), start);
  deadlines.renew_at(start + seconds{2});
  EXPECT_FALSE(deadlines.is_due(start + seconds{3}));
  deadlines.answered();
  EXPECT_TRUE(deadlines.is_due(start + seconds{3}));
}

TEST(command_deadlines, a_lease_that_is_longer_than_leases_may_be_now_is_renewed_early) {
  command_deadlines deadlines;
  deadlines.renew_at(start + seconds{20});
  deadlines.shorten(start + seconds{5});
  EXPECT_TRUE(deadlines.is_due(start + seconds{5}));
  deadlines.shorten(start + seconds{30});
  EXPECT_TRUE(deadlines.is_due(start + seconds{5}));
}

TEST(command_deadlines, FAIR_2_lines_are_those_of_the_newest_switch_that_was_accepted) {
  command_deadlines deadlines;
  EXPECT_EQ(deadlines.lines_now(), 3);
  auto command = command_of(domain::command_kind::set_phases, 7);
  command.lines = 1;
  deadlines.issued(command, start);
  deadlines.phases_accepted(6);
  EXPECT_EQ(deadlines.lines_now(), 3);
  deadlines.phases_accepted(7);
  EXPECT_EQ(deadlines.lines_now(), 1);
}

TEST(command_deadlines, FAIR_2_a_draw_on_other_lines_shows_that_all_three_are_in_use) {
  command_deadlines deadlines;
  auto command = command_of(domain::command_kind::set_phases, 7);
  command.lines = 1;
  deadlines.issued(command, start);
  deadlines.phases_accepted(7);
  deadlines.watch_lines(on_lines(16'000, 0));
  EXPECT_EQ(deadlines.lines_now(), 1);
  deadlines.watch_lines(on_lines(10'000, 10'000));
  EXPECT_EQ(deadlines.lines_now(), 3);
}

} // namespace busbar::site
