// OCPP-3: who is let in when all come at once.

#include "adapters/ocpp/server/handshake_gate.hpp"

#include <gtest/gtest.h>

#include <map>
#include <queue>

namespace busbar::tests {

using adapters::ocpp::server::comes_again_within;
using adapters::ocpp::server::handshake_gate;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

const handshake_gate::clock::time_point start{seconds{1'000}};

std::size_t admitted(handshake_gate& gate, std::size_t many, bool has_session,
                     handshake_gate::clock::time_point now) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < many; ++i) count += gate.ask(has_session, now) ? 0 : 1;
  return count;
}

} // namespace

TEST(handshake_gate, OCPP_3_a_burst_is_let_in_and_then_so_many_a_second) {
  handshake_gate gate{100, 5};
  // 500 tokens, of which the last 50 are for stations with sessions.
  EXPECT_EQ(admitted(gate, 1'000, false, start), 450u);
  EXPECT_EQ(admitted(gate, 1'000, false, start + milliseconds{100}), 10u);
  EXPECT_EQ(admitted(gate, 1'000, false, start + seconds{3'600}), 450u);
}

TEST(handshake_gate, OCPP_3_stations_with_open_sessions_come_first) {
  handshake_gate gate{100, 5};
  EXPECT_EQ(admitted(gate, 1'000, false, start), 450u);
  EXPECT_EQ(admitted(gate, 1'000, true, start), 50u);
  EXPECT_EQ(gate.ask(true, start), 1u);
  // The first 0.5 s refill what is kept for them: no other gets any of it.
  EXPECT_EQ(admitted(gate, 10, false, start + milliseconds{500}), 0u);
  EXPECT_EQ(admitted(gate, 100, true, start + milliseconds{500}), 50u);
}

TEST(handshake_gate, OCPP_3_those_that_are_put_off_are_spread_over_two_minutes_at_most) {
  handshake_gate gate{100, 5};
  EXPECT_EQ(admitted(gate, 450, false, start), 450u);
  std::map<std::uint32_t, std::size_t> told;
  for (int i = 0; i < 10'000; ++i) ++told[*gate.ask(false, start)];
  EXPECT_GE(told.begin()->first, 1u);
  EXPECT_LE(told.rbegin()->first, comes_again_within.count());
  // 10,000 at 100 a second are 100 s; no second gets many times its share.
  for (const auto& [second, count] : told) EXPECT_LE(count, 500u) << second;
}

TEST(handshake_gate, OCPP_3_a_storm_of_15_000_is_over_within_a_minute) {
  handshake_gate gate{400, 5};
  // A station that is put off comes again when it was told to.
  std::map<std::uint32_t, std::size_t> coming{{0, 15'000}};
  std::size_t in = 0;
  std::uint32_t last = 0;
  while (!coming.empty()) {
    const auto [second, many] = *coming.begin();
    coming.erase(coming.begin());
    for (std::size_t i = 0; i < many; ++i) {
      const auto later = gate.ask(false, start + seconds{second});
      if (later) ++coming[second + *later];
      else ++in;
      if (!later) last = second;
    }
  }
  EXPECT_EQ(in, 15'000u);
  // (15,000 - 1,800) / 400 = 33 s at the least.
  EXPECT_LE(last, 60u);
}

TEST(handshake_gate, the_wait_for_the_next_turn_ends_when_there_is_one) {
  handshake_gate gate{10, 5};
  EXPECT_EQ(gate.wait(start), handshake_gate::clock::duration{});
  EXPECT_EQ(admitted(gate, 100, false, start), 45u);
  const auto wait = gate.wait(start);
  EXPECT_GT(wait, milliseconds{0});
  EXPECT_LE(wait, milliseconds{101});
  EXPECT_FALSE(gate.ask(false, start + wait));
}

} // namespace busbar::tests
