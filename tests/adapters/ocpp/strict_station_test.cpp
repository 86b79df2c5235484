// OCPP-5: every tolerance has a switch for each station; `strict = true` turns all of them off.

#include "tests/adapters/ocpp/station_desk.hpp"

#include <gmock/gmock.h>

namespace busbar::tests {
namespace {

using busbar::ocpp::v16::tolerance;
using busbar::ocpp::v16::tolerance_set;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;
using enum busbar::ocpp::v16::tolerance;

struct tolerated_call {
  tolerance by;
  const char* action;
  const char* payload;
  /// What a strict station is answered; empty: the protocol allows it, so it is taken.
  const char* code;
};

const std::vector<tolerated_call>& all_calls() {
  static const std::vector<tolerated_call> calls{
      {longer_text, "StartTransaction",
       R"({"connectorId":1,"idTag":"123456789012345678901","meterStart":0,
           "timestamp":"2026-05-01T00:00:00Z"})",
       "PropertyConstraintViolation"},
      {unknown_member, "StatusNotification",
       R"({"connectorId":1,"errorCode":"NoError","status":"Available","colour":"red"})",
       "FormationViolation"},
      {unknown_value, "StatusNotification",
       R"({"connectorId":1,"errorCode":"NoError","status":"Thinking"})",
       "PropertyConstraintViolation"},
      {value_case, "StatusNotification",
       R"({"connectorId":1,"errorCode":"NoError","status":" charging"})",
       "PropertyConstraintViolation"},
      {time_without_zone, "StatusNotification",
       R"({"connectorId":1,"errorCode":"NoError","status":"Available",
           "timestamp":"2026-05-01T00:00:00"})",
       "TypeConstraintViolation"},
      {time_form, "StatusNotification",
       R"({"connectorId":1,"errorCode":"NoError","status":"Available",
           "timestamp":"2026-05-01 00:00:00+0200"})",
       "TypeConstraintViolation"},
      {unreadable_time, "StatusNotification",
       R"({"connectorId":1,"errorCode":"NoError","status":"Available","timestamp":"today"})",
       "TypeConstraintViolation"},
      {implausible_time, "MeterValues",
       R"({"connectorId":1,"meterValue":[{"timestamp":"1970-01-01T00:00:00Z",
           "sampledValue":[{"value":"1"}]}]})",
       ""},
      {null_member, "StatusNotification",
       R"({"connectorId":1,"errorCode":"NoError","status":"Available","info":null})",
       "TypeConstraintViolation"},
      {missing_member, "StatusNotification", R"({"connectorId":1,"status":"Available"})",
       "OccurenceConstraintViolation"},
      {value_as_text, "StatusNotification",
       R"({"connectorId":"1","errorCode":"NoError","status":"Available"})",
       "TypeConstraintViolation"},
      {number_for_text, "MeterValues",
       R"({"connectorId":1,"meterValue":[{"timestamp":"2026-05-01T00:00:00Z",
           "sampledValue":[{"value":16.1}]}]})",
       "TypeConstraintViolation"},
      {fractional_number, "StartTransaction",
       R"({"connectorId":1,"idTag":"T","meterStart":0.5,"timestamp":"2026-05-01T00:00:00Z"})",
       "TypeConstraintViolation"},
      {empty_list, "MeterValues", R"({"connectorId":1,"meterValue":[]})",
       "OccurenceConstraintViolation"},
      {unreadable_member, "StatusNotification",
       R"({"connectorId":1,"errorCode":"NoError","status":"Available","info":{}})",
       "TypeConstraintViolation"},
      {unreadable_item, "MeterValues",
       R"({"connectorId":1,"meterValue":[{"timestamp":"2026-05-01T00:00:00Z",
           "sampledValue":[{"value":"1"},{"unit":"W"}]}]})",
       "OccurenceConstraintViolation"},
      {empty_sample, "MeterValues",
       R"({"connectorId":1,"meterValue":[{"timestamp":"2026-05-01T00:00:00Z",
           "sampledValue":[{"value":""}]}]})",
       ""},
      {unreadable_sample, "MeterValues",
       R"({"connectorId":1,"meterValue":[{"timestamp":"2026-05-01T00:00:00Z",
           "sampledValue":[{"value":"many"}]}]})",
       ""},
      {celcius, "MeterValues",
       R"({"connectorId":1,"meterValue":[{"timestamp":"2026-05-01T00:00:00Z",
           "sampledValue":[{"value":"20","measurand":"Temperature","unit":"Celcius"}]}]})",
       ""},
  };
  return calls;
}

