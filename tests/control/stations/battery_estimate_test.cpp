#include "control/stations/battery_estimate.hpp"

#include <gtest/gtest.h>

namespace busbar::control::stations {
namespace {

using domain::watt_hours;

/// A vehicle whose readings come once a second.
class session {
public:
  void flow(std::int32_t power_w, int seconds, std::int64_t wh_each, int seconds_per_permille,
            int soc_step) {
    reading_.power_w = power_w;
    reading_.has_soc = true;
    for (int i = 1; i <= seconds; ++i) {
      reading_.measured_at += domain::seconds{1};
      reading_.energy_wh += wh_each;
      if (i % seconds_per_permille == 0)
        reading_.soc_permille = static_cast<std::uint16_t>(reading_.soc_permille + soc_step);
      battery.take(reading_);
    }
  }
  void pause(int seconds) { reading_.measured_at += domain::seconds{seconds}; }
  domain::reading& reading() { return reading_; }
  session() { reading_.measured_at = domain::instant{domain::seconds{1'000'000}}; }

  battery_estimate battery;

private:
  domain::reading reading_;
};

TEST(battery_estimate, energy_over_rise_from_edge_to_edge) {
  session car;
  car.reading().soc_permille = 300;
  // 10 Wh a second, a permille each 6 s: 60 Wh a permille. The first edge comes after 6 s, the one
  // 20 permille further after 126 s.
  car.flow(36'000, 125, 10, 6, 1);
  EXPECT_EQ(car.battery.capacity(), std::nullopt);
  car.flow(36'000, 1, 10, 1, 1);
  EXPECT_EQ(car.battery.capacity(), watt_hours{60'000}); // 20 * 60 Wh / 0.020
  car.flow(36'000, 60, 10, 6, 1);
  EXPECT_EQ(car.battery.capacity(), watt_hours{60'000});
  EXPECT_EQ(car.battery.exported(), watt_hours{0});
}

TEST(battery_estimate, a_pause_without_power_is_no_break) {
  session car;
  car.reading().soc_permille = 300;
  car.flow(36'000, 66, 10, 6, 1); // 301 after 6 s, 311 now
  car.flow(0, 10, 0, 100, 0);
  car.flow(36'000, 60, 10, 6, 1); // 321: 20 permille from the first edge, 1 200 Wh
  EXPECT_EQ(car.battery.capacity(), watt_hours{60'000});
}

TEST(battery_estimate, export_is_counted_and_does_not_disturb_what_is_known) {
  session car;
  car.reading().soc_permille = 300;
  car.flow(36'000, 130, 10, 6, 1);
  ASSERT_EQ(car.battery.capacity(), watt_hours{60'000});
  // the register of import stands still while 36 kW flow back for 100 s: 1 000 Wh, less half a
  // second of rising (5 Wh)
  car.flow(-36'000, 100, 0, 6, -1);
  EXPECT_EQ(car.battery.exported(), watt_hours{1'000 * 199 / 200});
  EXPECT_EQ(car.battery.capacity(), watt_hours{60'000});
  // charging again for less than before tells nothing better
  car.flow(36'000, 100, 50, 6, 1);
  EXPECT_EQ(car.battery.capacity(), watt_hours{60'000});
}

TEST(battery_estimate, a_silence_and_an_unknown_state_of_charge_tell_nothing) {
  session car;
  car.reading().soc_permille = 300;
  car.flow(-36'000, 1, 0, 6, -1);
  car.pause(3'600);
  car.flow(-36'000, 1, 0, 6, -1);
  EXPECT_EQ(car.battery.exported(), watt_hours{0}) << "what flowed in that hour is unknown";
  car.flow(36'000, 60, 10, 6, 1);
  car.reading().has_soc = false;
  car.reading().measured_at += domain::seconds{1};
  car.battery.take(car.reading());
  car.flow(36'000, 80, 10, 6, 1);
  EXPECT_EQ(car.battery.capacity(), std::nullopt) << "a rise without a break is needed";
}

} // namespace
} // namespace busbar::control::stations
