#include "actors/fact_counters.hpp"

#include <gtest/gtest.h>

namespace busbar::tests {
namespace {

using ports::engine_counters;
using domain::milliamperes;

domain::command grant_of(std::int64_t current_ma) {
  domain::command command;
  command.kind = domain::command_kind::grant;
  command.current = milliamperes{current_ma};
  return command;
}

TEST(fact_counters, tell_raised_lowered_and_renewed_grants_apart) {
  engine_counters counters;
  actors::count_grant(counters, grant_of(16'000), milliamperes{10'000});
  actors::count_grant(counters, grant_of(6'000), milliamperes{16'000});
  actors::count_grant(counters, grant_of(6'000), milliamperes{6'000});
  actors::count_grant(counters, grant_of(6'000), milliamperes{6'000});
  actors::count_grant(counters, domain::command{}, milliamperes{6'000}); // no grant: not counted
  EXPECT_EQ(counters.planning.grants_raised.value(), 1u);
  EXPECT_EQ(counters.planning.grants_lowered.value(), 1u);
  EXPECT_EQ(counters.planning.grants_renewed.value(), 2u);
}

TEST(fact_counters, count_refused_and_unanswered_commands) {
  engine_counters counters;
  site::station_notice notice;
  notice.kind = site::notice_kind::answered;
  notice.answer = domain::outcome::accepted;
  actors::count(counters, notice);
  notice.answer = domain::outcome::refused;
  actors::count(counters, notice);
  notice.kind = site::notice_kind::overdue;
  actors::count(counters, notice);
  EXPECT_EQ(counters.planning.commands_refused.value(), 1u);
  EXPECT_EQ(counters.planning.commands_unanswered.value(), 1u);
}

} // namespace
} // namespace busbar::tests
