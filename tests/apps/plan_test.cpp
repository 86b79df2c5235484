// The door `busbar plan`: what it answers, what it refuses, and that both keep to their schemas.

#include "apps/doors/plan_answer.hpp"
#include "tests/builders/scratch_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace busbar::apps::doors {

using nlohmann::json;
using nlohmann::ordered_json;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;

namespace {

json small_image() {
  return json::parse(R"({"now": "2026-05-01T12:00:00Z", "site": {"id": "s",
    "nodes": [{"id": "top", "kind": "service", "limits": [{"source": "rating", "ma": 20000}]}],
    "connectors": [{"id": "x", "node": "top", "phases": ["L1"], "max_ma": 16000}]}})");
}

std::vector<std::string> faults_of(const json& document) {
  const auto read = read_plan_question(document.dump());
  const auto* faults = std::get_if<domain::fault_list>(&read);
  return faults ? faults->kept() : std::vector<std::string>{};
}

ordered_json answer_to(const json& document) {
  const auto read = read_plan_question(document.dump());
  const auto* faults = std::get_if<domain::fault_list>(&read);
  EXPECT_EQ(faults, nullptr) << (faults && !faults->empty() ? faults->front() : "");
  return faults ? ordered_json{} : answer_plan(std::get<plan_question>(read));
}

std::string file(const std::filesystem::path& path) {
  std::ifstream in{path};
  return {std::istreambuf_iterator<char>(in), {}};
}

const std::filesystem::path golden = std::filesystem::path{BUSBAR_SOURCE_DIR} / "tests/apps/golden";

TEST(plan_door, defaults_are_those_of_the_format) {
  const auto answer = answer_to(small_image());
  EXPECT_EQ(answer["policy"], "equal");
  EXPECT_EQ(answer["grants"][0].dump(),
            R"({"connector":"x","target_ma":16000,"grant_ma":16000,"reserve_ma":16000,)"
            R"("because":{"rule":"max"}})");
  EXPECT_EQ(answer["nodes"][0].dump(),
            R"({"node":"top","limit_ma":[20000,20000,20000],"source":"rating",)"
            R"("reserved_ma":[16000,0,0]})");
  EXPECT_EQ(answer["effects"].dump(), R"([{"connector":"x","increase_to_ma":16000}])");
  EXPECT_EQ(answer["violations"].dump(), "[]");
}

TEST(plan_door, a_binding_limit_is_named_in_the_answer) {
  auto image = small_image();
  image["site"]["nodes"][0]["limits"].push_back({{"source", "breaker"}, {"ma", {9000, 1, 1}}});
  const auto answer = answer_to(image);
  EXPECT_EQ(answer["grants"][0]["because"].dump(),
            R"({"rule":"LIM-1","node":"top","line":"L1","source":"breaker"})");
  EXPECT_EQ(answer["grants"][0]["target_ma"], 9000);
  EXPECT_EQ(answer["nodes"][0]["source"], "breaker");
}

TEST(plan_door, LIM_2_a_power_limit_that_binds_is_the_source_of_its_node_with_its_watts) {
  auto image = small_image();
  image["site"]["nodes"][0]["limits"].push_back({{"source", "demand_response"}, {"w", 6900}});
  image["site"]["connectors"][0]["phases"] = {"L1", "L2", "L3"};
  const auto answer = answer_to(image);
  EXPECT_EQ(answer["grants"][0]["target_ma"], 10000); // 6 900 W / (3 * 230 V)
  EXPECT_EQ(answer["grants"][0]["because"]["source"], "demand_response");
  EXPECT_EQ(answer["nodes"][0]["source"], "demand_response");
  EXPECT_EQ(answer["nodes"][0]["limit_w"], 6900);
  EXPECT_FALSE(answer_to(small_image())["nodes"][0].contains("limit_w"));
}

