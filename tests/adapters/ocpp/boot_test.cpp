// What a boot leaves of transactions that were open, and reports that the engine denies.

#include "tests/adapters/ocpp/station_desk.hpp"

#include <gmock/gmock.h>

namespace busbar::tests {
namespace {

using testing::HasSubstr;
using testing::SizeIs;
using testing::StartsWith;

struct booted_station : testing::Test {
  void SetUp() override {
    desk.serve();
    number = desk.start();
    desk.accept("S-1", 1);
    measure(1'400);
    desk.boot();
  }
  void measure(int register_wh) {
    desk.call("MeterValues",
              R"({"connectorId":1,"transactionId":)" + std::to_string(number) +
                  R"(,"meterValue":[{"timestamp":")" + "2026-05-01T00:00:00Z" +
                  R"(","sampledValue":[{"value":")" + std::to_string(register_wh) + "\"}]}]}");
  }
  void report(const std::string& status) {
    desk.call("StatusNotification",
              R"({"connectorId":1,"errorCode":"NoError","status":")" + status + "\"}");
  }
  /// The requests of the pulses of so many seconds.
  std::vector<domain::driver_request> requests_within(int seconds_more) {
    std::vector<domain::driver_request> all;
    for (int i = 0; i < seconds_more; ++i) {
      desk.now += seconds{1};
      desk.last = desk.machine.pulse(desk.now);
      for (const auto& each : desk.last.requests) all.push_back(each);
    }
    return all;
  }

  station_desk desk;
  std::int32_t number = 0;
};

} // namespace

TEST_F(booted_station, OCPP_7_what_is_not_resumed_ends_with_a_reason_and_its_last_register) {
  EXPECT_THAT(requests_within(119), SizeIs(0));
  const auto asked = requests_within(1);
  ASSERT_THAT(asked, SizeIs(1));
  EXPECT_EQ(asked[0].kind, domain::request_kind::stop);
  EXPECT_EQ(asked[0].session.text(), "S-1");
  EXPECT_EQ(asked[0].why, "not resumed after a boot");
  // The engine's stop is answered with the register.
  auto stop = desk.command(domain::command_kind::stop, 2);
  stop.session = domain::session_id{"S-1"};
  desk.tell(stop);
  ASSERT_THAT(desk.last.results, SizeIs(1));
  EXPECT_EQ(desk.last.results[0].result.register_at->count(), 1'400);
  EXPECT_THAT(requests_within(600), SizeIs(0));
}

TEST_F(booted_station, OCPP_7_a_connector_that_is_available_again_has_half_a_minute_for_its_stop) {
  report("Available");
  EXPECT_THAT(requests_within(29), SizeIs(0));
  desk.stop(number, 1'500);
  ASSERT_THAT(desk.last.requests, SizeIs(1));
  EXPECT_EQ(desk.last.requests[0].why, "") << "its own stop is no fault";
  EXPECT_THAT(requests_within(300), SizeIs(0));
}

TEST_F(booted_station, OCPP_7_a_connector_that_is_available_again_ends_without_its_stop) {
  report("Available");
  EXPECT_THAT(requests_within(30), SizeIs(1));
  EXPECT_THAT(desk.stop(number, 1'500), StartsWith("[3,")) << "a late stop is acknowledged";
  EXPECT_THAT(desk.last.requests, SizeIs(0));
}

TEST_F(booted_station, OCPP_7_meter_values_of_it_are_its_resumption) {
  report("Preparing");
  measure(1'401);
  EXPECT_THAT(requests_within(300), SizeIs(0));
}

TEST_F(booted_station, OCPP_7_meter_values_of_no_transaction_are_none) {
  desk.call("MeterValues", R"({"connectorId":1,"meterValue":[{"timestamp":"2026-05-01T00:00:00Z",
      "sampledValue":[{"value":"1400"}]}]})");
  EXPECT_THAT(requests_within(120), SizeIs(1));
}

TEST_F(booted_station, OCPP_7_a_status_that_charges_is_its_resumption) {
  report("SuspendedEV");
  EXPECT_THAT(requests_within(300), SizeIs(0));
}

TEST_F(booted_station, OCPP_7_a_new_transaction_takes_the_place_of_the_one_before) {
  desk.start("TAG2", 1'450);
  const auto asked = desk.last.requests;
  ASSERT_THAT(asked, SizeIs(2));
  EXPECT_EQ(asked[0].kind, domain::request_kind::stop);
  EXPECT_EQ(asked[1].kind, domain::request_kind::start);
}

TEST(denied_report, OCPP_7_is_made_again_later_each_time_and_given_up_with_one_notice) {
  station_desk desk;
  desk.serve();
  desk.start();
  auto asked = desk.last.requests.front();
  std::vector<std::int64_t> pauses_s;
  std::vector<std::string> notices;
  auto denied_at = desk.now;
  const auto deny = [&] {
    desk.fact(domain::session_fact_kind::denied, asked, "");
    for (const auto& each : desk.last.notices) notices.push_back(each);
    denied_at = desk.now;
  };
  deny();
  for (int i = 0; i < 20'000; ++i) {
    desk.now += seconds{1};
    desk.last = desk.machine.pulse(desk.now);
    if (desk.last.requests.empty()) continue;
    asked = desk.last.requests.front();
    pauses_s.push_back(
        std::chrono::duration_cast<seconds>(desk.now - denied_at).count());
    deny();
  }
  ASSERT_THAT(pauses_s, SizeIs(15));
  EXPECT_EQ(pauses_s[0], 5);
  EXPECT_EQ(pauses_s[1], 10);
  EXPECT_EQ(pauses_s[2], 20);
  EXPECT_EQ(pauses_s[14], 300);
  ASSERT_THAT(notices, SizeIs(1));
  EXPECT_THAT(notices[0], HasSubstr("is not reported again"));
}

TEST(log_transactions, OCPP_7_one_of_another_gateway_is_forgotten_with_its_session) {
  station_desk desk;
  domain::driver_request asked;
  asked.id = domain::request_id{"ocpp.4711.1"};
  asked.station = domain::station_id{"CP-4"};
  domain::session_fact accepted;
  accepted.kind = domain::session_fact_kind::accepted;
  accepted.request = asked.id;
  accepted.station = asked.station;
  accepted.session = domain::session_id{"S-9"};
  accepted.connector = domain::connector_id{"CP-4-2"};
  const auto begun = desk.machine.begun_by(accepted);
  ASSERT_TRUE(begun);
  desk.machine.restore(*begun, desk.numbers);
  ASSERT_THAT(desk.machine.state().transactions, SizeIs(1));
  EXPECT_EQ(desk.machine.state().transactions[0].number, 4711);
  EXPECT_EQ(desk.machine.state().transactions[0].connector, 1u);
  EXPECT_FALSE(desk.machine.begun_by(accepted)) << "it is known";
  desk.fact(domain::session_fact_kind::completed, asked, "S-9");
  EXPECT_THAT(desk.machine.state().transactions, SizeIs(0));
  desk.machine.restore(*begun, desk.numbers);
  EXPECT_THAT(desk.machine.state().transactions, SizeIs(0)) << "a state that is older than its end";
}

} // namespace busbar::tests
