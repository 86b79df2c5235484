#include "control/stations/dc_limits.hpp"
#include "control/stations/phase_currents.hpp"
#include "control/stations/tracking_error.hpp"
#include "domain/electrical.hpp"

#include <gtest/gtest.h>

namespace busbar::control::stations {

using domain::milliamperes;
using domain::millidegrees_celsius;
using domain::millivolts;
using domain::permille;
using domain::watt_hours;
using domain::watts;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

TEST(electrical, LIM_5_granted_rounds_down_and_load_rounds_up) {
  const millivolts volts{230'000};
  // 16.001 A * 230 V * 3 = 11 040.69 W
  EXPECT_EQ(domain::power_floor(milliamperes{16'001}, volts, 3), watts{11'040});
  EXPECT_EQ(domain::power_ceil(milliamperes{16'001}, volts, 3), watts{11'041});
  // 11 000 W / (3 * 230 V) = 15.942028 A
  EXPECT_EQ(domain::current_floor(watts{11'000}, volts, 3), milliamperes{15'942});
  EXPECT_EQ(domain::current_ceil(watts{11'000}, volts, 3), milliamperes{15'943});
  EXPECT_EQ(domain::current_floor(watts{-11'000}, volts, 3), milliamperes{-15'943});
}

TEST(phase_currents, power_is_shared_over_the_lines_that_are_used) {
  const domain::per_line<millivolts> volts{millivolts{230'000}, millivolts{228'000},
                                           millivolts{232'000}};
  // 11 040 W / (230 + 228 + 232 V) = 16 A
  const auto three = phase_currents(watts{11'040}, volts, domain::all_lines);
  EXPECT_EQ(three, (domain::per_line<milliamperes>{milliamperes{16'000}, milliamperes{16'000},
                                                   milliamperes{16'000}}));
  EXPECT_EQ(power_of(three, volts), watts{11'040});
  const std::array<domain::line, 1> second{domain::line::l2};
  // 2 280 W / 228 V = 10 A on L2 alone
  EXPECT_EQ(phase_currents(watts{2'280}, volts, second)[1], milliamperes{10'000});
  EXPECT_EQ(phase_currents(watts{2'280}, volts, second)[0], milliamperes{0});
}

TEST(phase_currents, imbalance_is_the_gap_over_the_largest) {
  const auto of = [](int a, int b, int c) {
    return imbalance({milliamperes{a}, milliamperes{b}, milliamperes{c}});
  };
  EXPECT_EQ(of(16'000, 16'000, 16'000), permille{0});
  // (20 - 15) / 20
  EXPECT_EQ(of(20'000, 18'000, 15'000), permille{250});
  EXPECT_EQ(of(0, 0, 0), permille{0});
  EXPECT_EQ(of(30'000, 0, 0), permille{1'000});
}

TEST(phase_currents, loads_are_spread_largest_first) {
  const std::vector<milliamperes> loads{milliamperes{10'000}, milliamperes{32'000},
                                        milliamperes{16'000}, milliamperes{16'000}};
  // 32 on L1, 16 on L2, 16 on L3, then 10 on L2 (16 = 16, the first of the least loaded)
  EXPECT_EQ(balanced_lines(loads, {}),
            (std::vector{domain::line::l2, domain::line::l1, domain::line::l2, domain::line::l3}));
}

TEST(dc_limits, temperature_derates_linearly_between_start_and_stop) {
  const thermal_derating curve;
  EXPECT_EQ(derated(curve, millidegrees_celsius{70'000}), permille{1'000});
  EXPECT_EQ(derated(curve, millidegrees_celsius{80'000}), permille{500});
  EXPECT_EQ(derated(curve, millidegrees_celsius{90'000}), permille{0});
}

TEST(dc_limits, charge_tapers_from_80_percent) {
  const soc_taper taper;
  EXPECT_EQ(tapered(taper, permille{800}, watts{150'000}), watts{150'000});
  // 10 percent above: 10 * 45 permille less = 550 permille
  EXPECT_EQ(tapered(taper, permille{900}, watts{150'000}), watts{82'500});
  EXPECT_EQ(tapered(taper, permille{1'000}, watts{150'000}), watts{0});
}

TEST(dc_limits, a_measured_curve_wins_over_the_taper) {
  soc_taper taper;
  taper.measured = {{permille{0}, watts{100'000}}, {permille{500}, watts{100'000}},
                    {permille{1'000}, watts{10'000}}};
  // halfway from 100 kW to 10 kW
  EXPECT_EQ(tapered(taper, permille{750}, watts{150'000}), watts{55'000});
  EXPECT_EQ(tapered(taper, permille{750}, watts{40'000}), watts{40'000});
}

TEST(dc_limits, the_smallest_bound_wins_and_is_named) {
  const auto& profile = *find_capability("dcfc_ccs_medium");
  const auto bound = [&](dc_situation now) { return charge_bound(profile, {}, {}, now); };
  // 400 V * 200 A = 80 kW < 150 kW
  EXPECT_EQ(bound({millivolts{400'000}, {}, {}, {}}).because, "current");
  EXPECT_EQ(bound({millivolts{400'000}, {}, {}, {}}).power, watts{80'000});
  EXPECT_EQ(bound({millivolts{400'000}, {}, {}, watts{50'000}}).because, "vehicle");
  // 80 degrees: half of 150 kW = 75 kW
  EXPECT_EQ(bound({millivolts{400'000}, millidegrees_celsius{80'000}, {}, {}}).power,
            watts{75'000});
  EXPECT_EQ(bound({millivolts{400'000}, {}, permille{950}, watts{80'000}}).because, "taper");
  EXPECT_EQ(bound({millivolts{600'000}, {}, {}, {}}).because, "voltage");
  EXPECT_EQ(bound({millivolts{600'000}, {}, {}, {}}).power, watts{0});
  // current follows: 50 000 W / 400 V = 125 A
  EXPECT_EQ(bound({millivolts{400'000}, {}, {}, watts{50'000}}).current, milliamperes{125'000});
}

TEST(dc_limits, export_never_takes_what_the_departure_needs) {
  auto profile = *find_capability("dcfc_ccs_medium");
  profile.is_bidirectional = true;
  // 60 kWh at 80 %, 80 % wanted, no time to charge again: nothing to spare
  departure_need need{watt_hours{60'000}, permille{800}, permille{800}, hours{0}, watts{50'000}};
  EXPECT_EQ(export_bound(profile, need, hours{1}), watts{0});
  // two hours left, one of them exporting: one hour at 50 kW can be put back, 48 kWh are stored
  need.time_left = hours{2};
  EXPECT_EQ(export_bound(profile, need, hours{1}), watts{48'000});
  // half an hour of charging afterwards: 25 kWh
  need.time_left = hours{1} + minutes{30};
  EXPECT_EQ(export_bound(profile, need, hours{1}), watts{25'000});
  profile.is_bidirectional = false;
  EXPECT_EQ(export_bound(profile, need, hours{1}), watts{0});
}

/// 60 kWh, 400 V, a lease of 60 s and 10 s to respond.
export_situation giving_back(std::int64_t soc, std::int64_t need) {
  export_situation now;
  now.outlet.voltage = millivolts{400'000};
  now.outlet.soc = permille{soc};
  now.departure_need = permille{need};
  now.capacity = watt_hours{60'000};
  now.hold = seconds{70};
  return now;
}

TEST(dc_limits, export_keeps_the_need_even_if_nobody_stops_it) {
  auto profile = *find_capability("dcfc_ccs_medium");
  profile.is_bidirectional = true;
  // far above: what the station can, 400 V * 200 A
  EXPECT_EQ(export_now(profile, giving_back(900, 800)), watts{80'000});
  // 810: 10 permille of 60 kWh, of which 4/5 come out: 480 Wh in 70 s are 480 * 3600 / 70 W
  EXPECT_EQ(export_now(profile, giving_back(810, 800)), watts{24'685});
  // 808: 384 Wh are 19 748 W, below the least of 20 kW
  EXPECT_EQ(export_now(profile, giving_back(808, 800)), watts{0});
  EXPECT_EQ(export_now(profile, giving_back(800, 800)), watts{0});
  EXPECT_EQ(export_now(profile, giving_back(700, 800)), watts{0});
  // full: the end of charging does not hold export back
  EXPECT_EQ(export_now(profile, giving_back(1'000, 800)), watts{80'000});
}

TEST(dc_limits, export_stops_early_where_the_battery_is_not_known_and_at_once_where_nothing_is) {
  auto profile = *find_capability("dcfc_ccs_medium");
  profile.is_bidirectional = true;
  auto now = giving_back(840, 800);
  now.capacity.reset();
  // 40 permille of 10 kWh: 400 Wh * 3600 / 70 s
  EXPECT_EQ(export_now(profile, now), watts{20'571});
  now.hold = seconds{72}; // 400 Wh * 3600 / 72 s: the least that the station can
  EXPECT_EQ(export_now(profile, now), watts{20'000});
  now = giving_back(900, 800);
  now.outlet.temperature = millidegrees_celsius{80'000}; // half of 150 kW
  EXPECT_EQ(export_now(profile, now), watts{75'000});
  now.outlet.soc.reset();
  EXPECT_EQ(export_now(profile, now), watts{0});
  now = giving_back(900, 800);
  now.outlet.voltage = millivolts{600'000};
  EXPECT_EQ(export_now(profile, now), watts{0}) << "outside of 200 to 500 V";
  profile.is_bidirectional = false;
  EXPECT_EQ(export_now(profile, giving_back(900, 800)), watts{0});
}

TEST(dc_limits, RAMP_1_down_at_once_and_up_slowly) {
  EXPECT_EQ(ramped(watts{50'000}, watts{20'000}, 5'000, seconds{1}), watts{20'000});
  EXPECT_EQ(ramped(watts{20'000}, watts{50'000}, 5'000, seconds{1}), watts{25'000});
  EXPECT_EQ(ramped(watts{48'000}, watts{50'000}, 5'000, seconds{1}), watts{50'000});
}

TEST(dc_limits, energy_to_full_rounds_up) {
  // 77 000 Wh * 0.201 = 15 477 Wh
  EXPECT_EQ(energy_to(permille{1'000}, permille{799}, watt_hours{77'000}), watt_hours{15'477});
  EXPECT_EQ(energy_to(permille{800}, permille{900}, watt_hours{77'000}), watt_hours{0});
}

TEST(tracking_error, it_is_the_mean_over_the_window) {
  tracking_error error{3};
  EXPECT_EQ(error.mean(), milliamperes{0});
  error.add(milliamperes{16'000}, milliamperes{15'000});
  EXPECT_EQ(error.mean(), milliamperes{-1'000});
  error.add(milliamperes{16'000}, milliamperes{16'000});
  error.add(milliamperes{16'000}, milliamperes{17'600});
  EXPECT_EQ(error.mean(), milliamperes{200});
  // the first sample leaves the window: (0 + 1600 + 1600) / 3
  error.add(milliamperes{16'000}, milliamperes{17'600});
  EXPECT_EQ(error.mean(), milliamperes{1'066});
}

} // namespace busbar::control::stations
