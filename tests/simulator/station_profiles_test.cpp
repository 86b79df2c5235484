// A charge point obeys its charging profiles (OCPP 1.6 edition 2, 3.13): the smaller of profile and
// grant holds, looked at on every meter interval.

#include "control/smart_charging/session_profiles.hpp"
#include "tests/simulator/profiled_point.hpp"

#include <gtest/gtest.h>

namespace busbar::simulator {
namespace {

using domain::outcome;
using domain::profile_purpose;
using domain::rate_unit;
using std::chrono::seconds;
using tests::profile_of;
using tests::profiled_point;
using tests::second_at;

constexpr std::int64_t settled = 5'000;

TEST(station_profiles, the_smaller_of_profile_and_grant_holds) {
  profiled_point it;
  it.plug_and_start(20'000);
  EXPECT_EQ(it.set(profile_of(1, 10)).answer, outcome::accepted);
  it.pass(settled);
  EXPECT_EQ(it.drawn(), 10'000);
  it.grant(8'000);
  it.pass(settled);
  EXPECT_EQ(it.drawn(), 8'000);
  it.grant(32'000);
  it.pass(settled);
  EXPECT_EQ(it.drawn(), 10'000);
  EXPECT_EQ(it.clear({.id = 1}).answer, outcome::accepted);
  it.pass(settled);
  EXPECT_EQ(it.drawn(), 32'000);
}

TEST(station_profiles, a_limit_in_watts_is_the_total_over_the_stated_phases) {
  profiled_point it;
  it.plug_and_start(32'000);
  auto profile = profile_of(1, 0);
  profile.plan.unit = rate_unit::watt;
  profile.plan.periods = {{seconds{0}, 69'000, std::nullopt}};
  it.set(profile);
  it.pass(settled);
  // 6900 W / (3 x 230 V) = 10 A.
  EXPECT_EQ(it.drawn(), 10'000);
  // 2760 W over one phase = 12 A there; a station that cannot switch gives 12 / 3 = 4 A on each of
  // three, which is below a vehicle's minimum.
  profile.plan.periods = {{seconds{0}, 27'600, std::uint8_t{1}}};
  it.set(profile);
  it.pass(settled);
  EXPECT_EQ(it.drawn(), 0);
}

TEST(station_profiles, a_limit_below_the_minimum_of_the_vehicle_stops_it) {
  profiled_point it;
  it.plug_and_start(32'000);
  it.set(profile_of(1, 5));
  it.pass(settled);
  EXPECT_EQ(it.drawn(), 0);
}

TEST(station_profiles, stated_phases_are_followed_where_the_connector_can_switch) {
  profiled_point it({}, 1, true);
  it.plug_and_start(32'000);
  it.pass(settled);
  auto profile = profile_of(1, 10);
  profile.plan.periods = {{seconds{0}, 100, std::uint8_t{1}}};
  it.set(profile);
  it.pass(2'000);
  EXPECT_EQ(it.drawn(), 0) << "pauses while it switches";
  it.pass(8'000);
  EXPECT_EQ(it.drawn(), 10'000);
  EXPECT_EQ(it.socket().sample(it.now()).current_ma, (std::array{10'000, 0, 0}));
  it.clear({.id = 1});
  it.pass(10'000);
  EXPECT_EQ(it.socket().sample(it.now()).current_ma, (std::array{32'000, 32'000, 32'000}));
}

TEST(station_profiles, a_profile_ends_at_its_valid_to_within_a_meter_interval) {
  profiled_point it;
  it.plug_and_start(32'000);
  auto profile = profile_of(1, 10);
  profile.valid_to = second_at(30);
  it.set(profile);
  it.pass(29'900);
  EXPECT_EQ(it.drawn(), 10'000);
  it.pass(1'100);
  EXPECT_GT(it.drawn(), 10'000);
}

TEST(station_profiles, energy_of_an_interval_is_watts_times_seconds_over_3600) {
  profiled_point it;
  it.plug_and_start(32'000);
  it.set(profile_of(1, 16));
  it.pass(10'000);
  const auto before = it.socket().sample(it.now());
  it.pass(900'000);
  const auto after = it.socket().sample(it.now());
  // 3 x 16 A x 230 V = 11 040 W; 11 040 x 900 / 3600 = 2760 Wh; a register counts whole ones.
  EXPECT_EQ(after.power_w, 11'040);
  EXPECT_NEAR(static_cast<double>(after.energy_wh - before.energy_wh), 2'760.0, 1.0);
}

TEST(station_profiles, a_tx_profile_needs_a_session_and_goes_with_it) {
  profiled_point it;
  auto profile = profile_of(7, 10);
  profile.serves = profile_purpose::tx;
  const auto refused = it.set(profile);
  EXPECT_EQ(refused.answer, outcome::refused);
  EXPECT_EQ(refused.why, "Rejected: TxProfile needs a running transaction on its connector");
  it.plug_and_start(32'000);
  profile.transaction = 1;
  EXPECT_EQ(it.set(profile).why, "Rejected: another transaction runs on this connector");
  profile.transaction =
      control::smart_charging::transaction_number(domain::session_id{"s-0"});
  EXPECT_EQ(it.set(profile).answer, outcome::accepted);
  it.pass(settled);
  EXPECT_EQ(it.drawn(), 10'000);
  it.socket().unplug();
  it.pass(1'000);
  EXPECT_TRUE(it.point().profiles()->store().installed().empty());
}

TEST(station_profiles, what_is_not_taken_is_refused_with_its_reason) {
  profiled_point it;
  auto profile = profile_of(1, 10);
  profile.stack_level = 11;
  EXPECT_EQ(it.set(profile).why, "Rejected: stackLevel exceeds ChargeProfileMaxStackLevel");
  profile = profile_of(1, 10);
  profile.serves = profile_purpose::charge_point_max;
  EXPECT_EQ(it.set(profile).why, "Rejected: ChargePointMaxProfile belongs to connector 0");
  EXPECT_EQ(it.set(profile, true).answer, outcome::accepted);
  EXPECT_EQ(it.clear({.id = 9}).why, "Unknown: no profile is what it asks to clear");
  domain::command empty;
  empty.kind = domain::command_kind::set_charging_profile;
  EXPECT_EQ(it.tell(empty).why, "FormationViolation: says no profile");
}

TEST(station_profiles, the_maximum_of_a_station_holds_for_the_sum_of_its_connectors) {
  profiled_point it({}, 3);
  for (std::size_t place = 0; place < 3; ++place) it.plug_and_start(32'000, place);
  it.pass(settled);
  auto profile = profile_of(1, 20);
  profile.serves = profile_purpose::charge_point_max;
  it.set(profile, true);
  it.pass(settled);
  // 20 A in three parts of 6666 mA.
  for (std::size_t place = 0; place < 3; ++place) EXPECT_EQ(it.drawn(place), 6'666);
  profile.plan.periods = {{seconds{0}, 130, std::nullopt}};
  it.set(profile, true);
  it.pass(settled);
  // 13 A are the minimum of two: the third waits.
  EXPECT_EQ(it.drawn(0) + it.drawn(1) + it.drawn(2), 13'000);
  EXPECT_EQ(it.drawn(2), 0);
}

TEST(station_profiles, the_maximum_of_a_station_holds_while_one_takes_over_from_another) {
  profiled_point it({}, 2);
  auto profile = profile_of(1, 20);
  profile.serves = profile_purpose::charge_point_max;
  it.set(profile, true);
  it.plug_and_start(32'000, 0);
  it.pass(settled);
  EXPECT_EQ(it.drawn(0), 20'000);
  it.plug_and_start(32'000, 1);
  for (int n = 0; n < 100; ++n) {
    it.pass(100);
    EXPECT_LE(it.drawn(0) + it.drawn(1), 20'000) << n;
  }
  EXPECT_EQ(it.drawn(1), 10'000);
}

TEST(station_profiles, each_change_is_said_once) {
  profiled_point it;
  it.plug_and_start(32'000);
  it.set(profile_of(41, 10));
  it.pass(20'000);
  it.clear({});
  it.pass(20'000);
  // 32 A and 10 A on three lines at 230 V for a second: 22 080 W and 6900 W / 3600.
  EXPECT_EQ(it.said(), (std::vector<std::string>{
                           "profile 41 limits to 6900 W (step reduced from 6.1 to 1.9 Wh)",
                           "no profile, local policy: nothing holds it back"}));
}

TEST(station_profiles, the_step_of_a_meter_interval_is_said_with_the_limit) {
  local_settings local;
  local.look_every = seconds{90};
  profiled_point it(local);
  it.plug_and_start(16'000);
  auto profile = profile_of(1, 0);
  profile.plan.unit = rate_unit::watt;
  profile.plan.periods = {{seconds{0}, 70'000, std::nullopt}, {seconds{1'800}, 120'000, {}}};
  it.set(profile);
  it.pass(2'000'000);
  // 3 x 16 A x 230 V = 11 040 W; times 90 s / 3600: 276 Wh. 7000 W x 90 s / 3600 = 175 Wh.
  EXPECT_EQ(it.said(), (std::vector<std::string>{
                           "profile 1 limits to 7000 W (step reduced from 276 to 175 Wh)",
                           "profile 1 allows up to 12000 W (step 276 Wh)"}));
}

TEST(station_profiles, a_limit_that_no_interval_of_the_meter_shows_is_said_as_none) {
  profiled_point it;
  it.plug_and_start(16'000);
  auto profile = profile_of(1, 0);
  profile.plan.periods = {{seconds{0}, 159, std::nullopt}};
  it.set(profile);
  it.pass(20'000);
  // 15.9 A and 16 A on three lines at 230 V for a second: 3.05 Wh and 3.07 Wh.
  EXPECT_EQ(it.drawn(), 15'900);
  EXPECT_EQ(it.said(),
            (std::vector<std::string>{"profile 1 allows up to 10971 W (step 3 Wh)"}));
}

TEST(station_profiles, a_limit_below_the_vehicles_minimum_is_said_to_pause_it) {
  profiled_point it;
  it.plug_and_start(32'000);
  it.set(profile_of(2, 5));
  it.pass(settled);
  // 3 x 5 A x 230 V = 3450 W, below the 6 A of a vehicle.
  EXPECT_EQ(it.said(), std::vector<std::string>{"profile 2 limits to 3450 W, less than the "
                                                "vehicle's minimum (step reduced from 6.1 to 0 "
                                                "Wh)"});
}

TEST(station_profiles, a_station_without_smart_charging_does_not_support_it) {
  auto site = *tests::example_site("autonomous.toml");
  auto& own = site.capabilities.emplace_back();
  own.name = "plain";
  own.has_smart_charging = false;
  site.stations[0].capability = "plain";
  charge_point point(site, domain::station_index{std::size_t{0}}, seconds{2});
  domain::command told;
  told.kind = domain::command_kind::set_charging_profile;
  told.number = 1;
  told.profile.order = std::make_shared<const domain::profile_order>(
      domain::profile_order{false, profile_of(1, 10), {}});
  const auto now = tests::at_second(0);
  EXPECT_EQ(point.obey(told, {1, now}, now).why, "NotSupported: no smart charging");
}

TEST(phases, a_connector_charges_on_the_lines_it_is_told_after_a_pause_of_5_s) {
  profiled_point it({}, 1, true);
  it.plug_and_start(16'000);
  it.pass(settled);
  EXPECT_EQ(it.socket().sample(it.now()).current_ma, (std::array{16'000, 16'000, 16'000}));
  EXPECT_EQ(it.set_lines(1).answer, outcome::accepted);
  it.pass(4'900);
  EXPECT_EQ(it.drawn(), 0);
  it.pass(3'000);
  EXPECT_EQ(it.socket().sample(it.now()).current_ma, (std::array{16'000, 0, 0}));
  // 16 A x 230 V on one line.
  EXPECT_EQ(it.socket().sample(it.now()).power_w, 3'680);
  EXPECT_EQ(it.set_lines(3).answer, outcome::accepted);
  it.pass(10'000);
  EXPECT_EQ(it.socket().sample(it.now()).power_w, 11'040);
}

TEST(phases, a_command_that_a_connector_cannot_obey_is_refused) {
  profiled_point fixed;
  EXPECT_EQ(fixed.set_lines(1).why, "this connector cannot switch phases");
  profiled_point able({}, 1, true);
  EXPECT_EQ(able.set_lines(2).why, "lines 2: allowed is 1 or 3");
}

TEST(report, a_point_that_is_asked_says_what_it_is) {
  profiled_point it({}, 1, true);
  domain::command told;
  told.kind = domain::command_kind::report;
  const auto answer = it.tell(told);
  EXPECT_EQ(answer.answer, domain::outcome::accepted);
  ASSERT_TRUE(answer.reported.report);
  const auto& said = *answer.reported.report;
  EXPECT_EQ(said.is_dc, false);
  EXPECT_EQ(said.line_count, 3);
  EXPECT_EQ(said.current_max, domain::milliamperes{32'000});
  EXPECT_EQ(said.can_switch_phases, true);
  EXPECT_EQ(said.has_smart_charging, true);
}

} // namespace
} // namespace busbar::simulator
