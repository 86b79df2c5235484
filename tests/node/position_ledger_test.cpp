// KEEP-2: positions that a state names lie as far back as what is in the log may take to reach it.

#include "node/position_ledger.hpp"

#include "messages/topics.hpp"

#include <gtest/gtest.h>

namespace busbar::node {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr position_ledger::clock::time_point start{seconds{1'000}};
const domain::site_id yard{"yard"};

class position_ledger_test : public testing::Test {
protected:
  std::optional<std::int64_t> settled_at(domain::microseconds after) {
    return ledger.settled(yard, start + after).results;
  }

  position_ledger ledger{12};
  ports::partition_id place = ledger.place_of(messages::results_topic, yard);
};

TEST_F(position_ledger_test, KEEP_2_nothing_is_named_of_a_partition_that_is_not_known) {
  EXPECT_EQ(settled_at(seconds{0}), std::nullopt);
}

TEST_F(position_ledger_test, KEEP_2_a_record_counts_once_it_has_settled) {
  ledger.begin(place, 100);
  ledger.passed(place, 100, start);
  EXPECT_EQ(settled_at(position_ledger::settles_after - milliseconds{1}), 100);
  EXPECT_EQ(settled_at(position_ledger::settles_after), 101);
}

TEST_F(position_ledger_test, KEEP_2_a_record_that_is_younger_than_a_sample_does_not_count_with_it) {
  ledger.begin(place, 0);
  for (int i = 0; i < 100; ++i) ledger.passed(place, i, start + milliseconds{100} * i);
  // At 9.9 s records of the first 1.9 s have settled, but for the second's own sample.
  const auto settled = settled_at(milliseconds{9'900});
  ASSERT_TRUE(settled);
  EXPECT_LE(*settled, 20);
  EXPECT_GE(*settled, 9);
}

TEST_F(position_ledger_test, KEEP_1_facts_are_read_again_from_before_the_requests) {
  const auto facts = ledger.place_of(messages::sessions_topic, yard);
  const auto requests = ledger.place_of(messages::requests_topic, yard);
  ledger.begin(facts, 0);
  ledger.begin(requests, 0);
  // Each request is answered at once.
  for (int i = 0; i < 1'000; ++i) {
    const auto now = start + milliseconds{70} * i;
    ledger.passed(requests, i, now);
    ledger.passed(facts, i, now + milliseconds{1});
    const auto settled = ledger.settled(yard, now + milliseconds{5});
    EXPECT_LE(*settled.sessions, *settled.requests) << i;
  }
}

TEST_F(position_ledger_test, KEEP_1_a_position_is_named_however_far_apart_facts_are) {
  for (const int apart_ms : {10, 90, 500, 550, 600, 700, 990, 1'000, 1'500, 9'000}) {
    position_ledger own{12};
    const auto facts = own.place_of(messages::sessions_topic, yard);
    own.begin(facts, 0);
    std::int64_t before = 0;
    for (int i = 0; i < 200; ++i) {
      const auto now = start + milliseconds{apart_ms} * i;
      own.passed(facts, i, now);
      const auto settled = own.settled(yard, now).sessions;
      ASSERT_TRUE(settled) << apart_ms << " ms apart, fact " << i;
      EXPECT_GE(*settled, before);
      before = *settled;
    }
  }
}

TEST_F(position_ledger_test, KEEP_1_a_position_is_named_right_after_the_machine_has_started) {
  ledger.begin(place, 100);
  const position_ledger::clock::time_point booted{seconds{1}};
  ledger.passed(place, 100, booted);
  EXPECT_EQ(ledger.settled(yard, booted).results, 100);
}

TEST_F(position_ledger_test, KEEP_2_positions_never_fall) {
  ledger.begin(place, 0);
  std::int64_t before = 0;
  for (int i = 0; i < 1'000; ++i) {
    const auto now = milliseconds{50} * i;
    ledger.passed(place, i, start + now);
    const auto settled = settled_at(now);
    ASSERT_TRUE(settled) << i;
    EXPECT_GE(*settled, before) << i;
    EXPECT_LE(*settled, std::max(0, i - 159)) << i; // 8 s are 160 records
    before = *settled;
  }
  EXPECT_GT(before, 800);
}

} // namespace
} // namespace busbar::node
