// Configurations of a site over HTTP: nodes, fail-safe of stations, what discovery has found.

#include "tests/adapters/http/server_fixture.hpp"

#include <nlohmann/json.hpp>

namespace busbar::tests {
namespace {

using domain::milliamperes;
using domain::permille;
using domain::watts;
using nlohmann::json;
using pointers = std::vector<std::string>;

class http_configuration : public server_fixture {
protected:
  void SetUp() override {
    server_fixture::SetUp();
    site = make_site_with_dc();
    engine.publish(make_view(site));
    start();
  }
  json get(const std::string& target) {
    const raw_answer answer = ask("GET", target);
    EXPECT_EQ(answer.status, 200u) << target << ": " << answer.body;
    return json::parse(answer.body, nullptr, false);
  }
  json order(const std::string& target, const std::string& body, unsigned status = 202) {
    const raw_answer answer = post(target, body);
    EXPECT_EQ(answer.status, status) << target << ": " << answer.body;
    return json::parse(answer.body, nullptr, false);
  }
  pointers faults(const std::string& target, const std::string& body) {
    pointers found;
    refused = order(target, body, 422);
    for (const auto& each : refused["errors"]) found.push_back(each["pointer"]);
    return found;
  }
  const domain::node_configuration& node() { return engine.configured.back().second.nodes.at(0); }
  const domain::station_configuration& station() {
    return engine.configured.back().second.stations.at(0);
  }

