// Every message survives the way into bytes and back, over seeded random messages.
// SEED=<n> runs one seed again.

#include "tests/messages/random_messages.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <string>

namespace busbar::messages {

namespace {

using ports::shared_bytes;

constexpr std::uint64_t seeds = 300;

template <class Make, class Decode> void expect_round_trips(Make make, Decode decode) {
  const char* only = std::getenv("SEED");
  const std::uint64_t first = only == nullptr ? 1 : std::stoull(only);
  const std::uint64_t last = only == nullptr ? seeds : first;
  for (std::uint64_t seed = first; seed <= last; ++seed) {
    testing::random_messages random(seed);
    const auto message = make(random);
    const shared_bytes bytes = encode(message);
    const auto decoded = decode(*bytes);
    ASSERT_TRUE(decoded) << "SEED=" << seed << ": " << decoded.failure().message;
    ASSERT_EQ(decoded.value(), message) << "SEED=" << seed;
    ASSERT_EQ(*encode(decoded.value()), *bytes) << "SEED=" << seed;
  }
}

} // namespace

TEST(round_trip, telemetry) {
  expect_round_trips([](auto& random) { return random.telemetry(); }, decode_telemetry);
}
TEST(round_trip, requests) {
  expect_round_trips([](auto& random) { return random.request(); }, decode_request);
}
TEST(round_trip, commands) {
  expect_round_trips([](auto& random) { return random.commands(); }, decode_commands);
}
TEST(round_trip, results) {
  expect_round_trips([](auto& random) { return random.results(); }, decode_results);
}
TEST(round_trip, session_facts) {
  expect_round_trips([](auto& random) { return random.session_fact(); }, decode_session_fact);
}
TEST(round_trip, events) {
  expect_round_trips([](auto& random) { return random.event(); }, decode_event);
}
TEST(round_trip, decisions) {
  expect_round_trips([](auto& random) { return random.decision(); }, decode_decision);
}
TEST(round_trip, site_states) {
  expect_round_trips([](auto& random) { return random.site_state(); }, decode_site_state);
}
TEST(round_trip, dead_letters) {
  expect_round_trips([](auto& random) { return random.dead_letter(); }, decode_dead_letter);
}

TEST(round_trip, an_unaligned_message_is_read_as_well) {
  const shared_bytes bytes = encode(testing::random_messages(7).telemetry());
  for (std::size_t shift = 1; shift < 8; ++shift) {
    std::vector<std::uint8_t> shifted(shift, 0xAA);
    shifted.insert(shifted.end(), bytes->begin(), bytes->end());
    const auto decoded = decode_telemetry(bytes_view{shifted}.subspan(shift));
    ASSERT_TRUE(decoded) << decoded.failure().message;
    EXPECT_EQ(*encode(decoded.value()), *bytes);
  }
}

} // namespace busbar::messages