TEST(plan_door, every_grant_says_what_would_lift_its_reason) {
  auto image = small_image();
  auto& site = image["site"];
  site["nodes"][0]["limits"].push_back({{"source", "breaker"}, {"ma", 9000}});
  site["connectors"][0]["max_ma"] = 16000;
  EXPECT_EQ(answer_to(image)["grants"][0]["lifted_by"].dump(),
            R"({"text":"7 A more on L1 of top","more_ma":7000})"); // 16 A - 9 A
  site["connectors"][0]["min_ma"] = 6000;
  site["connectors"].push_back(site["connectors"][0]);
  site["connectors"][1]["id"] = "second";
  const auto turn = answer_to(image)["grants"][1];
  EXPECT_EQ(turn["because"]["rule"], "turn");
  EXPECT_EQ(turn["because"]["source"], "breaker") << "what makes turns needed";
  EXPECT_EQ(turn["because"]["place"], 1);
  // 30 min of patience and a turn of 300 s for each of two that take turns
  EXPECT_EQ(turn["because"]["wait_max_s"], 1800 + 2 * 300);
  EXPECT_EQ(turn["lifted_by"]["more_ma"], 2 * 6000 - 9000);
  const std::string first = site["connectors"][0]["id"];
  EXPECT_EQ(turn["lifted_by"]["leaving"], first);
  EXPECT_EQ(turn["lifted_by"]["text"],
            "3 A more on L1 of top, or " + first + " leaving, or its turn");
}

TEST(plan_door, FAIR_2_of_uneven_lines_every_reason_names_the_tightest_and_counts_who_waits) {
  auto image = small_image();
  auto& site = image["site"];
  site["nodes"][0]["limits"][0]["ma"] = {56700, 57000, 56300};
  auto connector = site["connectors"][0];
  connector["phases"] = {"L1", "L2", "L3"};
  connector["min_ma"] = 6000;
  connector["max_ma"] = 16000;
  site["connectors"] = json::array();
  for (int i = 0; i < 12; ++i) {
    connector["id"] = "c" + std::to_string(i);
    site["connectors"].push_back(connector);
  }
  const auto answer = answer_to(image);
  const auto& charging = answer["grants"][0];
  EXPECT_EQ(charging["because"]["line"], "L3");
  EXPECT_EQ(charging["lifted_by"]["more_ma"], 12 * 16000 - 56300);
  const auto& waiting = answer["grants"][9]; // 9 x 6 = 54 A are used
  EXPECT_EQ(waiting["because"]["line"], "L3");
  EXPECT_EQ(waiting["lifted_by"]["more_ma"], 60000 - 56300);
  EXPECT_EQ(waiting["lifted_by"]["text"],
            "3.7 A more on L1, L2 and L3 of top, or c0 leaving, or its turn");
}

TEST(plan_door, LIM_8_LIM_1_says_where_room_is_kept_on_a_line_that_the_vehicle_does_not_use) {
  auto image = small_image();
  auto& site = image["site"];
  site["nodes"][0]["limits"][0]["ma"] = 50000;
  auto connector = site["connectors"][0];
  connector["phases"] = {"L1", "L2", "L3"};
  site["connectors"] = json::array();
  for (int i = 0; i < 5; ++i) {
    connector["id"] = "c" + std::to_string(i);
    connector["used_lines"] = {i < 4 ? "L1" : "L2"};
    for (const auto* field : {"told_ma", "acknowledged_ma", "drawn_ma"}) connector[field] = 6'000;
    site["connectors"].push_back(connector);
  }
  const auto answer = answer_to(image);
  // On L1 four vehicles and what is kept for the fifth: 10 A each.
  EXPECT_EQ(answer["grants"][4]["target_ma"], 10000);
  EXPECT_EQ(answer["grants"][4]["because"]["line"], "L1");
  EXPECT_EQ(answer["grants"][4]["because"]["kept"], true);
  EXPECT_FALSE(answer["grants"][0]["because"].contains("kept"));
}

