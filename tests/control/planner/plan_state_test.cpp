// What a planner remembers, as bytes: every field comes back, and nothing else is taken.

#include "control/plan_state.hpp"

#include <gtest/gtest.h>

namespace busbar::control {
namespace {

using domain::milliamperes;

domain::instant at(std::int64_t microsecond) {
  return domain::instant{domain::microseconds{microsecond}};
}

/// Every field set, each to another value; negative and large ones among them.
plan_state full_state() {
  plan_state state;
  state.at = at(0x1122334455667788);
  auto& row = state.connectors.emplace_back();
  row.waiting_since = at(-1);
  row.on_since = at(2);
  row.off_since = at(3);
  row.away_since = at(19);
  row.held_until = at(4);
  row.unused_since = at(20);
  row.probe_at = at(21);
  row.naps = 22;
  row.asleep_as = 23;
  row.idle_since = at(5);
  row.reclaimed_to = milliamperes{0x7fffffff};
  row.raised_at = at(12);
  row.lines_wanted = 3;
  row.lines_decided_at = at(15);
  row.lines_ordered_at = at(16);
  row.deficit_ma_s = -0x0102030405060708;
  state.connectors.emplace_back();
  auto& node = state.nodes.emplace_back();
  node.exceeded_since = at(13);
  node.kept_since = at(14);
  return state;
}

TEST(plan_state, every_field_comes_back) {
  const auto state = full_state();
  const auto bytes = encode(state);
  EXPECT_EQ(decode(bytes, 2, 1), state);
  EXPECT_EQ(encode(*decode(bytes, 2, 1)), bytes);
  const plan_state empty;
  EXPECT_EQ(decode(encode(empty), 0, 0), empty);
}

/// `state` as version 4 wrote it: seven fields of what its station was told stood before
/// `raised_at`, here one current, 12 000 mA acknowledged before, and one time of five.
std::vector<std::uint8_t> bytes_of_version_4(const plan_state& state) {
  auto bytes = encode(state);
  auto up_to_raised = state;
  auto& row = up_to_raised.connectors[0];
  row.raised_at.reset();
  row.lines_wanted.reset();
  row.lines_decided_at.reset();
  row.lines_ordered_at.reset();
  row.deficit_ma_s = 0;
  // From `raised_at` on an empty end is 4 absent fields and 8 bytes; nodes follow, one of 2 absent.
  const auto place = encode(up_to_raised).size() - 4 - 8 - 2;
  const std::vector<std::uint8_t> told{1, 7, 0, 0, 0, 0, 0, 0, 0, 0xe0, 0x2e, 0, 0, 0, 0, 0, 0,
                                       1, 9, 0, 0, 0, 0, 0, 0, 0, 0,    0,    0, 0};
  bytes.insert(bytes.begin() + static_cast<std::ptrdiff_t>(place), told.begin(), told.end());
  bytes[0] = 4;
  return bytes;
}

TEST(plan_state, a_memory_of_the_version_before_is_read_less_what_the_ledger_owns_by_now) {
  auto state = full_state();
  state.connectors.pop_back();
  state.nodes[0] = {};
  const auto bytes = bytes_of_version_4(state);
  EXPECT_EQ(decode(bytes, 1, 1), state);
  EXPECT_EQ(encode(*decode(bytes, 1, 1))[0], 5);
  auto cut = bytes;
  cut.pop_back();
  EXPECT_FALSE(decode(cut, 1, 1));
}

TEST(plan_state, only_one_or_three_lines_can_be_wanted) {
  for (int lines = 0; lines <= 255; ++lines) {
    plan_state state;
    state.connectors.emplace_back().lines_wanted = static_cast<std::uint8_t>(lines);
    EXPECT_EQ(decode(encode(state), 1, 0).has_value(), lines == 1 || lines == 3) << lines;
  }
}

TEST(plan_state, bytes_that_are_cut_or_too_long_are_refused) {
  const auto bytes = encode(full_state());
  for (std::size_t length = 0; length < bytes.size(); ++length)
    ASSERT_FALSE(decode(std::span{bytes}.first(length), 2, 1)) << length;
  auto longer = bytes;
  longer.push_back(0);
  EXPECT_FALSE(decode(longer, 2, 1));
}

TEST(plan_state, a_memory_of_another_site_or_version_is_refused) {
  auto bytes = encode(full_state());
  EXPECT_FALSE(decode(bytes, 1, 1));
  EXPECT_FALSE(decode(bytes, 3, 1));
  EXPECT_FALSE(decode(bytes, 2, 0));
  EXPECT_FALSE(decode(bytes, 2, 2));
  ++bytes[0];
  EXPECT_FALSE(decode(bytes, 2, 1));
}

TEST(plan_state, a_presence_that_is_neither_0_nor_1_is_refused) {
  // version, two counts of 8 bytes, then the presence of `at`
  auto bytes = encode(plan_state{});
  ASSERT_EQ(bytes.size(), 18U);
  ASSERT_EQ(bytes[17], 0);
  bytes[17] = 2;
  bytes.insert(bytes.end(), 8, 0);
  EXPECT_FALSE(decode(bytes, 0, 0));
  bytes[17] = 1;
  EXPECT_TRUE(decode(bytes, 0, 0));
}

TEST(plan_state, a_time_that_stands_for_none_is_refused) {
  plan_state state;
  state.connectors.emplace_back().waiting_since = at(1);
  auto bytes = encode(state);
  // version, two counts of 8 bytes, no `at`, then the first field: there, with the value 1
  ASSERT_EQ(bytes[18], 1);
  ASSERT_EQ(bytes[19], 1);
  bytes[19] = 0;
  bytes[26] = 0x80; // -2^63
  EXPECT_FALSE(decode(bytes, 1, 0));
  bytes[19] = 1;
  EXPECT_TRUE(decode(bytes, 1, 0));
}

TEST(plan_state, a_clock_that_is_set_back_takes_every_instant_with_it) {
  plan_state state;
  state.at = at(5'000);
  auto& row = state.connectors.emplace_back();
  row.on_since = at(4'700);
  row.held_until = at(5'100);
  row.deficit_ma_s = 8;
  state.nodes.emplace_back().exceeded_since = at(4'990);
  follow_clock(state, at(5'001));
  EXPECT_EQ(row.on_since, at(4'700)) << "forward is elapsed time";
  follow_clock(state, at(2'000)); // back by 3 000
  EXPECT_EQ(state.at, at(2'000));
  EXPECT_EQ(row.on_since, at(1'700));
  EXPECT_EQ(row.held_until, at(2'100));
  EXPECT_EQ(row.deficit_ma_s, 8);
  EXPECT_EQ(state.nodes[0].exceeded_since, at(1'990));
}

TEST(plan_state, a_memory_from_elsewhere_remembers_nothing_from_the_future) {
  auto state = full_state();
  const promises_max promises{domain::seconds{300}, domain::seconds{600}};
  state.connectors[0].held_until = at(900'000'000);
  state.connectors[0].probe_at = at(900'000'000);
  clip_to(state, at(1), promises);
  auto expected = full_state();
  expected.at = at(1);
  auto& row = expected.connectors[0];
  for (auto* past : {&row.on_since, &row.off_since, &row.away_since, &row.unused_since,
                     &row.idle_since, &row.raised_at, &row.lines_decided_at,
                     &row.lines_ordered_at})
    *past = at(1);
  row.held_until = at(1 + 300'000'000);
  row.probe_at = at(1 + 600'000'000);
  expected.nodes[0].exceeded_since = at(1);
  expected.nodes[0].kept_since = at(1);
  EXPECT_EQ(state, expected);
}

} // namespace
} // namespace busbar::control
