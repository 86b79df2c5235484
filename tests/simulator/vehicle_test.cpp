// What a vehicle takes: phases, curve, losses, taper.

#include "simulator/vehicle.hpp"

#include <gtest/gtest.h>

namespace busbar::simulator {
namespace {

using domain::milliamperes;
using domain::millivolts;
using domain::permille;
using domain::watts;

supply three_phase_ac() { return {}; }

supply dc() {
  supply made;
  made.is_dc = true;
  made.current_min = milliamperes{0};
  return made;
}

vehicle_model compact() {
  vehicle_model car;
  car.dc_curve = {{permille{0}, watts{95'000}},
                  {permille{400}, watts{95'000}},
                  {permille{800}, watts{57'000}},
                  {permille{1000}, watts{9'500}}};
  return car;
}

TEST(vehicle, takes_the_power_of_its_onboard_charger_over_its_phases) {
  vehicle_model car = compact();
  // 11 000 W / 3 / 230 V = 15.942 A
  EXPECT_EQ((vehicle{car, permille{500}}.appetite(three_phase_ac()).count()), 15'942);
  car.ac_phases = 1;
  car.ac_power = watts{7'360};
  const vehicle single{car, permille{500}};
  EXPECT_EQ(single.phases_at(three_phase_ac()), 1);
  EXPECT_EQ(single.appetite(three_phase_ac()).count(), 32'000); // 7 360 W / 230 V
}

TEST(vehicle, follows_its_charging_curve_on_dc_and_pays_the_losses) {
  const auto at = [](int soc) { return vehicle{compact(), permille{soc}}.appetite(dc()).count(); };
  EXPECT_EQ(at(200), 144'927); // 95 000 W / 0.95 = 100 000 W; / 3 / 230 V
  // Half way from 95 to 57 kW: 76 000 / 0.95 = 80 000 W
  EXPECT_EQ(at(600), 115'942);
  EXPECT_GT(at(900), at(950));
}

TEST(vehicle, takes_less_near_full_and_nothing_when_full) {
  const vehicle nearly{compact(), permille{990}};
  const vehicle full{compact(), permille{1000}};
  EXPECT_LT(nearly.appetite(three_phase_ac()).count(), 11'000);
  EXPECT_GE(nearly.appetite(three_phase_ac()).count(), 6'000);
  EXPECT_EQ(full.appetite(three_phase_ac()).count(), 0);
}

TEST(vehicle, without_a_dc_charger_does_not_fit_a_dc_point) {
  vehicle_model car = compact();
  car.dc_curve.clear();
  EXPECT_FALSE((vehicle{car, permille{100}}.fits(dc())));
}

TEST(vehicle, a_model_outside_its_ranges_is_named_with_value_and_range) {
  vehicle_model car = compact();
  car.battery = domain::watt_hours{0};
  EXPECT_EQ(validate(car), "battery_wh 0: allowed is 1..2000000");
  car = compact();
  car.dc_curve[1].soc = permille{0};
  EXPECT_EQ(validate(car), "curve soc_permille 0: allowed is rising, 0..1000");
}

} // namespace
} // namespace busbar::simulator