TEST(plan_door, LIM_8_a_vehicle_counts_on_its_used_lines_and_without_them_as_ever) {
  auto image = small_image();
  auto& connector = image["site"]["connectors"][0];
  connector["phases"] = {"L2", "L3", "L1"};
  connector["told_ma"] = connector["acknowledged_ma"] = 16'000;
  const auto reserved = [&] { return answer_to(image)["nodes"][0]["reserved_ma"].dump(); };
  EXPECT_EQ(reserved(), "[16000,16000,16000]");
  connector["used_lines"] = nullptr;
  EXPECT_EQ(reserved(), "[16000,16000,16000]");
  connector["used_lines"] = {"L2"};
  EXPECT_EQ(reserved(), "[16000,16000,16000]") << "it draws nothing: it may begin on any line";
  connector["drawn_ma"] = 16'000;
  EXPECT_EQ(reserved(), "[0,16000,0]");
  connector["used_lines"] = {"L2", "L2"};
  EXPECT_THAT(faults_of(image), ElementsAre(HasSubstr("/used_lines: [\"L2\",\"L2\"]: one to")));
}

TEST(plan_door, LIM_6_behind_delta_wye_the_primary_line_can_bind) {
  auto image = small_image();
  auto& site = image["site"];
  site["nodes"].push_back({{"id", "t"},
                           {"kind", "transformer"},
                           {"parent", "top"},
                           {"rated_va", 15000},
                           {"winding", "delta-wye"},
                           {"primary_v", 480},
                           {"secondary_v", 208}});
  site["nodes"][0]["limits"] = json::array();
  site["connectors"] = json::array();
  for (const auto& [from, to] : {std::pair{"L1", "L2"}, {"L2", "L3"}, {"L3", "L1"}}) {
    site["connectors"].push_back({{"id", from},
                                  {"node", "t"},
                                  {"phases", {from, to}},
                                  {"connection", "delta"},
                                  {"max_ma", 80000}});
  }
  const auto answer = answer_to(image);
  // rated 15 000 / 3 / (208 / sqrt 3) = 41.636 A per secondary line, primary 18.042 A
  EXPECT_EQ(answer["nodes"][1]["limit_ma"][0], 41635);
  EXPECT_EQ(answer["nodes"][1]["source"], "transformer");
  const std::string line = answer["grants"][0]["because"]["line"];
  EXPECT_TRUE(line.starts_with("primary ") || line.starts_with("L")) << line;
  EXPECT_EQ(answer["grants"][0]["because"]["node"], "t");
}

TEST(plan_door, nodes_and_connectors_keep_the_input_order_whatever_the_tree) {
  const auto answer = answer_to(json::parse(file(golden / "plan.json")));
  std::vector<std::string> nodes, connectors;
  for (const auto& node : answer["nodes"]) nodes.push_back(node["node"]);
  for (const auto& grant : answer["grants"]) connectors.push_back(grant["connector"]);
  EXPECT_THAT(nodes, ElementsAre("row", "main", "t", "shed"));
  EXPECT_THAT(connectors, ElementsAre("a", "b", "c", "d", "e"));
  EXPECT_EQ(answer["grants"][2]["because"]["rule"], "demand") << "nobody can tell it anything";
  EXPECT_EQ(answer["grants"][2]["reserve_ma"], 10000);
  EXPECT_EQ(answer["grants"][3]["because"]["node"], "shed") << "LIM-3: its meter is lost";
  EXPECT_EQ(answer["grants"][3]["because"]["source"], "meter_lost");
  EXPECT_EQ(answer["nodes"][1]["source"], "demand_response"); // 30 kW: the lines carry 120 kW
  EXPECT_THAT(answer["effects"].dump(), HasSubstr(R"({"connector":"e","decrease_to_ma":0})"));
}

