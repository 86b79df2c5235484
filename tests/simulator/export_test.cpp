// Vehicles that give back: the point's registers and directions, and never below the need.

#include "simulator/charge_point.hpp"
#include "control/stations/battery_estimate.hpp"
#include "control/stations/dc_limits.hpp"
#include "domain/electrical.hpp"
#include "simulator/wiring.hpp"
#include "tests/builders/site_builder.hpp"
#include "tests/simulator/example_site.hpp"

#include <gtest/gtest.h>

namespace busbar::simulator {
namespace {

using domain::connector_state;
using domain::milliamperes;
using domain::permille;
using std::chrono::milliseconds;
using std::chrono::seconds;
using tests::at_second;

/// 22 kW DC, 6 to 32 A, with a vehicle of 40 kWh and 50 kW in a session.
class giving_point : public ::testing::Test {
protected:
  explicit giving_point(bool is_bidirectional = true)
      : site(tests::site_builder{}.station("A").fallback(6'000).dc(is_bidirectional).build()),
        point(*site, domain::station_index{std::size_t{0}}, seconds{2}) {
    vehicle_model car;
    car.battery = domain::watt_hours{40'000};
    car.dc_curve = {{permille{0}, domain::watts{50'000}}, {permille{1'000}, domain::watts{5'000}}};
    point.advance(now());
    socket().plug(vehicle{car, permille{900}});
    domain::command start;
    start.kind = domain::command_kind::start;
    start.number = ++number;
    start.session = domain::session_id{"s-1"};
    point.obey(start, {1, now()}, now());
  }
  domain::command_result grant(std::int64_t ma, bool is_export) {
    domain::command told;
    told.kind = domain::command_kind::grant;
    told.number = ++number;
    told.current = milliamperes{ma};
    told.is_export = is_export;
    told.lease = seconds{60};
    return point.obey(told, {1, now()}, now());
  }
  void pass(std::int64_t ms) {
    for (const auto end = elapsed + ms; elapsed < end;) {
      elapsed += 100;
      point.advance(now());
    }
  }
  domain::instant now() const { return at_second(0) + milliseconds{elapsed}; }
  outlet& socket() { return point.outlets().front(); }
  permille soc() { return socket().car()->soc(); }

  std::shared_ptr<const domain::site> site;
  charge_point point;
  domain::sequence number = 0;
  std::int64_t elapsed = 0;
};

class charging_point : public giving_point {
protected:
  charging_point() : giving_point{false} {}
};

TEST_F(giving_point, LIFE_1_export_lowers_the_charge_and_leaves_the_register_of_import_alone) {
  EXPECT_EQ(grant(20'000, true).why, "");
  pass(10'000);
  const auto sample = socket().sample(now());
  EXPECT_EQ(sample.current_ma, (std::array{-20'000, -20'000, -20'000}));
  EXPECT_EQ(sample.power_w, -13'800); // 20 A * 3 * 230 V
  EXPECT_EQ(sample.state, connector_state::supplying);
  EXPECT_EQ(sample.energy_wh, 0);
  EXPECT_EQ(socket().session_energy(), domain::watt_hours{0});
  for (int minute = 0; minute < 10; ++minute) {
    grant(20'000, true);
    pass(59'000);
  }
  // 600 s at 13.8 kW: 2 300 Wh, less the ramps; they cost 2 300 / 0.95 = 2 421 Wh, 60.5 permille
  EXPECT_NEAR(static_cast<double>(socket().exported().count()), 2'300, 15);
  EXPECT_NEAR(static_cast<double>(soc().count()), 900 - 60.5, 1.5);
  EXPECT_EQ(socket().sample(now()).energy_wh, 0);
}

TEST_F(giving_point, LIM_1_it_turns_around_where_nothing_flows) {
  grant(12'000, false);
  pass(5'000);
  ASSERT_EQ(socket().sample(now()).current_ma[0], 12'000);
  grant(10'000, true); // an engine would have told zero first
  std::int32_t before = 12'000;
  bool was_zero = false;
  for (int i = 0; i < 60; ++i) {
    pass(100);
    const auto ma = socket().sample(now()).current_ma[0];
    was_zero = was_zero || ma == 0;
    ASSERT_TRUE(was_zero || (ma > 0 && ma <= before));
    before = ma;
  }
  EXPECT_EQ(before, -10'000);
}

TEST_F(giving_point, SAFE_1_a_lease_that_ends_ends_export_and_the_fallback_charges) {
  grant(20'000, true);
  pass(10'000);
  ASSERT_TRUE(socket().is_export());
  pass(60'000);
  EXPECT_FALSE(socket().is_export());
  EXPECT_EQ(socket().sample(now()).current_ma[0], 6'000);
}

TEST_F(charging_point, refuses_export) {
  EXPECT_EQ(grant(20'000, true).why, "is_export: this station only charges");
  EXPECT_EQ(grant(20'000, false).why, "");
}

// The loop of bay and planner, by hand: a reading a second, the bound, a grant.
TEST_F(giving_point, export_stops_above_the_departure_need_and_never_below) {
  const auto& profile = site->capabilities[0];
  control::stations::battery_estimate battery;
  bool has_exported = false, has_stopped = false;
  for (int second = 0; second < 3'600 && !has_stopped; ++second) {
    pass(1'000);
    const auto reading = socket().sample(now());
    battery.take(reading);
    control::stations::export_situation situation;
    situation.outlet.voltage = domain::millivolts{reading.voltage_mv};
    situation.outlet.soc = permille{reading.soc_permille};
    situation.departure_need = permille{850};
    situation.capacity = battery.capacity();
    situation.hold = site->lease + control::stations::export_response;
    const auto power = control::stations::export_now(profile, situation);
    const auto current = domain::current_floor(power, domain::millivolts{230'000}, 3);
    grant(current.count(), true);
    has_exported = has_exported || socket().is_export();
    has_stopped = has_exported && current.is_zero();
    ASSERT_GE(soc(), permille{850});
  }
  EXPECT_TRUE(has_stopped);
  pass(10'000);
  EXPECT_GE(soc(), permille{850});
  // 4 140 W for 70 s are 80.5 Wh: 9 permille of the 10 kWh assumed
  EXPECT_LE(soc(), permille{860});
  EXPECT_GT(battery.exported(), domain::watt_hours{1'400}); // 40 permille of 40 kWh, 0.95
}

// Even if it was told the most that is allowed and is never heard of again.
TEST_F(giving_point, export_that_nobody_stops_ends_with_its_lease_above_the_need) {
  control::stations::export_situation situation;
  situation.outlet.voltage = domain::millivolts{400'000};
  situation.outlet.soc = soc();
  situation.departure_need = permille{892};
  situation.capacity = domain::watt_hours{40'000};
  situation.hold = site->lease + control::stations::export_response;
  const auto power = control::stations::export_now(site->capabilities[0], situation);
  ASSERT_GT(power, domain::watts{10'000});
  grant(domain::current_floor(power, domain::millivolts{230'000}, 3).count(), true);
  for (int i = 0; i < 66; ++i) {
    pass(1'000);
    ASSERT_GE(soc(), permille{892});
  }
  EXPECT_LE(soc(), permille{896});
}

} // namespace
} // namespace busbar::simulator
