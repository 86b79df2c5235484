#include "tests/adapters/ocpp/station_desk.hpp"

#include <gmock/gmock.h>

namespace busbar::tests {

using domain::command_kind;
using domain::outcome;
using station::count;
using testing::HasSubstr;
using testing::StartsWith;

TEST(station_machine, OCPP_6_nothing_is_asked_before_the_boot_is_accepted) {
  station_desk desk;
  desk.connect();
  EXPECT_TRUE(desk.last.frames.empty());
  desk.grant(10'000, 1);
  EXPECT_TRUE(desk.last.frames.empty());
  EXPECT_TRUE(desk.last.results.empty()) << "a station that has not booted answers nothing";
  EXPECT_THAT(desk.boot(), HasSubstr("\"status\":\"Accepted\""));
  ASSERT_EQ(desk.last.frames.size(), 2u);
  EXPECT_THAT(desk.last.frames[1], HasSubstr("TxDefaultProfile"))
      << "its fallback is the first thing that it is told";
}

TEST(station_machine, OCPP_6_what_comes_before_the_boot_earns_SecurityError_and_starts_nothing) {
  station_desk desk;
  desk.connect();
  EXPECT_THAT(desk.call("Heartbeat"), HasSubstr("SecurityError"));
  desk.start();
  EXPECT_TRUE(desk.last.requests.empty());
  EXPECT_TRUE(desk.machine.state().transactions.empty());
}

TEST(station_machine, OCPP_6_one_that_has_not_booted_is_asked_to_once) {
  station_desk desk;
  desk.connect();
  desk.call("Heartbeat");
  desk.now += seconds{4};
  EXPECT_TRUE(desk.machine.pulse(desk.now).frames.empty());
  desk.now += seconds{7};
  const auto out = desk.machine.pulse(desk.now);
  ASSERT_EQ(out.frames.size(), 1u);
  EXPECT_THAT(out.frames[0], HasSubstr("BootNotification"));
  desk.call("Heartbeat");
  desk.now += seconds{60};
  EXPECT_TRUE(desk.machine.pulse(desk.now).frames.empty());
}

TEST(station_machine, OCPP_6_one_that_comes_back_without_a_boot_is_served) {
  station_desk desk;
  desk.serve();
  static_cast<void>(desk.machine.closed());
  desk.connect(2);
  EXPECT_THAT(desk.call("Heartbeat"), StartsWith("[3,"));
}

TEST(station_machine, a_boot_without_model_is_refused) {
  station_desk desk;
  desk.connect();
  EXPECT_THAT(desk.call("BootNotification", R"({"chargePointVendor":"V"})"),
              HasSubstr("OccurenceConstraintViolation"));
  EXPECT_FALSE(desk.machine.state().is_accepted);
}

TEST(station_machine, OCPP_1_one_call_is_outstanding_at_a_time) {
  station_desk desk;
  desk.connect();
  desk.boot();
  EXPECT_EQ(desk.last.frames.size(), 2u);
  desk.call("Heartbeat");
  EXPECT_EQ(desk.last.frames.size(), 1u) << "the answer alone";
}

TEST(station_machine, OCPP_1_a_repeated_call_gets_the_same_answer_and_does_nothing_twice) {
  station_desk desk;
  desk.serve();
  const std::string text = R"([2,"x","StartTransaction",{"connectorId":1,"idTag":"TAG1",)"
                           R"("meterStart":7,"timestamp":"2026-05-01T00:00:00Z"}])";
  desk.raw(text);
  const auto first = desk.last.frames.front();
  EXPECT_EQ(desk.last.requests.size(), 1u);
  desk.raw(text);
  EXPECT_EQ(desk.last.frames.front(), first);
  EXPECT_TRUE(desk.last.requests.empty());
  EXPECT_EQ(desk.machine.state().transactions.size(), 1u);
}

TEST(station_machine, OCPP_1_the_same_id_with_another_content_is_another_call) {
  station_desk desk;
  desk.serve();
  desk.raw(R"([2,"1000001","Heartbeat",{}])");
  EXPECT_EQ(desk.last.frames.size(), 1u);
  desk.raw(R"([2,"1000001","StatusNotification",)"
           R"({"connectorId":1,"errorCode":"NoError","status":"Available"}])");
  EXPECT_EQ(desk.last.frames.front(), R"([3,"1000001",{}])");
}

TEST(station_machine, OCPP_1_an_answer_to_nothing_is_dropped_and_counted) {
  station_desk desk;
  desk.serve();
  desk.raw(R"([3,"nothing",{"status":"Accepted"}])");
  EXPECT_TRUE(desk.has(count::stray_answers));
  EXPECT_TRUE(desk.last.results.empty());
}

TEST(station_machine, LIFE_1_a_transaction_becomes_a_request_and_its_session) {
  station_desk desk;
  desk.serve();
  const auto number = desk.start();
  EXPECT_GT(number, 0);
  ASSERT_EQ(desk.last.requests.size(), 1u);
  const auto& asked = desk.last.requests.front();
  EXPECT_EQ(asked.kind, domain::request_kind::start);
  EXPECT_EQ(asked.driver.text(), "TAG1");
  EXPECT_EQ(asked.connector.text(), "CP-4-1");
  EXPECT_EQ(station::transaction_of(asked.id), number) << "known again after a restart";
  desk.accept("CP-4.5.1", 1);
  ASSERT_EQ(desk.last.results.size(), 1u);
  EXPECT_EQ(desk.last.results[0].result.answer, outcome::accepted);
  EXPECT_EQ(desk.last.results[0].result.register_at->count(), 1'000);
  EXPECT_TRUE(desk.last.frames.empty()) << "the station has started already";
}

TEST(station_machine, OCPP_7_a_start_told_again_has_its_number_again) {
  station_desk desk;
  desk.serve();
  const auto number = desk.start();
  EXPECT_EQ(desk.start(), number);
  EXPECT_TRUE(desk.last.requests.empty());
  EXPECT_NE(desk.start("TAG1", 1000, 2), number);
}

TEST(station_machine, OCPP_7_a_stop_of_minus_one_means_the_only_one_that_runs) {
  station_desk desk;
  desk.serve();
  desk.start("TAG1", 971);
  desk.accept("CP-4.5.1", 1);
  const auto answer = desk.stop(-1, 1'371);
  EXPECT_EQ(answer, "[3,\"s" + std::to_string(desk.ids) + "\",{}]");
  EXPECT_EQ(desk.last.requests.size(), 1u);
}

TEST(station_machine, OCPP_7_a_report_without_an_answer_is_told_once_more_under_the_same_id) {
  station_desk desk;
  desk.serve();
  desk.start();
  const auto first = desk.last.requests.front().id;
  for (int second = 1; second < 60; ++second)
    EXPECT_TRUE(desk.machine.pulse(desk.now + seconds{second}).requests.empty()) << second;
  const auto again = desk.machine.pulse(desk.now + seconds{60}).requests;
  ASSERT_EQ(again.size(), 1u);
  EXPECT_EQ(again.front().id, first) << "it is answered once";
}

TEST(station_machine, OCPP_7_a_clock_that_is_ahead_changes_not_how_long_a_transaction_lasted) {
  station_desk desk;
  desk.now -= seconds{7'200};
  desk.serve();
  const auto number = desk.start();
  const auto first = desk.last.requests.front();
  EXPECT_EQ(first.reported->began_at, desk.now);
  desk.fact(domain::session_fact_kind::denied, first, "");
  desk.stop(number, 1'700);
  const auto& report = *desk.last.requests.at(0).reported;
  EXPECT_EQ(report.ended_at, desk.now);
  EXPECT_EQ(*report.ended_at - report.began_at, seconds{1'200});
}

TEST(station_machine, OCPP_7_a_foreign_stop_is_acknowledged_and_touches_no_session) {
  station_desk desk;
  desk.serve();
  desk.start();
  EXPECT_THAT(desk.stop(77'123, 8'400), StartsWith("[3,"));
  EXPECT_TRUE(desk.has(count::transactions_unmatched));
  EXPECT_TRUE(desk.last.requests.empty());
  EXPECT_FALSE(desk.machine.state().transactions.front().has_ended);
}

TEST(station_machine, OCPP_7_a_session_of_the_log_goes_on_under_its_number) {
  station_desk desk;
  domain::session_state open;
  open.id = domain::session_id{"CP-4.5.1"};
  open.request = domain::request_id{"ocpp.4711.1"};
  open.driver = domain::driver_id{"TAG1"};
  open.connector = domain::connector_index{std::size_t{7}};
  open.register_start_wh = open.register_now_wh = 1'000;
  desk.machine.restore(open, desk.numbers);
  desk.connect();
  EXPECT_EQ(desk.start("TAG1", 1'000), 4'711) << "told again for a repeated start";
  desk.stop(4'711, 1'300);
  ASSERT_EQ(desk.last.requests.size(), 1u);
  EXPECT_EQ(desk.last.requests[0].session.text(), "CP-4.5.1");
}

TEST(station_machine, OCPP_9_a_grant_is_a_profile_of_its_transaction_and_is_answered_with_it) {
  station_desk desk;
  desk.serve();
  const auto number = desk.start();
  desk.accept("CP-4.5.1", 1);
  desk.grant(16'270, 2);
  ASSERT_EQ(desk.last.frames.size(), 1u);
  const auto& frame = desk.last.frames.front();
  EXPECT_THAT(frame, HasSubstr("\"TxProfile\""));
  EXPECT_THAT(frame, HasSubstr("\"limit\":16.2}")) << "rounded down to a tenth (LIM-5)";
  EXPECT_THAT(frame, HasSubstr("\"duration\":60"));
  EXPECT_THAT(frame, HasSubstr("\"transactionId\":" + std::to_string(number)));
  EXPECT_TRUE(desk.last.results.empty()) << "not before the station has answered";
  desk.answer(R"({"status":"Accepted"})");
  ASSERT_EQ(desk.last.results.size(), 1u);
  EXPECT_EQ(desk.last.results[0].result.number, 2u);
  EXPECT_EQ(desk.last.results[0].result.answer, outcome::accepted);
}

TEST(station_machine, OCPP_10_a_grant_without_an_answer_has_no_result) {
  station_desk desk;
  desk.serve();
  desk.start();
  desk.grant(16'000, 1);
  desk.now += seconds{31};
  const auto out = desk.machine.pulse(desk.now);
  EXPECT_TRUE(out.results.empty()) << "it may have been obeyed: the engine reserves the larger";
  EXPECT_EQ(out.counts.front(), count::calls_unanswered);
}

TEST(station_machine, OCPP_10_a_refused_grant_is_refused_with_the_stations_word) {
  station_desk desk;
  desk.serve();
  desk.start();
  desk.grant(16'000, 1);
  // In every form: two units, with phases and without.
  for (int form = 0; form < 4; ++form) {
    ASSERT_TRUE(desk.last.results.empty()) << form;
    desk.answer(R"({"status":"Rejected"})");
  }
  ASSERT_EQ(desk.last.results.size(), 1u);
  EXPECT_EQ(desk.last.results[0].result.answer, outcome::refused);
  EXPECT_EQ(desk.last.results[0].result.why, "Rejected");
}

TEST(station_machine, OWN_1_commands_of_an_older_epoch_or_number_are_refused) {
  station_desk desk;
  desk.serve();
  desk.grant(10'000, 4, 5);
  desk.grant(20'000, 3, 5);
  EXPECT_EQ(desk.last.results.at(0).result.answer, outcome::refused);
  desk.grant(20'000, 9, 4);
  EXPECT_EQ(desk.last.results.at(0).result.answer, outcome::refused);
  EXPECT_EQ(desk.last.results.at(0).owner, 5u) << "the epoch that is obeyed";
  desk.grant(10'000, 4, 5);
  EXPECT_EQ(desk.last.results.at(0).result.answer, outcome::accepted) << "as it was answered";
}

TEST(station_machine, OWN_1_the_fence_holds_after_a_restart) {
  station_desk desk;
  domain::told_state told;
  told.connector = domain::connector_index{std::size_t{7}};
  told.number = 8;
  desk.machine.restore(told, 5);
  desk.serve();
  desk.grant(10'000, 7, 5);
  EXPECT_EQ(desk.last.results.at(0).result.answer, outcome::refused);
}

TEST(station_machine, a_start_of_the_engine_is_a_remote_start_and_its_transaction_has_its_session) {
  station_desk desk;
  desk.serve();
  auto told = desk.command(command_kind::start, 1);
  told.session = domain::session_id{"CP-4.5.9"};
  told.driver = domain::driver_id{"anna"};
  desk.tell(told);
  EXPECT_THAT(desk.last.frames.front(), HasSubstr("RemoteStartTransaction"));
  desk.answer(R"({"status":"Accepted"})");
  EXPECT_EQ(desk.last.results.at(0).result.answer, outcome::accepted);
  desk.start("anna", 500);
  EXPECT_TRUE(desk.last.requests.empty()) << "the engine has asked for it";
  EXPECT_EQ(desk.machine.state().transactions.front().session.text(), "CP-4.5.9");
}

TEST(station_machine, a_remote_start_has_come_to_nothing_after_the_stations_own_time_out) {
  const auto seconds_until_given_up = [](const std::string& configuration) {
    station_desk desk;
    desk.connect();
    desk.boot();
    for (int i = 0; i < 20 && !desk.last.frames.empty(); ++i) {
      const bool is_asked = desk.last.frames.back().find("GetConfiguration") != std::string::npos;
      desk.answer(is_asked ? configuration : R"({"status":"Accepted"})");
    }
    auto told = desk.command(command_kind::start, 1);
    told.session = domain::session_id{"CP-4.5.9"};
    told.driver = domain::driver_id{"anna"};
    desk.tell(told);
    desk.answer(R"({"status":"Accepted"})");
    int passed = 0;
    for (; passed < 1'000 && desk.last.requests.empty(); ++passed) {
      desk.now += seconds{1};
      desk.call("Heartbeat");
      desk.last = desk.machine.pulse(desk.now);
    }
    return passed;
  };
  const auto stating = [](const std::string& value) {
    return R"({"configurationKey":[{"key":"ConnectionTimeOut","readonly":false,"value":")" +
           value + R"("}]})";
  };
  EXPECT_EQ(seconds_until_given_up("{}"), 90);
  EXPECT_EQ(seconds_until_given_up(stating("180")), 210);
  EXPECT_EQ(seconds_until_given_up(stating("10")), 40);
  for (const auto* unusable : {"0", "-5", "86400", "soon"})
    EXPECT_EQ(seconds_until_given_up(stating(unusable)), 90) << unusable;
}

TEST(station_machine, a_stop_of_the_engine_waits_for_the_stations_register) {
  station_desk desk;
  desk.serve();
  const auto number = desk.start();
  desk.accept("CP-4.5.1", 1);
  auto told = desk.command(command_kind::stop, 2);
  told.session = domain::session_id{"CP-4.5.1"};
  desk.tell(told);
  EXPECT_THAT(desk.last.frames.front(), HasSubstr("RemoteStopTransaction"));
  desk.answer(R"({"status":"Accepted"})");
  EXPECT_TRUE(desk.last.results.empty());
  desk.stop(number, 1'250);
  ASSERT_EQ(desk.last.results.size(), 1u);
  EXPECT_EQ(desk.last.results[0].result.register_at->count(), 1'250);
  ASSERT_EQ(desk.last.requests.size(), 1u) << "its acknowledgement waits for this";
  EXPECT_EQ(desk.last.requests[0].reported->register_stop_wh, 1'250);
}

TEST(station_machine, LIM_3_silence_in_a_transaction_is_silence) {
  station_desk desk;
  desk.serve();
  desk.call("StatusNotification",
            R"({"connectorId":1,"errorCode":"NoError","status":"Available"})");
  desk.now += seconds{20};
  EXPECT_EQ(desk.machine.alive(desk.now).readings.size(), 1u) << "the one with a status";
  desk.start();
  desk.now += seconds{20};
  EXPECT_TRUE(desk.machine.alive(desk.now).readings.empty());
}

TEST(station_machine, a_sample_is_asked_for_once_a_transaction_has_begun) {
  station_desk desk;
  desk.serve();
  desk.start();
  desk.now += seconds{2};
  EXPECT_TRUE(desk.machine.pulse(desk.now).frames.empty());
  desk.now += seconds{1};
  desk.last = desk.machine.pulse(desk.now);
  ASSERT_EQ(desk.last.frames.size(), 1u);
  EXPECT_THAT(desk.last.frames[0],
              HasSubstr(R"({"requestedMessage":"MeterValues","connectorId":1})"));
  desk.answer(R"({"status":"Accepted"})");
  desk.now += seconds{60};
  EXPECT_TRUE(desk.machine.pulse(desk.now).frames.empty()) << "once";
}

TEST(station_machine, a_sample_is_asked_for_where_a_grant_changes_the_current) {
  station_desk desk;
  desk.serve();
  desk.start();
  desk.accept("s-1", 1);
  desk.now += seconds{3};
  desk.last = desk.machine.pulse(desk.now);
  desk.answer(R"({"status":"Accepted"})");
  for (const int number : {2, 3}) {
    desk.grant(10'000, static_cast<domain::sequence>(number));
    desk.answer(R"({"status":"Accepted"})");
    desk.now += seconds{3};
    desk.last = desk.machine.pulse(desk.now);
    EXPECT_EQ(desk.last.frames.size(), number == 2 ? 1u : 0u) << "the third changes nothing";
    if (number == 2) desk.answer(R"({"status":"Accepted"})");
  }
}

TEST(station_machine, a_station_that_knows_no_trigger_is_asked_for_a_sample_once) {
  station_desk desk;
  desk.serve();
  const auto first = desk.start();
  desk.now += seconds{3};
  desk.last = desk.machine.pulse(desk.now);
  desk.raw("[4,\"" + station_desk::id_of(desk.last.frames.back()) +
           "\",\"NotImplemented\",\"\",{}]");
  desk.stop(first, 2'000);
  desk.start("TAG2", 2'000);
  desk.now += seconds{3};
  EXPECT_TRUE(desk.machine.pulse(desk.now).frames.empty());
}

TEST(station_machine, OCPP_5_a_tolerance_that_a_message_needs_is_counted_by_its_name) {
  station_desk desk;
  desk.serve();
  desk.call("StatusNotification",
            R"({"connectorId":1,"errorCode":"NoError","status":"Available","lamp":"green"})");
  EXPECT_TRUE(desk.has(count::tolerated));
  const auto& counts = desk.machine.state().tolerated;
  for (const auto& row : busbar::ocpp::v16::all_tolerances())
    EXPECT_EQ(counts[static_cast<std::size_t>(row.is)],
              row.is == busbar::ocpp::v16::tolerance::unknown_member ? 1u : 0u)
        << row.name;
}

TEST(station_machine, OCPP_8_an_old_sample_is_never_the_present) {
  station_desk desk;
  desk.serve();
  desk.call("MeterValues", R"({"connectorId":1,"meterValue":[{"timestamp":"2026-04-30T12:00:00Z",)"
                           R"("sampledValue":[{"value":"16","measurand":"Current.Import"}]}]})");
  EXPECT_TRUE(desk.has(count::old_samples));
  EXPECT_TRUE(desk.last.readings.empty());
}

TEST(station_machine, OCPP_10_a_deaf_station_is_closed_once) {
  station_desk desk;
  desk.serve();
  desk.start();
  int closed = 0;
  for (domain::sequence number = 1; number < 12; ++number) {
    desk.grant(10'000, number);
    desk.now += seconds{31};
    closed += desk.machine.pulse(desk.now).closes ? 1 : 0;
  }
  EXPECT_EQ(closed, 1);
}

} // namespace busbar::tests