TEST(plan_door, the_state_of_an_answer_fed_back_takes_the_turns_on) {
  auto image = small_image();
  auto& site = image["site"];
  site["connectors"][0]["min_ma"] = 12000;
  site["connectors"].push_back(site["connectors"][0]);
  site["connectors"][1]["id"] = "y/~z";
  auto answer = answer_to(image);
  EXPECT_EQ(answer["grants"][1]["because"]["rule"], "turn");
  // The first is told at 12:00:00. The second is planned at 12:05:00 and told at 12:09:59, once the
  // first has acknowledged its end: its turn of 300 s begins there.
  for (const std::string time : {"12:04:59", "12:05:00", "12:09:59", "12:14:58", "12:14:59"}) {
    for (std::size_t i = 0; i < 2; ++i) {
      auto& connector = site["connectors"][i];
      connector["told_ma"] = connector["acknowledged_ma"] = answer["grants"][i]["grant_ma"];
    }
    image["now"] = "2026-05-01T" + time + "Z";
    image["state"] = answer["state"];
    answer = answer_to(image);
    const bool is_second = time != "12:04:59" && time != "12:14:59";
    EXPECT_EQ(answer["grants"][is_second ? 0 : 1]["because"]["rule"], "turn") << time;
  }
}

TEST(plan_door, equal_questions_give_equal_bytes) {
  const auto image = json::parse(file(golden / "plan.json"));
  EXPECT_EQ(answer_to(image).dump(), answer_to(image).dump());
}

TEST(plan_door, every_fault_is_told_at_once_with_pointer_value_and_what_is_allowed) {
  auto image = small_image();
  image["site"]["colour"] = 1;
  image["site"]["connectors"][0]["max_ma"] = -5;
  image["site"]["connectors"][0]["node"] = "nowhere";
  image["now"] = "yesterday";
  const auto faults = faults_of(image);
  EXPECT_EQ(faults.size(), 4U);
  EXPECT_THAT(faults, Contains("/site/connectors/0/max_ma: -5: an integer from 0 to 2000000"));
  EXPECT_THAT(faults, Contains("/site/connectors/0/node: \"nowhere\": the id of a node"));
  EXPECT_THAT(faults, Contains(HasSubstr("/site/colour: 1: unknown field, known are: ")));
  EXPECT_THAT(faults, Contains(HasSubstr("/now: \"yesterday\": a time as in RFC 3339")));
}

TEST(plan_door, one_misspelt_name_is_one_fault_with_the_name_that_is_meant) {
  const auto renamed = [](const char* place, const char* from, const char* to) {
    auto image = small_image();
    auto& object = image[json::json_pointer{place}];
    const json kept = object.at(from);
    object.erase(from);
    object[to] = kept;
    return faults_of(image);
  };
  const auto one = [](const auto& faults, const std::string& meant) {
    EXPECT_EQ(faults.size(), 1U) << testing::PrintToString(faults);
    EXPECT_THAT(faults, Contains(HasSubstr("(did you mean `" + meant + "`?)")));
  };
  one(renamed("/site/nodes/0", "kind", "knid"), "kind");
  one(renamed("/site/connectors/0", "node", "ndoe"), "node");
  one(renamed("/site/connectors/0", "max_ma", "maks_ma"), "max_ma");
  one(renamed("", "site", "stie"), "site");
  auto image = small_image();
  image["site"]["policy"] = "eqaul";
  one(faults_of(image), "equal");
}

struct bad_edit {
  const char* pointer;
  const char* value;
  const char* expected;
};

class bad_plan : public testing::TestWithParam<bad_edit> {};

TEST_P(bad_plan, is_refused_with_its_place) {
  auto image = small_image();
  image[json::json_pointer{GetParam().pointer}] = json::parse(GetParam().value);
  EXPECT_THAT(faults_of(image), Contains(HasSubstr(GetParam().expected)));
}

