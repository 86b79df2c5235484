// OCPP-11: service orders by REST: paths, payloads of 1.6, refusals.

#include "tests/adapters/http/server_fixture.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

namespace busbar::tests {
namespace {

using nlohmann::json;
using testing::HasSubstr;

const std::string base = "/api/v1/chargepoints/wallbox-1/";

class http_charge_points : public server_fixture {
protected:
  void SetUp() override {
    server_fixture::SetUp();
    start();
  }
  raw_answer put(const std::string& target, const std::string& body) {
    return ask("PUT", target, "Content-Type: application/json\r\n", body);
  }
  /// What the newest order is.
  std::string ordered() const {
    const auto& newest = stations.orders.back();
    return newest.action + " " + newest.request;
  }
};

TEST_F(http_charge_points, OCPP_11_an_order_is_answered_202_with_its_number_and_pending) {
  const auto answer = post(base + "remote-start", R"({"connectorId":1,"idTag":"TAG1"})");
  EXPECT_EQ(answer.status, 202u);
  EXPECT_EQ(json::parse(answer.body), json::parse(R"({"id":2,"state":"pending"})"));
  EXPECT_EQ(ordered(), R"(RemoteStartTransaction {"connectorId":1,"idTag":"TAG1"})");
}

TEST_F(http_charge_points, OCPP_11_wait_s_holds_the_answer_until_the_order_is_final) {
  const auto answer = post(base + "reset?wait_s=20", R"({"type":"Hard"})");
  EXPECT_EQ(answer.status, 200u);
  const auto body = json::parse(answer.body);
  EXPECT_EQ(body["state"], "accepted");
  EXPECT_EQ(body["request"]["type"], "Hard");
  EXPECT_EQ(body["answer"]["status"], "Accepted");
  EXPECT_TRUE(body["error"].is_null());
  EXPECT_EQ(stations.waited_until - stations.orders.back().asked_at, std::chrono::seconds{20});
  stations.answer.clear();
  EXPECT_EQ(post(base + "reset?wait_s=1", R"({"type":"Hard"})").status, 202u);
  EXPECT_EQ(post(base + "reset?wait_s=61", R"({"type":"Hard"})").status, 400u);
}

TEST_F(http_charge_points, OCPP_11_a_question_by_GET_is_a_CALL_whose_answer_is_waited_for_30_s) {
  const auto asked = ask("GET", base + "configuration?key=A&key=B");
  EXPECT_EQ(asked.status, 200u);
  EXPECT_EQ(ordered(), R"(GetConfiguration {"key":["A","B"]})");
  EXPECT_EQ(stations.waited_until - stations.orders.back().asked_at, std::chrono::seconds{30});
  EXPECT_EQ(ask("GET", base + "configuration").status, 200u);
  EXPECT_EQ(ordered(), "GetConfiguration {}");
  const auto composite = base + "connectors/2/composite-schedule";
  EXPECT_EQ(ask("GET", composite + "?duration_s=600&unit=W").status, 200u);
  EXPECT_EQ(ordered(), R"(GetCompositeSchedule {"connectorId":2,"duration":600,)"
                       R"("chargingRateUnit":"W"})");
  EXPECT_EQ(ask("GET", composite).status, 200u);
  EXPECT_EQ(ordered(), R"(GetCompositeSchedule {"connectorId":2,"duration":86400})");
  EXPECT_EQ(ask("GET", base + "connectors/x/composite-schedule").status, 404u);
  EXPECT_EQ(ask("GET", composite + "?unit=kW").status, 400u);
}

TEST_F(http_charge_points, OCPP_11_a_setting_is_put_and_profiles_are_deleted_by_path_or_filter) {
  EXPECT_EQ(put(base + "configuration", R"({"key":"K","value":"1"})").status, 202u);
  EXPECT_EQ(ordered(), R"(ChangeConfiguration {"key":"K","value":"1"})");
  EXPECT_EQ(ask("DELETE", base + "charging-profiles/41").status, 202u);
  EXPECT_EQ(ordered(), R"(ClearChargingProfile {"id":41})");
  EXPECT_EQ(
      ask("DELETE", base + "charging-profiles?connector=1&purpose=TxProfile&stack_level=3").status,
      202u);
  EXPECT_EQ(ordered(), R"(ClearChargingProfile {"connectorId":1,)"
                       R"("chargingProfilePurpose":"TxProfile","stackLevel":3})");
  EXPECT_EQ(ask("DELETE", base + "reservations/12").status, 202u);
  EXPECT_EQ(ordered(), R"(CancelReservation {"reservationId":12})");
  EXPECT_EQ(ask("POST", base + "clear-cache").status, 202u);
  EXPECT_EQ(ordered(), "ClearCache {}");
}

TEST_F(http_charge_points, OCPP_11_a_payload_is_held_to_the_table_of_its_action) {
  const auto refused = put(base + "configuration", R"({"key":"K","value":1,"colour":"red"})");
  EXPECT_EQ(refused.status, 422u);
  const auto body = json::parse(refused.body);
  EXPECT_THAT(body["detail"], HasSubstr("ChangeConfiguration.req"));
  std::vector<std::string> pointers;
  for (const auto& each : body["errors"]) pointers.push_back(each["pointer"]);
  EXPECT_THAT(pointers, testing::UnorderedElementsAre("/value", "/colour"));
  EXPECT_EQ(stations.orders.size(), 1u) << "nothing is ordered";
}

TEST_F(http_charge_points, OCPP_11_refusals_say_why) {
  stations.refusal = domain::error{domain::errc::conflict, "charge point 'wallbox-1': is not "
                                                           "connected"};
  const auto refused = post(base + "reset", R"({"type":"Soft"})");
  EXPECT_EQ(refused.status, 409u);
  EXPECT_EQ(json::parse(refused.body)["detail"], "charge point 'wallbox-1': is not connected");
  EXPECT_EQ(ask("GET", base + "configuration").status, 409u);
  EXPECT_EQ(post("/api/v1/chargepoints/none/reset", R"({"type":"Soft"})").status, 404u);
}

TEST_F(http_charge_points, OCPP_11_PUT_is_named_where_it_is_allowed) {
  const auto refused = ask("PATCH", base + "configuration");
  EXPECT_EQ(refused.status, 405u);
  EXPECT_THAT(refused.head, HasSubstr("Allow: GET, HEAD, PUT, OPTIONS"));
}

TEST_F(http_charge_points, stations_are_listed_with_what_they_report) {
  const auto listed = json::parse(ask("GET", "/api/v1/chargepoints?connected=true").body);
  ASSERT_EQ(listed["total"], 1);
  const auto one = listed["items"][0];
  EXPECT_EQ(one["id"], "wallbox-1");
  EXPECT_EQ(one["connectors"][0]["transactionId"], 7);
  EXPECT_TRUE(one["connectors"][1]["status"].is_null());
  EXPECT_EQ(json::parse(ask("GET", "/api/v1/chargepoints/wallbox-1").body), one);
  EXPECT_EQ(json::parse(ask("GET", "/api/v1/chargepoints?connected=false").body)["total"], 0);
}

TEST_F(http_charge_points, tags_are_listed_put_shown_and_taken_off) {
  const std::string tags = "/api/v1/id-tags";
  const auto all = json::parse(ask("GET", tags).body);
  EXPECT_EQ(all["total"], 1);
  EXPECT_EQ(all["items"][0],
            json::parse(R"({"idTag":"04A2B3C4","status":"Accepted","expiryDate":null,
                            "parentIdTag":"FLEET","notes":"the blue van"})"));
  EXPECT_EQ(ask("GET", tags + "/04a2b3c4").status, 200u) << "capitals make no difference";
  EXPECT_EQ(ask("GET", tags + "/T1").status, 404u);
  const auto put_one = put(tags + "/T1", R"({"status":"Blocked","expiryDate":null,
                                             "notes":"lost"})");
  EXPECT_EQ(put_one.status, 200u) << put_one.body;
  EXPECT_EQ(json::parse(put_one.body)["status"], "Blocked");
  EXPECT_TRUE(stations.tags.listed.back().is_blocked);
  const auto dated = put(tags + "/T1", R"({"expiryDate":"2027-01-01T00:00:00Z"})");
  EXPECT_EQ(json::parse(dated.body)["expiryDate"], "2027-01-01T00:00:00Z");
  EXPECT_EQ(json::parse(dated.body)["status"], "Accepted");
  EXPECT_EQ(put(tags + "/T1", R"({"status":"Lost"})").status, 422u);
  EXPECT_EQ(put(tags + "/T1", R"({"colour":"red"})").status, 422u);
  EXPECT_EQ(ask("DELETE", tags + "/T1").status, 200u);
  EXPECT_EQ(ask("DELETE", tags + "/T1").status, 404u);
}

TEST(http_charge_points_absent, a_process_without_a_gateway_says_so) {
  fake_engine engine;
  adapters::http::server::server_settings settings;
  settings.port = 0;
  auto server = adapters::http::api::make_server(
      settings, engine, [] { return std::string{}; }, test_assets);
  ASSERT_TRUE(server->start().has_value());
  raw_client client{server->port()};
  const auto answer = client.ask("GET", base + "configuration", "", "");
  EXPECT_EQ(answer.status, 503u);
  EXPECT_THAT(answer.body, HasSubstr("no gateway for stations runs in this process (--ocpp)"));
}

} // namespace
} // namespace busbar::tests
