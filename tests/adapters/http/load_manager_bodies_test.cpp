// The load manager's own bodies, in amperes, kilowatts and ratios, beside those in integers.

#include "tests/adapters/http/server_fixture.hpp"

#include <nlohmann/json.hpp>

namespace busbar::tests {
namespace {

using domain::milliamperes;
using nlohmann::json;
using pointers = std::vector<std::string>;

class load_manager_bodies : public server_fixture {
protected:
  void SetUp() override {
    server_fixture::SetUp();
    view = make_view(make_site_with_dc());
    view.connectors[3].acknowledged = milliamperes{40'000};
    view.connectors[3].voltage = domain::millivolts{400'000};
    engine.publish(view);
    start();
  }
  json order(const std::string& target, const std::string& body) {
    const raw_answer answer = post(target, body);
    EXPECT_EQ(answer.status, 202u) << target << ": " << answer.body;
    return json::parse(answer.body, nullptr, false);
  }
  pointers faults(const std::string& target, const std::string& body) {
    const raw_answer answer = post(target, body);
    EXPECT_EQ(answer.status, 422u) << target << ": " << answer.body;
    refused = json::parse(answer.body, nullptr, false);
    pointers found;
    for (const auto& each : refused["errors"]) found.push_back(each["pointer"]);
    EXPECT_TRUE(engine.ordered.empty());
    return found;
  }
  template <class Order> const Order& last() {
    return std::get<Order>(engine.ordered.back().second);
  }

  domain::site_view view;
  json refused;
};

constexpr const char* currents = "/api/stations/CP-001/phase-currents";
constexpr const char* dc_power = "/api/stations/DC-001/dc-power";
constexpr const char* shedding = "/api/load-shedding/configure";

TEST_F(load_manager_bodies, phases_in_amperes_hold_for_a_day) {
  const json receipt = order(currents, R"({"phases": {"A": 16, "B": 16.0459, "C": 16.1}})");
  EXPECT_EQ(receipt["limit_ma"], (json{16'000, 16'045, 16'100})) << "rounded down, and exactly";
  EXPECT_TRUE(receipt["ramp"].is_null());
  const auto& taken = last<domain::connector_constraint>();
  EXPECT_EQ((*taken.current)[1], milliamperes{16'045});
  EXPECT_FALSE(taken.ramp);
  EXPECT_GT(taken.until - view.at, domain::seconds{86'400}) << "the server's clock is later";
  order(currents, R"({"phases": {"A": 16, "B": 16, "C": 16}, "duration_s": 60})");
}

TEST_F(load_manager_bodies, a_ramp_moves_the_limit_in_steps_from_what_was_acknowledged) {
  const json receipt = order(currents, R"({"phases": {"A": 32, "B": 32, "C": 32},
    "autoBalance": true, "ramp": {"stepTime": 5000, "stepSize": 2.5}})");
  EXPECT_EQ(receipt["ramp"]["from_ma"], 14'000);
  EXPECT_EQ(receipt["ramp"]["step_ma"], 2'500);
  EXPECT_EQ(receipt["ramp"]["every_us"], 5'000'000);
  EXPECT_EQ(last<domain::connector_constraint>().ramp->from, milliamperes{14'000});
  EXPECT_EQ(order(currents, R"({"phases": {"A": 9, "B": 9, "C": 9}, "ramp": true})")["ramp"]
                ["step_ma"],
            2'000);
  order(currents, R"({"phases": {"A": 9, "B": 9, "C": 9}, "ramp": false})");
  EXPECT_FALSE(last<domain::connector_constraint>().ramp);
}

TEST_F(load_manager_bodies, auto_balance_lowers_lines_to_a_fifth_above_the_lowest) {
  // 10 000 / 0.8 = 12 500: (12.5 - 10) / 12.5 = 20 %
  EXPECT_EQ(order(currents, R"({"phases": {"A": 16, "B": 10, "C": 12}, "autoBalance": true})")
                ["limit_ma"],
            (json{12'500, 10'000, 12'000}));
}

TEST_F(load_manager_bodies, names_every_fault_of_phases_with_its_pointer) {
  EXPECT_EQ(faults(currents, R"({"phases": {"A": 33, "B": "x", "D": 4}, "autoBalance": 1,
    "ramp": {"stepTime": 99, "stepSize": 0.05, "up": 1}, "l1_ma": 5})"),
            (pointers{"/phases/D", "/phases/A", "/phases/B", "/l1_ma", "/autoBalance", "/ramp/up",
                      "/ramp/stepTime", "/ramp/stepSize"}))
      << "D may be meant for C: one fault";
  EXPECT_EQ(refused["errors"][1]["detail"],
            "33 A; allowed are 0 or 6 to 32 A; recommended is 32 A");
  EXPECT_EQ(refused["errors"][2]["detail"], "\"x\"; allowed are numbers from 0 to 100000");
  EXPECT_EQ(refused["errors"][7]["detail"], "0.05; allowed are numbers from 0.1 to 1000");
  EXPECT_EQ(faults(currents, R"({"phases": 16})"), (pointers{"/phases"}));
  EXPECT_EQ(faults(currents, R"({"phases": {"A": 100000.00001, "B": -0.0001, "C": 1e300}})"),
            (pointers{"/phases/A", "/phases/B", "/phases/C"}));
}

TEST_F(load_manager_bodies, a_line_on_which_the_connector_does_not_lie_bounds_nothing) {
  auto site = make_site_with_dc();
  site->connectors[0].lines[0] = domain::line::l2;
  site->connectors[0].line_count = 1;
  engine.publish(make_view(site));
  EXPECT_EQ(order(currents, R"({"phases": {"A": 16, "B": 12, "C": 16}})")["limit_ma"],
            (json{0, 12'000, 0}));
  EXPECT_EQ(order(currents, R"({"phases": {"B": 12}})")["limit_ma"], (json{0, 12'000, 0}));
}

TEST_F(load_manager_bodies, power_in_kilowatts_ramps_each_second) {
  const json receipt = order(dc_power, R"({"power": 50.0009, "autoRamp": true})");
  EXPECT_EQ(receipt["limit_w"], 50'000);
  // 10 kW each second behind the transformer's 208 V: 10 000 / (sqrt 3 x 208) = 27.757 A
  EXPECT_EQ(receipt["ramp"]["step_ma"], 27'757);
  EXPECT_EQ(receipt["ramp"]["from_ma"], 40'000);
  EXPECT_EQ(receipt["ramp"]["every_us"], 1'000'000);
  EXPECT_EQ(last<domain::connector_constraint>().power, domain::watts{50'000});
  EXPECT_FALSE(last<domain::connector_constraint>().output);
}

TEST_F(load_manager_bodies, power_in_kilowatts_is_a_bound_whatever_the_voltage) {
  // 150 kW at its highest voltage of 500 V would be 300 A; the station can carry 200 A.
  const json receipt = order(dc_power, R"({"power": 150})");
  EXPECT_EQ(receipt["limit_w"], 150'000);
  EXPECT_EQ(receipt["recommended_w"], 100'000); // 200 A x 500 V
  engine.ordered.clear();
  EXPECT_EQ(faults(dc_power, R"({"power": 150, "voltage_mv": 500000})"), (pointers{"/power"}));
}

TEST_F(load_manager_bodies, what_is_above_what_the_box_gives_is_capped_and_said) {
  // The box gives 150 kW and 200 A.
  const json power = order(dc_power, R"({"power": 151, "autoRamp": true})");
  EXPECT_EQ(power["limit_w"], 150'000);
  EXPECT_EQ(power["note"], "power 151 kW is above what DC-001-1 gives at most: 150 kW are kept");
  EXPECT_EQ(last<domain::connector_constraint>().power, domain::watts{150'000});
  const json current = order(dc_power, R"({"current": 201})");
  EXPECT_EQ(last<domain::connector_constraint>().output, milliamperes{200'000});
  EXPECT_EQ(current["note"],
            "current 201 A is above what DC-001-1 gives at most: 200 A are kept");
  EXPECT_EQ(order(dc_power, R"({"current": 100})")["note"], "");
  auto site = make_site_with_dc();
  site->connectors[3].power_max = domain::watts{43'000};
  engine.publish(make_view(site));
  const json small = order(dc_power, R"({"power": 150, "autoRamp": true})");
  EXPECT_EQ(small["limit_w"], 43'000);
  EXPECT_EQ(small["note"], "power 150 kW is above what DC-001-1 gives at most: 43 kW are kept");
  const json by_current = order(dc_power, R"({"current": 200})");
  EXPECT_EQ(by_current["limit_w"], 43'000);
  EXPECT_NE(by_current["note"].get<std::string>().find("43 kW are kept"), std::string::npos)
      << by_current["note"];
  engine.ordered.clear();
  EXPECT_EQ(faults(dc_power, R"({"power_w": 150000, "duration_s": 60})"), (pointers{"/power_w"}))
      << "in watts the engine's own words stand, which are exact";
}

TEST_F(load_manager_bodies, a_current_of_the_output_counts_at_the_voltage_measured_there) {
  const json receipt = order(dc_power, R"({"current": 200})");
  EXPECT_EQ(receipt["limit_w"], 80'000); // 200 A x 400 V
  EXPECT_EQ(receipt["voltage_mv"], 400'000);
  EXPECT_EQ(receipt["current_ma"], 200'000);
  EXPECT_EQ(last<domain::connector_constraint>().output, milliamperes{200'000});
  view.connectors[3].voltage.reset();
  engine.publish(view);
  EXPECT_EQ(order(dc_power, R"({"current": 200})")["limit_w"], 100'000) << "500 V, its highest";
}

TEST_F(load_manager_bodies, names_every_fault_of_a_dc_power_in_the_fields_own_name) {
  EXPECT_EQ(faults(dc_power, R"({"power": 4, "power_w": 1})"),
            (pointers{"/power", "/power_w"}));
  EXPECT_EQ(refused["errors"][0]["detail"],
            "4 kW; allowed are 0 or 20 to 150 kW; recommended is 0 kW");
  EXPECT_EQ(faults(dc_power, R"({"power": 149.5, "voltage_mv": 500000})"), (pointers{"/power"}));
  EXPECT_EQ(refused["errors"][0]["detail"],
            "149.5 kW at 500000 mV is 299 A; allowed are 0 or 10 to 200 A; recommended is 100 kW");
  EXPECT_EQ(faults(dc_power, R"({"current": 9})"), (pointers{"/current"}));
  EXPECT_EQ(refused["errors"][0]["detail"],
            "9 A; allowed are 0 or 10 to 200 A; recommended is 0 A");
  EXPECT_EQ(faults(dc_power, R"({"current": 100, "power": 50})"), (pointers{"/current"}));
  EXPECT_EQ(faults(dc_power, R"({"autoRamp": true})"),
            (pointers{"/autoRamp", "/power_w", "/until"}));
}

TEST_F(load_manager_bodies, thresholds_as_ratios_are_those_in_permille) {
  const json receipt = order(shedding, R"({"upperThreshold": 0.95, "lowerThreshold": 0.8509})");
  EXPECT_EQ(receipt["settings"]["rise_permille"], 950);
  EXPECT_EQ(receipt["settings"]["fall_permille"], 850);
  EXPECT_EQ(last<domain::configure_shedding>().settings.rise, domain::permille{950});
  engine.ordered.clear();
  EXPECT_EQ(faults(shedding, R"({"upperThreshold": 1.201, "lowerThreshold": "low"})"),
            (pointers{"/upperThreshold", "/lowerThreshold"}));
  EXPECT_EQ(refused["errors"][0]["detail"], "1.201; allowed are numbers from 0.5 to 1.2");
  EXPECT_EQ(faults(shedding, R"({"upperThreshold": 0.9, "rise_permille": 900})"),
            (pointers{"/upperThreshold"}));
  EXPECT_EQ(faults(shedding, R"({"lowerThreshold": 0.96})"), (pointers{"/lowerThreshold"}));
}

} // namespace
} // namespace busbar::tests
