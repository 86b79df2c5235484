#include "apps/doors/profiles_run.hpp"
#include "domain/time_text.hpp"
#include "ocpp/v16/charging_profile_payload.hpp"
#include "tests/builders/scratch_folder.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace busbar::apps::doors {

using ocpp::v16::tenths_of;
namespace {

using nlohmann::json;

std::string text_of_file(const std::filesystem::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::filesystem::path golden(const char* name) {
  return std::filesystem::path(BUSBAR_SOURCE_DIR) / "tests/apps/golden" / name;
}

int shell(const std::string& command) {
  const int status = std::system(command.c_str());
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/// A profile that is accepted, to be spoilt at one place.
json a_request() {
  return json::parse(R"({"connectorId": 1, "csChargingProfiles": {
    "chargingProfileId": 1, "stackLevel": 0, "chargingProfilePurpose": "TxDefaultProfile",
    "chargingProfileKind": "Absolute", "chargingSchedule": {"chargingRateUnit": "A",
      "startSchedule": "2026-05-01T12:00:00Z",
      "chargingSchedulePeriod": [{"startPeriod": 0, "limit": 16}]}}})");
}

json answer_to(const json& request) {
  profiles_script script;
  script.steps.push_back({{}, ocpp_request{ocpp_request::action::set, request}});
  return json::parse(run_profiles_script(script).value()).at("answers").at(0);
}

/// "Accepted", "Rejected" or the error's name, with `value` at `pointer` of the request.
std::string verdict(const char* pointer, const json& value) {
  auto request = a_request();
  request[json::json_pointer(pointer)] = value;
  const auto answer = answer_to(request);
  return answer.contains("error") ? answer.at("error") : answer.at("status");
}

std::vector<std::string> faults_of(const std::string& text) {
  const auto read = read_profiles_script(text);
  const auto* faults = std::get_if<domain::fault_list>(&read);
  return faults ? faults->kept() : std::vector<std::string>{};
}

} // namespace

TEST(ocpp_profiles, the_door_answers_a_whole_script_byte_for_byte) {
  const auto script = read_profiles_script(text_of_file(golden("ocpp_profiles.json")));
  ASSERT_TRUE(std::holds_alternative<profiles_script>(script));
  EXPECT_EQ(run_profiles_script(std::get<profiles_script>(script)).value() + "\n",
            text_of_file(golden("ocpp_profiles.answers.json")));
}

