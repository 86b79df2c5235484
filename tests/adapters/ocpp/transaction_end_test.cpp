// How a transaction ends, and what the house learns of it before its station is answered.

#include "tests/adapters/ocpp/station_desk.hpp"

#include <gmock/gmock.h>

namespace busbar::tests {

using domain::command_kind;
using domain::outcome;
using testing::HasSubstr;
using testing::StartsWith;

TEST(transaction_end, KEEP_1_a_stop_that_comes_before_the_answer_to_its_order_is_reported) {
  station_desk desk;
  desk.serve();
  const auto number = desk.start();
  desk.accept("CP-4.5.1", 1);
  auto told = desk.command(command_kind::stop, 2);
  told.session = domain::session_id{"CP-4.5.1"};
  desk.tell(told);
  const auto order = desk.last.frames.back();
  desk.stop(number, 1'250);
  ASSERT_EQ(desk.last.requests.size(), 1u);
  EXPECT_EQ(desk.last.requests[0].session.text(), "CP-4.5.1");
  EXPECT_EQ(desk.last.requests[0].reported->register_stop_wh, 1'250);
  desk.raw("[3,\"" + station_desk::id_of(order) + R"(",{"status":"Accepted"}])");
  EXPECT_EQ(desk.last.results.at(0).result.register_at->count(), 1'250);
}

TEST(transaction_end, LIFE_1_a_station_that_refuses_a_remote_stop_goes_on_and_may_end_later) {
  station_desk desk;
  desk.serve();
  const auto number = desk.start();
  desk.accept("CP-4.5.1", 1);
  auto told = desk.command(command_kind::stop, 2);
  told.session = domain::session_id{"CP-4.5.1"};
  desk.tell(told);
  desk.answer(R"({"status":"Rejected"})");
  EXPECT_EQ(desk.last.results.at(0).result.answer, outcome::refused);
  // The session ends here by a fault: its station is stopped once more.
  domain::session_fact completed;
  completed.kind = domain::session_fact_kind::completed;
  completed.session = told.session;
  desk.last = desk.machine.fact(completed, desk.now);
  ASSERT_EQ(desk.last.frames.size(), 1u);
  EXPECT_THAT(desk.last.frames[0], HasSubstr("RemoteStopTransaction"));
  EXPECT_THAT(desk.last.frames[0], HasSubstr(std::to_string(number)));
}

TEST(transaction_end, a_stop_of_a_session_that_the_station_does_not_have_is_done) {
  station_desk desk;
  desk.serve();
  auto told = desk.command(command_kind::stop, 1);
  told.session = domain::session_id{"CP-4.5.7"};
  desk.tell(told);
  EXPECT_EQ(desk.last.results.at(0).result.answer, outcome::accepted);
  EXPECT_FALSE(desk.last.results[0].result.register_at);
}

TEST(transaction_end, OCPP_7_a_start_without_a_time_after_the_end_of_one_alike_is_another) {
  station_desk desk;
  desk.serve();
  const auto begin = [&] {
    const auto frame = desk.call("StartTransaction",
                                 R"({"connectorId":1,"idTag":"TAG1","meterStart":0,)"
                                 R"("timestamp":"never"})");
    return std::stoi(frame.substr(frame.find("\"transactionId\":") + 16));
  };
  const auto first = begin();
  EXPECT_EQ(begin(), first) << "it runs: this is the same start again";
  desk.stop(first, 0);
  const auto second = begin();
  EXPECT_NE(second, first);
  ASSERT_EQ(desk.last.requests.size(), 1u) << "a session of its own";
  EXPECT_EQ(station::transaction_of(desk.last.requests[0].id), second);
}

TEST(transaction_end, KEEP_1_one_that_has_ended_when_its_session_is_named_is_reported_by_name) {
  station_desk desk;
  desk.serve();
  const auto number = desk.start();
  const auto first = desk.last.requests.front();
  desk.stop(number, 1'700);
  const auto unnamed = desk.last.requests.at(0).id;
  desk.fact(domain::session_fact_kind::accepted, first, "CP-4.5.1");
  ASSERT_EQ(desk.last.requests.size(), 1u) << "the log may have the stop before the start";
  EXPECT_NE(desk.last.requests[0].id, unnamed);
  EXPECT_EQ(desk.last.requests[0].session.text(), "CP-4.5.1");
}

TEST(transaction_end, LIFE_1_a_stop_is_asked_for_once_and_answered_with_its_register) {
  station_desk desk;
  desk.serve();
  const auto number = desk.start();
  desk.accept("CP-4.5.1", 1);
  desk.stop(number, 1'700);
  ASSERT_EQ(desk.last.requests.size(), 1u);
  EXPECT_EQ(desk.last.requests[0].kind, domain::request_kind::stop);
  EXPECT_EQ(desk.last.requests[0].session.text(), "CP-4.5.1");
  EXPECT_EQ(desk.last.readings.back().energy_wh, 1'700);
  desk.stop(number, 1'750);
  EXPECT_TRUE(desk.last.requests.empty()) << "the same stop again bills nothing twice";
  auto told = desk.command(command_kind::stop, 2);
  told.session = domain::session_id{"CP-4.5.1"};
  desk.tell(told);
  ASSERT_EQ(desk.last.results.size(), 1u);
  EXPECT_EQ(desk.last.results[0].result.register_at->count(), 1'700);
}

TEST(transaction_end, OCPP_7_a_stop_below_its_start_bills_nothing) {
  station_desk desk;
  desk.serve();
  const auto number = desk.start("TAG1", 269'456);
  desk.accept("CP-4.5.1", 1);
  EXPECT_THAT(desk.stop(number, 269'455), StartsWith("[3,"));
  EXPECT_EQ(desk.last.readings.back().energy_wh, 269'456);
}

TEST(transaction_end, OCPP_7_one_that_ends_before_it_has_a_session_is_reported_whole) {
  station_desk desk;
  desk.serve();
  const auto number = desk.start();
  const auto first = desk.last.requests.front();
  ASSERT_TRUE(first.reported);
  EXPECT_EQ(first.reported->register_start_wh, 1'000);
  EXPECT_FALSE(first.reported->ended_at);
  desk.stop(number, 1'700);
  ASSERT_EQ(desk.last.requests.size(), 1u) << "the first report may still be accepted";
  EXPECT_EQ(desk.last.requests[0].kind, domain::request_kind::stop);
  EXPECT_EQ(desk.last.requests[0].begun_by, first.id);
  EXPECT_EQ(desk.last.requests[0].reported->register_stop_wh, 1'700);
  desk.fact(domain::session_fact_kind::denied, first, "");
  desk.now += seconds{6};
  desk.last = desk.machine.pulse(desk.now);
  ASSERT_EQ(desk.last.requests.size(), 1u);
  const auto whole = desk.last.requests.front();
  EXPECT_NE(whole.id, first.id);
  EXPECT_EQ(station::transaction_of(whole.id), number);
  EXPECT_EQ(*whole.reported->ended_at - whole.reported->began_at, seconds{1'200});
  EXPECT_EQ(whole.reported->register_stop_wh, 1'700);
  desk.fact(domain::session_fact_kind::accepted, whole, "CP-4.5.1");
  EXPECT_TRUE(desk.last.requests.empty()) << "its end is known";
}

} // namespace busbar::tests
