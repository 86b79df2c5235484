// What a misspelt name, or a value that is nearly one of those that are allowed, is answered with.

#include "tests/adapters/http/server_fixture.hpp"

#include <nlohmann/json.hpp>

namespace busbar::tests {
namespace {

using nlohmann::json;
using pointers = std::vector<std::string>;

constexpr const char* service = "/api/site-constraints/service";
constexpr const char* whole = "/api/v1/sites/garage/site-constraints";
constexpr const char* feeder = "/api/site-constraints/feeder";
constexpr const char* fail_safe = "/api/stations/CP-001/fail-safe";

class http_slips : public server_fixture {
protected:
  void SetUp() override {
    server_fixture::SetUp();
    engine.publish(make_view(make_site_with_dc()));
    start();
  }
  json order(const std::string& target, const std::string& body, unsigned status) {
    const raw_answer answer = post(target, body);
    EXPECT_EQ(answer.status, status) << target << ": " << answer.body;
    return json::parse(answer.body, nullptr, false);
  }
  pointers faults(const std::string& target, const std::string& body) {
    pointers found;
    const json refused = order(target, body, 422);
    for (const auto& each : refused["errors"]) found.push_back(each["pointer"]);
    return found;
  }
};

TEST_F(http_slips, one_misspelt_field_is_one_fault_in_every_form_of_a_body) {
  const std::string ac = "/api/stations/CP-001/phase-currents";
  const std::string dc = "/api/stations/DC-001/dc-power";
  EXPECT_EQ(faults(feeder, R"({"id": "f-9", "conectedStations": ["CP-002"]})"),
            (pointers{"/conectedStations"}));
  EXPECT_EQ(faults(feeder, R"({"conectedStations": ["CP-002"]})"), (pointers{"/conectedStations"}));
  EXPECT_EQ(faults(feeder, R"({"ndoe": "f1", "limit_ma": 9000})"), (pointers{"/ndoe"}));
  EXPECT_EQ(faults(service, R"({"limit_m": 9000, "until": "2040-01-01T00:00:00Z"})"),
            (pointers{"/limit_m"}));
  EXPECT_EQ(faults(service, R"({"limit_ma": 9000, "guaranted_each_w": 9,
                                "guaranteed_of_rated_permille": 9})"),
            (pointers{"/guaranted_each_w"}));
  EXPECT_EQ(faults(ac, R"({"phase": {"A": 8, "B": 8, "C": 8}, "autoBalance": true, "ramp": {}})"),
            (pointers{"/phase"}));
  EXPECT_EQ(faults(ac, R"({"phases": {"A": 8, "B": 8, "c": 8}})"), (pointers{"/phases/c"}));
  EXPECT_EQ(faults(ac, R"({"l1_ma": 8000, "l2_ma": 8000, "l3_Ma": 8000, "duratoin_s": 60})"),
            (pointers{"/duratoin_s", "/l3_Ma"}));
  EXPECT_EQ(faults(dc, R"({"powr": 100, "autoRamp": true})"), (pointers{"/powr"}));
  EXPECT_EQ(faults(dc, R"({"powerw": 9000, "duration_s": 60})"), (pointers{"/powerw"}));
  EXPECT_EQ(faults("/api/stations/CP-001/capabilities/discover", R"({"line_cuont": 3})"),
            (pointers{"/line_cuont"}));
  EXPECT_EQ(faults(fail_safe, R"({"offlineActoin": "stop"})"), (pointers{"/offlineActoin"}));
  EXPECT_EQ(faults("/api/v1/requests", R"({"kind": "start", "stie": "garage", "driver": "Alice",
                                           "station": "CP-001"})"),
            (pointers{"/stie"}));
  EXPECT_EQ(faults("/api/v1/requests", R"({"knd": "stop", "session": "s-17"})"),
            (pointers{"/knd"}));
  EXPECT_EQ(faults("/api/v1/requests", R"({"kind": "stpo", "session": "s-17"})"),
            (pointers{"/kind"}));
  EXPECT_EQ(faults("/api/v1/requests", R"({"kind": "stop", "sesion": "s-17"})"),
            (pointers{"/sesion"}));
  EXPECT_EQ(faults(ac, R"({"phases": {"A": 8, "B": 8, "D": 8}})"), (pointers{"/phases/D"}));
  EXPECT_EQ(faults(whole, R"({"node": "service", "maxCurent": 30})"), (pointers{"/maxCurent"}));
  EXPECT_EQ(faults(whole, R"({"node": "service", "limit_m": 30})"), (pointers{"/limit_m"}));
  // What no other field stands for is missing all the same.
  EXPECT_EQ(faults(whole, R"({"maxCurent": 30})"), (pointers{"/maxCurent", "/node"}));
  EXPECT_EQ(faults(ac, R"({"phases": {"A": 8, "D": 8}})"),
            (pointers{"/phases/D", "/phases/B", "/phases/C"}));
  EXPECT_EQ(faults("/api/v1/requests", R"({"kind": "start", "stie": "garage",
                                           "station": "CP-001"})"),
            (pointers{"/stie", "/driver"}));
}

