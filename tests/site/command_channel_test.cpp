#include "site/command_channel.hpp"
#include "tests/site/station_bench.hpp"

#include <gtest/gtest.h>

namespace busbar::site {

using domain::command_kind;
using std::chrono::seconds;
using tests::station_bench;

namespace {

const auto start = station_bench::start;

/// As many commands without an answer as open the breaker.
void lose_commands(station_bench& bench, station_effects& out) {
  for (int i = 0; i < 5; ++i) bench.channel.count(out, false, seconds{5}, start);
}

} // namespace

TEST(command_channel, numbers_of_commands_grow_by_one_for_each_connector) {
  station_bench bench;
  station_effects out;
  for (domain::sequence number = 1; number <= 3; ++number)
    EXPECT_EQ(bench.channel.issue(out, bench.notes[0], command_kind::report).number, number);
  const auto& other = bench.channel.issue(out, bench.notes[1], command_kind::report);
  EXPECT_EQ(other.number, 1u);
  EXPECT_EQ(other.connector, domain::connector_index{1u});
}

TEST(command_channel, SAFE_1_a_grant_states_the_sites_lease_and_the_configured_fallback) {
  station_bench bench;
  auto configured = std::make_shared<domain::site>(*bench.site);
  const domain::fallback stop{domain::fallback_action::stop, {}, seconds{30}};
  configured->stations[0].told_when_lost = stop;
  bench.terms.site = configured;
  station_effects out;
  const auto& grant =
      bench.channel.grant(out, bench.notes[0], domain::milliamperes{10'000}, false);
  EXPECT_EQ(grant.kind, command_kind::grant);
  EXPECT_EQ(grant.current.count(), 10'000);
  EXPECT_EQ(grant.lease, bench.site->lease);
  EXPECT_EQ(grant.when_lost, stop);
}

TEST(command_channel, an_open_breaker_permits_nothing_until_it_tries_one) {
  station_bench bench;
  station_effects out;
  EXPECT_TRUE(bench.channel.acquire(out, start));
  lose_commands(bench, out);
  EXPECT_EQ(bench.book.commands.position(), domain::breaker_position::open);
  EXPECT_TRUE(out.is_breaker_changed);
  ASSERT_EQ(out.events.size(), 1u);
  EXPECT_EQ(out.events[0].kind, "breaker_opened");
  EXPECT_FALSE(bench.channel.acquire(out, start + seconds{1}));
  EXPECT_FALSE(bench.channel.would_permit(start + seconds{1}));
  const auto later = start + std::chrono::hours{1};
  EXPECT_TRUE(bench.channel.would_permit(later));
  EXPECT_EQ(bench.book.commands.position(), domain::breaker_position::open) << "it asked alone";
  EXPECT_TRUE(bench.channel.acquire(out, later));
  EXPECT_NE(bench.book.commands.position(), domain::breaker_position::open);
}

TEST(command_channel, a_command_without_an_answer_is_an_event_once) {
  station_bench bench;
  station_effects out;
  const auto lost = station_bench::notice(notice_kind::overdue, start, 7);
  bench.channel.say_unanswered(out, bench.notes[0], lost);
  bench.channel.say_unanswered(out, bench.notes[0], lost);
  ASSERT_EQ(out.events.size(), 1u);
  EXPECT_EQ(out.events[0].kind, "command_unanswered");
  EXPECT_EQ(out.events[0].subject, "A-1");
}

} // namespace busbar::site
