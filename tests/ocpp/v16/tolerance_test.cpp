#include "read_payload.hpp"

#include "domain/fault_list.hpp"

#include <gmock/gmock.h>

#include <fstream>
#include <sstream>

namespace busbar::ocpp::v16 {
namespace {

using enum tolerance;

struct tolerated {
  tolerance by;
  action which;
  const char* payload;
  /// What strict answers.
  const char* strict;
};

const std::vector<tolerated>& every_tolerance() {
  static const std::vector<tolerated> cases{
      {longer_text, action::start_transaction,
       R"({"connectorId":1,"idTag":"123456789012345678901","meterStart":0,
           "timestamp":"2026-05-01T12:00:00Z"})",
       "PropertyConstraintViolation /idTag"},
      {unknown_member, action::status_notification,
       R"({"connectorId":1,"errorCode":"NoError","status":"Available","colour":"red"})",
       "FormationViolation /colour"},
      {unknown_value, action::status_notification,
       R"({"connectorId":1,"errorCode":"NoError","status":"Thinking"})",
       "PropertyConstraintViolation /status"},
      {value_case, action::status_notification,
       R"({"connectorId":1,"errorCode":"noError","status":"Available"})",
       "PropertyConstraintViolation /errorCode"},
      {time_without_zone, action::stop_transaction,
       R"({"transactionId":1,"meterStop":0,"timestamp":"2026-05-01T12:00:00"})",
       "TypeConstraintViolation /timestamp"},
      {time_form, action::stop_transaction,
       R"({"transactionId":1,"meterStop":0,"timestamp":"2026-05-01 12:00:00+0200"})",
       "TypeConstraintViolation /timestamp"},
      {unreadable_time, action::stop_transaction,
       R"({"transactionId":1,"meterStop":0,"timestamp":"222222017-05-01T12:00:00Z"})",
       "TypeConstraintViolation /timestamp"},
      {null_member, action::start_transaction,
       R"({"connectorId":1,"idTag":"T","meterStart":0,"reservationId":null,
           "timestamp":"2026-05-01T12:00:00Z"})",
       "TypeConstraintViolation /reservationId"},
      {null_member, action::stop_transaction,
       R"({"transactionId":null,"meterStop":0,"timestamp":"2026-05-01T12:00:00Z"})",
       "TypeConstraintViolation /transactionId"},
      {missing_member, action::status_notification, R"({"connectorId":1,"status":"Available"})",
       "OccurenceConstraintViolation /errorCode"},
      {value_as_text, action::start_transaction,
       R"({"connectorId":"1","idTag":"T","meterStart":"1000",
           "timestamp":"2026-05-01T12:00:00Z"})",
       "TypeConstraintViolation /connectorId"},
      {number_for_text, action::meter_values,
       R"({"connectorId":1,"meterValue":[{"timestamp":"2026-05-01T12:00:00Z",
           "sampledValue":[{"value":16.1}]}]})",
       "TypeConstraintViolation /meterValue/0/sampledValue/0/value"},
      {fractional_number, action::stop_transaction,
       R"({"transactionId":1,"meterStop":1000.5,"timestamp":"2026-05-01T12:00:00Z"})",
       "TypeConstraintViolation /meterStop"},
      {empty_list, action::meter_values, R"({"connectorId":1,"meterValue":[]})",
       "OccurenceConstraintViolation /meterValue"},
      {unreadable_member, action::stop_transaction,
       R"({"transactionId":1,"meterStop":0,"timestamp":"2026-05-01T12:00:00Z",
           "transactionData":{}})",
       "TypeConstraintViolation /transactionData"},
      {unreadable_item, action::meter_values,
       R"({"connectorId":1,"meterValue":[{"timestamp":"2026-05-01T12:00:00Z",
           "sampledValue":[{"value":"1"},{"unit":"W"}]}]})",
       "OccurenceConstraintViolation /meterValue/0/sampledValue/1/value"},
  };
  return cases;
}

} // namespace

TEST(tolerance, OCPP_5_each_tolerance_takes_its_fault_alone_and_names_it) {
  for (const auto& each : every_tolerance()) {
    const auto taken = checked_request(each.which, each.payload, {each.by});
    EXPECT_EQ(first_fault(taken), "") << name_of(each.by);
    EXPECT_EQ(taken.used, tolerance_set{each.by}) << name_of(each.by);
  }
}

TEST(tolerance, OCPP_5_strict_answers_every_tolerated_fault_with_its_code) {
  for (const auto& each : every_tolerance()) {
    const auto strict = checked_request(each.which, each.payload, tolerance_set::none());
    EXPECT_EQ(first_fault(strict), each.strict) << name_of(each.by);
    EXPECT_TRUE(strict.used.empty());
  }
}