TEST_F(http_slips, a_field_of_another_route_is_answered_with_its_name_here) {
  const auto first = [&](const std::string& target, const std::string& body) {
    return order(target, body, 422)["errors"][0]["detail"].get<std::string>();
  };
  const auto meant = [](const std::string& name) {
    return "no such field here (did you mean `" + name + "`?)";
  };
  EXPECT_EQ(first(whole, R"({"node": "service", "maxCurrent": 30})"), meant("limit_ma"));
  EXPECT_EQ(first(whole, R"({"node": "service", "maxCurent": 30})"), meant("limit_ma"));
  EXPECT_EQ(first(whole, R"({"node": "service", "maxPowr": 30})"), meant("limit_w"));
  EXPECT_EQ(first(whole, R"({"id": "service", "limit_w": 30})"), meant("node"));
  EXPECT_EQ(first(service, R"({"maxCurent": 30})"), meant("maxCurrent"));
  EXPECT_EQ(first("/api/stations/CP-001/phase-currents", R"({"phases": {"A": 8, "B": 8, "D": 8}})"),
            meant("C"));
}

TEST_F(http_slips, a_slip_in_a_value_is_answered_with_the_one_that_is_meant) {
  const auto told = [&](const std::string& target, const std::string& body, unsigned status) {
    return order(target, body, status)["detail"].get<std::string>();
  };
  const auto ends = [](const std::string& text, const std::string& meant) {
    return text.ends_with(" (did you mean `" + meant + "`?)");
  };
  const std::string requests = "/api/v1/requests";
  EXPECT_PRED2(ends, told(service, R"({"node": "sevice", "limit_ma": 9000})", 422), "service");
  EXPECT_PRED2(ends, told(service, R"({"id": "sevice", "maxCurrent": 90})", 422), "service");
  EXPECT_PRED2(ends, told(feeder, R"({"id": "f-9", "connectedStations": ["CP002"]})", 404),
               "CP-002");
  EXPECT_PRED2(ends, told(service, R"({"limit_ma": 1, "source": "operater"})", 422), "operator");
  EXPECT_PRED2(ends, told(fail_safe, R"({"offlineAction": "sotp"})", 422), "stop");
  EXPECT_PRED2(ends, told("/api/stations/CP002/phase-currents", "{}", 404), "CP-002");
  EXPECT_PRED2(ends, told("/api/v1/stations/CP-002/phase-currents",
                          R"({"connector": "CP-0021", "l1_ma": 0})", 422), "CP-002-1");
  EXPECT_PRED2(ends, told("/api/v1/sites/garge/load-shedding", R"({"level": 1})", 404), "garage");
  EXPECT_PRED2(ends, told(requests, R"({"kind": "strat", "site": "garage", "driver": "A",
                                        "station": "CP-001"})", 422), "start");
  EXPECT_PRED2(ends, told(requests, R"({"kind": "start", "site": "garage", "driver": "A",
                                        "station": "CP0O1"})", 404), "CP-001");
  EXPECT_PRED2(ends, told(requests, R"({"kind": "start", "site": "garage", "driver": "A",
                                        "station": "CP-001", "connector": "CP-0011"})", 404),
               "CP-001-1");
  EXPECT_PRED2(ends, told("/api/stations/CP-001/capabilities/discover",
                          R"({"profile": "ac_level2_there"})", 422), "ac_level2_three");
  EXPECT_PRED2(ends, told(requests, R"({"kind": "stop", "session": "s17"})", 404), "s-17");
  const auto asked = [&](const std::string& target) {
    return json::parse(ask("GET", target).body)["detail"].get<std::string>();
  };
  EXPECT_PRED2(ends, asked("/api/v1/stations?site=garge"), "garage");
  EXPECT_PRED2(ends, asked("/api/site-constraints/status?kind=feedr"), "feeder");
  EXPECT_PRED2(ends, asked("/api/v1/stream?site=garge"), "garage");
  EXPECT_PRED2(ends, asked("/api/v1/sessions/S-17"), "s-17");
  EXPECT_PRED2(ends, asked("/api/v1/sessions/s-16x"), "s-16"); // has ended
  EXPECT_EQ(asked("/api/v1/sessions/s-18"), "there is no session 's-18'");
  EXPECT_PRED2(ends, asked("/api/v1/stations/CP-001/phase-currents?connector=CP-0011"),
               "CP-001-1");
}

} // namespace
} // namespace busbar::tests
