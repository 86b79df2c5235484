#include "read_payload.hpp"

#include "domain/time_text.hpp"
#include "ocpp/v16/present_values.hpp"

#include <gmock/gmock.h>

namespace busbar::ocpp::v16 {
namespace {

using domain::millivolts;
using draw = std::array<std::int64_t, 3>;

/// {"timestamp": ..., "sampledValue": [...]}
std::string entry(const std::string& samples, const std::string& time = "2026-05-01T12:00:00Z") {
  return R"({"timestamp":")" + time + R"(","sampledValue":[)" + samples + "]}";
}

sample_list read(const std::string& entries) {
  return read_samples(payload_of(R"({"meterValue":[)" + entries + "]}")["meterValue"]);
}

present_values now_of(const std::string& entries) {
  return newest_of(moments_of(read(entries).samples)).value_or(present_values{});
}

std::string sampled(const char* value, const char* measurand, const char* unit,
                    const char* phase = "") {
  auto text = std::string(R"({"value":")") + value + R"(","measurand":")" + measurand +
              R"(","unit":")" + unit + '"';
  if (*phase) text += std::string(R"(,"phase":")") + phase + '"';
  return text + "}";
}

} // namespace

TEST(present_values, F03_empty_samples_are_no_zeros) {
  const auto list = read(entry(sampled("", "Power.Active.Import", "W") + "," +
                               sampled(" ", "Current.Import", "A") + "," +
                               sampled("123456", "Energy.Active.Import.Register", "Wh")));
  EXPECT_EQ(list.left_out, 2U);
  EXPECT_EQ(list.used, tolerance_set{tolerance::empty_sample});
  const auto now = newest_of(moments_of(list.samples)).value();
  EXPECT_EQ(now.outlet.energy_wh, 123'456);
  EXPECT_FALSE(now.outlet.has_current());
  EXPECT_FALSE(now.outlet.power_mw());
  EXPECT_FALSE(line_draw(now.outlet, {}));
}

TEST(present_values, F04_one_moment_spread_over_many_entries_is_one_reading) {
  const auto moments = moments_of(
      read(entry(sampled("3450", "Power.Active.Import", "W")) + "," +
           entry(sampled("506121", "Energy.Active.Import.Register", "Wh")) + "," +
           entry(sampled("15.0", "Current.Import", "A", "L1")) + "," +
           entry(sampled("0", "Current.Import", "A", "L2")) + "," +
           entry(sampled("0", "Current.Import", "A", "L3")) + "," +
           entry(sampled("230.1", "Voltage", "V", "L1")))
          .samples);
  ASSERT_EQ(moments.size(), 1U);
  EXPECT_EQ(line_draw(moments[0].outlet, {3}), (draw{15'000, 0, 0}));
  EXPECT_EQ(moments[0].outlet.power_mw(), 3'450'000);
  EXPECT_EQ(moments[0].outlet.energy_wh, 506'121);
  EXPECT_EQ(moments[0].outlet.voltage_mv, 230'100);
}

TEST(present_values, F05_values_to_neutral_kilowatts_and_no_total) {
  const auto now = now_of(entry(
      sampled("15.60", "Current.Import", "A", "L1-N") + "," +
      sampled("15.40", "Current.Import", "A", "L2-N") + "," +
      sampled("15.50", "Current.Import", "A", "L3-N") + "," +
      sampled("3.45", "Power.Active.Import", "kW", "L1-N") + "," +
      sampled("3.50", "Power.Active.Import", "kW", "L2-N") + "," +
      sampled("3.48", "Power.Active.Import", "kW", "L3-N") + "," +
      sampled("16.00", "Current.Offered", "A")));
  EXPECT_EQ(line_draw(now.outlet, {3}), (draw{15'600, 15'400, 15'500}));
  // 3 450 + 3 500 + 3 480 W = 10 430 W
  EXPECT_EQ(now.outlet.power_mw(), 10'430'000);
  EXPECT_FALSE(now.outlet.each_ma);
}

TEST(present_values, F07_the_register_of_the_begin_is_no_present_value) {
  const auto periodic = R"({"value":"236400","context":"Sample.Periodic"})";
  const auto begin = R"({"value":"235800","context":"Transaction.Begin"})";
  const auto now = now_of(entry(std::string(periodic) + "," + begin));
  EXPECT_EQ(now.outlet.energy_wh, 236'400);
  EXPECT_EQ(now.begin_wh, 235'800);
  const auto end = now_of(entry(R"({"value":"236.5","unit":"kWh","context":"Transaction.End"})"));
  EXPECT_EQ(end.end_wh, 236'500);
  EXPECT_FALSE(end.outlet.energy_wh);
}

TEST(present_values, LIM_5_missing_lines_are_filled_upward) {
  // Power alone: 3 450 W / 207 V / 1 line = 16.667 A, up to the mA.
  auto now = now_of(entry(sampled("3450", "Power.Active.Import", "W")));
  EXPECT_EQ(line_draw(now.outlet, {1, millivolts{207'000}}), (draw{16'667, 0, 0}));
  // On three lines: 10 350 W / 207 V / 3 = 16.667 A.
  now = now_of(entry(sampled("10.35", "Power.Active.Import", "kW")));
  EXPECT_EQ(line_draw(now.outlet, {3, millivolts{207'000}}), (draw{16'667, 16'667, 16'667}));
  // One line's current, and no power: as much on each line that the vehicle uses.
  now = now_of(entry(sampled("12.5", "Current.Import", "A", "L1")));
  EXPECT_EQ(line_draw(now.outlet, {2, millivolts{207'000}}), (draw{12'500, 12'500, 0}));
  // A current without a phase is that of each line in use.
  now = now_of(entry(sampled("9", "Current.Import", "A")));
  EXPECT_EQ(line_draw(now.outlet, {3, millivolts{207'000}}), (draw{9'000, 9'000, 9'000}));
  // A line's own power comes before a share of the total: 2 070 W / 207 V = 10 A.
  now = now_of(entry(sampled("16", "Current.Import", "A", "L1") + "," +
                     sampled("2070", "Power.Active.Import", "W", "L2")));
  EXPECT_EQ(line_draw(now.outlet, {1, millivolts{207'000}}), (draw{16'000, 10'000, 0}));
  // The smallest part of a milliampere counts as one.
  now = now_of(entry(sampled("0.0001", "Current.Import", "A", "L1")));
  EXPECT_EQ(line_draw(now.outlet, {1}), (draw{1, 0, 0}));
}

TEST(present_values, a_lower_voltage_than_the_least_that_is_expected_is_believed) {
  const auto now = now_of(entry(sampled("2000", "Power.Active.Import", "W") + "," +
                                sampled("200", "Voltage", "V", "L1-N")));
  // 2 000 W / 200 V = 10 A; at 207 V it would be 9.662 A.
  EXPECT_EQ(line_draw(now.outlet, {1, millivolts{207'000}}), (draw{10'000, 0, 0}));
}

TEST(present_values, what_flows_out_is_negative_where_nothing_flows_in) {
  const auto now = now_of(entry(sampled("0", "Current.Import", "A", "L1") + "," +
                                sampled("7.5", "Current.Export", "A", "L1") + "," +
                                sampled("1725", "Power.Active.Export", "W") + "," +
                                sampled("0", "Power.Active.Import", "W")));
  EXPECT_EQ(line_draw(now.outlet, {1}), (draw{-7'500, 0, 0}));
  EXPECT_EQ(now.outlet.power_mw(), -1'725'000);
}

TEST(present_values, a_dc_station_counts_what_enters_at_the_inlet_else_its_output) {
  const auto outlet = sampled("50", "Power.Active.Import", "kW");
  const auto inlet =
      R"({"value":"54.2","measurand":"Power.Active.Import","unit":"kW","location":"Inlet"})";
  EXPECT_EQ(grid_draw_w(now_of(entry(outlet + "," + inlet)), domain::permille{920}), 54'200);
  // 50 000 W / 0.92 = 54 347.8 W
  EXPECT_EQ(grid_draw_w(now_of(entry(outlet)), domain::permille{920}), 54'348);
  // 125 A * 400 V = 50 kW
  EXPECT_EQ(grid_draw_w(now_of(entry(sampled("125", "Current.Import", "A") + "," +
                                     sampled("400", "Voltage", "V"))),
                        domain::permille{1'000}),
            50'000);
  EXPECT_FALSE(grid_draw_w(now_of(entry(sampled("50", "SoC", "Percent"))), domain::permille{900}));
}

TEST(present_values, temperatures_and_states_of_charge_in_every_unit) {
  EXPECT_EQ(now_of(entry(sampled("25.5", "Temperature", "Celcius"))).temperature_mc, 25'500);
  EXPECT_EQ(now_of(entry(sampled("25.5", "Temperature", "Celsius"))).temperature_mc, 25'500);
  EXPECT_EQ(now_of(entry(sampled("298.65", "Temperature", "K"))).temperature_mc, 25'500);
  EXPECT_EQ(now_of(entry(sampled("77.9", "Temperature", "Fahrenheit"))).temperature_mc, 25'500);
  EXPECT_EQ(now_of(entry(sampled("63.5", "SoC", "Percent"))).soc_permille, 635);
  EXPECT_FALSE(now_of(entry(sampled("101", "SoC", "Percent"))).soc_permille);
  EXPECT_EQ(read(entry(sampled("25.5", "Temperature", "Celcius"))).used,
            tolerance_set{tolerance::celcius});
}

TEST(present_values, an_older_moment_fills_no_present) {
  const auto moments =
      moments_of(read(entry(sampled("16", "Current.Import", "A", "L1"), "2026-05-01T12:05:00Z") +
                      "," +
                      entry(sampled("32", "Current.Import", "A", "L1"), "2026-05-01T12:00:00Z"))
                     .samples);
  ASSERT_EQ(moments.size(), 2U);
  EXPECT_EQ(newest_of(moments)->outlet.line_ma[0], 16'000);
}

TEST(present_values, F04_samples_that_are_stamped_one_by_one_within_a_second_are_one_reading) {
  const auto now = newest_of(moments_of(
      read(entry(sampled("3450", "Power.Active.Import", "W"), "2026-05-01T12:00:00.001Z") + "," +
           entry(sampled("506121", "Energy.Active.Import.Register", "Wh"),
                 "2026-05-01T12:00:00.002Z") +
           "," + entry(sampled("15.0", "Current.Import", "A", "L1"), "2026-05-01T12:00:00.003Z") +
           "," + entry(sampled("0", "Current.Import", "A", "L2"), "2026-05-01T12:00:00.004Z") +
           "," + entry(sampled("0", "Current.Import", "A", "L3"), "2026-05-01T12:00:00.005Z") +
           "," + entry(sampled("9", "Current.Import", "A", "L3"), "2026-05-01T12:00:00.000Z"))
          .samples));
  ASSERT_TRUE(now);
  EXPECT_EQ(line_draw(now->outlet, {3}), (draw{15'000, 0, 0})) << "the newer of a line counts";
  EXPECT_EQ(now->outlet.power_mw(), 3'450'000);
  EXPECT_EQ(now->outlet.energy_wh, 506'121);
}

TEST(present_values, OCPP_5_a_sample_that_cannot_be_read_is_left_out_alone) {
  const auto good = sampled("16", "Current.Import", "A", "L1");
  for (const auto* bad :
       {R"({"value":"8","measurand":"Current.Imports","unit":"A"})",
        R"({"value":"8","measurand":"Current.Import","unit":"Ampere"})",
        R"({"value":"8","measurand":"Current.Import","unit":"W"})",
        R"({"value":"8","measurand":"Current.Import","unit":"A","phase":"L4"})",
        R"({"value":"8 A","measurand":"Current.Import","unit":"A"})",
        R"({"value":"nan","measurand":"Current.Import","unit":"A"})",
        R"({"value":null,"measurand":"Current.Import","unit":"A"})",
        R"({"value":"8","measurand":7,"unit":"A"})", R"({"unit":"A"})", "7", "null"}) {
    const auto list = read(entry(good + "," + bad));
    EXPECT_EQ(list.samples.size(), 1U) << bad;
    EXPECT_EQ(list.left_out, 1U) << bad;
    EXPECT_FALSE(list.used.empty()) << bad;
  }
  // What is meant can be read.
  for (const auto* odd : {R"({"value":8,"measurand":"Current.Import","unit":"A"})",
                          R"({"value":"8","measurand":"current.import","unit":"a"})",
                          R"({"value":"8","measurand":"Current.Import","unit":"A","phase":""})",
                          R"({"value":"8","measurand":"Current.Import","unit":null})"})
    EXPECT_EQ(now_of(entry(odd)).outlet.each_ma, 8'000) << odd;
}

TEST(present_values, signed_values_are_kept_as_they_stand_and_are_no_draw) {
  const auto list = read(entry(
      R"({"value":"OCMF|{}|{}","format":"SignedData","context":"Transaction.End"})"));
  ASSERT_EQ(list.samples.size(), 1U);
  EXPECT_EQ(list.samples[0].signed_data, "OCMF|{}|{}");
  EXPECT_FALSE(newest_of(moments_of(list.samples))->end_wh);
}

TEST(present_values, values_that_no_station_can_mean_are_no_draw) {
  const auto now = now_of(entry(sampled("99999999999999", "Current.Import", "A", "L1")));
  EXPECT_FALSE(now.outlet.has_current());
}

TEST(present_values, every_measurand_phase_location_context_and_unit_is_read) {
  for (std::uint8_t i = 0; i < measurand_count; ++i) {
    const auto which = static_cast<measurand>(i);
    const auto list =
        read(entry(R"({"value":"1","measurand":")" + std::string(name_of(which)) + "\"}"));
    ASSERT_EQ(list.samples.size(), 1U) << name_of(which);
    EXPECT_EQ(list.samples[0].what, which);
    EXPECT_TRUE(list.used.empty());
  }
  for (std::uint8_t i = 0; i < sample_phase_count; ++i) {
    const auto which = static_cast<sample_phase>(i);
    EXPECT_EQ(read(entry(R"({"value":"1","phase":")" + std::string(name_of(which)) + "\"}"))
                  .samples.at(0)
                  .phase,
              which);
  }
  for (std::uint8_t i = 0; i < sample_location_count; ++i) {
    const auto which = static_cast<sample_location>(i);
    EXPECT_EQ(read(entry(R"({"value":"1","location":")" + std::string(name_of(which)) + "\"}"))
                  .samples.at(0)
                  .location,
              which);
  }
  for (std::uint8_t i = 0; i < sample_context_count; ++i) {
    const auto which = static_cast<sample_context>(i);
    EXPECT_EQ(read(entry(R"({"value":"1","context":")" + std::string(name_of(which)) + "\"}"))
                  .samples.at(0)
                  .context,
              which);
  }
}

} // namespace busbar::ocpp::v16