/// A station that has booted and of which these are tolerated.
struct booted_desk : station_desk {
  explicit booted_desk(tolerance_set taken) {
    auto place = two_connectors();
    place.tolerances = taken;
    machine = station::station_machine{std::move(place)};
    connect();
    boot();
  }
  /// What onboarding asks goes before all else.
  void end_onboarding() {
    for (int i = 0; i < 20 && !last.frames.empty() && last.frames.back().starts_with("[2,"); ++i)
      answer(last.frames.back().find("GetConfiguration") == std::string::npos
                 ? R"({"status":"Accepted"})"
                 : "{}");
  }
};

std::uint32_t counted(const station_desk& desk, tolerance which) {
  return desk.machine.state().tolerated[static_cast<std::size_t>(which)];
}

} // namespace

TEST(strict_station, OCPP_5_each_tolerance_takes_its_message_and_is_counted) {
  for (const auto& each : all_calls()) {
    booted_desk desk{tolerance_set{each.by}};
    EXPECT_THAT(desk.call(each.action, each.payload), StartsWith("[3,")) << name_of(each.by);
    EXPECT_EQ(counted(desk, each.by), 1u) << name_of(each.by);
  }
}

TEST(strict_station, OCPP_5_without_its_tolerance_a_message_is_answered_with_the_right_code) {
  for (const auto& each : all_calls()) {
    auto others = tolerance_set::all();
    others.remove(each.by);
    for (const auto taken : {others, tolerance_set::none()}) {
      booted_desk desk{taken};
      const auto answer = desk.call(each.action, each.payload);
      if (*each.code == '\0') EXPECT_THAT(answer, StartsWith("[3,")) << name_of(each.by);
      else EXPECT_THAT(answer, HasSubstr("\"" + std::string{each.code} + "\""))
          << name_of(each.by);
    }
  }
}

TEST(strict_station, OCPP_5_a_finer_number_in_an_answer_is_taken_or_an_error) {
  const auto answered = [](tolerance_set taken) {
    booted_desk desk{taken};
    station::station_call call{station::errand::order, "GetCompositeSchedule",
                               R"({"connectorId":1,"duration":60})"};
    call.order = 7;
    desk.end_onboarding();
    desk.last = desk.machine.order(std::move(call), desk.now);
    desk.answer(R"({"status":"Accepted","connectorId":1,"chargingSchedule":{
        "chargingRateUnit":"A","chargingSchedulePeriod":[{"startPeriod":0,"limit":16.05}]}})");
    return desk.last.orders.back();
  };
  EXPECT_EQ(answered({finer_number}).state, ports::order_state::accepted);
  const auto strict = answered({});
  EXPECT_EQ(strict.state, ports::order_state::failed);
  EXPECT_EQ(strict.reply.error_code, "PropertyConstraintViolation");
  EXPECT_THAT(strict.reply.error_description,
              HasSubstr("/chargingSchedule/chargingSchedulePeriod/0/limit"));
}

TEST(strict_station, OCPP_5_a_status_in_other_capitals_is_the_one_that_is_meant) {
  booted_desk desk{tolerance_set::all()};
  desk.call("StatusNotification",
            R"({"connectorId":1,"errorCode":"NoError","status":"suspendedev "})");
  EXPECT_EQ(desk.machine.state().connectors[0].status,
            station::reported_status::suspended_by_vehicle);
}

TEST(strict_station, OCPP_5_an_answer_in_other_capitals_is_an_acceptance_unless_strict) {
  const auto granted = [](tolerance_set taken) {
    booted_desk desk{taken};
    desk.end_onboarding();
    desk.start();
    desk.grant(16'000, 1);
    desk.answer(R"({"status":"accepted"})");
    return desk.last.results.back().result.answer;
  };
  EXPECT_EQ(granted(tolerance_set::all()), domain::outcome::accepted);
  EXPECT_EQ(granted(tolerance_set::none()), domain::outcome::refused);
}

} // namespace busbar::tests
