// All stations of a gateway behind their sockets, without sockets.

#include "tests/adapters/ocpp/exchange_fixture.hpp"
#include "tests/builders/scratch_folder.hpp"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <fstream>
#include <future>
#include <iterator>
#include <set>

namespace busbar::tests {

using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;

TEST_F(ocpp_exchange, an_identity_has_the_site_of_its_station) {
  const auto& desk = served->charge_points();
  EXPECT_EQ(desk.site_of("CP-001"), "yard");
  EXPECT_TRUE(desk.has_station("CP-001"));
  EXPECT_FALSE(desk.site_of("CP-201"));
  EXPECT_FALSE(desk.has_station("CP-201"));
}

TEST_F(ocpp_exchange, OCPP_3_heartbeats_are_spread_while_many_come_and_are_usual_afterwards) {
  open(1);
  EXPECT_EQ(interval_after_boot(1), 60);
  for (int i = 2; i <= 150; ++i) open(i);
  std::set<int> intervals;
  for (int i = 2; i <= 150; ++i) intervals.insert(interval_after_boot(i));
  EXPECT_GT(intervals.size(), 20u);
  EXPECT_GE(*intervals.begin(), 45);
  EXPECT_LE(*intervals.rbegin(), 75);
  now += std::chrono::seconds{25};
  open(151);
  EXPECT_EQ(interval_after_boot(151), 60);
}

TEST_F(ocpp_exchange, OCPP_3_a_station_has_a_session_from_its_start_to_its_stop) {
  open(1);
  static_cast<void>(interval_after_boot(1));
  EXPECT_FALSE(served->has_session("CP-001"));
  start(1);
  for (const auto& each : reports()) each.then(true);
  const auto begun = frames();
  EXPECT_TRUE(served->has_session("CP-001"));
  served->closed(1, now);
  EXPECT_TRUE(served->has_session("CP-001")) << "it is absent";
  served->opened(2, "CP-001", now);
  const std::string mark = "\"transactionId\":";
  const auto number = std::to_string(std::stol(begun.substr(begun.find(mark) + mark.size())));
  static_cast<void>(send(2, "StopTransaction",
                         "{\"transactionId\":" + number +
                             ",\"meterStop\":0,\"timestamp\":\"2027-01-15T08:10:00Z\"}"));
  EXPECT_FALSE(served->has_session("CP-001"));
  EXPECT_FALSE(served->has_session("CP-9"));
}

TEST_F(ocpp_exchange, KEEP_1_a_start_is_acknowledged_once_the_log_has_its_report) {
  open(1);
  static_cast<void>(interval_after_boot(1));
  start(1);
  EXPECT_THAT(frames(), Not(HasSubstr("transactionId")));
  call(1, "Heartbeat", "{}");
  EXPECT_EQ(frames(), "") << "answers stay in their order";
  const auto written = reports();
  ASSERT_EQ(written.size(), 1u);
  EXPECT_EQ(written[0].request.kind, domain::request_kind::start);
  EXPECT_EQ(frames(), "");
  written[0].then(true);
  const auto answers = frames();
  EXPECT_THAT(answers, HasSubstr("transactionId"));
  EXPECT_LT(answers.find("transactionId"), answers.find("currentTime"));
  call(1, "Heartbeat", "{}");
  EXPECT_THAT(frames(), HasSubstr("currentTime"));
}

TEST_F(ocpp_exchange, KEEP_1_a_repeated_start_waits_for_the_log_like_the_first_one) {
  open(1);
  static_cast<void>(interval_after_boot(1));
  start(1);
  served->closed(1, now);
  served->opened(2, "CP-001", now);
  static_cast<void>(frames());
  start(2);
  EXPECT_THAT(frames(), Not(HasSubstr("transactionId")));
  const auto written = reports();
  ASSERT_EQ(written.size(), 1u) << "one transaction";
  written[0].then(true);
  EXPECT_THAT(frames(), HasSubstr("transactionId"));
}

TEST_F(ocpp_exchange, KEEP_1_what_the_log_refuses_is_not_acknowledged_and_taken_when_repeated) {
  open(1);
  static_cast<void>(interval_after_boot(1));
  start(1);
  EXPECT_THAT(refuse(), EndsWith("closed 1011")) << "the station keeps what it is not answered";
  EXPECT_TRUE(reports().empty());
  EXPECT_EQ(served->statistics().at("reports_refused_total"), 1);
  served->closed(1, now);
  served->opened(2, "CP-001", now);
  static_cast<void>(frames());
  start(2);
  EXPECT_THAT(frames(), Not(HasSubstr("transactionId")));
  const auto again = reports();
  ASSERT_EQ(again.size(), 1u) << "the same frame is no repeated CALL: its answer was not sent";
  again[0].then(true);
  EXPECT_THAT(frames(), HasSubstr("transactionId"));
}

TEST_F(ocpp_exchange, KEEP_1_a_stop_that_the_log_refuses_is_taken_when_it_is_repeated) {
  open(1);
  static_cast<void>(interval_after_boot(1));
  start(1);
  const auto begun = reports();
  begun.at(0).then(true);
  const auto answer = frames();
  const std::string mark = "\"transactionId\":";
  const auto number = std::to_string(std::stol(answer.substr(answer.find(mark) + mark.size())));
  domain::session_fact accepted;
  accepted.kind = domain::session_fact_kind::accepted;
  accepted.station = domain::station_id{"CP-001"};
  accepted.request = begun[0].request.id;
  accepted.session = domain::session_id{"S-1"};
  served->take("yard", accepted, now);
  const auto stop = "{\"transactionId\":" + number +
                    ",\"meterStop\":700,\"timestamp\":\"2027-01-15T08:10:00Z\"}";
  call(1, "StopTransaction", stop);
  EXPECT_THAT(refuse(), EndsWith("closed 1011"));
  // Meanwhile its session ends by what the engine knows: the register is still to be reported.
  auto completed = accepted;
  completed.kind = domain::session_fact_kind::completed;
  served->take("yard", completed, now);
  served->closed(1, now);
  served->opened(2, "CP-001", now);
  static_cast<void>(frames());
  call(2, "StopTransaction", stop);
  EXPECT_THAT(frames(), Not(HasSubstr("[3,\"StopTransaction\"")));
  const auto again = reports();
  ASSERT_EQ(again.size(), 1u);
  EXPECT_EQ(again[0].request.session.text(), "S-1");
  EXPECT_EQ(again[0].request.reported->register_stop_wh, 700);
  again[0].then(true);
  EXPECT_THAT(frames(), HasSubstr("[3,\"StopTransaction\""));
}

TEST_F(ocpp_exchange, what_waits_for_the_log_goes_with_its_connection) {
  open(1);
  static_cast<void>(interval_after_boot(1));
  start(1);
  for (int i = 0; i < 70; ++i) call(1, "Heartbeat", "{\"n\":" + std::to_string(i) + "}");
  served->closed(1, now);
  served->opened(2, "CP-001", now);
  static_cast<void>(frames());
  start(2);
  for (const auto& each : reports()) each.then(true);
  std::string answers;
  for (const auto& order : served->take_orders())
    if (order.to == 2) answers += order.text;
  EXPECT_THAT(answers, HasSubstr("transactionId")) << "the place of 64 frames is free again";
}

TEST_F(ocpp_exchange, stations_are_served_while_a_tag_is_written_to_the_disk) {
  const scratch_folder folder;
  std::string list;
  // More than a pipe holds: the one who writes it waits for the one who reads.
  for (int i = 0; i < 8'000; ++i) list += "T" + std::to_string(1'000'000 + i) + "\n";
  auto book = gateway::tag_book::read(folder.write("tags.csv", list));
  ASSERT_TRUE(book);
  serve(std::make_shared<const gateway::tag_book>(book.value()));
  open(1);
  static_cast<void>(interval_after_boot(1));
  const auto pipe = folder.place_of("tags.csv.new");
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  auto* tags = served->charge_points().list_of_tags();
  auto put = std::async(std::launch::async, [&] {
    return tags->put_tag({"T1", false, std::nullopt, {}, {}}).has_value();
  });
  std::ifstream reader{pipe}; // Both ends meet.
  auto answered = std::async(std::launch::async, [&] {
    return send(1, "Authorize", R"({"idTag":"T1"})");
  });
  const bool is_served = answered.wait_for(std::chrono::seconds{10}) == std::future_status::ready;
  EXPECT_TRUE(is_served);
  const std::string written{std::istreambuf_iterator<char>{reader}, {}};
  EXPECT_GT(written.size(), list.size());
  EXPECT_THAT(answered.get(), HasSubstr("Invalid")) << "it is not in force yet";
  EXPECT_FALSE(put.get()) << "a pipe keeps nothing";
}

TEST_F(ocpp_exchange, a_refused_tag_is_refused_still_after_the_gateway_has_started_again) {
  domain::session_fact accepted;
  accepted.kind = domain::session_fact_kind::accepted;
  accepted.station = domain::station_id{"CP-001"};
  accepted.driver = domain::driver_id{"NOT-LISTED"};
  accepted.session = domain::session_id{"S-1"};
  accepted.request = domain::request_id{"ocpp.77.1"};
  accepted.connector = domain::connector_id{"CP-001-1"};
  accepted.at = now;
  served->take("yard", accepted, now);
  now += std::chrono::seconds{20};
  EXPECT_TRUE(reports().empty()) << "it is not connected";
  open(1);
  std::string all;
  for (int i = 0; i < 5; ++i) {
    now += std::chrono::seconds{1};
    static_cast<void>(reports());
    const auto due = frames();
    all += due;
    answer_call(1, due);
  }
  EXPECT_THAT(all, HasSubstr("RemoteStopTransaction\",{\"transactionId\":77}"));
}

TEST_F(ocpp_exchange, KEEP_1_an_acknowledgement_after_the_end_of_the_gateway_touches_nothing) {
  open(1);
  static_cast<void>(interval_after_boot(1));
  start(1);
  const auto written = reports();
  ASSERT_EQ(written.size(), 1u);
  served.reset();
  written[0].then(true);
}

TEST_F(ocpp_exchange, OCPP_7_a_stop_right_after_the_start_of_a_gateway_waits_for_its_transaction) {
  const auto stop = R"({"transactionId":77,"meterStop":500,"timestamp":"2027-01-15T08:10:00Z"})";
  open(1);
  static_cast<void>(interval_after_boot(1));
  call(1, "StopTransaction", stop);
  EXPECT_THAT(frames(), Not(HasSubstr("[3,\"StopTransaction\"")));
  // The engine answers what the gateway before this one has reported.
  domain::session_fact accepted;
  accepted.kind = domain::session_fact_kind::accepted;
  accepted.site = domain::site_id{"yard"};
  accepted.station = domain::station_id{"CP-001"};
  accepted.driver = domain::driver_id{"T"};
  accepted.session = domain::session_id{"S-1"};
  accepted.request = domain::request_id{"ocpp.77.1"};
  accepted.connector = domain::connector_id{"CP-001-1"};
  accepted.register_start_wh = 100;
  served->take("yard", accepted, now);
  now += std::chrono::seconds{1};
  const auto written = reports();
  ASSERT_EQ(written.size(), 1u);
  EXPECT_EQ(written[0].request.kind, domain::request_kind::stop);
  EXPECT_EQ(written[0].request.session.text(), "S-1");
  EXPECT_THAT(frames(), Not(HasSubstr("[3,\"StopTransaction\"")));
  written[0].then(true);
  EXPECT_THAT(frames(), HasSubstr("[3,\"StopTransaction\""));
}

TEST_F(ocpp_exchange, OCPP_7_a_stop_of_no_transaction_is_acknowledged_in_the_end) {
  open(1);
  static_cast<void>(interval_after_boot(1));
  call(1, "StopTransaction",
       R"({"transactionId":77,"meterStop":500,"timestamp":"2027-01-15T08:10:00Z"})");
  now += std::chrono::seconds{21};
  EXPECT_TRUE(reports().empty());
  EXPECT_THAT(frames(), HasSubstr("[3,\"StopTransaction\""));
  EXPECT_EQ(served->statistics().at("transactions_unmatched_total"), 1);
}

TEST_F(ocpp_exchange, a_tag_that_is_listed_while_stations_are_there_counts_at_once) {
  open(1);
  static_cast<void>(interval_after_boot(1));
  const auto status = [&] { return send(1, "Authorize", R"({"idTag":"t1"})"); };
  EXPECT_THAT(status(), HasSubstr(R"("status":"Invalid")"));
  auto* tags = served->charge_points().list_of_tags();
  ASSERT_NE(tags, nullptr);
  ASSERT_TRUE(tags->put_tag({"T1", false, std::nullopt, {}, {}}));
  // Another payload: a repeated CALL has its answer already.
  EXPECT_THAT(send(1, "Authorize", R"({"idTag":"T1"})"), HasSubstr(R"("status":"Accepted")"));
  ASSERT_TRUE(tags->remove_tag("T1"));
  EXPECT_TRUE(tags->tags().empty());
}

TEST_F(ocpp_exchange, no_order_lowers_the_security_profile_of_a_station) {
  open(1);
  static_cast<void>(interval_after_boot(1));
  auto& desk = served->charge_points();
  const auto set = [&](const std::string& key, const std::string& value) {
    return desk.order({"CP-001", "ChangeConfiguration",
                       R"({"key":")" + key + R"(","value":")" + value + "\"}"},
                      now);
  };
  const auto refused = set("securityPROFILE", "1");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.failure().code, domain::errc::conflict);
  EXPECT_THAT(refused.failure().message, HasSubstr("no order lowers it to 1"));
  EXPECT_FALSE(set("SecurityProfile", "nothing"));
  EXPECT_TRUE(set("SecurityProfile", "2"));
  EXPECT_TRUE(set("SecurityProfile", "3"));
  EXPECT_TRUE(set("HeartbeatInterval", "1"));
}