TEST(tolerance, OCPP_5_a_tolerance_that_is_switched_off_refuses) {
  for (const auto& each : every_tolerance()) {
    auto all_others = tolerance_set::all();
    all_others.remove(each.by);
    EXPECT_EQ(first_fault(checked_request(each.which, each.payload, all_others)), each.strict)
        << name_of(each.by);
  }
}

TEST(tolerance, OCPP_5_what_makes_a_fact_unreadable_is_refused_tolerant_and_strict_alike) {
  struct refused {
    action which;
    const char* payload;
    const char* fault;
  };
  const std::vector<refused> cases{
      {action::boot_notification, R"({"chargePointVendor":"V"})",
       "OccurenceConstraintViolation /chargePointModel"},
      {action::start_transaction, R"({"idTag":"T","meterStart":0,
        "timestamp":"2026-05-01T12:00:00Z"})", "OccurenceConstraintViolation /connectorId"},
      {action::start_transaction, R"({"connectorId":null,"idTag":"T","meterStart":0,
        "timestamp":"2026-05-01T12:00:00Z"})", "TypeConstraintViolation /connectorId"},
      {action::status_notification, R"({"connectorId":1,"errorCode":"NoError"})",
       "OccurenceConstraintViolation /status"},
      {action::meter_values, R"({"connectorId":1})", "OccurenceConstraintViolation /meterValue"},
      {action::meter_values, R"({"connectorId":1,"meterValue":7})",
       "TypeConstraintViolation /meterValue"},
  };
  for (const auto& each : cases)
    for (const auto set : {tolerance_set::all(), tolerance_set::none()})
      EXPECT_EQ(first_fault(checked_request(each.which, each.payload, set)), each.fault);
}

TEST(tolerance, OCPP_5_a_request_that_is_no_fact_is_checked_strictly) {
  const auto found = checked_request(action::authorize, R"({"idTag":"123456789012345678901"})");
  EXPECT_EQ(first_fault(found), "PropertyConstraintViolation /idTag");
}

TEST(tolerance, OCPP_5_answers_of_stations_are_tolerated) {
  const auto payload = payload_of(
      R"({"status":"accepted","connectorId":1,"chargingSchedule":{"chargingRateUnit":"A",
          "chargingSchedulePeriod":[{"startPeriod":0,"limit":16.05}]},"x":1})");
  const auto found = check(action::get_composite_schedule, direction::response, payload,
                           tolerance_set::all());
  EXPECT_TRUE(found.is_accepted());
  EXPECT_EQ(found.used, (tolerance_set{value_case, finer_number, unknown_member}));
  const auto strict = check(action::get_composite_schedule, direction::response, payload,
                            tolerance_set::none());
  EXPECT_EQ(strict.fault_count, 3U);
}

TEST(tolerance, a_fault_says_what_stands_there_and_what_is_allowed) {
  const auto found = checked_request(action::reset, R"({"type":"Sotf"})");
  EXPECT_EQ(found.faults.at(0).description(),
            "/type: \"Sotf\": allowed: Hard, Soft (did you mean `Soft`?)");
  const auto misspelt = checked_request(action::reset, R"({"typ":"Soft"})");
  EXPECT_EQ(misspelt.faults.at(0).description(),
            "/typ: is not a field of this PDU (did you mean `type`?)");
  EXPECT_EQ(misspelt.faults.at(1).description(), "/type: is required");
  const auto hostile = checked_request(action::reset, R"({"type":"\u001b[31m\u0000"})");
  EXPECT_EQ(hostile.faults.at(0).description().find('\x1b'), std::string::npos);
}

TEST(tolerance, a_payload_of_thousands_of_faults_is_answered_with_a_bounded_list) {
  std::string many = "{";
  for (int i = 0; i < 5'000; ++i) many += "\"k" + std::to_string(i) + "\":1,";
  const auto found = checked_request(action::reset, many + "\"type\":\"Soft\"}");
  EXPECT_EQ(found.fault_count, 5'000U);
  EXPECT_EQ(found.faults.size(), domain::fault_list::kept_max);
}

TEST(tolerance, every_tolerance_has_its_row_in_the_manual) {
  std::ifstream file(BUSBAR_SOURCE_DIR "/docs/ocpp.md");
  std::stringstream text;
  text << file.rdbuf();
  std::size_t rows = 0;
  for (const auto& each : all_tolerances()) {
    const auto row = "| `" + std::string(each.name) + "` | " + std::string(each.meaning) + " |";
    EXPECT_NE(text.str().find(row), std::string::npos) << row;
    EXPECT_EQ(tolerance_from(each.name), each.is);
    EXPECT_EQ(name_of(each.is), each.name);
    ++rows;
  }
  EXPECT_EQ(rows, tolerance_count);
}

} // namespace busbar::ocpp::v16
