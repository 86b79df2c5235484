// OCPP-11: an order that brings a station's settings back to what its site wants.

#include "adapters/ocpp/station/settings_order.hpp"
#include "tests/adapters/ocpp/station_desk.hpp"

#include <gmock/gmock.h>

namespace busbar::tests {
namespace {

using ports::order_state;
using testing::HasSubstr;
using testing::Not;

constexpr const char* measurands =
    "Energy.Active.Import.Register,Power.Active.Import,Current.Import,Voltage,SoC";

/// A station whose site wants a heartbeat each 300 s.
struct settings_order : testing::Test {
  void SetUp() override {
    auto place = two_connectors();
    place.settings = {{"HeartbeatInterval", "300"}};
    desk.machine = station::station_machine{place};
    desk.serve();
  }
  void give() { desk.last = desk.machine.order(station::settings_call(7), desk.now); }
  /// As GetConfiguration answers.
  static std::string settings(const std::string& heartbeat, const std::string& interval) {
    const auto one = [](const std::string& key, const std::string& value) {
      return R"({"key":")" + key + R"(","readonly":false,"value":")" + value + R"("})";
    };
    return R"({"configurationKey":[)" + one("heartbeatinterval", heartbeat) + "," +
           one("MeterValueSampleInterval", interval) + "," +
           one("MeterValuesSampledData", measurands) + "]}";
  }
  /// All frames, each of which is answered.
  std::string sent_while_onboarding(const std::string& configuration) {
    std::string sent;
    for (int i = 0; i < 20 && !desk.last.frames.empty(); ++i) {
      sent += desk.last.frames.back();
      desk.answer(desk.last.frames.back().find("GetConfiguration") == std::string::npos
                      ? R"({"status":"Accepted"})"
                      : configuration);
    }
    return sent;
  }
  const station::order_outcome& outcome() const { return desk.last.orders.back(); }

  station_desk desk;
};

TEST_F(settings_order, OCPP_11_each_setting_that_differs_is_sent_and_the_answer_has_each_key) {
  give();
  ASSERT_EQ(desk.last.frames.size(), 1u);
  EXPECT_THAT(desk.last.frames[0], HasSubstr(R"("GetConfiguration",{}])"));
  EXPECT_EQ(outcome().state, order_state::sent);
  desk.answer(settings("60", "60"));
  EXPECT_TRUE(desk.last.orders.empty()) << "it goes on, and was sent once";
  EXPECT_THAT(desk.last.frames.at(0),
              HasSubstr(R"("ChangeConfiguration",{"key":"HeartbeatInterval","value":"300"}])"));
  desk.answer(R"({"status":"RebootRequired"})");
  EXPECT_THAT(desk.last.frames.at(0),
              HasSubstr(R"({"key":"MeterValueSampleInterval","value":"10"}])"));
  desk.answer(R"({"status":"Accepted"})");
  ASSERT_EQ(desk.last.orders.size(), 1u);
  EXPECT_EQ(outcome().order, 7u);
  EXPECT_EQ(outcome().state, order_state::accepted);
  EXPECT_EQ(outcome().reply.answer,
            std::string{R"({"configurationKey":[)"} +
                R"({"key":"HeartbeatInterval","value":"300","found":"60",)"
                R"("status":"RebootRequired"},)"
                R"({"key":"MeterValueSampleInterval","value":"10","found":"60",)"
                R"("status":"Accepted"},)"
                R"({"key":"MeterValuesSampledData","value":")" +
                measurands + R"(","found":")" + measurands + R"(","status":"Unchanged"}]})");
}

TEST_F(settings_order, OCPP_11_where_nothing_differs_nothing_is_sent) {
  give();
  desk.answer(settings("300", "10"));
  EXPECT_TRUE(desk.last.frames.empty());
  EXPECT_EQ(outcome().state, order_state::accepted);
}

TEST_F(settings_order, OCPP_11_one_key_that_is_refused_refuses_the_order_and_the_others_are_set) {
  give();
  desk.answer("{}");
  desk.answer(R"({"status":"Rejected"})");
  const auto id = station_desk::id_of(desk.last.frames.back());
  desk.raw("[4,\"" + id + R"(","InternalError","busy",{}])");
  desk.answer(R"({"status":"Accepted"})");
  EXPECT_EQ(outcome().state, order_state::refused);
  EXPECT_THAT(outcome().reply.answer,
              HasSubstr(R"("found":null,"status":"Rejected"},{"key":"MeterValueSam)"));
  EXPECT_THAT(outcome().reply.answer, HasSubstr(R"("status":"InternalError")"));
  EXPECT_THAT(outcome().reply.answer, HasSubstr(R"("status":"Accepted"}])"));
}