TEST_F(ocpp_exchange, OCPP_11_an_order_waits_for_its_station_or_is_refused_as_it_asks) {
  auto& desk = served->charge_points();
  ports::charge_point_order reset{"CP-001", "Reset", R"({"type":"Soft"})"};
  EXPECT_EQ(desk.order(reset, now).failure().code, domain::errc::conflict);
  reset.waits = true;
  const auto number = desk.order(reset, now);
  ASSERT_TRUE(number);
  const auto state = [&](std::uint64_t which) {
    for (const auto& each : desk.orders_of("CP-001"))
      if (each.number == which) return each.state;
    return ports::order_state::failed;
  };
  const auto taken_back = desk.order(reset, now);
  ASSERT_TRUE(desk.cancel("CP-001", taken_back.value(), now));
  EXPECT_EQ(state(taken_back.value()), ports::order_state::cancelled);
  reset.until = now + std::chrono::seconds{5};
  const auto overdue = desk.order(reset, now);
  now += std::chrono::seconds{6};
  static_cast<void>(served->drain(now));
  EXPECT_EQ(state(overdue.value()), ports::order_state::timed_out);
  EXPECT_EQ(state(number.value()), ports::order_state::pending);
  open(1);
  static_cast<void>(interval_after_boot(1));
  now += std::chrono::seconds{2};
  static_cast<void>(served->drain(now));
  // After what its onboarding asks first: it is the next but one.
  EXPECT_EQ(state(number.value()), ports::order_state::pending);
  served->closed(1, now);
  EXPECT_EQ(state(number.value()), ports::order_state::pending) << "it waits again";
}

