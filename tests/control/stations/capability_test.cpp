#include "control/stations/capability.hpp"

#include <gtest/gtest.h>

namespace busbar::control::stations {

using domain::milliamperes;
using domain::millivolts;
using domain::watts;

TEST(capability, the_five_built_in_profiles_have_their_published_ranges) {
  struct row {
    const char* name;
    int amperes_low, amperes_high, kilowatts_low, volts_high;
  };
  for (const auto& [name, low, high, power, volts] :
       {row{"ac_level2_single", 6, 80, 0, 264}, row{"ac_level2_three", 6, 32, 0, 253},
        row{"dcfc_ccs_medium", 10, 200, 20, 500}, row{"dcfc_ccs_high", 10, 500, 50, 920},
        row{"dcfc_chademo", 10, 125, 10, 500}}) {
    const auto* profile = find_capability(name);
    ASSERT_NE(profile, nullptr) << name;
    EXPECT_EQ(profile->current_min.count(), low * 1'000) << name;
    EXPECT_EQ(profile->current_max.count(), high * 1'000) << name;
    EXPECT_EQ(profile->power_min.count(), power * 1'000) << name;
    EXPECT_EQ(profile->voltage_max.count(), volts * 1'000) << name;
  }
  EXPECT_EQ(find_capability("dcfc_chademo")->power_max, watts{62'500});
  EXPECT_EQ(find_capability("none"), nullptr);
}

TEST(capability, every_fault_of_a_command_is_named_at_once_with_its_range) {
  const auto& profile = *find_capability("dcfc_ccs_medium");
  const auto faults = validate(profile, {milliamperes{250'000}, watts{160'000}, millivolts{600'000},
                                         2});
  ASSERT_EQ(faults.size(), 4U);
  EXPECT_EQ(faults[0].text(), "current_ma is 250000: allowed is 10000 to 200000");
  EXPECT_EQ(faults[1].text(), "power_w is 160000: allowed is 20000 to 150000");
  EXPECT_EQ(faults[2].text(), "voltage_mv is 600000: allowed is 200000 to 500000");
  EXPECT_EQ(faults[3].text(), "lines is 2: allowed is 1 to 1");
}

TEST(capability, a_stop_always_fits_and_export_needs_a_bidirectional_station) {
  auto profile = *find_capability("dcfc_ccs_high");
  EXPECT_TRUE(validate(profile, {milliamperes{0}, watts{0}, {}, {}}).empty());
  EXPECT_EQ(validate(profile, {{}, watts{-60'000}, {}, {}}).size(), 1U);
  profile.is_bidirectional = true;
  EXPECT_TRUE(validate(profile, {{}, watts{-60'000}, {}, {}}).empty());
  EXPECT_EQ(validate(profile, {{}, watts{-360'000}, {}, {}}).at(0).text(),
            "power_w is -360000: allowed is -350000 to 350000");
}

TEST(capability, LIM_5_the_recommended_setpoint_never_exceeds_the_wish) {
  const auto& profile = *find_capability("ac_level2_three");
  EXPECT_EQ(recommended_current(profile, milliamperes{15'900}), milliamperes{15'000});
  EXPECT_EQ(recommended_current(profile, milliamperes{90'000}), milliamperes{32'000});
  EXPECT_EQ(recommended_current(profile, milliamperes{5'999}), milliamperes{0});
  EXPECT_EQ(recommended_current(profile, milliamperes{6'000}), milliamperes{6'000});
}

TEST(capability, a_three_phase_station_that_switches_may_use_one_line) {
  EXPECT_TRUE(validate(*find_capability("ac_level2_three"), {{}, {}, {}, 1}).empty());
  EXPECT_EQ(validate(*find_capability("ac_level2_single"), {{}, {}, {}, 3}).size(), 1U);
}

TEST(capability, chademo_is_found_by_its_power_where_nothing_else_is_stated) {
  domain::station_report report;
  report.is_dc = true;
  report.power_max = watts{62'500};
  EXPECT_EQ(discover(report)->name, "dcfc_chademo (reported)");
  report.power_max = watts{62'499};
  EXPECT_EQ(discover(report)->name, "dcfc_ccs_medium (reported)");
  report.power_max = watts{62'500};
  report.current_max = domain::milliamperes{200'000};
  EXPECT_NE(discover(report)->name, "dcfc_chademo (reported)");
}

TEST(capability, discovery_is_never_wider_than_the_report) {
  station_report report;
  EXPECT_FALSE(discover(report));
  report.line_count = 3;
  report.current_max = milliamperes{16'000};
  const auto found = discover(report);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->current_max, milliamperes{16'000});
  EXPECT_EQ(found->line_count, 3);
  EXPECT_FALSE(found->can_switch_phases);
  EXPECT_FALSE(found->has_smart_charging);
  station_report direct;
  direct.is_dc = true;
  direct.power_max = watts{50'000};
  EXPECT_EQ(discover(direct)->power_max, watts{50'000});
  EXPECT_EQ(discover(direct)->name, "dcfc_ccs_medium (reported)");
}

} // namespace busbar::control::stations