TEST(ocpp_profiles, OCPP_J_4_2_3_a_faulty_payload_is_answered_with_its_error) {
  const char* profile = "/csChargingProfiles";
  const std::string plan = std::string(profile) + "/chargingSchedule";
  const std::string period = plan + "/chargingSchedulePeriod/0";
  const auto at = [](const std::string& base, const char* name) { return base + "/" + name; };
  struct row {
    std::string pointer;
    json value;
    const char* verdict;
  };
  const std::vector<row> table{
      {"/connectorId", "1", "TypeConstraintViolation"},
      {"/connectorId", 1.5, "TypeConstraintViolation"},
      {"/connectorId", -1, "Rejected"},
      {"/colour", "red", "FormationViolation"},
      {"/csChargingProfiles", 3, "FormationViolation"},
      {at(profile, "stackLevel"), -1, "PropertyConstraintViolation"},
      {at(profile, "stackLevel"), 11, "Rejected"},
      {at(profile, "chargingProfileId"), 3'000'000'000, "PropertyConstraintViolation"},
      {at(profile, "chargingProfilePurpose"), "TxDefault", "PropertyConstraintViolation"},
      {at(profile, "chargingProfileKind"), 1, "TypeConstraintViolation"},
      {at(profile, "recurrencyKind"), "Monthly", "PropertyConstraintViolation"},
      {at(profile, "chargingProfileKind"), "Recurring", "Rejected"},
      {at(profile, "validFrom"), "noon", "TypeConstraintViolation"},
      {at(profile, "validTo"), "2026-05-01T12:00:00", "TypeConstraintViolation"},
      {at(profile, "transactionId"), 9, "Accepted"},
      {at(plan, "duration"), -1, "PropertyConstraintViolation"},
      {at(plan, "duration"), 0, "Accepted"},
      {at(plan, "chargingRateUnit"), "kW", "PropertyConstraintViolation"},
      {at(plan, "minChargingRate"), 6.05, "PropertyConstraintViolation"},
      {at(plan, "chargingSchedulePeriod"), json::array(), "OccurenceConstraintViolation"},
      {at(plan, "chargingSchedulePeriod"), json::object(), "TypeConstraintViolation"},
      {at(period, "startPeriod"), -1, "PropertyConstraintViolation"},
      {at(period, "startPeriod"), 1, "Rejected"},
      {at(period, "limit"), -0.1, "PropertyConstraintViolation"},
      {at(period, "limit"), 16.15, "PropertyConstraintViolation"},
      {at(period, "limit"), "16", "TypeConstraintViolation"},
      {at(period, "limit"), 1e300, "PropertyConstraintViolation"},
      {at(period, "numberPhases"), 0, "PropertyConstraintViolation"},
      {at(period, "numberPhases"), 4, "PropertyConstraintViolation"},
      {at(period, "numberPhases"), 3, "Accepted"},
  };
  for (const auto& each : table)
    EXPECT_EQ(verdict(each.pointer.c_str(), each.value), each.verdict)
        << each.pointer << " = " << each.value;
  auto request = a_request();
  request["csChargingProfiles"].erase("chargingSchedule");
  EXPECT_EQ(answer_to(request).at("error"), "OccurenceConstraintViolation");
  EXPECT_EQ(answer_to(request).at("description"),
            "/csChargingProfiles/chargingSchedule: is required");
}

TEST(ocpp_profiles, one_decimal_is_told_apart_exactly) {
  for (std::int64_t tenths = 0; tenths < 50'000; ++tenths) {
    const auto text = std::to_string(tenths / 10) + "." + std::to_string(tenths % 10);
    EXPECT_EQ(tenths_of(json::parse(text).get<double>()), tenths) << text;
    EXPECT_EQ(tenths_of(json::parse(text + "1").get<double>()), std::nullopt) << text << "1";
  }
}

TEST(ocpp_profiles, every_fault_of_a_script_is_named_with_place_value_and_what_is_allowed) {
  const auto faults = faults_of(R"({"station": {"connectors": 0, "supply": 230, "phases": 2.5},
    "steps": [{"at": "noon", "profiles": {}},
              {"at": "2026-05-01T12:00:00Z"},
              {"at": "2026-05-01T12:00:00Z", "jump": {}},
              {"at": "2026-05-01T12:00:00Z", "start": {"connectorId": 9, "transactionId": 1}},
              {"at": "2026-05-01T12:00:00Z", "start": {"connectorId": 1}},
              {"at": "2026-05-01T12:00:00Z", "limit": {"connectorId": 1, "chargingRateUnit": "V"}},
              {"at": "2026-05-01T12:00:00Z", "periods": {"chargingProfileId": 1}}, 7]})");
  const std::vector<std::string> expected{
      "/station/supply: 230: unknown field",
      "/station/connectors: 0: an integer of 1..1000",
      "/station/phases: 2.5: an integer of 1..3",
      "/steps/0/at: \"noon\": a time as in RFC 3339",
      "/steps/1: {",
      "/steps/2/jump: {}: unknown field",
      "/steps/3/start/connectorId: 9: an integer of 1..1",
      "/steps/4/start/transactionId: absent: is required",
      "/steps/5/limit/chargingRateUnit: \"V\": \"A\" or \"W\"",
      "/steps/6/periods/until: absent: is required",
      "/steps/7: 7: must be an object"};
  ASSERT_EQ(faults.size(), expected.size()) << json(faults).dump(1);
  for (std::size_t i = 0; i < faults.size(); ++i)
    EXPECT_EQ(faults[i].substr(0, expected[i].size()), expected[i]);
}

