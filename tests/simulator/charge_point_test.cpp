// One charge point: states, obedience, lease and fallback, energy.

#include "simulator/charge_point.hpp"

#include "domain/epochs.hpp"
#include "tests/simulator/example_site.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace busbar::simulator {
namespace {

using domain::command;
using domain::command_kind;
using domain::connector_state;
using domain::milliamperes;
using domain::outcome;
using domain::permille;
using std::chrono::milliseconds;
using std::chrono::seconds;
using tests::at_second;

/// CP-001 of the preset: 22 kW AC, three phases, 32 A; fallback 6 A.
class charge_point_under_test : public ::testing::Test {
protected:
  charge_point_under_test()
      : site(tests::example_site("autonomous.toml")),
        point(*site, domain::station_index{std::size_t{0}}, seconds{2}) {
    point.advance(at_second(0));
  }

  domain::command_result tell(command_kind kind, std::int64_t ma = 0, domain::epoch owner = 1) {
    command told;
    told.kind = kind;
    told.number = ++number;
    told.current = milliamperes{ma};
    told.lease = seconds{60};
    told.when_lost = when_lost;
    told.session = domain::session_id{"s-1"};
    return point.obey(told, {owner, now() - waited}, now());
  }

  domain::command_result grant_after(domain::microseconds on_its_way, std::int64_t ma) {
    waited = on_its_way;
    auto answer = tell(command_kind::grant, ma);
    waited = {};
    return answer;
  }

  void pass(std::int64_t ms) {
    for (const auto end = elapsed + ms; elapsed < end;) {
      elapsed += 100;
      point.advance(now());
    }
  }