  std::shared_ptr<domain::site> site;
  json refused;
};

constexpr const char* service = "/api/site-constraints/service";
constexpr const char* feeder = "/api/site-constraints/feeder";
constexpr const char* transformer = "/api/site-constraints/transformer";
constexpr const char* fail_safe = "/api/stations/CP-001/fail-safe";
constexpr const char* discovery = "/api/stations/CP-001/capabilities/discover";

TEST_F(http_configuration, a_service_is_configured_in_the_load_managers_own_words) {
  const json receipt = order(service, R"({"maxCurrent": 400, "maxPower": 250, "voltage": 400,
    "phases": 3, "maxImbalance": 0.10, "minPowerFactor": 0.90, "frequency": 60,
    "nec625Factor": 0.80})");
  EXPECT_EQ(node().node.text(), "service");
  EXPECT_EQ(node().current_max, milliamperes{400'000});
  EXPECT_EQ(node().power_max, watts{250'000});
  EXPECT_EQ(node().lines, std::uint8_t{3});
  EXPECT_EQ(node().imbalance_max, permille{100});
  EXPECT_EQ(node().power_factor_min, permille{900});
  EXPECT_EQ(node().frequency_mhz, 60'000);
  EXPECT_EQ(node().continuous, permille{800});
  EXPECT_EQ(receipt["configured"]["maxCurrent"], 400);
  EXPECT_EQ(receipt["configured"]["nec625Factor"], 0.8);
  EXPECT_TRUE(engine.ordered.empty()) << "no limit for a time";
}

TEST_F(http_configuration, a_feeder_is_told_by_id_by_name_or_by_what_hangs_on_it) {
  order(feeder, R"({"id": "f1", "name": "Main Parking Lot", "maxCurrent": 200, "maxPower": 120,
    "phases": 3, "breakerRating": 225, "cableAmpacity": 200,
    "connectedStations": ["DC-001", "CP-003", "CP-002", "CP-001"]})");
  EXPECT_EQ(node().name, "Main Parking Lot");
  EXPECT_EQ(node().breaker, milliamperes{225'000});
  EXPECT_EQ(node().cable, milliamperes{200'000});
  site->nodes.push_back(site->nodes.back());
  site->nodes.back().id = domain::node_id{"f2"};
  site->nodes.back().name = "North";
  site->stations[1].parent = domain::node_index{3U};
  engine.publish(make_view(site));
  order(feeder, R"({"name": "North", "maxCurrent": 50})");
  EXPECT_EQ(node().node.text(), "f2");
  order(feeder, R"({"maxCurrent": 50, "connectedStations": ["CP-002"]})");
  EXPECT_EQ(node().node.text(), "f2");
  EXPECT_EQ(faults(feeder, R"({"maxCurrent": 50})"), (pointers{"/id"}));
  EXPECT_EQ(refused["errors"][0]["detail"], "missing; allowed are f1, f2");
  EXPECT_EQ(faults(feeder, R"({"id": "f9", "maxCurrent": 50})"), (pointers{"/id"}));
}

TEST_F(http_configuration, a_transformer_takes_its_rating_and_its_temperatures) {
  const json receipt = order(transformer, R"({"name": "Main Transformer", "ratedPower": 300,
    "continuousFactor": 0.80, "maxTemp": 80, "coolingMethod": "ONAN",
    "connectedFeeders": ["f1"]})");
  EXPECT_EQ(node().node.text(), "t1");
  EXPECT_EQ(node().rated, domain::volt_amperes{300'000});
  EXPECT_EQ(node().load_max, permille{800});
  EXPECT_EQ(node().oil_max, domain::millidegrees_celsius{80'000});
  EXPECT_EQ(node().cooled, domain::cooling::onan);
  // What comes out goes in again.
  EXPECT_EQ(receipt["configured"]["coolingMethod"], "ONAN");
  EXPECT_EQ(order(transformer, receipt["configured"].dump())["configured"], receipt["configured"]);
}

TEST_F(http_configuration, a_new_feeder_takes_the_stations_that_it_names) {
  const json receipt = order(feeder, R"({"id": "f2", "name": "North", "maxCurrent": 40,
    "breakerRating": 50, "connectedStations": ["CP-003", "CP-001"], "parent": "t1"})");
  const auto& change = engine.configured.back().second;
  ASSERT_EQ(change.nodes.size(), 1u);
  EXPECT_EQ(node().node.text(), "f2");
  EXPECT_EQ(node().kind, domain::node_kind::feeder);
  EXPECT_EQ(node().parent, domain::node_id{"t1"});
  EXPECT_EQ(node().breaker, milliamperes{50'000});
  ASSERT_EQ(change.stations.size(), 2u);
  EXPECT_EQ(station().station.text(), "CP-001");
  EXPECT_EQ(station().parent, domain::node_id{"f2"});
  EXPECT_EQ(receipt["moved"], (json{"CP-001", "CP-003"}));
  EXPECT_EQ(receipt["configured"]["parent"], "t1");
  EXPECT_EQ(receipt["configured"]["kind"], "feeder");
  EXPECT_EQ(receipt["has_meter"], false);
}

TEST_F(http_configuration, a_new_transformer_takes_the_feeders_that_it_names) {
  const json receipt = order(transformer, R"({"id": "t2", "name": "Main Transformer",
    "ratedPower": 300, "continuousFactor": 0.80, "maxTemp": 80, "coolingMethod": "ONAN",
    "connectedFeeders": ["f1"]})");
  const auto& change = engine.configured.back().second;
  ASSERT_EQ(change.nodes.size(), 2u);
  EXPECT_EQ(node().kind, domain::node_kind::transformer);
  EXPECT_EQ(node().parent, domain::node_id{"t1"}) << "where f1 hangs";
  EXPECT_EQ(change.nodes[1].node.text(), "f1");
  EXPECT_EQ(change.nodes[1].parent, domain::node_id{"t2"});
  EXPECT_EQ(receipt["moved"], json{"f1"});
}

TEST_F(http_configuration, a_tree_that_cannot_be_is_refused_and_says_why) {
  const json left =
      order(feeder, R"({"id": "f1", "connectedStations": ["CP-001"], "maxCurrent": 50})", 409);
  EXPECT_EQ(left["detail"], "CP-002, CP-003, DC-001: on f1 and not named; name what it hangs on "
                            "instead, by that node's own configuration");
  const json unknown = order(transformer, R"({"connectedFeeders": ["f1", "f2"]})", 404);
  EXPECT_EQ(unknown["detail"], "connectedFeeders: no feeder, panel or transformer 'f2'");
  const json nowhere =
      order(feeder, R"({"id": "f2", "maxCurrent": 9, "connectedStations": []})", 409);
  EXPECT_NE(nowhere["detail"].get<std::string>().find("state `parent`"), std::string::npos);
  const json volts = order(service, R"({"voltage": 480})", 409);
  EXPECT_NE(volts["detail"].get<std::string>().find("wired for 230000 mV"), std::string::npos);
  EXPECT_EQ(faults(feeder, R"({"id": "f9", "maxCurrent": 50})"), (pointers{"/id"}));
  EXPECT_TRUE(engine.configured.empty());
}

TEST_F(http_configuration, names_every_fault_of_a_configuration) {
  EXPECT_EQ(faults(service, R"({"maxCurrent": 0, "maxPower": "much", "phases": 4,
    "maxImbalance": 1.5, "frequency": 30, "nec625Factor": 0, "breakerRating": 5})"),
            (pointers{"/breakerRating", "/maxCurrent", "/maxPower", "/phases", "/maxImbalance",
                      "/frequency", "/nec625Factor"}));
  EXPECT_EQ(refused["errors"][1]["detail"], "0; allowed are numbers from 0.001 to 100000");
  EXPECT_EQ(faults(transformer, R"({"coolingMethod": "water", "maxTemp": 200})"),
            (pointers{"/maxTemp", "/coolingMethod"}));
  engine.refusal = domain::error{domain::errc::unsafe, "LIM-4: f1 L1: fallbacks 12000 mA"};
  order(feeder, R"({"maxCurrent": 10})", 409);
}

TEST_F(http_configuration, the_status_says_state_free_capacity_imbalance_and_violations) {
  const json found = get("/api/site-constraints/status");
  const json& whole = found["sites"][0];
  EXPECT_EQ(whole["state"], "critical");
  EXPECT_EQ(whole["violations"]["critical"][0],
            "f1: measured load above its limit: 66000 ma, allowed 63000");
  EXPECT_TRUE(whole["violations"]["warning"].empty());
  // (100 - 14) A x 3 x 230 V = 59.34 kW
  EXPECT_EQ(whole["available_capacity_kw"], 59.34);
  EXPECT_EQ(whole["imbalance"], 0);
  EXPECT_TRUE(found["items"][0]["configured"].is_null());
  auto of_power = make_view(site);
  of_power.nodes[0].power_limit = domain::watts{15'000};
  engine.publish(of_power);
  // 15 kW - 14 A x 3 x 230 V = 5.34 kW
  EXPECT_EQ(get("/api/site-constraints/status")["sites"][0]["available_capacity_kw"], 5.34);
  auto configured = std::make_shared<domain::site_configuration>();
  configured->nodes.push_back({});
  configured->nodes.back().node = domain::node_id{"service"};
  configured->nodes.back().current_max = milliamperes{99'500};
  site->configured = configured;
  auto view = make_view(site);
  view.nodes[0].voltage = domain::millivolts{229'500};
  view.nodes[0].power_factor = permille{970};
  engine.publish(view);
  const json node_now = get("/api/site-constraints/service")["items"][0];
  EXPECT_EQ(node_now["configured"], (json{{"maxCurrent", 99.5}}));
  EXPECT_EQ(node_now["measurements"]["voltage"], 229.5);
  EXPECT_EQ(node_now["measurements"]["power_factor"], 0.97);
  EXPECT_TRUE(node_now["measurements"]["frequency"].is_null());
}

TEST_F(http_configuration, SAFE_1_a_station_is_told_what_it_does_without_a_grant) {
  order(fail_safe, R"({"safePowerLimit": 4.2, "offlineAction": "reduce", "commTimeout": 30999})");
  EXPECT_EQ(station().station.text(), "CP-001");
  EXPECT_EQ(station().safe_power, watts{4'200});
  EXPECT_EQ(station().action, domain::fallback_action::reduce);
  EXPECT_EQ(station().timeout, domain::seconds{30}) << "a part of a second less is earlier";
  order("/api/v1/stations/CP-002/fail-safe", R"({"offlineAction": "stop"})");
  EXPECT_EQ(station().action, domain::fallback_action::stop);
  EXPECT_EQ(faults(fail_safe, R"({"safePowerLimit": -1, "offlineAction": "run",
    "commTimeout": 4999})"),
            (pointers{"/safePowerLimit", "/offlineAction", "/commTimeout"}));
  EXPECT_EQ(faults(fail_safe, "{}"), (pointers{"/safePowerLimit"}));
}

TEST_F(http_configuration, SAFE_1_a_safe_power_above_what_the_station_gives_is_capped_and_said) {
  // 32 A on three lines of 208 V: 11 528 W.
  const json capped = order(fail_safe, R"({"safePowerLimit": 100})");
  EXPECT_EQ(station().safe_power, watts{11'528});
  EXPECT_EQ(capped["safePowerLimit"], 11.528);
  EXPECT_EQ(capped["note"],
            "safePowerLimit 100 kW is above what CP-001 gives at most: 11.528 kW are kept");
  const json taken = order(fail_safe, R"({"safePowerLimit": 11.528})");
  EXPECT_EQ(station().safe_power, watts{11'528});
  EXPECT_EQ(taken["note"], "");
  EXPECT_TRUE(order(fail_safe, R"({"offlineAction": "stop"})")["safePowerLimit"].is_null());
}

TEST_F(http_configuration, SAFE_1_the_last_good_configuration_is_shown_whatever_came_since) {
  auto configured = std::make_shared<domain::site_configuration>();
  configured->stations.push_back({});
  configured->stations.back().station = domain::station_id{"CP-001"};
  configured->stations.back().safe_power = watts{4'200};
  site->configured = configured;
  site->stations[0].told_when_lost = {domain::fallback_action::reduce, milliamperes{6'086},
                                      domain::seconds{30}};
  auto view = make_view(site);
  view.connectors[0].is_stale = true;
  view.connectors[0].last_heard = noon;
  engine.publish(view);
  const json found = get(fail_safe);
  EXPECT_EQ(found["configured"]["safePowerLimit"], 4.2);
  EXPECT_EQ(found["configured"]["commTimeout"], 30'000);
  EXPECT_EQ(found["configured"]["current_ma"], 6'086);
  EXPECT_EQ(found["connectors"][0]["last_good"]["current_ma"], 14'000);
  EXPECT_EQ(found["connectors"][0]["last_good"]["state"], "SUPPLYING");
  EXPECT_EQ(get("/api/fail-safe/status")["items"][0]["state"], "normal");
}

TEST_F(http_configuration, SAFE_1_shows_what_the_station_falls_back_to_beside_what_counts) {
  // The site file states 10 A and 15 s; the fail-safe by API 6.086 A after 30 s.
  auto configured = std::make_shared<domain::site_configuration>();
  configured->stations.push_back({});
  configured->stations.back().station = domain::station_id{"CP-001"};
  configured->stations.back().safe_power = watts{4'200};
  site->configured = configured;
  site->stations[0].when_lost = {domain::fallback_action::reduce, milliamperes{10'000},
                                 domain::seconds{30}};
  site->stations[0].told_when_lost = {domain::fallback_action::reduce, milliamperes{6'086},
                                      domain::seconds{30}};
  engine.publish(make_view(site));
  const json found = get(fail_safe);
  EXPECT_EQ(found["fallback"]["ma"], 6'086);
  EXPECT_EQ(found["counted_ma"], 10'000);
  EXPECT_EQ(get("/api/v1/stations/CP-001")["fallback"]["ma"], 6'086);
  EXPECT_EQ(get("/api/v1/stations/CP-002")["fallback"]["ma"],
            site->stations[1].when_lost.current.count());
  // 3 000 W / (sqrt 3 x 208 V) = 8.327 A
  const json lowered = order(fail_safe, R"({"safePowerLimit": 3})");
  EXPECT_EQ(lowered["note"], "once a grant has told it, CP-001 falls back to 8327 mA on each line; "
                             "LIM-4 goes on counting 10000 mA, to which it may fall back until "
                             "then and after its own restart");
}

TEST_F(http_configuration, discovery_keeps_the_named_profile_narrowed_to_the_connector) {
  site->connectors[0].current_max = milliamperes{16'000};
  engine.publish(make_view(site));
  const json found = order(discovery, R"({"profile": "ac_level2_three"})");
  EXPECT_EQ(found["capability"]["max_ma"], 16'000);
  ASSERT_TRUE(station().found);
  EXPECT_EQ(station().found->current_max, milliamperes{16'000});
  EXPECT_EQ(station().found->name, "CP-001 ac_level2_three");
  EXPECT_EQ(faults(discovery, R"({"profile": "dcfc_ccs_high"})"), (pointers{"/profile"}));
  EXPECT_EQ(faults(discovery, R"({"profile": "x"})"), (pointers{"/profile"}));
}

TEST_F(http_configuration, a_profile_of_one_line_is_kept_as_such_in_a_box_of_three) {
  const json found = order(discovery, R"({"profile": "ac_level2_single"})");
  EXPECT_EQ(found["capability"]["line_count"], 1);
  EXPECT_EQ(station().found->line_count, 1);
}

TEST_F(http_configuration, discovery_names_the_sites_own_profiles_beside_the_built_in_ones) {
  domain::capability own;
  own.name = "our own box";
  site->capabilities = {own};
  engine.publish(make_view(site));
  faults(discovery, R"({"profile": "x"})");
  const std::string why = refused["errors"][0]["detail"];
  EXPECT_NE(why.find("built in are ac_level2_single"), std::string::npos) << why;
  EXPECT_TRUE(why.ends_with("; the site's own are our own box")) << why;
}

TEST_F(http_configuration, discovery_takes_a_request_without_any_body_as_an_empty_object) {
  const raw_answer answer = ask("POST", discovery);
  EXPECT_EQ(answer.status, 202u) << answer.body;
  EXPECT_EQ(engine.asked.size(), 1u);
  EXPECT_EQ(ask("POST", fail_safe).status, 415u) << "where something has to be stated";
}

TEST_F(http_configuration, discovery_without_a_body_asks_the_station) {
  auto view = make_view(site);
  view.connectors[0].voltage = domain::millivolts{231'000};
  engine.publish(view);
  const json answer = order(discovery, "{}");
  EXPECT_EQ(answer["is_asked"], true);
  EXPECT_EQ(answer["capability"]["name"], "ac_level2_three (reported)");
  EXPECT_EQ(answer["capability"]["max_ma"], 32'000);
  ASSERT_EQ(engine.asked.size(), 1u);
  EXPECT_EQ(engine.asked.front().second.text(), "CP-001");
  EXPECT_TRUE(engine.configured.empty()) << "what it reports is kept once it answers";
  const json dc = order("/api/stations/DC-001/capabilities/discover",
                        R"({"max_ma": 125000, "max_w": 50000, "voltage_mv": 500000})");
  EXPECT_EQ(dc["capability"]["standard"], "IEC 62196-3 CHAdeMO");
  EXPECT_EQ(dc["is_asked"], false);
  EXPECT_EQ(engine.configured.size(), 1u);
}

TEST_F(http_configuration, a_recommended_setpoint_is_never_above_what_the_connector_can_carry) {
  site->connectors[0].current_max = milliamperes{16'000};
  engine.publish(make_view(site));
  EXPECT_EQ(get("/api/capabilities/CP-001?current_ma=18000")["setpoint"]["recommended_ma"], 16'000);
}

TEST_F(http_configuration, power_is_line_currents_at_the_voltage_that_is_measured_and_back) {
  auto view = make_view(site);
  view.connectors[0].voltage = domain::millivolts{220'000};
  engine.publish(view);
  const std::string target = "/api/stations/CP-001/phase-currents/convert";
  const json there = get(target + "?power_w=11000");
  EXPECT_EQ(there["is_measured"], true);
  // 11 000 W / (3 x 220 V) = 16.666 A, rounded down; its power is rounded up
  EXPECT_EQ(there["phases"], (json{{"A", 16.666}, {"B", 16.666}, {"C", 16.666}}));
  EXPECT_EQ(there["power_kw"], 11);
  const json back = get(target + "?l1_ma=16000&l2_ma=16000&l3_ma=16000");
  EXPECT_EQ(back["power_kw"], 10.56); // 3 x 16 A x 220 V
  EXPECT_EQ(get(target)["phases"]["A"], 14) << "what is drawn now";
  view.connectors[0].voltage.reset();
  engine.publish(view);
  EXPECT_EQ(get(target)["is_measured"], false);
  EXPECT_EQ(ask("GET", target + "?power_w=1&l1_ma=1").status, 400u);
}

TEST_F(http_configuration, the_balance_of_a_service_is_held_to_a_fifth_unless_it_is_configured) {
  auto view = make_view(site);
  view.nodes[0].measured = {milliamperes{20'000}, milliamperes{16'000}, milliamperes{18'000}};
  engine.publish(view);
  const json found = get("/api/phase-balance")["items"][0];
  EXPECT_EQ(found["imbalance"], 0.2);
  EXPECT_EQ(found["max_imbalance"], 0.2);
  EXPECT_EQ(found["balanced"], true);
  site->nodes[0].protection.quality.imbalance_max = permille{100};
  engine.publish(view);
  EXPECT_EQ(get("/api/phase-balance")["items"][0]["balanced"], false);
}

TEST_F(http_configuration, a_dc_outlet_tells_what_it_measures_in_the_load_managers_units) {
  auto view = make_view(site);
  view.connectors[3].power = watts{145'200};
  view.connectors[3].voltage = domain::millivolts{742'000};
  view.connectors[3].temperature = domain::millidegrees_celsius{65'000};
  view.connectors[3].soc = permille{455};
  engine.publish(view);
  const json found = get("/api/stations/DC-001/measurements")["connectors"][0];
  EXPECT_EQ(found["power"], 145.2);
  EXPECT_EQ(found["current"], 195.688); // 145 200 W / 742 V, rounded up
  EXPECT_EQ(found["voltage"], 742);
  EXPECT_EQ(found["temperature"], 65);
  EXPECT_EQ(found["soc"], 45.5);
  EXPECT_TRUE(get("/api/stations/CP-002/measurements")["connectors"][0]["voltage"].is_null());
}

TEST_F(http_configuration, a_taper_is_kept_with_what_a_dc_station_can_do) {
  const std::string target = "/api/stations/DC-001/dc-power/taper";
  EXPECT_EQ(get(target)["taperStartSoC"], 80);
  const json set = order(target, R"({"enabled": true, "taperStartSoC": 80, "taperRate": 0.7})");
  EXPECT_EQ(set["taperRate"], 0.7);
  EXPECT_TRUE(set["power"].is_null()) << "no state of charge is known";
  // 35 permille for each of 10 percent beyond 80: 65 % of 150 kW
  const json at_90 = order(target, R"({"enabled": true, "soc": 90, "taperStartSoC": 80,
                                       "taperRate": 0.7})");
  EXPECT_EQ(at_90["soc"], 90);
  EXPECT_EQ(at_90["power"], 97.5);
  EXPECT_EQ(faults(target, R"({"taperRate": 0.7, "soc": 101})"), (pointers{"/soc"}));
  // All but the state of charge is the default: 35 permille for each of 2 percent beyond 80.
  EXPECT_EQ(order(target, R"({"soc": 82})")["power"], 139.5); // 93 % of 150 kW
  EXPECT_EQ(faults(target, "{}"), (pointers{"/taperRate"}));
  ASSERT_TRUE(station().found);
  EXPECT_EQ(station().found->taper.start, permille{800});
  // 0.7 of full power over the last 20 percent: 35 permille for each
  EXPECT_EQ(station().found->taper.permille_per_percent, permille{35});
  EXPECT_EQ(station().found->taper.floor, permille{300});
  EXPECT_EQ(order(target, R"({"enabled": false})")["enabled"], false);
  EXPECT_EQ(faults(target, R"({"taperStartSoC": 100, "taperRate": 1.1, "enabled": 1})"),
            (pointers{"/taperStartSoC", "/taperRate", "/enabled"}));
  site->stations[3].capability = "";
  engine.publish(make_view(site));
  order(target, R"({"taperRate": 0.5})", 409);
  EXPECT_EQ(ask("GET", "/api/stations/CP-001/dc-power/taper").status, 409u);
}

TEST_F(http_configuration, a_stop_names_its_session_alone) {
  const json asked = order("/api/v1/requests", R"({"kind": "stop", "site": "garage",
    "driver": "Alice", "session": "s-17"})");
  EXPECT_EQ(asked["kind"], "stop");
  EXPECT_EQ(engine.submitted.back().station.text(), "CP-001");
  order("/api/v1/requests", R"({"kind": "stop", "site": "garage", "driver": "Alice",
    "session": "s-99"})", 404);
}

TEST_F(http_configuration, states_are_told_in_the_load_managers_own_words) {
  EXPECT_EQ(get("/api/circuit-breakers")["items"][1]["state"], "HALF_OPEN");
  const json shedding = get("/api/load-shedding/status")["items"][0];
  EXPECT_EQ(shedding["active"], true);
  EXPECT_EQ(shedding["state"], "active");
  EXPECT_EQ(shedding["level"], 1);
}

TEST_F(http_configuration, a_slip_in_a_name_is_answered_first_and_with_the_name_that_is_meant) {
  const json nothing_else = order(service, R"({"maxCurent": 400})", 422);
  EXPECT_EQ(nothing_else["detail"],
            "body: /maxCurent: no such field here (did you mean `maxCurrent`?)");
  EXPECT_EQ(nothing_else["errors"].size(), 1u) << "what it is meant to be is not missing as well";
  EXPECT_EQ(order(service, R"({"limit_m": 400})", 422)["errors"][0]["detail"],
            "no such field here (did you mean `limit_ma`?)");
  EXPECT_EQ(order(service, R"({"maxCurrent": 400, "phase": 3})", 422)["errors"][0]["detail"],
            "no such field here (did you mean `phases`?)");
  EXPECT_EQ(order(fail_safe, R"({"safePowerLimits": 7})", 422)["errors"][0]["detail"],
            "no such field here (did you mean `safePowerLimit`?)");
  EXPECT_EQ(order(service, R"({"colour": 1})", 422)["errors"][0]["detail"], "no such field here");
}

TEST_F(http_configuration, a_slip_in_a_query_is_answered_with_the_name_that_is_meant) {
  const raw_answer answer = ask("GET", "/api/site-constraints/status?kinds=feeder");
  EXPECT_EQ(answer.status, 400u);
  EXPECT_EQ(json::parse(answer.body)["detail"],
            "query: kinds: no such parameter here (did you mean `kind`?)");
}

} // namespace
} // namespace busbar::tests