TEST(ocpp_profiles, what_is_not_a_script_is_refused) {
  for (const auto* text : {"", "[", "[]",
                           "{}", "{\"steps\": []}", "{\"station\": 1, \"steps\": 2}"})
    EXPECT_FALSE(faults_of(text).empty()) << text;
  const auto cut = faults_of("{\n\"steps\": [");
  ASSERT_EQ(cut.size(), 1U);
  EXPECT_EQ(cut[0].substr(0, 12), "/: at line 2");
  const auto twice = faults_of(R"({"station": {"connectors": 1, "connectors": 2}, "steps": []})");
  ASSERT_EQ(twice.size(), 1U);
  EXPECT_EQ(twice[0], "/station/connectors: \"connectors\": a name stands once in an object");
  EXPECT_EQ(faults_of(std::string(200'000, '[') + std::string(200'000, ']')).size(), 1U);
}

TEST(ocpp_profiles, a_number_that_no_double_holds_is_a_fault_with_its_place) {
  EXPECT_EQ(faults_of(R"({"station": {"connectors": 1}, "steps": [{"at": [1, -1e999]}]})"),
            (std::vector<std::string>{"/steps/0/at/1: -1e999: a number of at most 1.7e308"}));
}

TEST(ocpp_profiles, a_name_with_a_line_break_stays_on_its_line) {
  EXPECT_EQ(faults_of("{\"station\": {\"connectors\": 1, \"a\\nb/c\": 2}, \"steps\": []}")
                .at(0)
                .substr(0, 37),
            "/station/a\\u000ab~1c: 2: unknown fiel");
}

TEST(ocpp_profiles, two_hundred_thousand_faults_end_after_a_hundred_and_at_once) {
  std::string text = R"({"station": {"connectors": 1}, "steps": [1)";
  for (int i = 1; i < 200'000; ++i) text += ",1";
  const auto read = read_profiles_script(text + "]}");
  const auto& faults = std::get<domain::fault_list>(read);
  EXPECT_EQ(faults.kept().size(), 100U);
  EXPECT_EQ(faults.more_text(), "and 199,900 more");
}

TEST(ocpp_profiles, a_composite_schedule_has_at_least_one_period_or_there_is_none) {
  const auto script = read_profiles_script(R"({"station": {"connectors": 1}, "steps": [
    {"at": "2026-05-01T12:00:00Z", "GetCompositeSchedule": {"connectorId": 1, "duration": 0}},
    {"at": "2026-05-01T12:00:00Z", "GetCompositeSchedule": {"connectorId": 1, "duration": 60}},
    {"at": "2026-05-01T12:00:00Z", "SetChargingProfile": {"connectorId": 0, "csChargingProfiles": {
      "chargingProfileId": 1, "stackLevel": 0, "chargingProfilePurpose": "ChargePointMaxProfile",
      "chargingProfileKind": "Absolute", "chargingSchedule": {"chargingRateUnit": "A",
      "chargingSchedulePeriod": [{"startPeriod": 0, "limit": 16}]}}}},
    {"at": "2026-05-01T12:00:00Z", "GetCompositeSchedule": {"connectorId": 1, "duration": 0}}]})");
  const auto answers =
      json::parse(run_profiles_script(std::get<profiles_script>(script)).value()).at("answers");
  const json empty{{"status", "Accepted"},
                   {"connectorId", 1},
                   {"scheduleStart", "2026-05-01T12:00:00Z"}};
  EXPECT_EQ(answers[0], empty);
  EXPECT_EQ(answers[1], empty);
  EXPECT_EQ(answers[3]["chargingSchedule"]["chargingSchedulePeriod"],
            json::parse(R"([{"startPeriod": 0, "limit": 16.0}])"));
}

