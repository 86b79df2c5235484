// OCPP-11: orders of operators as CALLs, and what becomes of them.

#include "adapters/ocpp/gateway/order_book.hpp"
#include "adapters/ocpp/station/order_progress.hpp"
#include "tests/adapters/ocpp/station_desk.hpp"

#include <gmock/gmock.h>

namespace busbar::tests {
namespace {

using adapters::ocpp::gateway::order_book;
using ports::order_state;
using testing::HasSubstr;

station::station_call order_of(std::uint64_t number, const std::string& action = "Reset",
                               const std::string& payload = R"({"type":"Soft"})") {
  station::station_call call{station::errand::order, action, payload};
  call.order = number;
  return call;
}

struct service_orders : testing::Test {
  void SetUp() override { desk.serve(); }
  void give(station::station_call call) {
    desk.last = desk.machine.order(std::move(call), desk.now);
  }
  /// Of the newest input, the last outcome.
  const station::order_outcome& outcome() const { return desk.last.orders.back(); }

  station_desk desk;
};

TEST_F(service_orders, OCPP_11_an_order_is_sent_and_accepted_with_the_stations_payload) {
  give(order_of(7));
  ASSERT_EQ(desk.last.frames.size(), 1u);
  EXPECT_THAT(desk.last.frames[0], HasSubstr(R"("Reset",{"type":"Soft"}])"));
  EXPECT_EQ(outcome().state, order_state::sent);
  desk.answer(R"({"status":"Accepted"})");
  EXPECT_EQ(outcome().order, 7u);
  EXPECT_EQ(outcome().state, order_state::accepted);
  EXPECT_EQ(outcome().reply.answer, R"({"status":"Accepted"})");
}

TEST_F(service_orders, OCPP_11_another_status_is_a_refusal_and_no_status_is_none) {
  give(order_of(7));
  desk.answer(R"({"status":"Rejected"})");
  EXPECT_EQ(outcome().state, order_state::refused);
  EXPECT_EQ(outcome().reply.answer, R"({"status":"Rejected"})");
  give(order_of(8, "GetConfiguration", "{}"));
  desk.answer(R"({"configurationKey":[]})");
  EXPECT_EQ(outcome().state, order_state::accepted);
}

TEST_F(service_orders, OCPP_11_an_error_is_a_failure_with_code_and_description) {
  give(order_of(7));
  const auto id = station_desk::id_of(desk.last.frames.back());
  desk.raw("[4,\"" + id + "\",\"NotSupported\",\"no reset here\",{}]");
  EXPECT_EQ(outcome().state, order_state::failed);
  EXPECT_EQ(outcome().reply.error_code, "NotSupported");
  EXPECT_EQ(outcome().reply.error_description, "no reset here");
}

TEST_F(service_orders, OCPP_11_without_an_answer_in_30_s_it_has_timed_out) {
  give(order_of(7));
  desk.now += seconds{29};
  desk.last = desk.machine.pulse(desk.now);
  EXPECT_TRUE(desk.last.orders.empty());
  desk.now += seconds{1};
  desk.last = desk.machine.pulse(desk.now);
  EXPECT_EQ(outcome().state, order_state::timed_out);
}

TEST_F(service_orders, OCPP_11_what_waits_or_is_out_fails_with_the_connection) {
  give(order_of(7));
  give(order_of(8));
  EXPECT_TRUE(desk.last.orders.empty()) << "one CALL is outstanding";
  desk.last = desk.machine.closed();
  ASSERT_EQ(desk.last.orders.size(), 2u);
  EXPECT_EQ(desk.last.orders[0].order, 7u);
  EXPECT_THAT(desk.last.orders[0].reply.error_description, HasSubstr("before the station's"));
  EXPECT_EQ(desk.last.orders[1].order, 8u);
  EXPECT_THAT(desk.last.orders[1].reply.error_description, HasSubstr("before the order was sent"));
  EXPECT_EQ(outcome().state, order_state::failed);
}

TEST_F(service_orders, OCPP_11_one_that_has_not_been_sent_is_taken_back) {
  give(order_of(7));
  const auto id = station_desk::id_of(desk.last.frames.back());
  give(order_of(8));
  EXPECT_FALSE(desk.machine.cancel(7)) << "it is with the station";
  EXPECT_TRUE(desk.machine.cancel(8));
  desk.raw("[3,\"" + id + R"(",{"status":"Accepted"}])");
  EXPECT_TRUE(desk.last.frames.empty());
}

TEST_F(service_orders, a_stations_accepted_profiles_are_known_until_they_are_cleared) {
  const auto count = [&] { return desk.machine.state().profiles.profiles().size(); };
  ASSERT_EQ(count(), 1u) << "the fallback";
  const auto profile = [](int id, int level) {
    return R"({"connectorId":1,"csChargingProfiles":{"chargingProfileId":)" + std::to_string(id) +
           R"(,"stackLevel":)" + std::to_string(level) +
           R"(,"chargingProfilePurpose":"TxDefaultProfile"}})";
  };
  give(order_of(7, "SetChargingProfile", profile(41, 2)));
  EXPECT_EQ(count(), 1u) << "not before it is accepted";
  desk.answer(R"({"status":"Accepted"})");
  EXPECT_EQ(count(), 2u);
  give(order_of(8, "SetChargingProfile", profile(42, 2)));
  desk.answer(R"({"status":"Accepted"})");
  ASSERT_EQ(count(), 2u) << "it takes the place of the one of its purpose and level";
  EXPECT_THAT(desk.machine.state().profiles.profiles().back().profile, HasSubstr(":42"));
  give(order_of(9, "ClearChargingProfile", R"({"connectorId":1})"));
  desk.answer(R"({"status":"Accepted"})");
  EXPECT_EQ(count(), 1u);
}

TEST_F(service_orders, LIM_4_fallback_and_grant_that_an_operator_clears_are_stated_again) {
  desk.start();
  desk.accept("S-1", 1);
  desk.grant(10'000, 2);
  desk.answer(R"({"status":"Accepted"})");
  give(order_of(8, "ClearChargingProfile", R"({"id":41})"));
  desk.answer(R"({"status":"Accepted"})");
  EXPECT_TRUE(desk.last.frames.empty()) << "one of theirs";
  give(order_of(9, "ClearChargingProfile", "{}"));
  desk.answer(R"({"status":"Accepted"})");
  ASSERT_FALSE(desk.last.frames.empty());
  EXPECT_THAT(desk.last.frames.back(), HasSubstr("TxDefaultProfile"));
  desk.answer(R"({"status":"Accepted"})");
  ASSERT_FALSE(desk.last.frames.empty());
  EXPECT_THAT(desk.last.frames.back(), HasSubstr(R"("limit":10)"));
}

const domain::instant noon{std::chrono::sys_days{std::chrono::year{2026} / 5 / 1} +
                           std::chrono::hours{12}};

TEST(order_book, OCPP_11_a_listener_gets_the_order_once_when_it_is_final_or_its_time_is_over) {
  order_book book;
  const auto number = *book.add({"wallbox-1", "Reset", "{}"}, noon);
  std::vector<order_state> told;
  const auto note = [&](const ports::order_standing& order) { told.push_back(order.state); };
  book.await(number, noon + seconds{5}, note);
  book.await(number, noon + seconds{30}, note);
  const auto tell = [&](domain::instant now) {
    for (const auto& each : book.take_due(now)) each();
  };
  tell(noon + seconds{4});
  EXPECT_TRUE(told.empty());
  book.settle({number, order_state::sent, {}}, noon);
  tell(noon + seconds{5});
  EXPECT_EQ(told, std::vector{order_state::sent});
  book.settle({number, order_state::accepted, {"{}", {}, {}}}, noon + seconds{6});
  book.settle({number, order_state::failed, {}}, noon + seconds{7});
  tell(noon + seconds{7});
  EXPECT_EQ(told, (std::vector{order_state::sent, order_state::accepted}));
  tell(noon + seconds{60});
  EXPECT_EQ(told.size(), 2u);
  const auto* kept = book.find("wallbox-1", number);
  ASSERT_NE(kept, nullptr);
  EXPECT_EQ(kept->ended_at, noon + seconds{6}) << "what is final stays";
  EXPECT_EQ(book.find("wallbox-2", number), nullptr);
}

TEST(order_book, OCPP_11_the_oldest_final_order_makes_room_and_one_that_waits_does_not) {
  order_book book;
  const auto first = *book.add({"wallbox-1", "Reset", "{}"}, noon);
  for (std::size_t i = 1; i < ports::charge_points::kept_orders_max; ++i)
    ASSERT_TRUE(book.add({"wallbox-1", "Reset", "{}"}, noon));
  EXPECT_FALSE(book.add({"wallbox-1", "Reset", "{}"}, noon));
  book.settle({first + 1, order_state::accepted, {}}, noon);
  ASSERT_TRUE(book.add({"wallbox-1", "Reset", "{}"}, noon));
  EXPECT_NE(book.find("wallbox-1", first), nullptr);
  EXPECT_EQ(book.find("wallbox-1", first + 1), nullptr);
  EXPECT_EQ(book.of("wallbox-1").front().number, first + ports::charge_points::kept_orders_max)
      << "newest first";
}

TEST(order_book, OCPP_11_an_order_that_waits_stays_pending_until_its_station_is_there) {
  order_book book;
  ports::charge_point_order wanted{"wallbox-1", "Reset", "{}"};
  wanted.waits = true;
  const auto number = *book.add(wanted, noon);
  book.park(number);
  std::vector<std::uint64_t> numbers;
  EXPECT_TRUE(book.take_parked([](const auto&) { return false; }, noon, numbers).empty());
  const auto is_there = [](const std::string& identity) { return identity == "wallbox-1"; };
  ASSERT_EQ(book.take_parked(is_there, noon, numbers).size(), 1u);
  EXPECT_EQ(numbers, std::vector{number});
  EXPECT_TRUE(book.take_parked(is_there, noon, numbers).empty()) << "it goes out once";
  // Its connection has taken it before it was sent.
  book.settle({number, order_state::failed, {{}, station::connection_lost, {}}}, noon);
  EXPECT_EQ(book.find("wallbox-1", number)->state, order_state::pending);
  EXPECT_EQ(book.take_parked(is_there, noon, numbers).at(0).payload, "{}");
  book.settle({number, order_state::sent, {}}, noon);
  book.settle({number, order_state::failed, {{}, station::connection_lost, {}}}, noon);
  EXPECT_EQ(book.find("wallbox-1", number)->state, order_state::failed) << "it may have been done";
}

TEST(order_book, OCPP_11_an_order_for_later_goes_out_at_its_time_whether_its_station_is_there) {
  order_book book;
  ports::charge_point_order wanted{"wallbox-1", "Reset", "{}"};
  wanted.from = noon + seconds{5};
  book.park(*book.add(wanted, noon));
  std::vector<std::uint64_t> numbers;
  const auto none = [](const auto&) { return false; };
  EXPECT_TRUE(book.take_parked(none, noon + seconds{4}, numbers).empty());
  EXPECT_EQ(book.take_parked(none, noon + seconds{5}, numbers).size(), 1u);
}

TEST(order_book, OCPP_11_what_is_not_sent_before_its_deadline_has_timed_out) {
  order_book book;
  ports::charge_point_order wanted{"wallbox-1", "Reset", "{}"};
  wanted.until = noon + seconds{10};
  const auto waits = *book.add(wanted, noon);
  const auto was_sent = *book.add(wanted, noon);
  book.settle({was_sent, order_state::sent, {}}, noon);
  EXPECT_TRUE(book.take_overdue(noon + seconds{9}).empty());
  const auto overdue = book.take_overdue(noon + seconds{10});
  ASSERT_EQ(overdue.size(), 1u);
  EXPECT_EQ(overdue[0], (std::pair<std::string, std::uint64_t>{"wallbox-1", waits}));
  EXPECT_EQ(book.find("wallbox-1", waits)->state, order_state::timed_out);
  EXPECT_EQ(book.find("wallbox-1", waits)->reply.error_code, "DeadlineOver");
  EXPECT_EQ(book.find("wallbox-1", was_sent)->state, order_state::sent);
}

TEST(order_book, secrets_of_an_order_and_its_answer_are_not_kept_for_show) {
  order_book book;
  const auto number = *book.add({"wallbox-1", "ChangeConfiguration",
                                 R"({"key":"AuthorizationKey","value":"0011AABB"})"},
                                noon);
  EXPECT_THAT(book.find("wallbox-1", number)->request, testing::Not(HasSubstr("0011AABB")));
  book.settle({number, order_state::accepted,
               {R"({"configurationKey":[{"key":"WifiPassword","readonly":false,"value":"s3"}]})",
                {}, {}}},
              noon);
  EXPECT_THAT(book.find("wallbox-1", number)->reply.answer, testing::Not(HasSubstr("s3")));
}

struct followed_orders : testing::Test {
  std::uint64_t accept(const std::string& action, const std::string& payload) {
    const auto number = *book.add({"wallbox-1", action, payload}, noon);
    book.settle({number, order_state::sent, {}}, noon);
    book.settle({number, order_state::accepted, {"{}", {}, {}}}, noon);
    return number;
  }
  void report(const std::string& action, const std::string& payload,
              domain::instant at = noon + seconds{5}) {
    simdjson::dom::parser parser;
    busbar::ocpp::wire::frame call;
    const std::string text = payload;
    call.action = action;
    call.payload = parser.parse(text);
    station::station_effects out;
    station::report_progress(call, R"({"transactionId":7})", out);
    for (const auto& each : out.progress) book.note("wallbox-1", each, at);
  }
  const ports::order_standing& order(std::uint64_t number) const {
    return *book.find("wallbox-1", number);
  }
  std::string statuses(std::uint64_t number) const {
    std::string made;
    for (const auto& each : order(number).progress) made += each.status + " ";
    return made;
  }

  order_book book;
};

TEST_F(followed_orders, OCPP_11_firmware_is_followed_to_its_end) {
  const auto first = accept("UpdateFirmware", R"({"location":"https://a/b"})");
  for (const auto* status : {"Idle", "Downloading", "Downloaded", "Installing"})
    report("FirmwareStatusNotification", std::string{R"({"status":")"} + status + R"("})");
  EXPECT_EQ(statuses(first), "Downloading Downloaded Installing ");
  EXPECT_FALSE(order(first).done_at);
  report("FirmwareStatusNotification", R"({"status":"Installed"})");
  EXPECT_EQ(order(first).done_at, noon + seconds{5});
  report("FirmwareStatusNotification", R"({"status":"Downloading"})");
  EXPECT_EQ(order(first).progress.size(), 4u) << "another one's";
}

TEST_F(followed_orders, OCPP_11_logs_are_told_apart_by_their_request) {
  const auto first = accept("GetLog", R"({"requestId":1})");
  const auto second = accept("GetLog", R"({"requestId":2})");
  report("LogStatusNotification", R"({"status":"Uploading","requestId":1})");
  report("LogStatusNotification", R"({"status":"UploadFailure","requestId":2})");
  EXPECT_EQ(statuses(first), "Uploading ");
  EXPECT_EQ(statuses(second), "UploadFailure ");
  EXPECT_TRUE(order(second).done_at);
  EXPECT_FALSE(order(first).done_at);
}

TEST_F(followed_orders, OCPP_11_a_remote_start_or_stop_is_done_with_its_transaction) {
  const auto begun = accept("RemoteStartTransaction", R"({"idTag":"TAG1"})");
  report("StartTransaction", R"({"idTag":"TAG2"})");
  EXPECT_FALSE(order(begun).done_at) << "another driver";
  report("StartTransaction", R"({"idTag":"tag1"})");
  ASSERT_TRUE(order(begun).done_at);
  EXPECT_EQ(order(begun).progress.at(0).transaction, 7);
  const auto ended = accept("RemoteStopTransaction", R"({"transactionId":7})");
  report("StopTransaction", R"({"transactionId":8})");
  EXPECT_FALSE(order(ended).done_at);
  report("StopTransaction", R"({"transactionId":7})");
  EXPECT_TRUE(order(ended).done_at);
  const auto late = accept("RemoteStartTransaction", R"({"idTag":"TAG3"})");
  report("StartTransaction", R"({"idTag":"TAG3"})", noon + std::chrono::minutes{11});
  EXPECT_FALSE(order(late).done_at) << "not brought about by the order";
}

} // namespace
} // namespace busbar::tests