TEST_F(settings_order, OCPP_11_it_fails_with_an_error_a_silence_or_the_connection) {
  give();
  desk.raw("[4,\"" + station_desk::id_of(desk.last.frames.back()) + R"(","NotSupported","",{}])");
  EXPECT_EQ(outcome().state, order_state::failed);
  EXPECT_EQ(outcome().reply.error_code, "NotSupported");
  give();
  desk.answer("{}");
  desk.now += seconds{30};
  desk.last = desk.machine.pulse(desk.now);
  EXPECT_EQ(outcome().state, order_state::timed_out);
  give();
  desk.answer("{}");
  EXPECT_FALSE(desk.machine.cancel(7)) << "a part of it is with the station";
  desk.last = desk.machine.closed();
  EXPECT_EQ(outcome().state, order_state::failed);
  EXPECT_EQ(outcome().order, 7u);
}

TEST_F(settings_order, OCPP_11_a_station_gets_its_settings_after_each_boot) {
  desk.boot();
  EXPECT_THAT(sent_while_onboarding("{}"),
              HasSubstr(R"({"key":"HeartbeatInterval","value":"300"})"));
}

TEST_F(settings_order, OCPP_11_a_setting_that_its_station_lists_is_not_sent_to_it) {
  desk.boot();
  const auto sent = sent_while_onboarding(settings("300", "60"));
  EXPECT_THAT(sent, Not(HasSubstr("HeartbeatInterval")));
  EXPECT_THAT(sent, HasSubstr(R"({"key":"MeterValueSampleInterval","value":"10"})"));
}

TEST_F(settings_order, OCPP_10_a_station_that_answers_no_setting_is_asked_for_two_and_stays) {
  desk.boot();
  int unanswered = 0;
  for (int i = 0; i < 20 && !desk.last.frames.empty(); ++i) {
    EXPECT_FALSE(desk.last.closes);
    const auto& frame = desk.last.frames.back();
    if (frame.find("ChangeConfiguration") == std::string::npos) {
      desk.answer(frame.find("GetConfiguration") == std::string::npos ? R"({"status":"Accepted"})"
                                                                      : "{}");
      continue;
    }
    ++unanswered;
    desk.now += seconds{30};
    desk.last = desk.machine.pulse(desk.now);
  }
  EXPECT_EQ(unanswered, 2) << "of three";
}

TEST_F(settings_order, OCPP_11_what_was_set_is_told_where_the_rest_is_not) {
  give();
  desk.answer("{}");
  desk.answer(R"({"status":"Accepted"})");
  desk.now += seconds{30};
  desk.last = desk.machine.pulse(desk.now);
  EXPECT_EQ(outcome().state, order_state::timed_out);
  EXPECT_THAT(outcome().reply.answer, HasSubstr(R"("status":"Accepted"})"));
  give();
  desk.answer("{}");
  desk.answer(R"({"status":"Rejected"})");
  desk.last = desk.machine.closed();
  EXPECT_THAT(outcome().reply.answer, HasSubstr(R"("status":"Rejected"})"));
}

TEST_F(settings_order, a_vendors_value_is_another_one_in_capitals) {
  auto place = two_connectors();
  place.settings = {{"Vendor.Colour", "blue"}, {"Vendor.Light", "true"}};
  desk.machine = station::station_machine{place};
  desk.serve();
  give();
  desk.answer(R"({"configurationKey":[{"key":"Vendor.Colour","readonly":false,"value":"BLUE"},
      {"key":"Vendor.Light","readonly":false,"value":"True"}]})");
  EXPECT_THAT(desk.last.frames.at(0), HasSubstr(R"({"key":"Vendor.Colour","value":"blue"})"));
  desk.answer(R"({"status":"Accepted"})");
  EXPECT_THAT(desk.last.frames.at(0), HasSubstr("MeterValueSampleInterval"));
}

} // namespace
} // namespace busbar::tests