TEST_F(ocpp_exchange, OCPP_11_an_order_for_later_fails_then_where_its_station_is_absent) {
  auto& desk = served->charge_points();
  ports::charge_point_order reset{"CP-001", "Reset", R"({"type":"Soft"})"};
  reset.from = now + std::chrono::seconds{5};
  const auto number = desk.order(reset, now);
  ASSERT_TRUE(number);
  const auto pass = [&](int seconds) {
    now += std::chrono::seconds{seconds};
    static_cast<void>(served->drain(now));
    return desk.order_numbered(number.value())->state;
  };
  EXPECT_EQ(pass(4), ports::order_state::pending);
  EXPECT_EQ(pass(2), ports::order_state::failed);
  EXPECT_THAT(desk.order_numbered(number.value())->reply.error_description,
              HasSubstr("is not connected"));
  EXPECT_FALSE(desk.order_numbered(99));
}

TEST_F(ocpp_exchange, frames_of_a_station_are_kept_in_both_directions_with_secrets_blanked) {
  open(1);
  static_cast<void>(interval_after_boot(1));
  auto& desk = served->charge_points();
  ASSERT_TRUE(desk.order({"CP-001", "ChangeConfiguration",
                          R"({"key":"AuthorizationKey","value":"00112233445566778899"})"},
                         now));
  // Each answer of the station lets the next CALL out.
  for (int i = 0; i < 10; ++i) {
    const auto frames = desk.frames_of("CP-001");
    const auto& newest = frames.front().text;
    if (newest.find("AuthorizationKey") != newest.npos) break;
    const auto begin = newest.find('"') + 1;
    const auto id = newest.substr(begin, newest.find('"', begin) - begin);
    served->frame(1, "[3,\"" + id + R"(",{"status":"Accepted"}])", now);
  }
  const auto frames = desk.frames_of("CP-001");
  EXPECT_THAT(frames.front().text, HasSubstr("AuthorizationKey"));
  EXPECT_THAT(frames.front().text, Not(HasSubstr("00112233445566778899")));
  EXPECT_FALSE(frames.front().is_from_station);
  EXPECT_TRUE(frames.back().is_from_station);
  EXPECT_THAT(frames.back().text, HasSubstr("BootNotification"));
  EXPECT_TRUE(desk.frames_of("CP-002").empty());
}

} // namespace busbar::tests
