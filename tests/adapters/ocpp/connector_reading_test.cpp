#include "tests/adapters/ocpp/station_desk.hpp"

#include <gtest/gtest.h>

namespace busbar::tests {

namespace {

domain::reading reading_of(const std::string& meter_value, bool has_transaction = false) {
  station_desk desk;
  desk.serve();
  if (has_transaction) desk.start("TAG1", 235'800);
  desk.call("MeterValues", "{\"connectorId\":1,\"meterValue\":" + meter_value + "}");
  EXPECT_EQ(desk.last.readings.size(), 1u);
  return desk.last.readings.empty() ? domain::reading{} : desk.last.readings.front();
}

std::string entry(const std::string& samples) {
  return "{\"timestamp\":\"2026-05-01T00:00:00Z\",\"sampledValue\":[" + samples + "]}";
}

std::string sample(const std::string& value, const std::string& measurand,
                   const std::string& rest = "") {
  return "{\"value\":\"" + value + "\",\"measurand\":\"" + measurand + "\"" +
         (rest.empty() ? "" : "," + rest) + "}";
}

} // namespace

TEST(connector_reading, F03_an_empty_sample_is_none_and_reads_as_nothing) {
  const auto read = reading_of(
      "[" + entry(sample("", "Power.Active.Import") + "," + sample("", "Current.Import") + "," +
                  sample("123456", "Energy.Active.Import.Register", "\"unit\":\"Wh\"")) + "]");
  EXPECT_EQ(read.energy_wh, 123'456);
  EXPECT_EQ(read.power_w, 0);
}

TEST(connector_reading, F04_one_moment_spread_over_many_entries_is_one_reading) {
  const auto read = reading_of(
      "[" + entry(sample("3450", "Power.Active.Import", "\"unit\":\"W\"")) + "," +
      entry(sample("506121", "Energy.Active.Import.Register", "\"unit\":\"Wh\"")) + "," +
      entry(sample("15.0", "Current.Import", "\"unit\":\"A\",\"phase\":\"L1\"")) + "," +
      entry(sample("0", "Current.Import", "\"unit\":\"A\",\"phase\":\"L2\"")) + "," +
      entry(sample("0", "Current.Import", "\"unit\":\"A\",\"phase\":\"L3\"")) + "," +
      entry(sample("230.1", "Voltage", "\"unit\":\"V\",\"phase\":\"L1\"")) + "]");
  EXPECT_EQ(read.current_ma, (std::array<std::int32_t, 3>{15'000, 0, 0}));
  EXPECT_EQ(read.power_w, 3'450);
  EXPECT_EQ(read.energy_wh, 506'121);
  EXPECT_EQ(read.voltage_mv, 230'100);
}

TEST(connector_reading, F05_currents_and_powers_by_line_add_up_and_what_is_offered_is_no_draw) {
  std::string samples;
  for (const auto& [line, amperes, kilowatts] :
       {std::tuple{"L1-N", "15.60", "3.45"}, {"L2-N", "15.40", "3.50"}, {"L3-N", "15.50", "3.48"}})
    samples += sample(amperes, "Current.Import",
                      std::string{"\"unit\":\"A\",\"phase\":\""} + line + "\"") + "," +
               sample(kilowatts, "Power.Active.Import",
                      std::string{"\"unit\":\"kW\",\"phase\":\""} + line + "\"") + ",";
  const auto read =
      reading_of("[" + entry(samples + sample("16.00", "Current.Offered", "\"unit\":\"A\"")) + "]");
  EXPECT_EQ(read.current_ma, (std::array<std::int32_t, 3>{15'600, 15'400, 15'500}));
  EXPECT_EQ(read.power_w, 10'430); // 3 450 + 3 500 + 3 480
}

TEST(connector_reading, F07_the_register_of_the_begin_is_no_present_value) {
  const auto read = reading_of(
      "[" + entry(sample("236400", "Energy.Active.Import.Register",
                         "\"unit\":\"Wh\",\"context\":\"Sample.Periodic\"") + "," +
                  sample("235800", "Energy.Active.Import.Register",
                         "\"unit\":\"Wh\",\"context\":\"Transaction.Begin\"")) + "]",
      true);
  EXPECT_EQ(read.energy_wh, 236'400);
}

TEST(connector_reading, LIM_5_lines_that_are_not_stated_follow_from_power_rounded_up) {
  const auto one = reading_of(
      "[" + entry(sample("10", "Current.Import", "\"phase\":\"L1\"") + "," +
                  sample("2300", "Power.Active.Import", "\"unit\":\"W\"")) + "]");
  EXPECT_EQ(one.current_ma, (std::array<std::int32_t, 3>{10'000, 0, 0})); // 2300 / 230 = 10 A
  const auto three = reading_of(
      "[" + entry(sample("10", "Current.Import", "\"phase\":\"L1\"") + "," +
                  sample("6900", "Power.Active.Import", "\"unit\":\"W\"")) + "]");
  EXPECT_EQ(three.current_ma, (std::array<std::int32_t, 3>{10'000, 10'000, 10'000}));
  const auto bare = reading_of("[" + entry(sample("10", "Current.Import")) + "]");
  EXPECT_EQ(bare.current_ma, (std::array<std::int32_t, 3>{10'000, 10'000, 10'000}));
  const auto power = reading_of("[" + entry(sample("1000", "Power.Active.Import")) + "]");
  EXPECT_EQ(power.current_ma[0], 1'450); // 1000 W / 690 V = 1.4493 A
}

} // namespace busbar::tests