INSTANTIATE_TEST_SUITE_P(
    one_edit, bad_plan,
    testing::Values(
        bad_edit{"/now", "null", "/now: absent: "}, bad_edit{"/site", "[]", "/site: []: an object"},
        bad_edit{"/extra", "1", "/extra: 1: unknown field"},
        bad_edit{"/state", "5", "/state: 5: an object"},
        bad_edit{"/state", R"({"turns": 1})", "/state/turns: 1: unknown field"},
        bad_edit{"/state", R"({"connectors": {"x": {"on_since": 3}}})",
                 "/state/connectors/x/on_since: 3: a time"},
        bad_edit{"/state", R"({"connectors": {"x": {"in_flight_ma": 3}}})",
                 "/state/connectors/x/in_flight_since: absent"},
        bad_edit{"/site/policy", "\"fair\"", "/site/policy: \"fair\": one of equal, "},
        bad_edit{"/site/nominal_v", "0", "/site/nominal_v: 0: a number from 1 to"},
        bad_edit{"/site/nodes", "[]", "/site/nodes: 0 services: exactly one"},
        bad_edit{"/site/nodes/1", R"({"id": "top", "kind": "service"})",
                 "/site/nodes/1/id: \"top\": an id that no other node has"},
        bad_edit{"/site/nodes/1", R"({"id": "f", "kind": "feeder"})",
                 "/site/nodes/1/parent: absent"},
        bad_edit{"/site/nodes/1", R"({"id": "f", "kind": "feeder", "parent": "f"})",
                 "/site/nodes: a circle of parents"},
        bad_edit{"/site/nodes/1", R"({"id": "f", "kind": "box", "parent": "top"})",
                 "/site/nodes/1/kind: \"box\": one of service"},
        bad_edit{"/site/nodes/1",
                 R"({"id": "f", "kind": "feeder", "parent": "top", "rated_va": 5})",
                 "/site/nodes/1/kind: \"feeder\": transformer"},
        bad_edit{"/site/nodes/1",
                 R"({"id": "t", "kind": "transformer", "parent": "top", "secondary_v": 208})",
                 "/site/nodes/1/rated_va: absent"},
        bad_edit{"/site/nodes/0/limits/0/source", "\"fuse\"", "/source: \"fuse\": one of rating"},
        bad_edit{"/site/nodes/0/limits/0/ma", "[1, 2]", "/ma: [1,2]: one integer"},
        bad_edit{"/site/nodes/0/unmanaged_ma", "1.5", "/unmanaged_ma: 1.5: one integer"},
        bad_edit{"/site/nodes/0/unmanaged_max_ma", "-1", "/unmanaged_max_ma: -1: one integer"},
        bad_edit{"/site/nodes/0/continuous_permille", "1001", "an integer from 1 to 1000"},
        bad_edit{"/site/connectors/0/phases", "[]", "/phases: []: one to three"},
        bad_edit{"/site/connectors/0/phases", R"(["L1", "L1"])", "one to three different"},
        bad_edit{"/site/connectors/0/used_lines", R"(["L1"])",
                 "/used_lines: [\"L1\"]: one to three different ones"},
        bad_edit{"/site/connectors/0/used_lines", "[]", "/used_lines: []: one to three"},
        bad_edit{"/site/connectors/0/connection", "\"delta\"", "/phases: [\"L1\"]: the two lines"},
        bad_edit{"/site/connectors/0/min_ma", "17000", "/min_ma: 17000: at most max_ma, 16000"},
        bad_edit{"/site/connectors/0/step_ma", "0", "/step_ma: 0: an integer from 1"},
        bad_edit{"/site/connectors/0/priority", "11", "/priority: 11: an integer from 1 to 10"},
        bad_edit{"/site/connectors/0/wants", "\"yes\"", "/wants: \"yes\": true or false"},
        bad_edit{"/site/connectors/0/max_ma", "1.5", "/max_ma: 1.5: an integer"},
        bad_edit{"/site/connectors/0/id", "\"\"", "/id: \"\": a text of 1 to 64 bytes"}));

TEST(plan_door, what_is_no_json_is_refused_with_its_place) {
  const auto read = read_plan_question("{\n\"now\": }");
  EXPECT_THAT(std::get<domain::fault_list>(read).kept(), ElementsAre(HasSubstr("at line 2")));
  const auto twice = read_plan_question(R"({"now": 1, "now": 2})");
  EXPECT_THAT(std::get<domain::fault_list>(twice).kept(), ElementsAre(HasSubstr("once")));
}

