// Ranges, curves and clamps of stations at their edges.

#include "control/stations/capability.hpp"
#include "control/stations/dc_limits.hpp"
#include "control/stations/phase_currents.hpp"
#include "control/stations/tracking_error.hpp"

#include <gtest/gtest.h>

namespace busbar::control::stations {

using domain::current_kind;
using domain::milliamperes;
using domain::millidegrees_celsius;
using domain::millivolts;
using domain::permille;
using domain::watt_hours;
using domain::watts;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

TEST(capability, each_built_in_profile_has_its_voltages_lines_and_powers) {
  struct row {
    const char* name;
    current_kind kind;
    int lines;
    std::int64_t volts_low, watts_high;
  };
  // AC: 240 V and 230 V less 10 %
  for (const auto& [name, kind, lines, volts, power] :
       {row{"ac_level2_single", current_kind::ac, 1, 216'000, 0},
        row{"ac_level2_three", current_kind::ac, 3, 207'000, 0},
        row{"dcfc_ccs_medium", current_kind::dc, 1, 200'000, 150'000},
        row{"dcfc_ccs_high", current_kind::dc, 1, 200'000, 350'000},
        row{"dcfc_chademo", current_kind::dc, 1, 50'000, 62'500}}) {
    const auto& profile = *find_capability(name);
    EXPECT_EQ(profile.kind, kind) << name;
    EXPECT_EQ(profile.line_count, lines) << name;
    EXPECT_EQ(profile.voltage_min.count(), volts) << name;
    EXPECT_EQ(profile.power_max.count(), power) << name;
    EXPECT_EQ(profile.step, milliamperes{1'000}) << name;
    EXPECT_EQ(profile.can_switch_phases, profile.name == "ac_level2_three") << name;
    EXPECT_TRUE(profile.has_smart_charging) << name;
    EXPECT_FALSE(profile.is_bidirectional) << name;
  }
  EXPECT_EQ(built_in_capabilities().size(), 5U);
}

TEST(capability, a_sites_own_profile_goes_before_a_built_in_one_of_its_name) {
  domain::site site;
  site.capabilities.resize(2);
  site.capabilities[0].name = "wallbox";
  site.capabilities[1].name = "dcfc_chademo";
  EXPECT_EQ(find_capability(site, "wallbox"), &site.capabilities[0]);
  EXPECT_EQ(find_capability(site, "dcfc_chademo"), &site.capabilities[1]);
  EXPECT_EQ(find_capability(site, "ac_level2_three"), find_capability("ac_level2_three"));
  EXPECT_EQ(find_capability(site, "none"), nullptr);
}

TEST(capability, ranges_are_inclusive_at_both_ends) {
  const auto& profile = *find_capability("dcfc_ccs_medium"); // 10..200 A, 20..150 kW, 200..500 V
  const auto count = [&](const setpoint& asked) { return validate(profile, asked).size(); };
  EXPECT_EQ(count({milliamperes{10'000}, watts{20'000}, millivolts{200'000}, 1}), 0U);
  EXPECT_EQ(count({milliamperes{200'000}, watts{150'000}, millivolts{500'000}, 1}), 0U);
  EXPECT_EQ(count({milliamperes{9'999}, watts{19'999}, millivolts{199'999}, 0}), 4U);
  EXPECT_EQ(count({milliamperes{200'001}, watts{150'001}, millivolts{500'001}, 2}), 4U);
  EXPECT_EQ(count({}), 0U);
}

TEST(capability, power_is_asked_of_dc_alone_and_lines_switch_where_the_profile_says_so) {
  const auto& three = *find_capability("ac_level2_three");
  EXPECT_TRUE(validate(three, {{}, watts{99'000}, {}, {}}).empty());
  EXPECT_EQ(validate(three, {{}, {}, {}, 0}).at(0).text(), "lines is 0: allowed is 1 to 3");
  EXPECT_EQ(validate(three, {{}, {}, {}, 4}).at(0).text(), "lines is 4: allowed is 1 to 3");
  EXPECT_TRUE(validate(three, {{}, {}, {}, 3}).empty());
  auto fixed = three;
  fixed.can_switch_phases = false;
  EXPECT_EQ(validate(fixed, {{}, {}, {}, 1}).at(0).text(), "lines is 1: allowed is 3 to 3");
}

TEST(capability, export_has_the_same_sizes_as_charging) {
  auto profile = *find_capability("dcfc_ccs_medium");
  profile.is_bidirectional = true;
  EXPECT_TRUE(validate(profile, {milliamperes{-10'000}, watts{-150'000}, {}, {}}).empty());
  EXPECT_EQ(validate(profile, {milliamperes{-9'999}, {}, {}, {}}).at(0).text(),
            "current_ma is -9999: allowed is -200000 to 200000");
}

TEST(capability, LIM_5_a_wish_is_stepped_from_the_maximum_down) {
  auto profile = *find_capability("ac_level2_single");
  profile.step = milliamperes{7'000};
  // 80 A in steps of 7 A: 77 A; 6 A in steps of 7 A: nothing
  EXPECT_EQ(recommended_current(profile, milliamperes{100'000}), milliamperes{77'000});
  EXPECT_EQ(recommended_current(profile, milliamperes{6'999}), milliamperes{0});
  EXPECT_EQ(recommended_current(profile, milliamperes{7'000}), milliamperes{7'000});
}

TEST(capability, a_report_tells_dc_by_what_it_says_or_by_a_voltage_that_ac_does_not_have) {
  const auto name = [](const station_report& report) {
    const auto found = discover(report);
    return found ? found->name : "";
  };
  station_report report;
  report.voltage = millivolts{264'000};
  EXPECT_EQ(name(report), "ac_level2_single (reported)");
  report.voltage = millivolts{264'001};
  EXPECT_EQ(name(report), "dcfc_ccs_medium (reported)");
  report.line_count = 3;
  EXPECT_EQ(name(report), "ac_level2_three (reported)") << "lines are AC's";
  report.is_dc = true;
  EXPECT_EQ(name(report), "dcfc_ccs_medium (reported)");
  report.voltage = millivolts{500'000};
  report.power_max = watts{150'000};
  EXPECT_EQ(name(report), "dcfc_ccs_medium (reported)");
  report.voltage = millivolts{500'001};
  EXPECT_EQ(name(report), "dcfc_ccs_high (reported)");
  report.voltage.reset();
  report.power_max = watts{150'001};
  EXPECT_EQ(name(report), "dcfc_ccs_high (reported)");
  EXPECT_EQ(discover(report)->power_max, watts{150'001});
  station_report alternating;
  alternating.is_dc = false;
  EXPECT_EQ(name(alternating), "ac_level2_single (reported)");
}

TEST(capability, what_is_reported_narrows_the_profile_and_its_minima) {
  station_report report;
  report.is_dc = true;
  report.current_max = milliamperes{8'000};
  report.power_max = watts{9'000};
  report.can_switch_phases = true;
  report.has_smart_charging = true;
  const auto narrow = discover(report);
  EXPECT_EQ(narrow->current_max, milliamperes{8'000});
  EXPECT_EQ(narrow->current_min, milliamperes{8'000});
  EXPECT_EQ(narrow->power_min, watts{9'000});
  EXPECT_TRUE(narrow->can_switch_phases);
  EXPECT_TRUE(narrow->has_smart_charging);
  report.current_max = milliamperes{900'000};
  report.power_max = watts{900'000};
  const auto wide = discover(report);
  EXPECT_EQ(wide->current_max, milliamperes{500'000}) << "never wider than the standard";
  EXPECT_EQ(wide->power_max, watts{350'000});
  station_report lines;
  lines.line_count = 2;
  EXPECT_EQ(discover(lines)->line_count, 2);
  lines.line_count = 9;
  EXPECT_EQ(discover(lines)->line_count, 3);
  lines.is_dc = true;
  EXPECT_EQ(discover(lines)->line_count, 1) << "lines are AC's";
  lines.is_dc.reset();
  lines.power_max = watts{5'000};
  EXPECT_EQ(discover(lines)->power_max, watts{0}) << "of AC no power is kept";
}

TEST(dc_limits, derating_is_linear_and_rounds_down) {
  const thermal_derating curve;
  EXPECT_EQ(derated(curve, millidegrees_celsius{70'001}), permille{999}); // 999.95
  EXPECT_EQ(derated(curve, millidegrees_celsius{75'000}), permille{750});
  EXPECT_EQ(derated(curve, millidegrees_celsius{89'999}), permille{0}); // 0.05
  EXPECT_EQ(derated(curve, millidegrees_celsius{-40'000}), permille{1'000});
  EXPECT_EQ(derated(curve, millidegrees_celsius{150'000}), permille{0});
}

TEST(dc_limits, the_taper_rounds_down_and_stays_above_its_floor) {
  soc_taper taper;
  // 0.1 percent above: 4.5 permille, up to 5, less
  EXPECT_EQ(tapered(taper, permille{801}, watts{100'000}), watts{99'500});
  // 19.9 percent: 895.5 up to 896 permille less
  EXPECT_EQ(tapered(taper, permille{999}, watts{100'000}), watts{10'400});
  taper.permille_per_percent = permille{60};
  // 18 * 60 = 1080 permille less: the floor of 50
  EXPECT_EQ(tapered(taper, permille{980}, watts{100'019}), watts{5'000}); // 5 000.95
  EXPECT_EQ(tapered(taper, permille{1'200}, watts{100'000}), watts{0});
}

TEST(dc_limits, outside_its_points_a_measured_curve_stays_at_their_power) {
  soc_taper taper;
  taper.measured = {{permille{200}, watts{90'000}}, {permille{500}, watts{60'000}},
                    {permille{500}, watts{40'000}}, {permille{900}, watts{30'001}}};
  const auto at = [&](int soc) { return tapered(taper, permille{soc}, watts{200'000}).count(); };
  EXPECT_EQ(at(0), 90'000);
  EXPECT_EQ(at(200), 90'000);
  EXPECT_EQ(at(201), 89'900); // 90 kW - 30 kW / 300
  EXPECT_EQ(at(500), 60'000);
  EXPECT_EQ(at(700), 35'000); // 40 kW - 9 999 W / 2 = 35 000.5
  EXPECT_EQ(at(900), 30'001);
  EXPECT_EQ(at(1'000), 30'001);
}

TEST(dc_limits, the_bounds_of_voltage_belong_to_the_profile) {
  const auto& profile = *find_capability("dcfc_ccs_medium");
  const auto bound = [&](dc_situation now) { return charge_bound(profile, {}, {}, now); };
  EXPECT_EQ(bound({millivolts{200'000}, {}, {}, {}}).power, watts{40'000}); // 200 V * 200 A
  EXPECT_EQ(bound({millivolts{500'000}, {}, {}, {}}).power, watts{100'000});
  EXPECT_EQ(bound({millivolts{199'999}, {}, {}, {}}).because, "voltage");
  EXPECT_EQ(bound({millivolts{500'001}, {}, {}, {}}).because, "voltage");
  // As large as the current's bound: the first keeps the name.
  EXPECT_EQ(bound({millivolts{500'000}, {}, {}, watts{100'000}}).because, "current");
  EXPECT_EQ(bound({millivolts{500'000}, {}, {}, watts{-5}}).power, watts{0});
  // Too hot: 0 permille of 150 kW.
  EXPECT_EQ(bound({millivolts{500'000}, millidegrees_celsius{95'000}, {}, {}}).because,
            "temperature");
  // Without a vehicle's best the taper is of the profile's 150 kW: 55 % are 82.5 kW.
  EXPECT_EQ(bound({millivolts{500'000}, {}, permille{900}, {}}).power, watts{82'500});
  // Of the vehicle's 60 kW 55 % are 33 kW; a stronger vehicle changes nothing.
  EXPECT_EQ(bound({millivolts{500'000}, {}, permille{900}, watts{60'000}}).power, watts{33'000});
  EXPECT_EQ(bound({millivolts{500'000}, {}, permille{900}, watts{600'000}}).power, watts{82'500});
}

TEST(dc_limits, export_is_bounded_by_the_profile_and_by_what_is_above_the_need) {
  auto profile = *find_capability("dcfc_ccs_medium");
  profile.is_bidirectional = true;
  // 60 kWh at 80 %, 50 % wanted, no time to charge again: 18 kWh above the need, in an hour
  departure_need need{watt_hours{60'000}, permille{800}, permille{500}, hours{0}, watts{50'000}};
  EXPECT_EQ(export_bound(profile, need, hours{1}), watts{18'000});
  // in a minute it would be 1 080 kW
  EXPECT_EQ(export_bound(profile, need, minutes{1}), watts{150'000});
  // a second and a half counts as two: 1 Wh in them
  need.soc_at_departure = permille{800};
  need.capacity = watt_hours{1'000};
  need.time_left = seconds{3} + milliseconds{500};
  need.charge_max = watts{1'800};
  // two whole seconds of charging at 1.8 kW put 1 Wh back: 1 Wh * 3600 / 2 s
  EXPECT_EQ(export_bound(profile, need, milliseconds{1'500}), watts{1'800});
  EXPECT_EQ(export_bound(profile, need, milliseconds{0}), watts{0});
  // below the need: 10 % of 1 kWh are missing, 1 Wh more than an hour at 99 W puts back
  need = {watt_hours{1'000}, permille{700}, permille{800}, hours{2}, watts{99}};
  EXPECT_EQ(export_bound(profile, need, hours{1}), watts{0});
  need.charge_max = watts{103};
  EXPECT_EQ(export_bound(profile, need, hours{1}), watts{3});
}

TEST(dc_limits, RAMP_1_a_ramp_counts_whole_watts_of_the_time_that_passed) {
  // 2.5 s at 333 W/s: 832.5 W
  EXPECT_EQ(ramped(watts{0}, watts{10'000}, 333, milliseconds{2'500}), watts{832});
  EXPECT_EQ(ramped(watts{0}, watts{10'000}, 333, milliseconds{-2'500}), watts{0});
  EXPECT_EQ(ramped(watts{500}, watts{500}, 0, seconds{1}), watts{500});
}

TEST(dc_limits, energy_to_a_charge_that_is_reached_is_none) {
  EXPECT_EQ(energy_to(permille{800}, permille{800}, watt_hours{77'000}), watt_hours{0});
  EXPECT_EQ(energy_to(permille{801}, permille{800}, watt_hours{77'001}), watt_hours{78}); // 77.001
}

TEST(phase_currents, a_line_without_voltage_carries_nothing) {
  const domain::per_line<millivolts> volts{millivolts{230'000}, millivolts{0},
                                           millivolts{230'000}};
  // 4 600 W / (230 + 0 + 230 V) = 10 A
  const auto currents = phase_currents(watts{4'600}, volts, domain::all_lines);
  EXPECT_EQ(currents, (domain::per_line<milliamperes>{milliamperes{10'000}, milliamperes{0},
                                                      milliamperes{10'000}}));
  EXPECT_EQ(phase_currents(watts{4'600}, {}, domain::all_lines),
            (domain::per_line<milliamperes>{}));
  // 1 mA at 1.001 V: 1.001 mW, up to a watt
  EXPECT_EQ(power_of({milliamperes{1}, {}, {}}, {millivolts{1'001}, {}, {}}), watts{1});
  // 3 x 1 000 A x 400 V
  const milliamperes kiloampere{1'000'000};
  const millivolts each{400'000};
  EXPECT_EQ(power_of({kiloampere, kiloampere, kiloampere}, {each, each, each}), watts{1'200'000});
}

TEST(phase_currents, LIM_5_imbalance_rounds_up) {
  // 1 / 30 = 33.3 permille
  EXPECT_EQ(imbalance({milliamperes{30'000}, milliamperes{30'000}, milliamperes{29'000}}),
            permille{34});
}

TEST(phase_currents, loads_go_beside_what_lies_there_already) {
  const std::vector<milliamperes> loads{milliamperes{6'000}, milliamperes{6'000}};
  EXPECT_EQ(balanced_lines(loads, {milliamperes{5'000}, milliamperes{9'000}, milliamperes{0}}),
            (std::vector{domain::line::l3, domain::line::l1}));
}

TEST(tracking_error, a_window_of_one_is_the_last_sample) {
  tracking_error error{1};
  error.add(milliamperes{10'000}, milliamperes{9'000});
  error.add(milliamperes{10'000}, milliamperes{12'001});
  EXPECT_EQ(error.mean(), milliamperes{2'001});
  EXPECT_EQ(error.count(), 1U);
  tracking_error three{3};
  for (int n = 0; n < 5; ++n) three.add(milliamperes{0}, milliamperes{n});
  EXPECT_EQ(three.count(), 3U);
  EXPECT_EQ(three.mean(), milliamperes{3}); // (2 + 3 + 4) / 3
}

} // namespace busbar::control::stations