  void plug_and_start(std::int64_t grant_ma) {
    vehicle_model car;
    car.ac_power = domain::watts{22'080};
    socket().plug(vehicle{car, permille{300}});
    tell(command_kind::grant, grant_ma);
    tell(command_kind::start);
  }

  domain::instant now() const { return at_second(0) + milliseconds{elapsed}; }
  outlet& socket() { return point.outlets().front(); }

  std::shared_ptr<const domain::site> site;
  charge_point point;
  domain::sequence number = 0;
  std::optional<domain::fallback> when_lost;
  /// How long commands were on their way.
  domain::microseconds waited{};
  std::int64_t elapsed = 0;
};

TEST_F(charge_point_under_test, goes_disconnected_activated_supplying_activated_disconnected) {
  std::vector<connector_state> states{socket().state()};
  plug_and_start(16'000);
  states.push_back(socket().state());
  pass(3'000);
  states.push_back(socket().state());
  tell(command_kind::stop);
  states.push_back(socket().state());
  socket().unplug();
  states.push_back(socket().state());
  using enum connector_state;
  EXPECT_EQ(states, (std::vector{disconnected, activated, supplying, activated, disconnected}));
}

TEST_F(charge_point_under_test, a_vehicle_reaches_a_new_grant_within_the_response_and_not_above) {
  plug_and_start(16'000);
  for (int i = 0; i < 30; ++i) {
    pass(100);
    EXPECT_LE(socket().drawn().count(), 16'000);
  }
  EXPECT_EQ(socket().drawn().count(), 16'000);
  tell(command_kind::grant, 8'000);
  pass(2'100);
  EXPECT_EQ(socket().drawn().count(), 8'000);
}

TEST_F(charge_point_under_test, below_its_minimum_a_vehicle_does_not_charge_at_all) {
  plug_and_start(5'999);
  pass(4'000);
  EXPECT_EQ(socket().drawn().count(), 0);
  EXPECT_EQ(socket().state(), connector_state::activated);
}

TEST_F(charge_point_under_test, SAFE_1_a_grant_may_say_what_is_done_once_its_lease_has_ended) {
  plug_and_start(32'000);
  when_lost = {domain::fallback_action::reduce, milliamperes{10'000}, seconds{60}};
  tell(command_kind::grant, 32'000);
  pass(65'000);
  EXPECT_EQ(socket().drawn().count(), 10'000);
  when_lost.reset();
  tell(command_kind::grant, 32'000);
  pass(65'000);
  EXPECT_EQ(socket().drawn().count(), 6'000) << "the site file's again";
}

TEST_F(charge_point_under_test, SAFE_1_a_lease_that_ends_leads_to_the_fallback_of_the_site_file) {
  plug_and_start(32'000);
  pass(5'000);
  EXPECT_EQ(socket().drawn().count(), 32'000);
  pass(60'000);
  EXPECT_TRUE(socket().is_in_fallback(now()));
  EXPECT_EQ(socket().drawn().count(), 6'000);
}

TEST_F(charge_point_under_test, SAFE_1_a_grant_that_comes_after_its_lease_is_refused) {
  plug_and_start(16'000);
  pass(5'000);
  const auto late = grant_after(seconds{60}, 32'000);
  EXPECT_EQ(late.answer, outcome::refused);
  EXPECT_EQ(late.why, "lease is over");
  EXPECT_EQ(grant_after(seconds{3'600}, 32'000).why, "lease is over");
  EXPECT_EQ(socket().allowed(now()).count(), 16'000);
  EXPECT_EQ(socket().sample(now()).obeyed, 2U); // the start
}

TEST_F(charge_point_under_test, SAFE_1_a_lease_counts_from_the_issue_of_its_grant) {
  plug_and_start(16'000);
  pass(5'000);
  EXPECT_EQ(grant_after(seconds{50}, 32'000).answer, outcome::accepted);
  pass(9'900);
  EXPECT_EQ(socket().allowed(now()).count(), 32'000);
  pass(100);
  EXPECT_TRUE(socket().is_in_fallback(now()));
}

TEST_F(charge_point_under_test, SAFE_1_an_issuer_ahead_in_time_does_not_make_a_lease_longer) {
  plug_and_start(16'000);
  EXPECT_EQ(grant_after(seconds{-30}, 32'000).answer, outcome::accepted);
  pass(59'900);
  EXPECT_FALSE(socket().is_in_fallback(now()));
  pass(100);
  EXPECT_TRUE(socket().is_in_fallback(now()));
}

TEST_F(charge_point_under_test, OWN_1_a_command_of_an_older_epoch_or_sequence_changes_nothing) {
  plug_and_start(16'000);
  EXPECT_EQ(tell(command_kind::grant, 10'000, 7).answer, outcome::accepted);
  EXPECT_EQ(tell(command_kind::grant, 32'000, 6).why, "epoch 6 is older than 7");
  number -= 3;
  EXPECT_EQ(tell(command_kind::grant, 32'000, 7).answer, outcome::refused);
  EXPECT_EQ(socket().allowed(now()).count(), 10'000);
}

TEST_F(charge_point_under_test, OWN_1_whatever_epoch_was_forged_a_newer_one_is_obeyed) {
  plug_and_start(16'000);
  const auto last = std::numeric_limits<domain::epoch>::max();
  ASSERT_EQ(tell(command_kind::grant, 32'000, last / 2).answer, outcome::accepted);
  ASSERT_EQ(tell(command_kind::grant, 32'000, last / 2 + 2).answer, outcome::accepted);
  ASSERT_EQ(tell(command_kind::grant, 32'000, last).answer, outcome::accepted);
  EXPECT_EQ(tell(command_kind::grant, 10'000, last - 1).answer, outcome::refused);
  EXPECT_EQ(tell(command_kind::grant, 10'000, domain::next_epoch(last)).answer, outcome::accepted);
  EXPECT_EQ(socket().allowed(now()).count(), 10'000);
}

TEST_F(charge_point_under_test, a_command_that_comes_twice_is_answered_alike_and_done_once) {
  plug_and_start(16'000);
  tell(command_kind::stop);
  socket().open_session(domain::session_id{"s-1"}, now());
  --number;
  EXPECT_EQ(tell(command_kind::stop).answer, outcome::accepted);
  EXPECT_EQ(socket().session().text(), "s-1");
}

TEST_F(charge_point_under_test, refuses_what_it_cannot_do_with_the_reason) {
  EXPECT_EQ(tell(command_kind::grant, 40'000).why, "current_ma 40000: allowed is 0..32000");
  EXPECT_EQ(tell(command_kind::stop).why, "no session s-1 here");
  tell(command_kind::set_unavailable);
  EXPECT_EQ(tell(command_kind::start).why, "unavailable");
  tell(command_kind::set_available);
  point.suffer(domain::fault_kind::station_fault, at_second(100));
  EXPECT_EQ(tell(command_kind::start).why, "faulted");
}

TEST_F(charge_point_under_test, a_faulted_point_gives_no_energy_and_recovers_by_itself) {
  plug_and_start(16'000);
  pass(4'000);
  point.suffer(domain::fault_kind::station_fault, now() + seconds{5});
  EXPECT_EQ(socket().state(), connector_state::faulted);
  EXPECT_EQ(socket().drawn().count(), 0);
  EXPECT_TRUE(socket().session().is_empty());
  pass(5'000);
  EXPECT_EQ(socket().state(), connector_state::activated);
}

TEST_F(charge_point_under_test, SAFE_2_a_disobedient_point_acknowledges_and_keeps_drawing) {
  plug_and_start(16'000);
  pass(4'000);
  point.suffer(domain::fault_kind::disobey, domain::instant::max());
  EXPECT_EQ(tell(command_kind::grant, 6'000).answer, outcome::accepted);
  pass(10'000);
  EXPECT_EQ(socket().drawn().count(), 16'000);
  tell(command_kind::stop);
  EXPECT_EQ(socket().drawn().count(), 0);
}

TEST_F(charge_point_under_test, SAFE_2_a_welded_contactor_is_not_opened_by_a_stop) {
  plug_and_start(16'000);
  pass(4'000);
  point.suffer(domain::fault_kind::disobey, domain::instant::max(), true);
  EXPECT_EQ(tell(command_kind::stop).answer, outcome::accepted);
  EXPECT_EQ(tell(command_kind::set_unavailable).answer, outcome::accepted);
  pass(10'000);
  EXPECT_EQ(socket().drawn().count(), 16'000);
  EXPECT_TRUE(socket().session().is_empty());
  EXPECT_EQ(socket().state(), connector_state::supplying) << "as measured";
  EXPECT_TRUE(socket().is_locked());
  point.suffer(domain::fault_kind::clear, domain::instant::max());
  pass(4'000);
  EXPECT_EQ(socket().drawn().count(), 0);
  EXPECT_FALSE(socket().is_locked());
  EXPECT_EQ(socket().state(), connector_state::unavailable);
}

TEST_F(charge_point_under_test, LIFE_1_the_register_counts_what_was_drawn) {
  plug_and_start(16'000);
  pass(3'000);
  const auto before = socket().sample(now());
  for (int half_minute = 0; half_minute < 120; ++half_minute) {
    pass(30'000);
    tell(command_kind::grant, 16'000);
  }
  const auto after = socket().sample(now());
  // 16 A * 3 * 230 V = 11 040 W for an hour; the lease is renewed in time.
  EXPECT_EQ(after.power_w, 11'040);
  EXPECT_NEAR(static_cast<double>(after.energy_wh - before.energy_wh), 11'040, 1);
  // 11 040 Wh * 0.9 / 60 000 Wh = 165.6 permille on top of 300.
  EXPECT_NEAR(after.soc_permille, 466, 1);
}

TEST_F(charge_point_under_test, LIFE_1_a_start_or_a_stop_told_again_states_the_same_register) {
  plug_and_start(16'000);
  const auto began = socket().sample(now()).energy_wh;
  pass(60'000);
  EXPECT_GT(socket().sample(now()).energy_wh, began);
  EXPECT_EQ(tell(command_kind::start).register_at, domain::watt_hours{began});
  const auto ended = tell(command_kind::stop).register_at;
  ASSERT_TRUE(ended);
  EXPECT_EQ(ended->count(), socket().sample(now()).energy_wh);
  EXPECT_EQ(tell(command_kind::stop).register_at, ended);
}

} // namespace
} // namespace busbar::simulator