TEST(ocpp_profiles, a_script_that_asks_for_endless_work_is_refused_with_its_step) {
  std::string text = R"({"station": {"connectors": 1}, "steps": [
    {"at": "2026-05-01T12:00:00Z", "start": {"connectorId": 1, "transactionId": 1}},
    {"at": "2026-05-01T12:00:00Z", "SetChargingProfile": {"connectorId": 0, "csChargingProfiles": {
      "chargingProfileId": 1, "stackLevel": 0, "chargingProfilePurpose": "TxDefaultProfile",
      "chargingProfileKind": "Recurring", "recurrencyKind": "Daily", "chargingSchedule": {
      "startSchedule": "2026-05-01T00:00:00Z", "chargingRateUnit": "A", "chargingSchedulePeriod": [
      {"startPeriod": 0, "limit": 16}, {"startPeriod": 3600, "limit": 10}]}}}})";
  // A century has 73 050 periods of half a day, each of 10 steps and more.
  for (int i = 0; i < 30; ++i)
    text += R"(, {"at": "2026-05-01T12:00:00Z",
      "GetCompositeSchedule": {"connectorId": 1, "duration": 3155760000}})";
  const auto script = read_profiles_script(text + "]}");
  const auto run = run_profiles_script(std::get<profiles_script>(script));
  ASSERT_FALSE(run);
  EXPECT_EQ(run.failure().message.substr(0, 7), "/steps/") << run.failure().message;
  EXPECT_NE(run.failure().message.find("more work than is done"), std::string::npos);
}

