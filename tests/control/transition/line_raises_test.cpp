// LIM-8: how many vehicles that leave lines out are raised at a time.

#include "control/transition/line_raises.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <vector>

namespace busbar::control::transition {
namespace {

using domain::instant;
using domain::milliamperes;
using std::chrono::seconds;

instant at(std::int64_t second) { return instant{seconds{second}}; }

struct yard {
  std::vector<line_raise> rows;
  std::size_t at_once = 3;

  void add(milliamperes told, instant raised_at, instant measured_at, bool is_wished = true) {
    rows.push_back({static_cast<std::uint32_t>(rows.size()), told, raised_at, measured_at,
                    is_wished});
  }
  std::set<std::uint32_t> permitted() const {
    auto copy = rows;
    permit_raises(copy, at_once);
    std::set<std::uint32_t> found;
    for (const auto& row : copy)
      if (row.is_permitted) found.insert(row.connector);
    return found;
  }
};

TEST(line_raises, LIM_8_three_begin_at_once_those_that_were_not_raised_for_the_longest) {
  yard it;
  for (const std::int64_t last : {50, 10, 40, 20, 30})
    it.add(milliamperes{6'000}, at(last), at(100));
  EXPECT_EQ(it.permitted(), (std::set<std::uint32_t>{1, 3, 4}));
}

TEST(line_raises, LIM_8_as_many_begin_at_once_as_the_site_states) {
  yard it;
  it.at_once = 4;
  for (const std::int64_t last : {50, 10, 40, 20, 30})
    it.add(milliamperes{6'000}, at(last), at(100));
  EXPECT_EQ(it.permitted(), (std::set<std::uint32_t>{1, 2, 3, 4}));
}

TEST(line_raises, LIM_8_one_that_was_told_to_pause_waits_and_keeps_no_other_waiting) {
  yard it;
  for (const std::int64_t told : {0, 9'000, 6'000, 0, 7'000, 8'000})
    it.add(milliamperes{told}, at(10), at(100));
  EXPECT_EQ(it.permitted(), (std::set<std::uint32_t>{1, 2, 4}));
}

TEST(line_raises, LIM_8_the_next_wait_until_a_reading_shows_what_the_raise_before_has_done) {
  yard it;
  for (int i = 0; i < 3; ++i) it.add(milliamperes{8'000}, at(100), at(106), false);
  it.add(milliamperes{6'000}, at(0), at(106));
  EXPECT_TRUE(it.permitted().empty()) << "read 6 s after the raise, of 7";
  it.rows[1].measured_at = at(107);
  EXPECT_EQ(it.permitted(), (std::set<std::uint32_t>{3}));
  it.rows[1].measured_at = at(99);
  EXPECT_TRUE(it.permitted().empty()) << "a reading of before the raise shows nothing";
}

TEST(line_raises, LIM_8_one_that_is_being_raised_goes_on_until_it_is_6_A_ahead_of_one_that_waits) {
  yard it;
  for (int i = 0; i < 3; ++i) it.add(milliamperes{8'000}, at(100), at(101));
  EXPECT_EQ(it.permitted().size(), 3u) << "none waits";
  it.add(milliamperes{6'000}, at(0), at(101));
  EXPECT_EQ(it.permitted(), (std::set<std::uint32_t>{0, 1, 2}));
  it.rows[0].told = milliamperes{12'000};
  EXPECT_EQ(it.permitted(), (std::set<std::uint32_t>{1, 2}));
  it.rows[3].is_wished = false;
  EXPECT_EQ(it.permitted(), (std::set<std::uint32_t>{0, 1, 2})) << "what wants no more waits not";
}

TEST(line_raises, LIM_8_all_come_to_the_same_current_and_never_more_than_three_settle) {
  yard it;
  for (int i = 0; i < 24; ++i) it.add(milliamperes{6'000}, at(-100), at(0));
  const milliamperes target{16'000};
  for (std::int64_t second = 1; second <= 600; ++second) {
    for (auto& row : it.rows) {
      row.measured_at = at(second);
      row.is_wished = row.told < target;
    }
    for (const auto i : it.permitted()) {
      it.rows[i].told = std::min(target, it.rows[i].told + milliamperes{2'000});
      it.rows[i].raised_at = at(second);
    }
    EXPECT_LE(std::ranges::count_if(it.rows, [](const auto& row) { return row.is_settling(); }), 3)
        << "second " << second;
  }
  for (const auto& row : it.rows) EXPECT_EQ(row.told, target);
}

} // namespace
} // namespace busbar::control::transition
