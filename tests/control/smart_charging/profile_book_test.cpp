// What the engine remembers of a station's profiles: only what the station accepted, and what that
// held back.

#include "control/smart_charging/composite.hpp"
#include "control/smart_charging/profile_book.hpp"

#include <gtest/gtest.h>

namespace busbar::control::smart_charging {
namespace {

using domain::command_kind;
using domain::outcome;

constexpr domain::instant begin{std::chrono::seconds{1'800'000'000}};

class profile_book_under_test : public ::testing::Test {
protected:
  void send(charging_profile profile, std::size_t place = 0, bool is_station_wide = false) {
    domain::command command;
    command.kind = command_kind::set_charging_profile;
    command.number = ++number;
    command.profile.order = std::make_shared<const domain::profile_order>(
        domain::profile_order{is_station_wide, std::move(profile), {}});
    book.sent(place, command);
  }
  void send_clear(const clear_filter& filter) {
    domain::command command;
    command.kind = command_kind::clear_charging_profile;
    command.number = ++number;
    command.profile.order = std::make_shared<const domain::profile_order>(
        domain::profile_order{false, {}, filter});
    book.sent(0, command);
  }
  bool answer(outcome what, std::size_t place = 0) {
    domain::command_result result;
    result.number = number;
    result.answer = what;
    result.answered_at = begin;
    return book.answered(place, result);
  }
  static charging_profile amperes(std::int32_t id, std::int64_t limit) {
    charging_profile made;
    made.id = id;
    made.plan.starts_at = std::chrono::floor<seconds>(begin);
    made.plan.periods = {{seconds{0}, limit * 10, std::nullopt}};
    return made;
  }
  /// Measured every second from `begin` on.
  void draw(std::int64_t watts, std::int64_t for_seconds, std::size_t place = 0) {
    for (std::int64_t n = 0; n <= for_seconds; ++n)
      book.measured(place, domain::watts{watts}, begin + seconds{n});
  }

  profile_book book{settings_of(2, domain::millivolts{230'000}, 3)};
  domain::sequence number = 0;
};

TEST_F(profile_book_under_test, keeps_what_the_station_accepts_and_nothing_else) {
  send(amperes(1, 10));
  EXPECT_TRUE(answer(outcome::refused));
  EXPECT_TRUE(book.store().installed().empty());
  send(amperes(1, 10));
  EXPECT_FALSE(answer(outcome::accepted, 1)) << "another connector's number";
  EXPECT_TRUE(answer(outcome::accepted));
  EXPECT_FALSE(answer(outcome::accepted)) << "answered already";
  ASSERT_EQ(book.store().installed().size(), 1U);
  EXPECT_EQ(book.store().installed()[0].connector, 1);
  send(amperes(2, 10), 0, true);
  EXPECT_TRUE(answer(outcome::accepted));
  EXPECT_EQ(book.store().find(2)->connector, 0);
  send_clear({.id = 1});
  EXPECT_TRUE(answer(outcome::accepted));
  EXPECT_EQ(book.store().find(1), nullptr);
  EXPECT_EQ(book.pending(), 0U);
}

TEST_F(profile_book_under_test, gives_up_what_is_not_answered) {
  for (std::int32_t n = 0; n < 3; ++n) send(amperes(n, 10));
  EXPECT_EQ(book.give_up(1, 3), 0U) << "another connector";
  EXPECT_EQ(book.give_up(0, 2), 2U);
  EXPECT_EQ(book.pending(), 1U);
  EXPECT_TRUE(answer(outcome::accepted)) << "the third still waits";
}

TEST_F(profile_book_under_test, a_tx_profile_goes_with_its_session) {
  book.follow(0, domain::session_id{"s-1"}, begin);
  auto profile = amperes(1, 10);
  profile.serves = purpose::tx;
  profile.transaction = transaction_number(domain::session_id{"s-1"});
  send(profile);
  EXPECT_TRUE(answer(outcome::accepted));
  EXPECT_NE(book.store().find(1), nullptr);
  book.follow(0, domain::session_id{"s-1"}, begin);
  EXPECT_NE(book.store().find(1), nullptr) << "the same session goes on";
  book.follow(0, domain::session_id{}, begin);
  EXPECT_EQ(book.store().find(1), nullptr);
}

TEST_F(profile_book_under_test, a_memory_comes_back_with_the_sessions_that_are_still_open) {
  book.follow(0, domain::session_id{"s-1"}, begin);
  book.follow(1, domain::session_id{"s-2"}, begin);
  for (const std::size_t place : {0U, 1U}) {
    auto profile = amperes(static_cast<std::int32_t>(place + 1), 10);
    profile.serves = purpose::tx;
    send(profile, place);
    ASSERT_TRUE(answer(outcome::accepted, place));
  }
  send(amperes(3, 10));
  ASSERT_TRUE(answer(outcome::accepted));
  profile_book later{settings_of(2, domain::millivolts{230'000}, 3)};
  ASSERT_TRUE(later.restore(book.store().memory(), {domain::session_id{"s-1"}, {}}));
  EXPECT_NE(later.store().find(1), nullptr);
  EXPECT_EQ(later.store().find(2), nullptr) << "s-2 has ended meanwhile";
  EXPECT_NE(later.store().find(3), nullptr);
  later.follow(0, domain::session_id{"s-1"}, begin);
  later.follow(1, domain::session_id{}, begin);
  EXPECT_NE(later.store().find(1), nullptr) << "the same session goes on";
  ASSERT_TRUE(later.restore(book.store().memory(), {domain::session_id{"s-9"}, {}}));
  EXPECT_EQ(later.store().find(1), nullptr) << "another session";
  EXPECT_EQ(later.store().running(1), nullptr);
}

TEST_F(profile_book_under_test, what_is_no_memory_changes_nothing) {
  send(amperes(1, 10));
  ASSERT_TRUE(answer(outcome::accepted));
  auto memory = book.store().memory();
  memory.back() ^= 1;
  const std::vector<domain::session_id> none(2);
  EXPECT_FALSE(book.restore(memory, none));
  EXPECT_FALSE(book.restore({}, none));
  EXPECT_NE(book.store().find(1), nullptr);
}

TEST_F(profile_book_under_test, counts_the_energy_between_limit_and_grant) {
  book.follow(0, domain::session_id{"s-1"}, begin);
  send(amperes(1, 10));
  answer(outcome::accepted);
  book.granted(0, domain::milliamperes{16'000});
  // 10 A x 3 x 230 V = 6900 W of 16 A x 3 x 230 V = 11 040 W: 4140 W x 600 s / 3600 = 690 Wh.
  draw(6'900, 600);
  ASSERT_EQ(book.effect_on(0).size(), 1U);
  EXPECT_EQ(book.effect_on(0)[0].profile, 1);
  EXPECT_EQ(book.effect_on(0)[0].time, seconds{600});
  EXPECT_EQ(book.effect_on(0)[0].energy_wh, 690);
  EXPECT_TRUE(book.effect_on(1).empty());
}

TEST_F(profile_book_under_test, a_vehicle_on_one_line_was_held_back_on_that_one) {
  book.follow(0, domain::session_id{"s-1"}, begin);
  send(amperes(1, 10));
  answer(outcome::accepted);
  book.granted(0, domain::milliamperes{16'000});
  // 10 A x 230 V = 2300 W; (16 A - 10 A) x 230 V = 1380 W x 600 s / 3600 = 230 Wh.
  draw(2'300, 600);
  ASSERT_EQ(book.effect_on(0).size(), 1U);
  EXPECT_EQ(book.effect_on(0)[0].energy_wh, 230);
}

TEST_F(profile_book_under_test, counts_nothing_where_the_vehicle_takes_less_or_the_grant_is_lower) {
  book.follow(0, domain::session_id{"s-1"}, begin);
  send(amperes(1, 10));
  answer(outcome::accepted);
  book.granted(0, domain::milliamperes{16'000});
  draw(2'000, 60);
  EXPECT_TRUE(book.effect_on(0).empty()) << "2000 W are below nine tenths of 2300 W";
  book.granted(0, domain::milliamperes{9'000});
  draw(6'210, 60);
  EXPECT_TRUE(book.effect_on(0).empty());
}

TEST_F(profile_book_under_test, a_gap_of_more_than_60_s_counts_for_nothing) {
  book.follow(0, domain::session_id{"s-1"}, begin);
  send(amperes(1, 10));
  answer(outcome::accepted);
  book.granted(0, domain::milliamperes{16'000});
  book.measured(0, domain::watts{6'900}, begin);
  book.measured(0, domain::watts{6'900}, begin + seconds{61});
  EXPECT_TRUE(book.effect_on(0).empty());
  book.measured(0, domain::watts{6'900}, begin + seconds{121});
  EXPECT_EQ(book.effect_on(0)[0].time, seconds{60});
}

TEST_F(profile_book_under_test, a_second_reading_within_a_second_says_nothing_of_the_lines) {
  book.follow(0, domain::session_id{"s-1"}, begin);
  auto stops = amperes(1, 10);
  stops.plan.periods.push_back({seconds{2}, 0, std::nullopt});
  send(stops);
  answer(outcome::accepted);
  book.granted(0, domain::milliamperes{16'000});
  draw(6'900, 1); // on three lines
  book.measured(0, domain::watts{2'300}, begin + std::chrono::milliseconds{1'500});
  book.measured(0, domain::watts{0}, begin + seconds{2});
  book.measured(0, domain::watts{0}, begin + seconds{62});
  // 4140 W for the first second and all of 11 040 W for 60 s: 666 540 W s / 3600 = 185.15 Wh
  EXPECT_EQ(book.effect_on(0)[0].energy_wh, 185);
}

TEST_F(profile_book_under_test, installed_anew_a_profile_counts_from_zero) {
  book.follow(0, domain::session_id{"s-1"}, begin);
  send(amperes(1, 10));
  answer(outcome::accepted);
  book.granted(0, domain::milliamperes{16'000});
  draw(6'900, 60);
  EXPECT_FALSE(book.effect_on(0).empty());
  send(amperes(1, 12));
  answer(outcome::accepted);
  EXPECT_TRUE(book.effect_on(0).empty());
}

TEST(settings_of, rounds_volts_up_so_that_watts_never_become_more_amperes) {
  EXPECT_EQ(settings_of(1, domain::millivolts{277'128}, 3).supply_v, 278);
  EXPECT_EQ(settings_of(1, domain::millivolts{230'000}, 3).supply_v, 230);
}

} // namespace
} // namespace busbar::control::smart_charging
