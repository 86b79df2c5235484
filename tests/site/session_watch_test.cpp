#include "site/session_watch.hpp"

#include <gtest/gtest.h>

#include <memory>

namespace busbar::site {

using domain::instant;
using std::chrono::seconds;

namespace {

const instant start{seconds{1'000'000}};

session_pointer session(const char* id, std::optional<domain::watt_hours> wanted = {}) {
  auto state = std::make_shared<domain::session_state>();
  state->id = domain::session_id{id};
  state->register_start_wh = 5'000;
  state->energy_wanted = wanted;
  return state;
}

session_change open(session_pointer state, bool is_stopping = false) {
  return {domain::connector_index{}, std::move(state), is_stopping};
}

domain::reading at_register(std::int64_t wh) {
  domain::reading reading;
  reading.energy_wh = wh;
  return reading;
}

} // namespace

TEST(session_watch, a_change_of_the_same_session_goes_on_with_it) {
  session_watch watch;
  EXPECT_FALSE(watch.change(open(session("s1")), start));
  EXPECT_TRUE(watch.change(open(session("s1"), true), start));
  EXPECT_TRUE(watch.is_stopping());
  EXPECT_FALSE(watch.change(open(session("s2")), start));
}

TEST(session_watch, LIFE_1_progress_is_due_once_in_its_time_while_a_session_is_open) {
  session_watch watch;
  EXPECT_FALSE(watch.take_progress(start, seconds{1}));
  watch.change(open(session("s1")), start);
  EXPECT_TRUE(watch.take_progress(start, seconds{1}));
  EXPECT_FALSE(watch.take_progress(start + domain::microseconds{999'999}, seconds{1}));
  EXPECT_TRUE(watch.take_progress(start + seconds{1}, seconds{1}));
}

TEST(session_watch, a_session_has_its_energy_once_the_register_shows_it_and_until_it_stops) {
  session_watch watch;
  watch.change(open(session("s1", domain::watt_hours{1'000})), start);
  EXPECT_FALSE(watch.has_energy_wanted(at_register(5'999)));
  EXPECT_TRUE(watch.has_energy_wanted(at_register(6'000)));
  watch.change(open(session("s1", domain::watt_hours{1'000}), true), start);
  EXPECT_FALSE(watch.has_energy_wanted(at_register(6'000)));
}

TEST(session_watch, LIFE_1_a_bill_waits_for_the_next_reading) {
  session_watch watch;
  watch.change({domain::connector_index{}, nullptr, false, true, session("s1")}, start);
  EXPECT_EQ(watch.open(), nullptr);
  ASSERT_NE(watch.bill_waits(), nullptr);
  EXPECT_FALSE(watch.take_heard_again(start));
  EXPECT_TRUE(watch.take_heard_again(start + seconds{30}));
  EXPECT_FALSE(watch.take_heard_again(start + seconds{31})) << "once";
  EXPECT_NE(watch.bill_waits(), nullptr) << "it is settled by the station's answer";
}

TEST(session_watch, LIFE_1_readings_of_a_predecessor_do_not_settle_a_restored_bill) {
  session_watch watch;
  watch.restore_unsettled(session("s1"), instant{});
  watch.heard_until(start);
  EXPECT_FALSE(watch.take_heard_again(start));
  EXPECT_TRUE(watch.take_heard_again(start + seconds{1}));
}

} // namespace busbar::site
