// What the API tells and takes, beyond the form that openapi_test holds it to.

#include "domain/events/sessions.hpp"
#include "domain/events/simulated.hpp"
#include "domain/time_text.hpp"
#include "tests/adapters/http/server_fixture.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

namespace busbar::tests {
namespace {

using nlohmann::json;

class http_api : public server_fixture {
protected:
  void SetUp() override {
    server_fixture::SetUp();
    start();
  }
  json get(const std::string& target) {
    const raw_answer answer = ask("GET", target);
    EXPECT_EQ(answer.status, 200u) << target << ": " << answer.body;
    return json::parse(answer.body, nullptr, false);
  }
};

TEST_F(http_api, tells_why_a_car_is_slow) {
  const json plan = get("/api/v1/sites/garage/plan");
  EXPECT_EQ(plan["grants"][0]["because"],
            (json{{"rule", "LIM-1"}, {"node", "f1"}, {"line", "L2"}, {"source", "breaker"}}));
  const json lifted = plan["grants"][0]["lifted_by"];
  EXPECT_EQ(lifted["more_ma"], 4'000);
  EXPECT_EQ(lifted["unused_ma"], 9'000) << "reserved for others, who do not draw it";
  EXPECT_EQ(lifted["leaving"], plan["grants"][0]["connector"]);
  EXPECT_THAT(lifted["text"], testing::HasSubstr("4 A more on L2 of "));
  EXPECT_EQ(plan["grants"][1]["lifted_by"], (json{{"text", "a vehicle that wants energy"}}));
  const json session = get("/api/v1/sessions?state=open")["items"][0];
  EXPECT_EQ(session["lifted_by"], lifted);
  EXPECT_EQ(session["because"]["node"], "f1");
  EXPECT_EQ(session["grant_ma"], 14'000);
}

TEST_F(http_api, tells_what_ends_a_level_of_load_shedding_that_was_set_by_hand) {
  auto view = make_view(make_site("garage", 3));
  view.connectors[0].because = {domain::rule::load_shedding};
  view.connectors[0].lifted_by = {};
  view.connectors[0].lifted_by.level_by_hand = 4;
  engine.publish(view);
  const json lifted = get("/api/v1/sites/garage/plan")["grants"][0]["lifted_by"];
  EXPECT_EQ(lifted, (json{{"text", "the release of level 4, which was set by hand"},
                          {"level_by_hand", 4}}));
}

TEST_F(http_api, tells_of_a_turn_that_its_station_changes_its_lines_and_of_a_line_that_is_kept) {
  auto view = make_view(make_site("garage", 3));
  auto& because = view.connectors[0].because;
  because.is_kept = true;
  engine.publish(view);
  const auto reason = [&] { return get("/api/v1/sites/garage/plan")["grants"][0]["because"]; };
  EXPECT_EQ(reason()["kept"], true);
  because = {domain::rule::turn};
  because.turn_by = because.switches_until = noon;
  engine.publish(view);
  EXPECT_EQ(reason()["switches_until"], domain::text_of(noon));
  EXPECT_FALSE(reason().contains("kept"));
}

TEST_F(http_api, LIM_2_shows_every_source_of_a_node_and_the_one_that_binds) {
  const json node = get("/api/v1/sites/garage")["nodes"][0];
  EXPECT_EQ(node["source"], "rating");
  EXPECT_EQ(node["allowed_ma"], (json{100'000, 100'000, 100'000}));
  EXPECT_EQ(node["sources"][1], (json{{"source", "demand_response"}, {"w", 60'000}}));
}

TEST_F(http_api, tells_of_each_site_in_the_list_what_a_glance_at_all_of_them_needs) {
  auto view = make_view(make_site("yard", 3));
  view.nodes[0].allowed.fill(domain::milliamperes{110'000});
  view.nodes[0].unmanaged.fill(domain::milliamperes{10'000});
  view.nodes[0].sources.push_back({domain::limit_source::site_operator, {}, domain::watts{50'000}});
  view.nodes[0].is_meter_stale = view.nodes[2].is_meter_stale = true;
  view.violations[0].level = domain::severity::warning;
  view.violations.push_back({"f1", "imbalance", domain::severity::info, noon, 0, 0, "permille"});
  engine.publish(view);
  const json site = get("/api/v1/sites?q=yard")["items"][0];
  EXPECT_EQ(site["owner"], "engine-1");
  EXPECT_EQ(site["allowed_ma"], (json{110'000, 110'000, 110'000}));
  EXPECT_EQ(site["unmanaged_ma"], (json{10'000, 10'000, 10'000}));
  EXPECT_EQ(site["allowed_w"], 50'000) << "the least of 60 kW and 50 kW";
  EXPECT_EQ(site["has_meter"], true);
  EXPECT_EQ(site["is_meter_stale"], true);
  EXPECT_EQ(site["meters_lost"], 2);
  EXPECT_EQ(site["shedding_level"], 1);
  EXPECT_EQ(site["violations"], 2);
  EXPECT_EQ(site["worst_violation"], "warning");
  view.violations.clear();
  for (auto& node : view.nodes) node.sources.resize(1);
  engine.publish(view);
  const json calm = get("/api/v1/sites/yard");
  EXPECT_TRUE(calm["worst_violation"].is_null());
  EXPECT_TRUE(calm["allowed_w"].is_null());
}

TEST_F(http_api, pages_through_a_list_without_losing_or_repeating_a_member) {
  std::vector<std::string> seen;
  std::string after;
  do {
    const json page = get("/api/v1/stations?limit=2" + (after.empty() ? "" : "&after=" + after));
    EXPECT_EQ(page["total"], 3);
    for (const auto& each : page["items"]) seen.push_back(each["station"]);
    after = page["next"].is_null() ? "" : page["next"].get<std::string>();
  } while (!after.empty());
  EXPECT_EQ(seen, (std::vector<std::string>{"CP-001", "CP-002", "CP-003"}));
}

TEST_F(http_api, pages_the_grants_of_a_plan) {
  const json page = get("/api/v1/sites/garage/plan?limit=1&after=2");
  EXPECT_EQ(page["grants"].size(), 1u);
  EXPECT_EQ(page["grants"][0]["connector"], "CP-003-1");
  EXPECT_TRUE(page["next"].is_null());
  EXPECT_EQ(get("/api/v1/sites/garage/plan?after=900")["grants"].size(), 0u);
}

TEST_F(http_api, filters_stations_by_state_health_and_name) {
  EXPECT_EQ(get("/api/v1/stations?state=FAULTED")["items"][0]["station"], "CP-002");
  EXPECT_EQ(get("/api/v1/stations?healthy=false")["total"], 1);
  EXPECT_EQ(get("/api/v1/stations?q=cp-003")["total"], 1);
  EXPECT_EQ(get("/api/v1/stations?node=service")["total"], 0);
}

TEST_F(http_api, names_every_fault_of_a_query) {
  const raw_answer answer = ask("GET", "/api/v1/stations?limit=0&state=BROKEN&colour=red&q=a&q=b");
  EXPECT_EQ(answer.status, 400u);
  const json errors = json::parse(answer.body)["errors"];
  ASSERT_EQ(errors.size(), 4u);
  EXPECT_EQ(errors[0]["detail"], "'0'; allowed are whole numbers from 1 to 5000");
  EXPECT_EQ(errors[3]["pointer"], "colour");
}

TEST_F(http_api, tells_an_unknown_site_from_one_before_its_first_tick) {
  engine.announce("yard");
  EXPECT_EQ(ask("GET", "/api/v1/sites/nowhere").status, 404u);
  EXPECT_EQ(ask("GET", "/api/v1/sites/yard").status, 503u);
  EXPECT_EQ(ask("GET", "/api/v1/stations?site=nowhere").status, 404u);
}

TEST_F(http_api, OWN_1_tells_where_a_site_is_that_another_engine_node_holds) {
  engine.set_place("there", ports::site_place::elsewhere);
  engine.set_place("coming", ports::site_place::coming);
  const auto refused = ask("GET", "/api/v1/sites/there");
  EXPECT_EQ(refused.status, 421u) << refused.body;
  EXPECT_EQ(json::parse(refused.body)["code"], "elsewhere");
  EXPECT_EQ(ask("GET", "/api/v1/stations?site=there").status, 421u);
  EXPECT_EQ(ask("GET", "/api/v1/sites/there/plan").status, 421u);
  EXPECT_EQ(ask("GET", "/api/v1/sites/coming").status, 503u);
}

TEST_F(http_api, asks_for_the_site_where_a_station_name_is_ambiguous) {
  engine.publish(make_view(make_site("yard", 1)));
  EXPECT_EQ(ask("GET", "/api/v1/stations/CP-001").status, 409u);
  EXPECT_EQ(get("/api/v1/stations/CP-001?site=yard")["site"], "yard");
  EXPECT_EQ(get("/api/v1/stations/CP-003")["site"], "garage");
}

TEST_F(http_api, leaves_out_a_snapshot_whose_tables_do_not_fit_its_topology) {
  auto view = make_view(make_site("torn", 2));
  view.connectors.pop_back();
  engine.publish(view);
  EXPECT_EQ(get("/api/v1/sites")["total"], 1);
}

TEST_F(http_api, gives_the_newest_events_or_those_after_a_number) {
  for (int i = 2; i <= 10; ++i) engine.record("entry " + std::to_string(i));
  const json newest = get("/api/v1/events?limit=2");
  EXPECT_EQ(newest["items"][0]["number"], 9);
  EXPECT_EQ(newest["next"], 10);
  const json next = get("/api/v1/events?limit=3&after=4");
  EXPECT_EQ(next["items"][0]["number"], 5);
  EXPECT_EQ(next["next"], 7);
}

TEST_F(http_api, filters_events_by_role_across_the_windows_of_the_journal) {
  engine.record("the one", domain::speaker::monitor);
  for (int i = 0; i < 2'500; ++i) engine.record("noise");
  const json found = get("/api/v1/events?role=monitor&limit=5");
  ASSERT_EQ(found["items"].size(), 1u);
  EXPECT_EQ(found["items"][0]["text"], "the one");
}

TEST_F(http_api, leaves_out_the_progress_of_sessions_where_it_is_asked_to) {
  engine.record("what matters");
  for (int i = 0; i < 2'500; ++i) {
    domain::session_fact fact;
    fact.site = domain::site_id{"garage"};
    fact.kind = domain::session_fact_kind::in_progress;
    engine.record(domain::events::of_fact(fact, {}), fact);
    engine.record(domain::events::in_progress({fact.site, noon}, domain::driver_id{"Alice"}, {}));
  }
  const json found = get("/api/v1/events?progress=false&limit=1");
  ASSERT_EQ(found["items"].size(), 1u);
  EXPECT_EQ(found["items"][0]["text"], "what matters");
  EXPECT_EQ(get("/api/v1/events?progress=true&limit=1")["items"][0]["kind"], "in_progress");
  EXPECT_EQ(ask("GET", "/api/v1/events?progress=no").status, 400u);
}

TEST_F(http_api, hands_a_start_to_the_engine_and_says_where_the_answer_appears) {
  const auto now = std::chrono::floor<domain::seconds>(std::chrono::system_clock::now());
  const domain::instant leaves = now + std::chrono::hours{4};
  // The same moment as the clocks in a zone of two hours ahead show it.
  std::string local = domain::text_of(leaves + std::chrono::hours{2});
  local.replace(local.size() - 1, 1, "+02:00");
  const raw_answer answer = post("/api/v1/requests", R"({"kind": "start", "site": "garage",
    "driver": "Alice", "station": "CP-001", "request": "my 1", "energy_wanted_wh": 8000,
    "departs_at": ")" + local + "\"}");
  ASSERT_EQ(answer.status, 202u) << answer.body;
  EXPECT_EQ(json::parse(answer.body)["events"], "/api/v1/events?request=my%201&after=1");
  ASSERT_EQ(engine.submitted.size(), 1u);
  const domain::driver_request& request = engine.submitted.front();
  EXPECT_EQ(request.kind, domain::request_kind::start);
  EXPECT_EQ(request.energy_wanted, domain::watt_hours{8'000});
  EXPECT_EQ(request.departs_at, leaves);
}

TEST_F(http_api, refuses_a_start_whose_driver_has_left_already) {
  const raw_answer answer = post("/api/v1/requests", R"({"kind": "start", "site": "garage",
    "driver": "Alice", "station": "CP-001", "departs_at": "2020-01-01T02:00:00+02:00"})");
  EXPECT_EQ(answer.status, 422u);
  const json fault = json::parse(answer.body)["errors"][0];
  EXPECT_EQ(fault["pointer"], "/departs_at");
  EXPECT_TRUE(fault["detail"].get<std::string>().starts_with(
      "'2020-01-01T00:00:00Z'; allowed is later than 20")) << fault["detail"];
  EXPECT_TRUE(engine.submitted.empty());
}

TEST_F(http_api, a_session_says_what_it_wants_until_when_and_what_it_will_miss) {
  for (const json& session : {get("/api/v1/sessions?state=open")["items"][0],
                              get("/api/v1/sessions/s-17")}) {
    EXPECT_EQ(session["session"], "s-17");
    EXPECT_EQ(session["energy_wanted_wh"], 20'000);
    EXPECT_EQ(session["departs_at"], "2026-05-02T03:00:00Z");
    EXPECT_EQ(session["expected_wh"], 8'000);
    EXPECT_EQ(session["shortfall_wh"], 12'000);
    EXPECT_EQ(session["short_because_of"]["node"], "f1");
    EXPECT_EQ(session["short_text"], "12 kWh short at 03:00, because of f1"); // UTC
  }
  const json ended = get("/api/v1/sessions?state=completed")["items"][0];
  EXPECT_EQ(ended["energy_wanted_wh"], 8'000);
  EXPECT_EQ(ended["departs_at"], "2026-05-01T12:00:00Z");
  EXPECT_TRUE(ended["expected_wh"].is_null());
  const json connector = get("/api/v1/stations/CP-001")["connectors"][0];
  EXPECT_EQ(connector["energy_wanted_wh"], 20'000);
  EXPECT_EQ(connector["departs_at"], "2026-05-02T03:00:00Z");
  EXPECT_EQ(connector["shortfall_wh"], 12'000);
  EXPECT_TRUE(get("/api/v1/stations/CP-002")["connectors"][0]["departs_at"].is_null());
}

TEST_F(http_api, changes_what_a_session_wants_and_leaves_the_rest_as_it_is) {
  const raw_answer answer =
      patch("/api/v1/sessions/s-17", R"({"energy_wanted_wh": 9000, "request": "my 2"})");
  ASSERT_EQ(answer.status, 202u) << answer.body;
  const json receipt = json::parse(answer.body);
  EXPECT_EQ(receipt["events"], "/api/v1/events?request=my%202&after=1");
  EXPECT_EQ(receipt["departs_at"], "2026-05-02T03:00:00Z");
  ASSERT_EQ(engine.submitted.size(), 1u);
  const domain::driver_request& request = engine.submitted.front();
  EXPECT_EQ(request.kind, domain::request_kind::change);
  EXPECT_EQ(request.session.text(), "s-17");
  EXPECT_EQ(request.driver.text(), "Alice");
  EXPECT_EQ(request.station.text(), "CP-001");
  EXPECT_EQ(request.energy_wanted, domain::watt_hours{9'000});
  EXPECT_EQ(request.departs_at, noon + domain::seconds{15 * 3'600}); // as it was
  ASSERT_EQ(patch("/api/v1/sessions/s-17", R"({"departs_at": null})").status, 202u);
  EXPECT_EQ(engine.submitted.back().departs_at, std::nullopt);
  EXPECT_EQ(engine.submitted.back().energy_wanted, domain::watt_hours{20'000});
}

TEST_F(http_api, refuses_a_change_that_is_not_possible_with_field_value_and_range) {
  const auto fault_of = [&](const std::string& body) {
    const raw_answer answer = patch("/api/v1/sessions/s-17", body);
    EXPECT_EQ(answer.status, 422u) << body;
    const json fault = json::parse(answer.body)["errors"][0];
    return fault["pointer"].get<std::string>() + ": " + fault["detail"].get<std::string>();
  };
  EXPECT_EQ(fault_of(R"({"energy_wanted_wh": 1199})"), // 1 200 Wh are delivered
            "/energy_wanted_wh: 1199; allowed are whole numbers from 1200 to 1000000");
  EXPECT_EQ(fault_of(R"({"energy_wanted_wh": 1000001})"),
            "/energy_wanted_wh: 1000001; allowed are whole numbers from 1200 to 1000000");
  EXPECT_TRUE(fault_of(R"({"departs_at": "2020-01-01T00:00:00Z"})")
                  .starts_with("/departs_at: '2020-01-01T00:00:00Z'; allowed is later than 20"));
  EXPECT_TRUE(fault_of(R"({"departs_at": "9999-01-01T00:00:00Z"})")
                  .starts_with("/departs_at: '9999-01-01T00:00:00Z'; allowed is later than 20"));
  EXPECT_EQ(fault_of("{}"), "/departs_at: missing, and so is energy_wanted_wh: one of them is to "
                            "be changed");
  EXPECT_TRUE(engine.submitted.empty());
}

TEST_F(http_api, a_change_of_a_session_that_is_not_open_or_not_the_only_one_is_refused) {
  const raw_answer late = patch("/api/v1/sessions/s-16", R"({"departs_at": null})");
  EXPECT_EQ(late.status, 409u);
  EXPECT_EQ(json::parse(late.body)["detail"],
            "session 's-16' ended at " + domain::text_of(noon) + " (energy reached)");
  const json ended = get("/api/v1/sessions/s-16");
  EXPECT_EQ(ended["state"], "completed");
  EXPECT_EQ(ended["energy_wh"], 8'000);
  const raw_answer unknown = ask("GET", "/api/v1/sessions/s-0");
  EXPECT_EQ(unknown.status, 404u);
  EXPECT_EQ(json::parse(unknown.body)["detail"], "there is no session 's-0'");
  engine.publish(make_view(make_site("yard", 1)));
  EXPECT_EQ(patch("/api/v1/sessions/s-17", R"({"departs_at": null})").status, 409u);
  EXPECT_EQ(patch("/api/v1/sessions/s-17?site=yard", R"({"departs_at": null})").status, 202u);
  EXPECT_EQ(engine.submitted.front().site.text(), "yard");
  const raw_answer other = ask("PUT", "/api/v1/sessions/s-17");
  EXPECT_EQ(other.status, 405u);
  EXPECT_NE(other.body.find("GET, HEAD, PATCH, OPTIONS"), std::string::npos) << other.body;
}

TEST_F(http_api, a_start_may_name_a_connector_of_its_station) {
  const auto with_connector = [&](const std::string& connector) {
    return post("/api/v1/requests", R"({"kind": "start", "site": "garage", "driver": "A",
      "station": "CP-001", "connector": ")" + connector + R"("})");
  };
  ASSERT_EQ(with_connector("CP-001-1").status, 202u);
  EXPECT_EQ(engine.submitted.front().connector.text(), "CP-001-1");
  const raw_answer refused = with_connector("CP-002-1");
  EXPECT_EQ(refused.status, 404u);
  EXPECT_NE(refused.body.find("station 'CP-001' has no connector 'CP-002-1': its own are CP-001-1"),
            std::string::npos)
      << refused.body;
}

TEST_F(http_api, an_idle_point_that_is_heard_of_is_ACTIVATED_at_every_door) {
  auto view = make_view(make_site("garage", 3));
  view.connectors[2].state = domain::connector_state::activated;
  engine.publish(view);
  const std::vector<std::string> expected{"SUPPLYING", "FAULTED", "ACTIVATED"};
  const std::vector<bool> plugged{true, false, true};
  const auto listed = json::parse(ask("GET", "/api/v1/stations").body)["items"];
  const auto telemetry = json::parse(ask("GET", "/telemetry").body)["items"];
  const auto points = json::parse(ask("GET", "/cp").body)["items"];
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_EQ(listed[i]["connectors"][0]["state"], expected[i]);
    EXPECT_EQ(listed[i]["connectors"][0]["is_plugged"], plugged[i]);
    EXPECT_EQ(telemetry[i]["state"], expected[i]);
    EXPECT_EQ(points[i]["state"], expected[i]);
  }
  view.connectors[2].state = domain::connector_state::disconnected;
  engine.publish(view);
  const auto idle = json::parse(ask("GET", "/api/v1/stations?state=ACTIVATED").body)["items"];
  ASSERT_FALSE(idle.empty());
  EXPECT_EQ(idle[0]["connectors"][0]["state"], "ACTIVATED");
  EXPECT_EQ(idle[0]["connectors"][0]["is_plugged"], false);
  EXPECT_EQ(json::parse(ask("GET", "/telemetry").body)["items"][2]["state"], "ACTIVATED");
  view.connectors[2].is_stale = true;
  engine.publish(view);
  EXPECT_EQ(json::parse(ask("GET", "/telemetry").body)["items"][2]["state"], "DISCONNECTED");
}

TEST_F(http_api, a_reload_without_a_body_is_one_with_an_empty_object) {
  EXPECT_EQ(ask("POST", "/api/v1/sites/garage/reload").status, 202u);
  EXPECT_EQ(post("/api/v1/sites/garage/reload", "{}").status, 202u);
  EXPECT_EQ(engine.reloaded.size(), 2u);
}

TEST_F(http_api, makes_a_request_id_of_its_own_that_is_new_each_time) {
  const std::string body =
      R"({"kind": "stop", "site": "garage", "driver": "Alice", "session": "s-17"})";
  const json first = json::parse(post("/api/v1/requests", body).body);
  const json second = json::parse(post("/api/v1/requests", body).body);
  EXPECT_NE(first["request"], second["request"]);
}

TEST_F(http_api, names_every_fault_of_a_body) {
  const raw_answer answer = post("/api/v1/requests", R"({"kind": "dance", "site": 7,
    "driver": "", "energy_wanted_wh": 1.5, "departs_at": "soon", "colour": "red"})");
  EXPECT_EQ(answer.status, 422u);
  std::vector<std::string> pointers;
  const json refused = json::parse(answer.body);
  for (const auto& each : refused["errors"]) pointers.push_back(each["pointer"]);
  EXPECT_EQ(pointers, (std::vector<std::string>{"/colour", "/kind", "/site", "/driver", "/station",
                                                "/energy_wanted_wh", "/departs_at"}));
  EXPECT_TRUE(engine.submitted.empty());
}

TEST_F(http_api, bounds_the_energy_of_a_request) {
  const auto with_energy = [&](const std::string& energy) {
    return post("/api/v1/requests", R"({"kind": "start", "site": "garage", "driver": "A",
      "station": "CP-001", "energy_wanted_wh": )" + energy + "}").status;
  };
  EXPECT_EQ(with_energy("1"), 202u);
  EXPECT_EQ(with_energy("1000000"), 202u);
  EXPECT_EQ(with_energy("0"), 422u);
  EXPECT_EQ(with_energy("1000001"), 422u);
  EXPECT_EQ(with_energy("18446744073709551615"), 422u);
  EXPECT_EQ(with_energy("-9223372036854775808"), 422u);
}

TEST_F(http_api, tells_bad_json_and_bad_types_apart) {
  const raw_answer bad = post("/api/v1/faults", R"({"site": )");
  EXPECT_EQ(bad.status, 400u);
  EXPECT_NE(bad.body.find("column 10"), std::string::npos) << bad.body;
  EXPECT_EQ(post("/api/v1/faults", "[1]").status, 422u);
  EXPECT_EQ(ask("POST", "/api/v1/faults", "Content-Type: text/plain\r\n", "{}").status, 415u);
  EXPECT_EQ(post("/api/v1/faults", std::string(60'000, '[')).status, 400u);
}

TEST_F(http_api, hands_a_fault_to_the_engine) {
  const std::string body = R"({"site": "garage", "station": "CP-002", "kind": "disobey"})";
  EXPECT_EQ(post("/api/v1/faults", body).status, 202u);
  ASSERT_EQ(engine.injected.size(), 1u);
  EXPECT_EQ(engine.injected.front().kind, domain::fault_kind::disobey);
}

TEST_F(http_api, a_fault_that_is_not_allowed_is_forbidden_whatever_its_body_says) {
  engine.are_faults_allowed = false;
  for (const char* body : {R"({"site": "garage", "station": "CP-001", "kind": "silence"})",
                           R"({"kind": "nonsense"})", "{}", "no JSON"}) {
    const raw_answer answer = post("/api/v1/faults", body);
    EXPECT_EQ(answer.status, 403u) << answer.body;
    EXPECT_THAT(answer.body, testing::HasSubstr("--allow-faults turns it on"));
  }
  EXPECT_TRUE(engine.injected.empty());
}

TEST_F(http_api, refuses_commands_for_what_does_not_exist) {
  EXPECT_EQ(post("/api/v1/faults", R"({"site": "garage", "station": "X", "kind": "clear"})").status,
            404u);
  EXPECT_EQ(post("/api/v1/faults", R"({"site": "X", "station": "X", "kind": "clear"})").status,
            404u);
}

TEST_F(http_api, turns_the_refusals_of_the_engine_into_statuses) {
  const auto status_for = [&](domain::errc code) {
    engine.refusal = domain::error{code, "because"};
    return post("/api/v1/faults", R"({"site": "garage", "station": "CP-001", "kind": "clear"})")
        .status;
  };
  EXPECT_EQ(status_for(domain::errc::full), 429u);
  EXPECT_EQ(status_for(domain::errc::unavailable), 503u);
  EXPECT_EQ(status_for(domain::errc::conflict), 409u);
  EXPECT_EQ(status_for(domain::errc::unsafe), 409u);
  EXPECT_EQ(status_for(domain::errc::out_of_range), 422u);
}

TEST_F(http_api, names_every_fault_of_a_setpoint_and_recommends_one) {
  const json found = get("/api/v1/stations/CP-001/capabilities?current_ma=40500&voltage_mv=1000");
  EXPECT_EQ(found["capability"]["name"], "ac_level2_three");
  EXPECT_EQ(found["setpoint"]["faults"].size(), 2u);
  EXPECT_EQ(found["setpoint"]["recommended_ma"], 32'000);
  EXPECT_TRUE(get("/api/capabilities/CP-001")["setpoint"].is_null());
  EXPECT_TRUE(get("/api/capabilities/CP-002?current_ma=1")["capability"].is_null());
}

TEST_F(http_api, finds_the_profile_that_fits_a_report_and_never_a_wider_one) {
  const raw_answer answer = post("/api/v1/stations/CP-001/capabilities/discover",
                                 R"({"is_dc": false, "line_count": 3, "max_ma": 16000})");
  ASSERT_EQ(answer.status, 202u) << answer.body;
  const json profile = json::parse(answer.body)["capability"];
  EXPECT_EQ(profile["kind"], "ac");
  EXPECT_EQ(profile["max_ma"], 16'000);
}

TEST_F(http_api, SAFE_1_shows_how_a_site_stands_towards_loss_of_input) {
  auto view = make_view(make_site("garage", 3));
  view.mode = "safe";
  view.mode_because = "five cycles failed";
  view.connectors[2].because.which = domain::rule::fallback;
  view.connectors[2].is_stale = true;
  engine.publish(view);
  const json found = get("/api/fail-safe/status?mode=safe")["items"][0];
  EXPECT_EQ(found["mode_because"], "five cycles failed");
  EXPECT_EQ(found["connectors_in_fallback"], 1);
  EXPECT_EQ(found["stale_connectors"], 1);
  EXPECT_EQ(found["when_stale"], "exclude");
}

TEST_F(http_api, is_ready_unless_a_critical_check_fails) {
  EXPECT_EQ(get("/health/ready")["status"], "healthy");
  engine.checks.push_back({"clock", false, false, "off by 3 s", domain::microseconds{2}});
  EXPECT_EQ(get("/health/ready")["status"], "degraded");
  engine.checks.front().is_passing = false;
  EXPECT_EQ(ask("GET", "/health/ready").status, 503u);
  EXPECT_EQ(ask("GET", "/health").status, 503u);
  EXPECT_EQ(ask("GET", "/health/live").status, 200u);
}

TEST_F(http_api, writes_text_that_is_not_utf8_as_json_all_the_same) {
  engine.record("bad \xC3\x28 \xED\xA0\x80 \xF5 text \x01 \"quoted\"");
  const json found = get("/api/v1/events?limit=1");
  const std::string unknown = "\xEF\xBF\xBD"; // U+FFFD
  EXPECT_EQ(found["items"][0]["text"], "bad " + unknown + "( " + unknown + unknown + unknown +
                                           " " + unknown + " text \x01 \"quoted\"");
}

} // namespace
} // namespace busbar::tests