TEST(plan_door, what_is_nested_without_end_or_endlessly_long_is_refused_in_one_line) {
  const auto fault_of = [](const std::string& text) {
    const auto read = read_plan_question(text);
    const auto& faults = std::get<domain::fault_list>(read).kept();
    EXPECT_EQ(faults.size(), 1U);
    return faults.at(0);
  };
  const std::string lists = std::string(200'000, '[') + std::string(200'000, ']');
  EXPECT_THAT(fault_of(lists), HasSubstr("nested more than 64 deep"));
  EXPECT_THAT(fault_of(R"({"site": )" + lists + "}"), HasSubstr("nested more than 64 deep"));
  std::string objects;
  for (int i = 0; i < 100'000; ++i) objects += R"({"a":)";
  EXPECT_THAT(fault_of(objects + "1" + std::string(100'000, '}')), HasSubstr("nested more than"));
  EXPECT_LT(fault_of(std::string(1'000'000, '"').replace(1, 999'999, 999'999, 'a')).size(), 300U);
}

TEST(plan_door, LIM_1_a_delta_load_below_a_transformer_of_no_stated_voltage_keeps_the_power) {
  auto image = small_image();
  auto& site = image["site"];
  site["nodes"][0]["limits"] = json::parse(R"([{"source": "operator", "w": 796743}])");
  site["nodes"].push_back(json::parse(
      R"({"id": "t", "kind": "transformer", "parent": "top", "rated_va": 1000000000})"));
  site["connectors"] = json::parse(R"([{"id": "x", "node": "t", "phases": ["L1", "L2"],
      "connection": "delta", "max_ma": 2000000}])");
  // sqrt 3 * 230 V = 398.37169 V: 796 743 W are 1 999.999 A. Up to the millivolt, 398.372 V, they
  // are 1 999.9975 A; down to it, 398.371 V, they would be 2 000.0025 A, 1.3 W too many.
  EXPECT_EQ(answer_to(image)["grants"][0]["target_ma"], 1'999'997);
}

int shell(const std::string& command) { return std::system(command.c_str()); }

TEST(plan_door, question_and_answer_keep_to_their_schemas) {
  if (shell("python3 -c 'import jsonschema' 2>/dev/null") != 0)
    GTEST_SKIP() << "needs python3-jsonschema";
  const tests::scratch_folder scratch;
  const auto answer = scratch.path() / "plan.answer.json";
  ASSERT_EQ(shell(BUSBAR_BINARY " plan " + (golden / "plan.json").string() + " > " +
                  answer.string()),
            0);
  const auto validate = [](const std::filesystem::path& document, const char* schema) {
    return shell("python3 -c 'import json, jsonschema, sys; "
                 "jsonschema.validate(*[json.load(open(p)) for p in sys.argv[1:]])' " +
                 document.string() + " " BUSBAR_SOURCE_DIR "/docs/formats/" + schema);
  };
  EXPECT_EQ(validate(golden / "plan.json", "plan-input.schema.json"), 0);
  EXPECT_EQ(validate(answer, "plan-output.schema.json"), 0);
}

TEST(plan_door, the_example_in_its_help_works_when_pasted) {
  const tests::scratch_folder scratch;
  const auto script = scratch.path() / "plan.example.sh";
  const std::string binary = BUSBAR_BINARY;
  const std::string pasted = " | sed -n '/^Example:/,$p' | tail -n +2 | sed 's#busbar plan -#";
  ASSERT_EQ(shell(binary + " plan --help" + pasted + binary + " plan - > /dev/null#' > " +
                  script.string()),
            0);
  EXPECT_EQ(shell("bash " + script.string()), 0);
  EXPECT_NE(file(script).find("plan -"), std::string::npos);
}

TEST(plan_door, bad_input_ends_with_2_and_says_nothing_on_standard_output) {
  const tests::scratch_folder scratch;
  const auto out = scratch.path() / "plan.bad.out";
  const auto status =
      shell("echo '{}' | " BUSBAR_BINARY " plan - > " + out.string() + " 2> /dev/null");
  EXPECT_EQ(WEXITSTATUS(status), 2);
  EXPECT_EQ(file(out), "");
}

} // namespace
} // namespace busbar::apps::doors
