#include "site/escalation.hpp"
#include "tests/site/station_bench.hpp"

#include <gtest/gtest.h>

namespace busbar::site {

using domain::command_kind;
using domain::escalation;
using std::chrono::seconds;
using tests::station_bench;

namespace {

struct escalation_bench : station_bench {
  session_machine sessions{channel};

  station_effects escalate_to(escalation step, std::int64_t told_ma = 16'000) {
    auto disobeys = notice(notice_kind::disobeys, start + seconds{20});
    disobeys.step = step;
    disobeys.told = domain::milliamperes{told_ma};
    disobeys.drawn = domain::milliamperes{32'000};
    station_effects out;
    escalate(out, channel, sessions, disobeys);
    return out;
  }
};

} // namespace

TEST(escalation, SAFE_2_first_the_same_grant_is_sent_again_and_then_a_lower_one) {
  escalation_bench bench;
  const auto again = bench.escalate_to(escalation::tell_again);
  ASSERT_EQ(again.commands.size(), 1u);
  EXPECT_EQ(again.commands[0].kind, command_kind::grant);
  EXPECT_EQ(again.commands[0].current.count(), 16'000);
  EXPECT_EQ(again.commands[0].because.which, domain::rule::disobedience);
  const auto lower = bench.escalate_to(escalation::lower_limit);
  ASSERT_EQ(lower.commands.size(), 1u);
  EXPECT_LT(lower.commands[0].current.count(), 16'000);
}

TEST(escalation, SAFE_2_every_step_is_an_event) {
  escalation_bench bench;
  for (const auto step : {escalation::tell_again, escalation::lower_limit,
                          escalation::remote_stop, escalation::set_unavailable,
                          escalation::site_operator, escalation::none}) {
    const auto out = bench.escalate_to(step);
    ASSERT_EQ(out.events.size(), 1u) << name_of(step);
  }
}

TEST(escalation, SAFE_2_a_station_that_is_taken_out_is_available_again_once_it_obeys) {
  escalation_bench bench;
  const auto out = bench.escalate_to(escalation::set_unavailable);
  ASSERT_EQ(out.commands.size(), 1u);
  EXPECT_EQ(out.commands[0].kind, command_kind::set_unavailable);
  EXPECT_TRUE(bench.notes[0].is_taken_out);
  const auto back = bench.escalate_to(escalation::none);
  ASSERT_EQ(back.commands.size(), 1u);
  EXPECT_EQ(back.commands[0].kind, command_kind::set_available);
  EXPECT_FALSE(bench.notes[0].is_taken_out);
  EXPECT_TRUE(bench.escalate_to(escalation::none).commands.empty());
}

} // namespace busbar::site
