#include "shared_files.hpp"

#include "ocpp/v16/message_check.hpp"
#include "ocpp/wire/frame_reader.hpp"

#include <nlohmann/json.hpp>

#include <gmock/gmock.h>

#include <algorithm>
#include <fstream>
#include <regex>

namespace busbar::ocpp::v16 {
namespace {

using nlohmann::json;

/// A frame of a case, its placeholders filled.
std::string filled(const json& frame) {
  auto text = frame.dump();
  text = std::regex_replace(text, std::regex(R"re("\$tx")re"), "17");
  text = std::regex_replace(text, std::regex(R"(\$now(-\d+)?)"), "2026-05-01T12:00:00Z");
  return std::regex_replace(text, std::regex(R"(\$id)"), "id-1");
}

/// "result", or the code of its error.
std::string answer_to(const std::string& text, tolerance_set tolerances) {
  wire::frame_reader reader;
  const auto read = reader.read(text);
  if (const auto* fault = std::get_if<wire::frame_fault>(&read)) return name_of(fault->code);
  const auto& call = std::get<wire::frame>(read);
  const auto which = action_from(call.action);
  if (!which) return "NotImplemented";
  const auto found = check(*which, direction::request, call.payload, tolerances);
  return found.is_accepted() ? "result" : name_of(found.faults.front().code);
}

std::vector<std::string> codes_of(const json& expected) {
  if (expected.contains("error")) return expected.at("error").get<std::vector<std::string>>();
  std::vector<std::string> codes;
  for (const auto& each : expected.value("any", json::array()))
    if (each.is_object() && each.contains("error"))
      for (const auto& code : each.at("error")) codes.push_back(code);
  return codes;
}

bool may_be_taken(const json& expected) {
  if (expected.contains("result")) return true;
  const auto any = expected.value("any", json::array());
  return std::any_of(any.begin(), any.end(), [](const json& each) {
    return each == "result" || each.contains("result");
  });
}

class field_cases : public testing::Test {
protected:
  void SetUp() override {
    const auto path = shared_file("field_cases.json");
    if (path.empty()) GTEST_SKIP() << "no ../shared/ocpp/field_cases.json beside the repository";
    std::ifstream file(path);
    cases_ = json::parse(file).at("cases");
  }

  /// (case, frame, what is expected) of every CALL of 1.6 that a station sends.
  template <class Each> std::size_t for_each_call(Each each) const {
    std::size_t count = 0;
    for (const auto& test : cases_) {
      if (test.at("protocol") != "ocpp1.6") continue;
      for (const auto& step : test.at("steps")) {
        const auto expected = step.value("expect", json::object());
        if (step.contains("send")) each(test.at("id"), filled(step.at("send")), expected);
        else if (step.contains("raw")) each(test.at("id"), step.at("raw"), expected);
        else continue;
        ++count;
      }
    }
    return count;
  }

  json cases_;
};

} // namespace

TEST_F(field_cases, OCPP_5_each_call_from_the_field_is_taken_or_refused_as_it_should_be) {
  const auto count = for_each_call([](const std::string& id, const std::string& text,
                                      const json& expected) {
    const auto answer = answer_to(text, tolerance_set::all());
    if (may_be_taken(expected)) {
      EXPECT_EQ(answer, "result") << id << " " << text;
    } else {
      EXPECT_THAT(codes_of(expected), testing::Contains(answer)) << id << " " << text;
    }
  });
  EXPECT_GE(count, 30U);
}

TEST_F(field_cases, strict_refuses_with_a_code_that_the_case_allows) {
  for_each_call([](const std::string& id, const std::string& text, const json& expected) {
    const auto answer = answer_to(text, tolerance_set::none());
    const auto codes = codes_of(expected);
    if (answer == "result" || codes.empty()) return;
    EXPECT_THAT(codes, testing::Contains(answer)) << id << " " << text;
  });
}

} // namespace busbar::ocpp::v16
