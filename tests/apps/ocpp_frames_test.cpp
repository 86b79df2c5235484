#include "apps/doors/frames_check.hpp"

#include <nlohmann/json.hpp>

#include <gmock/gmock.h>

#include <cstdlib>
#include <string>

namespace busbar::apps::doors {
namespace {

using nlohmann::json;
using ocpp::v16::tolerance_set;

json answer_to(const std::string& text, tolerance_set tolerances = tolerance_set::all()) {
  return json::parse(check_frames(text, tolerances).json);
}

int exit_of(const std::string& command) {
  const int status = std::system((command + " >/dev/null 2>&1").c_str());
  return WEXITSTATUS(status);
}

} // namespace

TEST(ocpp_frames, each_line_is_a_frame_with_its_verdict) {
  const auto answer = answer_to(
      "[2,\"1\",\"Heartbeat\",{}]\n\n"
      "[2,\"2\",\"StatusNotification\","
      "{\"connectorId\":1,\"errorCode\":\"NoError\",\"status\":\"charging\"}]\r\n"
      "[2,\"3\",\"Dance\",{}]\n[9,\"4\"]\nnonsense\n[2,\"5\",\"Reset\",{\"type\":\"Sotf\"}]");
  EXPECT_EQ(answer.at("accepted"), 2);
  EXPECT_EQ(answer.at("refused"), 3);
  EXPECT_EQ(answer.at("ignored"), 1);
  const auto& frames = answer.at("frames");
  EXPECT_EQ(frames.at(0).at("verdict"), "accepted");
  EXPECT_EQ(frames.at(1).at("line"), 3);
  EXPECT_EQ(frames.at(1).at("taken"), json({"value_case"}));
  EXPECT_EQ(frames.at(2).at("faults").at(0).at("error"), "NotImplemented");
  EXPECT_EQ(frames.at(3).at("verdict"), "ignored");
  EXPECT_EQ(frames.at(4).at("faults").at(0).at("error"), "FormationViolation");
  EXPECT_EQ(frames.at(5).at("faults").at(0).at("pointer"), "/type");
}

TEST(ocpp_frames, an_answer_is_held_to_the_call_before_it) {
  const std::string call = "[2,\"1\",\"GetConfiguration\",{}]\n";
  const std::string answer = "[3,\"1\",{\"configurationKey\":[{\"key\":\"k\"}]}]\n";
  const auto held = answer_to(call + answer, tolerance_set::none());
  EXPECT_EQ(held.at("frames").at(1).at("action"), "GetConfiguration");
  EXPECT_EQ(held.at("frames").at(1).at("faults").at(0).at("pointer"),
            "/configurationKey/0/readonly");
  EXPECT_EQ(answer_to(answer, tolerance_set::none()).at("accepted"), 1);
  const auto error = answer_to(call + "[4,\"1\",\"Occurrence constraint violation\"]");
  EXPECT_EQ(error.at("frames").at(1).at("means"), "OccurenceConstraintViolation");
}

TEST(ocpp_frames, the_exit_code_says_whether_all_are_accepted) {
  const std::string binary = BUSBAR_BINARY;
  const std::string charging = "echo '[2,\"1\",\"StatusNotification\",{\"connectorId\":1,"
                               "\"errorCode\":\"NoError\",\"status\":\"charging\"}]' | ";
  EXPECT_EQ(exit_of(charging + binary + " ocpp frames -"), 0);
  EXPECT_EQ(exit_of(charging + binary + " ocpp frames - --strict"), 1);
  EXPECT_EQ(exit_of(binary + " ocpp frames /nowhere/frames"), 2);
}

} // namespace busbar::apps::doors
