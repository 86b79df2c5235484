// What an operator may change over HTTP, and how wrong wishes are refused.

#include "tests/adapters/http/server_fixture.hpp"

#include <nlohmann/json.hpp>

#include <set>

namespace busbar::tests {
namespace {

using nlohmann::json;
using pointers = std::vector<std::string>;

class http_controls : public server_fixture {
protected:
  void SetUp() override {
    server_fixture::SetUp();
    engine.publish(make_view(make_site_with_dc()));
    start();
  }
  json get(const std::string& target) {
    const raw_answer answer = ask("GET", target);
    EXPECT_EQ(answer.status, 200u) << target << ": " << answer.body;
    return json::parse(answer.body, nullptr, false);
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

  json refused;
};

constexpr const char* constraints = "/api/v1/sites/garage/site-constraints";
constexpr const char* shedding = "/api/v1/sites/garage/load-shedding";
constexpr const char* currents = "/api/v1/stations/CP-001/phase-currents";
constexpr const char* dc_power = "/api/v1/stations/DC-001/dc-power";

TEST_F(http_controls, levels_4_and_5_of_load_shedding_leave_the_others_alone_in_words_too) {
  const json levels = get("/api/v1/sites/garage/load-shedding")["levels"];
  EXPECT_EQ(levels[3]["text"], "every station is reduced by 50 %");
  EXPECT_EQ(levels[4]["text"], "priority 5 and below is stopped, the others keep what they have");
  EXPECT_EQ(levels[5]["text"],
            "all but priorities 9 and 10 are stopped, those keep what they have");
}

TEST_F(http_controls, LIM_2_shows_of_a_node_the_limit_now_every_source_and_what_was_set_live) {
  const json found = get(std::string(constraints) + "?kind=transformer");
  ASSERT_EQ(found["total"], 1);
  const json& node = found["items"][0];
  EXPECT_EQ(node["node"], "t1");
  EXPECT_EQ(node["limit_ma"], (json{100'000, 100'000, 100'000}));
  EXPECT_EQ(node["sources"].size(), 2u);
  ASSERT_EQ(node["constraints"].size(), 1u);
  EXPECT_EQ(node["constraints"][0]["limit_ma"], (json{14'000, 14'000, 14'000}));
  EXPECT_EQ(node["constraints"][0]["is_in_force"], true);
  EXPECT_EQ(get("/api/site-constraints/feeder")["items"][0]["node"], "f1");
  EXPECT_EQ(get("/api/site-constraints/status?node=t1")["items"].size(), 1u);
}

TEST_F(http_controls, a_constraint_that_begins_later_or_is_over_is_not_in_force) {
  auto view = make_view(make_site_with_dc());
  view.constraints.front().from = view.at + domain::seconds{1};
  view.constraints.push_back(view.constraints.front());
  view.constraints.back().from = noon;
  view.constraints.back().until = view.at;
  engine.publish(view);
  const json found = get(std::string(constraints) + "?node=t1")["items"][0]["constraints"];
  EXPECT_EQ(found[0]["is_in_force"], false);
  EXPECT_EQ(found[1]["is_in_force"], false);
}

TEST_F(http_controls, one_number_limits_every_line_of_a_node_from_now) {
  const json receipt = order(constraints, R"({"node": "t1", "limit_ma": 40000})");
  EXPECT_EQ(receipt["limit_ma"], (json{40'000, 40'000, 40'000}));
  EXPECT_TRUE(receipt["until"].is_null());
  ASSERT_EQ(engine.ordered.size(), 1u);
  EXPECT_EQ(engine.ordered.front().first, domain::site_id{"garage"});
  const auto& taken = last<domain::node_constraint>();
  EXPECT_EQ(taken.node, domain::node_index{1U});
  EXPECT_EQ(taken.limit.source, domain::limit_source::site_operator);
  EXPECT_EQ((*taken.limit.current)[2], domain::milliamperes{40'000});
  EXPECT_FALSE(taken.limit.power);
  EXPECT_GT(taken.from, noon);
}

TEST_F(http_controls, demand_response_limits_lines_and_power_for_a_time) {
  order(constraints, R"({"node": "service", "source": "demand_response", "limit_w": 30000,
    "limit_ma": [50000, 40000, 30000], "from": "2098-01-01T00:00:00Z",
    "until": "2098-01-01T02:00:00+01:00"})");
  const auto& taken = last<domain::node_constraint>();
  EXPECT_EQ(taken.limit.source, domain::limit_source::demand_response);
  EXPECT_EQ(taken.limit.power, domain::watts{30'000});
  EXPECT_EQ((*taken.limit.current)[1], domain::milliamperes{40'000});
  EXPECT_EQ(*taken.until - taken.from, domain::seconds{3'600}); // 02:00+01:00 is 01:00Z
}

TEST_F(http_controls, LIM_7_an_order_names_what_it_counts_and_what_it_guarantees) {
  engine.remains = domain::fallback_load{
      {domain::milliamperes{96'000}, domain::milliamperes{96'000}, domain::milliamperes{90'000}},
      domain::watts{64'860}};
  const json receipt = order(constraints, R"({"node": "t1", "source": "demand_response",
    "limit_w": 4200, "counts": "chargers", "guaranteed_each_w": 4200,
    "guaranteed_simultaneity_permille": 450, "until": "2098-01-01T06:00:00Z"})");
  EXPECT_EQ(receipt["counts"], "chargers");
  EXPECT_EQ(receipt["guaranteed"], (json{{"each_w", 4'200}, {"of_rated_permille", 0},
                                         {"simultaneity_permille", 450}}));
  EXPECT_EQ(receipt["if_engine_stops"], (json{{"ma", {96'000, 96'000, 90'000}}, {"w", 64'860},
                                              {"until", "2098-01-01T06:00:00Z"}}));
  const auto& taken = last<domain::node_constraint>();
  EXPECT_EQ(taken.counts, domain::counted_load::chargers);
  EXPECT_EQ(taken.guaranteed, (domain::guaranteed_minimum{domain::watts{4'200}, {},
                                                          domain::permille{450}}));
  engine.remains.reset();
  const json plain = order(constraints, R"({"node": "t1", "limit_w": 4200})");
  EXPECT_EQ(plain["counts"], "everything");
  EXPECT_TRUE(plain["guaranteed"].is_null());
  EXPECT_TRUE(plain["if_engine_stops"].is_null());
}

TEST_F(http_controls, LIM_7_names_every_fault_of_what_an_order_counts_and_guarantees) {
  EXPECT_EQ(faults(constraints, R"({"node": "t1", "limit_w": 1, "counts": "cars",
    "guaranteed_each_w": -1, "guaranteed_of_rated_permille": 1001})"),
            (pointers{"/counts", "/guaranteed_each_w", "/guaranteed_of_rated_permille"}));
  EXPECT_EQ(faults(constraints, R"({"node": "t1", "limit_w": 1,
    "guaranteed_of_rated_permille": 400})"), (pointers{"/guaranteed_of_rated_permille"}));
}

TEST_F(http_controls, null_lifts_the_limit_of_its_source) {
  EXPECT_EQ(order(constraints, R"({"node": "t1", "limit_ma": null})")["is_lifted"], true);
  EXPECT_EQ(last<domain::lift_node_constraint>().source, domain::limit_source::site_operator);
  order(constraints, R"({"node": "t1", "limit_w": null, "source": "demand_response"})");
  EXPECT_EQ(last<domain::lift_node_constraint>().source, domain::limit_source::demand_response);
  order(constraints, R"({"node": "t1", "limit_ma": null, "limit_w": 5000})");
  EXPECT_FALSE(last<domain::node_constraint>().limit.current);
}

TEST_F(http_controls, names_every_fault_of_a_constraint_with_value_and_range) {
  EXPECT_EQ(faults(constraints, R"({"node": "x9", "source": "me", "limit_ma": [1, -2, 1.5],
    "limit_w": 100000001, "from": "soon", "until": "2001-01-01T00:00:00Z", "colour": "red"})"),
            (pointers{"/colour", "/source", "/limit_ma/1", "/limit_ma/2", "/limit_w", "/from",
                      "/until", "/node"}));
  EXPECT_EQ(refused["errors"][2]["detail"], "-2; allowed are whole numbers from 0 to 100000000");
  EXPECT_EQ(refused["errors"][7]["detail"], "'x9'; allowed are service, t1, f1");
  EXPECT_EQ(faults(constraints, R"({"node": "t1"})"), (pointers{"/limit_ma"}));
  EXPECT_EQ(faults(constraints, R"({"node": "t1", "limit_ma": [1, 2]})"), (pointers{"/limit_ma"}));
  EXPECT_EQ(faults(constraints, R"({"limit_ma": 1})"), (pointers{"/node"}));
  EXPECT_EQ(faults(constraints, R"({"node": 7, "limit_ma": "all"})"),
            (pointers{"/limit_ma", "/node"}));
  EXPECT_EQ(
      faults(constraints, R"({"node": "t1", "limit_ma": null, "until": "2099-01-01T00:00:00Z"})"),
      (pointers{"/until"}));
}

TEST_F(http_controls, LIM_4_an_unsafe_limit_is_refused_with_the_numbers) {
  engine.refusal = domain::error{domain::errc::unsafe, "LIM-4: t1 L1: 60000 mA of 40000 mA"};
  const raw_answer answer = post(constraints, R"({"node": "t1", "limit_ma": 40000})");
  EXPECT_EQ(answer.status, 409u);
  const json found = json::parse(answer.body);
  EXPECT_EQ(found["code"], "unsafe");
  EXPECT_EQ(found["detail"], "LIM-4: t1 L1: 60000 mA of 40000 mA");
}

TEST_F(http_controls, a_short_form_needs_no_site_and_no_node_where_there_is_one) {
  order("/api/site-constraints/transformer", R"({"limit_w": 20000})");
  EXPECT_EQ(last<domain::node_constraint>().node, domain::node_index{1U});
  order("/api/site-constraints/feeder", R"({"node": "f1", "limit_w": 20000})");
  EXPECT_EQ(last<domain::node_constraint>().node, domain::node_index{2U});
}

TEST_F(http_controls, a_short_form_takes_only_nodes_of_its_kind) {
  EXPECT_EQ(faults("/api/site-constraints/feeder", R"({"node": "t1", "limit_w": 1})"),
            (pointers{"/node"}));
  EXPECT_EQ(refused["errors"][0]["detail"], "'t1'; allowed are f1");
}

TEST_F(http_controls, a_short_form_asks_for_the_site_where_there_are_several) {
  engine.publish(make_view(make_site("yard", 1)));
  EXPECT_EQ(post("/api/site-constraints/service", R"({"limit_w": 1})").status, 409u);
  EXPECT_EQ(post("/api/load-shedding/configure", R"({"level": 1})").status, 409u);
  order("/api/site-constraints/service", R"({"site": "yard", "limit_w": 1})");
  EXPECT_EQ(engine.ordered.back().first, domain::site_id{"yard"});
  EXPECT_EQ(get("/api/site-constraints/service")["total"], 2);
  EXPECT_EQ(get("/api/load-shedding/status?site=yard")["total"], 1);
}

TEST_F(http_controls, shows_the_shedding_level_and_what_each_level_leaves_to_whom) {
  const json found = get(shedding);
  EXPECT_EQ(found["level"], 1);
  EXPECT_EQ(found["load_permille"], 962);
  EXPECT_EQ(found["load_unexplained_permille"], 120);
  EXPECT_EQ(found["node"], "service");
  EXPECT_EQ(found["settings"]["dwell_down_s"], 30);
  ASSERT_EQ(found["levels"].size(), 6u);
  EXPECT_EQ(found["levels"][1]["kept_permille"],
            (json{800, 800, 800, 1000, 1000, 1000, 1000, 1000, 1000, 1000}));
  EXPECT_EQ(found["levels"][5]["kept_permille"], (json{0, 0, 0, 0, 0, 0, 0, 0, 1000, 1000}));
}

TEST_F(http_controls, forces_a_shedding_level_and_releases_it) {
  EXPECT_EQ(order(shedding, R"({"level": 3})")["forced_level"], 3);
  EXPECT_EQ(last<domain::configure_shedding>().forced_level, 3);
  auto view = make_view(make_site_with_dc());
  view.shedding.level = 3;
  view.shedding.is_forced = true;
  engine.publish(view);
  order(shedding, R"({"rise_permille": 1000})");
  EXPECT_EQ(last<domain::configure_shedding>().forced_level, 3) << "a setting releases nothing";
  EXPECT_TRUE(order(shedding, R"({"level": null})")["forced_level"].is_null());
  EXPECT_FALSE(last<domain::configure_shedding>().forced_level);
}

TEST_F(http_controls, changes_the_settings_of_shedding_that_are_stated_and_no_other) {
  order("/api/load-shedding/configure", R"({"enabled": false, "fall_permille": 700,
    "unexplained_permille": 60, "dwell_up_s": 5, "dwell_down_s": 90})");
  const auto& taken = last<domain::configure_shedding>().settings;
  domain::shedding_settings expected;
  expected.is_enabled = false;
  expected.fall = domain::permille{700};
  expected.unexplained = domain::permille{60};
  expected.dwell_up = domain::seconds{5};
  expected.dwell_down = domain::seconds{90};
  EXPECT_EQ(taken, expected);
}

TEST_F(http_controls, names_every_fault_of_a_shedding_setting) {
  EXPECT_EQ(faults(shedding, R"({"enabled": 1, "rise_permille": 499, "fall_permille": 1200,
    "unexplained_permille": -1, "dwell_up_s": 601, "dwell_down_s": 0, "level": 6})"),
            (pointers{"/enabled", "/rise_permille", "/fall_permille", "/unexplained_permille",
                      "/dwell_up_s", "/dwell_down_s", "/level"}));
  EXPECT_EQ(refused["errors"][6]["detail"], "6; allowed are whole numbers from 0 to 5");
  EXPECT_EQ(faults(shedding, R"({"rise_permille": 800})"), (pointers{"/rise_permille"}));
  EXPECT_EQ(refused["errors"][0]["detail"],
            "fall is 850, rise is 800; fall is to be below rise");
  EXPECT_EQ(faults(shedding, "{}"), pointers{});
}

TEST_F(http_controls, limits_line_currents_and_says_what_the_plan_allows_and_what_results) {
  // f1 carries 14 A on each line, all of it CP-001's; the smallest line binds: 8 A on each.
  const json receipt =
      order(currents, R"({"l1_ma": 10000, "l2_ma": 8000, "l3_ma": 9400, "duration_s": 60})");
  EXPECT_EQ(receipt["plan_allows_ma"], 14'000);
  EXPECT_EQ(receipt["limit_ma"], (json{10'000, 8'000, 9'400}));
  EXPECT_EQ(receipt["recommended_ma"], (json{10'000, 8'000, 9'000})); // whole steps of 1 A
  EXPECT_EQ(receipt["expected_ma"], 8'000);
  EXPECT_EQ(receipt["imbalance"],
            (json{{"node", "f1"}, {"now_permille", 0}, {"then_permille", 0}}));
  const auto& taken = last<domain::connector_constraint>();
  EXPECT_EQ(taken.connector, domain::connector_index{0U});
  EXPECT_EQ((*taken.current)[1], domain::milliamperes{8'000});
  EXPECT_FALSE(taken.power);
}

TEST_F(http_controls, a_limit_above_the_plan_raises_nothing) {
  const json receipt =
      order(currents, R"({"l1_ma": 32000, "l2_ma": 32000, "l3_ma": 32000, "duration_s": 60})");
  EXPECT_EQ(receipt["plan_allows_ma"], 14'000);
  EXPECT_EQ(receipt["expected_ma"], 14'000);
}

TEST_F(http_controls, says_how_unbalanced_the_feeder_will_be) {
  auto site = make_site_with_dc();
  site->connectors[0].line_count = 1;
  auto view = make_view(site);
  view.connectors[0].drawn = {domain::milliamperes{14'000}, {}, {}};
  engine.publish(view);
  // 14 A on each line; L1 then carries 14 - 14 + 7 = 7 A: (14 - 7) / 14 = 500 permille.
  const json receipt = order(currents, R"({"l1_ma": 7000, "duration_s": 60})");
  EXPECT_EQ(receipt["imbalance"],
            (json{{"node", "f1"}, {"now_permille", 0}, {"then_permille", 500}}));
}

TEST_F(http_controls, names_every_fault_of_line_currents_by_the_capability_profile) {
  EXPECT_EQ(faults(currents, R"({"l1_ma": 40500, "l2_ma": 5999, "connector": "X",
    "duration_s": 86401})"),
            (pointers{"/connector", "/l1_ma", "/l2_ma", "/l3_ma", "/duration_s"}));
  EXPECT_EQ(refused["errors"][1]["detail"],
            "40500; allowed are 0 or 6000 to 32000; recommended is 32000");
  EXPECT_EQ(refused["errors"][2]["detail"],
            "5999; allowed are 0 or 6000 to 32000; recommended is 0");
  EXPECT_EQ(faults(currents, R"({"l1_ma": 0, "l2_ma": 0, "l3_ma": 0})"), (pointers{"/until"}));
  EXPECT_EQ(faults(currents, R"({"l1_ma": 0, "l2_ma": 0, "l3_ma": 0, "duration_s": 9,
    "until": "2099-01-01T00:00:00Z"})"),
            (pointers{"/duration_s", "/until"}));
}

TEST_F(http_controls, a_line_that_the_connector_does_not_lie_on_takes_no_current) {
  auto site = make_site_with_dc();
  site->connectors[0].line_count = 1;
  engine.publish(make_view(site));
  EXPECT_EQ(faults(currents, R"({"l1_ma": 9000, "l2_ma": 1000, "l3_ma": 0, "duration_s": 9})"),
            (pointers{"/l2_ma"}));
}

TEST_F(http_controls, asks_for_the_connector_where_a_station_has_several) {
  auto site = make_site("garage", 2);
  auto view = make_view(site);
  site->stations.pop_back();
  site->stations[0].connector_count = 2;
  site->connectors[1].station = domain::station_index{0U};
  view.stations.pop_back();
  engine.publish(view);
  const std::string all_lines = R"("l1_ma": 0, "l2_ma": 0, "l3_ma": 0, "duration_s": 9)";
  EXPECT_EQ(faults(currents, "{" + all_lines + "}"), (pointers{"/connector"}));
  order(currents, R"({"connector": "CP-002-1", )" + all_lines + "}");
  EXPECT_EQ(last<domain::connector_constraint>().connector, domain::connector_index{1U});
  EXPECT_EQ(get(std::string(currents) + "?connector=CP-002-1")["connectors"].size(), 1u);
  EXPECT_EQ(ask("GET", std::string(currents) + "?connector=X").status, 404u);
}

TEST_F(http_controls, limits_dc_power_and_checks_the_current_at_the_voltage) {
  const json receipt =
      order(dc_power, R"({"power_w": 30000, "voltage_mv": 400000, "duration_s": 60})");
  EXPECT_EQ(receipt["current_ma"], 75'000); // 30 000 W / 400 V
  EXPECT_EQ(receipt["recommended_w"], 30'000);
  EXPECT_EQ(receipt["expected_w"], 0) << "the plan gives this connector nothing now";
  EXPECT_EQ(last<domain::connector_constraint>().power, domain::watts{30'000});
}

TEST_F(http_controls, refuses_power_whose_current_is_too_high_at_the_voltage) {
  faults(dc_power, R"({"power_w": 60000, "voltage_mv": 250000, "duration_s": 60})");
  // 60 000 W / 250 V = 240 A; 200 A * 250 V = 50 000 W
  EXPECT_EQ(refused["errors"][0]["detail"],
            "60000 W at 250000 mV is 240000 mA; allowed are 0 or 10000 to 200000 mA; "
            "recommended is 50000 W");
}

TEST_F(http_controls, names_every_fault_of_dc_power) {
  EXPECT_EQ(faults(dc_power, R"({"power_w": 160000, "voltage_mv": 600000})"),
            (pointers{"/power_w", "/voltage_mv", "/until"}));
  EXPECT_EQ(refused["errors"][0]["detail"],
            "160000; allowed are 0 or 20000 to 150000; recommended is 120000");
  EXPECT_EQ(refused["errors"][1]["detail"], "600000; allowed are 200000 to 500000");
  EXPECT_EQ(faults(dc_power, R"({"duration_s": 5})"), (pointers{"/power_w"}));
}

TEST_F(http_controls, tells_ac_from_dc) {
  EXPECT_EQ(ask("GET", "/api/v1/stations/CP-001/dc-power").status, 409u);
  EXPECT_EQ(post("/api/stations/DC-001/phase-currents", "{}").status, 409u);
  EXPECT_EQ(ask("DELETE", "/api/stations/DC-001/phase-currents").status, 409u);
}

TEST_F(http_controls, shows_actual_setpoint_and_limit_of_a_station) {
  const json found = get(currents)["connectors"][0];
  EXPECT_EQ(found["actual_ma"], (json{14'000, 14'000, 14'000}));
  EXPECT_EQ(found["setpoint_ma"], 14'000);
  // f1 hangs below the transformer: 208 V line to line; 14 A * sqrt 3 * 208 V = 5043 W
  EXPECT_EQ(found["setpoint_w"], 5'043);
  EXPECT_EQ(found["constraint"]["until"], "2026-05-01T13:00:00Z");
  EXPECT_TRUE(get("/api/stations/DC-001/dc-power")["connectors"][0]["constraint"].is_null());
}

TEST_F(http_controls, lifts_what_was_set_on_a_station) {
  const raw_answer answer = ask("DELETE", "/api/stations/CP-001/phase-currents");
  ASSERT_EQ(answer.status, 202u) << answer.body;
  EXPECT_EQ(json::parse(answer.body)["connectors"], (json{"CP-001-1"}));
  EXPECT_EQ(last<domain::lift_connector_constraint>().connector, domain::connector_index{0U});
  EXPECT_EQ(ask("DELETE", dc_power).status, 202u);
  EXPECT_EQ(last<domain::lift_connector_constraint>().connector, domain::connector_index{3U});
}

TEST_F(http_controls, says_what_may_be_asked_of_a_path) {
  EXPECT_EQ(ask("OPTIONS", currents).header("Allow"), "GET, HEAD, POST, DELETE, OPTIONS");
  const raw_answer answer = ask("DELETE", constraints);
  EXPECT_EQ(answer.status, 405u);
  EXPECT_EQ(answer.header("Allow"), "GET, HEAD, POST, OPTIONS");
}

TEST_F(http_controls, tells_how_well_stations_keep_to_what_they_were_told) {
  auto view = make_view(make_site_with_dc());
  view.connectors[2].tracking_error = domain::milliamperes{520};
  view.connectors[2].step = domain::escalation::lower_limit;
  engine.publish(view);
  const json found = get("/api/v1/sites/garage/tracking-error");
  // (-120 + 520) / 2 = 200; (120 + 520) / 2 = 320
  EXPECT_EQ(found["sites"][0]["mean_ma"], 200);
  EXPECT_EQ(found["sites"][0]["mean_size_ma"], 320);
  EXPECT_EQ(found["sites"][0]["window_samples"], 60);
  EXPECT_EQ(found["items"][0]["tracking_error_ma"], -120);
  EXPECT_EQ(found["items"][0]["samples"], 60);
  EXPECT_TRUE(found["items"][1]["tracking_error_ma"].is_null());
  const json one = get("/api/metrics/tracking-error?station=CP-003");
  EXPECT_EQ(one["total"], 1);
  EXPECT_EQ(one["items"][0]["escalation"], "lower_limit");
}

TEST_F(http_controls, reloads_a_site_and_says_why_not) {
  EXPECT_EQ(post("/api/v1/sites/garage/reload", "{}").status, 202u);
  EXPECT_EQ(engine.reloaded, (std::vector{domain::site_id{"garage"}}));
  EXPECT_EQ(post("/api/v1/sites/nowhere/reload", "{}").status, 404u);
  EXPECT_EQ(ask("POST", "/api/v1/sites/garage/reload").status, 202u) << "its body is optional";
  engine.refusal = domain::error{domain::errc::unsafe, "LIM-4: f1"};
  EXPECT_EQ(post("/api/v1/sites/garage/reload", "{}").status, 409u);
  engine.refusal = domain::error{domain::errc::malformed, "site.toml:3:1: no such field"};
  EXPECT_EQ(post("/api/v1/sites/garage/reload", "{}").status, 422u);
}

TEST_F(http_controls, every_refusal_of_the_engine_has_its_status) {
  const auto status_for = [&](domain::errc code) {
    engine.refusal = domain::error{code, "because"};
    std::set<unsigned> found{post(constraints, R"({"node": "t1", "limit_w": 1})").status,
                             post(shedding, R"({"level": 1})").status,
                             post(dc_power, R"({"power_w": 0, "duration_s": 1})").status,
                             ask("DELETE", dc_power).status};
    return found;
  };
  EXPECT_EQ(status_for(domain::errc::unsafe), (std::set{409u}));
  EXPECT_EQ(status_for(domain::errc::out_of_range), (std::set{422u}));
  EXPECT_EQ(status_for(domain::errc::missing_field), (std::set{422u}));
  EXPECT_EQ(status_for(domain::errc::unknown_reference), (std::set{404u}));
  EXPECT_EQ(status_for(domain::errc::unavailable), (std::set{503u}));
}

TEST_F(http_controls, a_site_s_own_profile_comes_before_the_built_in_one) {
  auto site = make_site_with_dc();
  domain::capability own;
  own.name = "ac_level2_three";
  own.kind = domain::current_kind::ac;
  own.line_count = 3;
  own.current_min = domain::milliamperes{8'000};
  own.current_max = domain::milliamperes{20'000};
  own.is_bidirectional = true;
  site->capabilities.push_back(own);
  engine.publish(make_view(site));
  const json found = get("/api/capabilities/CP-001?feature=bidirectional");
  EXPECT_EQ(found["capability"]["max_ma"], 20'000);
  EXPECT_EQ(found["has_feature"], true);
  EXPECT_EQ(get("/api/capabilities/DC-001?feature=bidirectional")["has_feature"], false);
  EXPECT_EQ(get("/api/v1/stations?feature=bidirectional")["total"], 1);
  const json profiles = get("/api/v1/capabilities?feature=bidirectional");
  ASSERT_EQ(profiles["total"], 1);
  EXPECT_EQ(profiles["items"][0]["site"], "garage");
  EXPECT_EQ(get("/api/v1/capabilities")["total"], 6) << "five built-in ones and its own";
  faults(currents, R"({"l1_ma": 7000, "l2_ma": 21000, "l3_ma": 20000, "duration_s": 9})");
  EXPECT_EQ(refused["errors"].size(), 2u);
}

TEST_F(http_controls, a_station_without_a_profile_is_held_to_its_connector) {
  EXPECT_EQ(faults("/api/v1/stations/CP-002/phase-currents",
                   R"({"l1_ma": 33000, "l2_ma": 6000, "l3_ma": 0, "duration_s": 9})"),
            (pointers{"/l1_ma"}));
}

TEST_F(http_controls, filters_violations_by_severity_subject_and_time) {
  const auto total = [&](const std::string& query) {
    return get("/api/v1/violations" + query)["total"].get<int>();
  };
  EXPECT_EQ(total("?subject=f1&severity=critical&site=garage"), 1);
  EXPECT_EQ(total("?subject=f2"), 0);
  EXPECT_EQ(total("?q=measured"), 1);
  EXPECT_EQ(total("?since=2026-05-01T12:00:00Z"), 1) << "raised at that moment";
  EXPECT_EQ(total("?since=2026-05-01T12:00:01Z"), 0);
  EXPECT_EQ(ask("GET", "/api/v1/violations?since=noon").status, 400u);
}

TEST_F(http_controls, SAFE_1_shows_each_station_s_fallback_and_which_are_in_it) {
  auto view = make_view(make_site_with_dc());
  view.connectors[3].because.which = domain::rule::input_lost;
  engine.publish(view);
  const json found = get("/api/v1/sites/garage/fail-safe?in_fallback=true");
  ASSERT_EQ(found["total"], 1);
  EXPECT_EQ(found["items"][0]["station"], "DC-001");
  EXPECT_EQ(found["items"][0]["fallback"]["action"], "reduce");
  EXPECT_EQ(found["items"][0]["connectors"][0]["is_in_fallback"], true);
  EXPECT_EQ(found["hold_max_s"], 120);
  EXPECT_EQ(found["cycles_max"], 5);
  EXPECT_EQ(found["cold_start"], "hold-last");
  EXPECT_EQ(found["fallbacks"], (json{{"maintain", 0}, {"reduce", 4}, {"stop", 0}}));
  EXPECT_EQ(get("/api/v1/sites/garage/fail-safe?in_fallback=false")["total"], 3);
}

} // namespace
} // namespace busbar::tests