/// A question about a profile with a period in each minute of a day, after `faults` requests that
/// are none.
domain::result<std::string> asked(const json& question, int faults = 0) {
  json periods = json::array();
  for (int minute = 0; minute < 1'440; ++minute)
    periods.push_back({{"startPeriod", 60 * minute}, {"limit", 6 + minute % 7}});
  const json profile{{"chargingProfileId", 1},
                     {"stackLevel", 0},
                     {"chargingProfilePurpose", "TxDefaultProfile"},
                     {"chargingProfileKind", "Recurring"},
                     {"recurrencyKind", "Daily"},
                     {"chargingSchedule",
                      {{"startSchedule", "2026-05-01T00:00:00Z"},
                       {"chargingRateUnit", "A"},
                       {"chargingSchedulePeriod", periods}}}};
  json script{{"station", {{"connectors", 1}, {"max_periods", 10'000}}}};
  script["steps"] = json::array(
      {{{"start", {{"connectorId", 1}, {"transactionId", 1}}}},
       {{"SetChargingProfile", {{"connectorId", 1}, {"csChargingProfiles", profile}}}},
       question});
  for (int i = 0; i < faults; ++i) script["steps"].push_back({{"SetChargingProfile", 1}});
  for (auto& step : script["steps"]) step["at"] = "2026-05-01T00:00:00Z";
  return run_profiles_script(std::get<profiles_script>(read_profiles_script(script.dump())));
}

bool is_laid_out(int days, int faults = 0) {
  const auto until = domain::text_of(domain::instant{std::chrono::sys_days{
      std::chrono::year{2026} / 5 / 1}} + std::chrono::hours{24} * days);
  return asked({{"periods", {{"chargingProfileId", 1}, {"until", until}}}}, faults).has_value();
}

bool is_composed(int days) {
  return asked({{"GetCompositeSchedule", {{"connectorId", 1}, {"duration", 86'400 * days}}}})
      .has_value();
}

TEST(ocpp_profiles, work_counts_what_is_laid_out_and_what_is_written_as_text) {
  // 8,000,000 steps / (10 to lay out + 40 to write a period) = 160,000 periods: 111 days of 1,440.
  EXPECT_TRUE(is_laid_out(110));
  EXPECT_FALSE(is_laid_out(112));
  // Of a composite schedule (10 + 3 to look at a profile and at none of the station's + 10 to
  // write) = 347,826: 241 days.
  EXPECT_TRUE(is_composed(240));
  EXPECT_FALSE(is_composed(243));
}

/// Whether a script may name 2,000 profiles so many times.
bool are_named(int times) {
  json script{{"station", {{"connectors", 1}, {"max_profiles", 2'000}}}};
  json steps = json::array();
  for (int id = 0; id < 2'000; ++id)
    steps.push_back({{"SetChargingProfile",
                      {{"connectorId", 1},
                       {"csChargingProfiles",
                        {{"chargingProfileId", id},
                         {"stackLevel", id},
                         {"chargingProfilePurpose", "TxDefaultProfile"},
                         {"chargingProfileKind", "Absolute"},
                         {"chargingSchedule",
                          {{"chargingRateUnit", "A"},
                           {"chargingSchedulePeriod", {{{"startPeriod", 0}, {"limit", 6}}}}}}}}}}});
  for (int i = 0; i < times; ++i) steps.push_back({{"profiles", json::object()}});
  for (auto& step : steps) step["at"] = "2026-05-01T00:00:00Z";
  script["station"]["max_stack_level"] = 2'000;
  script["steps"] = std::move(steps);
  return run_profiles_script(std::get<profiles_script>(read_profiles_script(script.dump())))
      .has_value();
}

TEST(ocpp_profiles, work_counts_names_of_profiles_and_faults_of_requests) {
  // 2,000 profiles, each set beside those before: 2,000 + 2,000 * 1,999 / 2 / 2 = 1,001,500 steps;
  // the rest names (8,000,000 - 1,001,500) / (2,000 * 3) = 1,166 times.
  EXPECT_TRUE(are_named(1'160));
  EXPECT_FALSE(are_named(1'172));
  // 110 days take 110 * 1,440 * 50 = 7,920,000: 2,000 faults of 40 steps fit beside them at most.
  EXPECT_TRUE(is_laid_out(110, 1'900));
  EXPECT_FALSE(is_laid_out(110, 2'100));
}

TEST(ocpp_profiles, steps_without_end_are_one_fault_that_counts_them) {
  std::string text = R"({"station": {"connectors": 1}, "steps": [1)";
  for (int i = 0; i < 200'000; ++i) text += ",1";
  const auto read = read_profiles_script(text + "]}");
  const auto& faults = std::get<domain::fault_list>(read);
  ASSERT_EQ(faults.size(), 1u);
  EXPECT_EQ(faults.front(), "/steps: 200001: at most 200,000 steps");
  text.resize(text.size() - 2);
  EXPECT_EQ(std::get<domain::fault_list>(read_profiles_script(text + "]}")).size(), 200'000u);
}

TEST(ocpp_profiles, the_command_exits_2_and_prints_nothing_but_faults_on_a_bad_script) {
  const tests::scratch_folder scratch;
  const auto out = scratch.path() / "out", err = scratch.path() / "err";
  const std::string binary = BUSBAR_BINARY;
  EXPECT_EQ(shell("echo '{\"steps\": []}' | " + binary + " ocpp profiles - >" + out.string() +
                  " 2>" + err.string()),
            2);
  EXPECT_EQ(text_of_file(out), "");
  EXPECT_EQ(text_of_file(err), "-: /station: absent: is required\n");
  EXPECT_EQ(shell(binary + " ocpp profiles /nowhere/x.json 2>" + err.string()), 2);
}

TEST(ocpp_profiles, the_example_in_its_help_works_when_pasted) {
  const tests::scratch_folder scratch;
  const auto out = scratch.path() / "example";
  const auto folder = std::filesystem::path(BUSBAR_BINARY).parent_path().string();
  ASSERT_EQ(shell("PATH=" + folder + ":$PATH; busbar ocpp profiles --help | "
                  "sed -n '/^Example/,$p' | tail -n +2 | sh >" + out.string()),
            0);
  const auto answers = json::parse(text_of_file(out)).at("answers");
  EXPECT_EQ(answers.at(2).at("chargingSchedule").at("chargingSchedulePeriod").at(0).at("limit"),
            11040.0); // 16 A * 3 * 230 V
}

TEST(ocpp_profiles, script_and_answers_keep_to_their_schemas) {
  if (shell("python3 -c 'import jsonschema' 2>/dev/null") != 0)
    GTEST_SKIP() << "needs python3-jsonschema";
  const auto validate = [](const char* document, const char* schema) {
    return shell("python3 -c 'import json, jsonschema, sys; "
                 "jsonschema.validate(*[json.load(open(p)) for p in sys.argv[1:]])' " +
                 golden(document).string() + " " BUSBAR_SOURCE_DIR "/docs/formats/" + schema);
  };
  EXPECT_EQ(validate("ocpp_profiles.json", "ocpp-profiles-input.schema.json"), 0);
  EXPECT_EQ(validate("ocpp_profiles.answers.json", "ocpp-profiles-output.schema.json"), 0);
}

} // namespace busbar::apps::doors
