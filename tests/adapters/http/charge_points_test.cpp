// OCPP-11: service orders by REST: paths, payloads of 1.6, refusals.

#include "tests/adapters/http/server_fixture.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include <array>
#include <thread>

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

/// Each order with a body: what is right, and a body that is wrong at one place.
struct order_case {
  const char* verb;
  const char* name;
  const char* action;
  const char* right;
  const char* wrong;
  const char* pointer;
};
constexpr order_case order_cases[] = {
    {"POST", "remote-start", "RemoteStartTransaction", R"({"idTag":"T"})",
     R"({"idTag":"123456789012345678901"})", "/idTag"},
    {"POST", "remote-stop", "RemoteStopTransaction", R"({"transactionId":7})",
     R"({"transactionId":"x"})", "/transactionId"},
    {"POST", "unlock-connector", "UnlockConnector", R"({"connectorId":1})", "{}", "/connectorId"},
    {"POST", "reset", "Reset", R"({"type":"Soft"})", R"({"type":"Medium"})", "/type"},
    {"POST", "change-availability", "ChangeAvailability",
     R"({"connectorId":0,"type":"Operative"})", R"({"connectorId":1.5,"type":"Operative"})",
     "/connectorId"},
    {"POST", "trigger-message", "TriggerMessage", R"({"requestedMessage":"Heartbeat"})",
     R"({"requestedMessage":"Authorize"})", "/requestedMessage"},
    {"POST", "clear-cache", "ClearCache", "{}", R"({"all":true})", "/all"},
    {"POST", "data-transfer", "DataTransfer", R"({"vendorId":"V","data":"1"})",
     R"({"vendorId":"V","data":1})", "/data"},
    {"POST", "get-diagnostics", "GetDiagnostics", R"({"location":"https://files.example/"})",
     R"({"location":"https://files.example/","startTime":"noon"})", "/startTime"},
    {"POST", "get-log", "GetLog",
     R"({"log":{"remoteLocation":"https://files.example/l"},"logType":"SecurityLog"})",
     R"({"log":{"remoteLocation":"https://files.example/l"},"logType":"AllLogs"})", "/logType"},
    {"POST", "update-firmware", "UpdateFirmware",
     R"({"location":"https://files.example/f","retrieveDate":"2026-05-01T12:00:00Z"})",
     R"({"location":"https://files.example/f"})", "/retrieveDate"},
    {"POST", "reservations", "ReserveNow",
     R"({"connectorId":1,"expiryDate":"2026-05-01T12:00:00Z","idTag":"T"})",
     R"({"connectorId":1,"expiryDate":"2026-05-01T12:00:00Z","idTag":7})", "/idTag"},
    {"POST", "local-list", "SendLocalList",
     R"({"listVersion":2,"updateType":"Full","localAuthorizationList":[{"idTag":"T"}]})",
     R"({"listVersion":2,"updateType":"Full","localAuthorizationList":[{"idTag":"T"},{}]})",
     "/localAuthorizationList/1/idTag"},
    {"POST", "certificates", "InstallCertificate",
     R"({"certificateType":"CentralSystemRootCertificate","certificate":"C"})",
     R"({"certificateType":"V2GRootCertificate","certificate":"C"})", "/certificateType"},
    {"DELETE", "certificates", "DeleteCertificate",
     R"({"certificateHashData":{"hashAlgorithm":"SHA256","issuerNameHash":"a","issuerKeyHash":"b",
         "serialNumber":"7"}})",
     R"({"certificateHashData":{"hashAlgorithm":"SHA256","issuerNameHash":"a",
         "issuerKeyHash":"b"}})",
     "/certificateHashData/serialNumber"},
    {"PUT", "configuration", "ChangeConfiguration", R"({"key":"K","value":"1"})",
     R"({"key":"K"})", "/value"},
    {"POST", "charging-profiles", "SetChargingProfile",
     R"({"connectorId":0,"csChargingProfiles":{"chargingProfileId":1,"stackLevel":0,
         "chargingProfilePurpose":"TxDefaultProfile","chargingProfileKind":"Relative",
         "chargingSchedule":{"chargingRateUnit":"A",
         "chargingSchedulePeriod":[{"startPeriod":0,"limit":8}]}}})",
     R"({"connectorId":0,"csChargingProfiles":{"chargingProfileId":1,"stackLevel":0,
         "chargingProfilePurpose":"TxDefaultProfile","chargingProfileKind":"Relative",
         "chargingSchedule":{"chargingRateUnit":"V",
         "chargingSchedulePeriod":[{"startPeriod":0,"limit":8}]}}})",
     "/csChargingProfiles/chargingSchedule/chargingRateUnit"},
};

TEST_F(http_charge_points, OCPP_11_each_order_takes_its_payload_and_names_the_place_of_a_fault) {
  for (const auto& each : order_cases) {
    const auto send = [&](const char* body) {
      return ask(each.verb, base + each.name, "Content-Type: application/json\r\n", body);
    };
    const auto taken = send(each.right);
    EXPECT_EQ(taken.status, 202u) << each.name << ": " << taken.body;
    EXPECT_EQ(stations.given.action, each.action);
    const auto before = stations.orders.size();
    const auto refused = send(each.wrong);
    EXPECT_EQ(refused.status, 422u) << each.name << ": " << refused.body;
    EXPECT_EQ(json::parse(refused.body)["errors"][0]["pointer"], each.pointer) << refused.body;
    EXPECT_EQ(stations.orders.size(), before) << each.name << ": nothing is ordered";
  }
}

TEST_F(http_charge_points, OCPP_11_reservations_and_requests_need_no_number_of_the_client) {
  const std::string body = R"({"connectorId":1,"expiryDate":"2026-05-01T12:00:00Z","idTag":"T")";
  EXPECT_EQ(post(base + "reservations", body + "}").status, 202u);
  EXPECT_EQ(json::parse(stations.given.payload)["reservationId"], 41);
  EXPECT_EQ(post(base + "reservations", body + R"(,"reservationId":7})").status, 202u);
  EXPECT_EQ(json::parse(stations.given.payload)["reservationId"], 7) << "one that is stated stays";
  const std::string log =
      R"({"log":{"remoteLocation":"https://files.example/l"},"logType":"SecurityLog"})";
  EXPECT_EQ(post(base + "get-log", log).status, 202u);
  EXPECT_EQ(json::parse(stations.given.payload)["requestId"], 42);
}

TEST_F(http_charge_points, OCPP_11_a_profile_is_set_at_the_connector_of_the_path) {
  const std::string at = base + "connectors/2/set-charging-profile";
  const std::string profile =
      R"("csChargingProfiles":{"chargingProfileId":1,"stackLevel":0,
         "chargingProfilePurpose":"TxDefaultProfile","chargingProfileKind":"Relative",
         "chargingSchedule":{"chargingRateUnit":"A",
         "chargingSchedulePeriod":[{"startPeriod":0,"limit":8}]}})";
  ASSERT_EQ(post(at, "{" + profile + "}").status, 202u);
  EXPECT_EQ(stations.given.action, "SetChargingProfile");
  EXPECT_EQ(json::parse(stations.given.payload)["connectorId"], 2);
  EXPECT_EQ(post(at, R"({"connectorId":2,)" + profile + "}").status, 202u);
  const auto other = post(at, R"({"connectorId":1,)" + profile + "}");
  EXPECT_EQ(other.status, 422u);
  EXPECT_EQ(json::parse(other.body)["errors"][0]["pointer"], "/connectorId");
  EXPECT_EQ(post(base + "connectors/x/set-charging-profile", "{" + profile + "}").status, 404u);
}

TEST_F(http_charge_points, OCPP_11_firmware_with_certificate_and_signature_is_the_signed_order) {
  const auto beside = R"({"location":"https://files.example/f","retries":2,
      "retrieveDate":"2026-05-01T12:00:00Z","signingCertificate":"C","signature":"S"})";
  ASSERT_EQ(post(base + "update-firmware", beside).status, 202u);
  EXPECT_EQ(stations.given.action, "SignedUpdateFirmware");
  EXPECT_EQ(json::parse(stations.given.payload),
            json::parse(R"({"requestId":41,"retries":2,"firmware":{
                "location":"https://files.example/f","retrieveDateTime":"2026-05-01T12:00:00Z",
                "signingCertificate":"C","signature":"S"}})"));
  ASSERT_EQ(post(base + "update-firmware", stations.given.payload).status, 202u);
  EXPECT_EQ(stations.given.action, "SignedUpdateFirmware") << "the payload of that action";
  const auto half = post(base + "update-firmware", R"({"location":"https://files.example/f",
      "retrieveDate":"2026-05-01T12:00:00Z","signature":"S"})");
  EXPECT_EQ(half.status, 422u);
  EXPECT_EQ(json::parse(half.body)["errors"][0]["pointer"], "/firmware/signingCertificate");
}

TEST_F(http_charge_points, OCPP_11_a_URL_that_is_not_allowed_is_refused_with_its_place) {
  const auto wrong = [&](const std::string& name, const std::string& body) {
    const auto refused = post(base + name, body);
    EXPECT_EQ(refused.status, 422u) << refused.body;
    const auto fault = json::parse(refused.body)["errors"][0];
    EXPECT_THAT(fault["detail"].get<std::string>(), HasSubstr("http://10.0.0.1/"));
    return fault["pointer"].get<std::string>();
  };
  EXPECT_EQ(wrong("get-diagnostics", R"({"location":"http://10.0.0.1/"})"), "/location");
  EXPECT_EQ(wrong("update-firmware", R"({"location":"http://10.0.0.1/",
      "retrieveDate":"2026-05-01T12:00:00Z"})"), "/location");
  EXPECT_EQ(wrong("update-firmware", R"({"location":"http://10.0.0.1/","signature":"S",
      "retrieveDate":"2026-05-01T12:00:00Z","signingCertificate":"C"})"), "/firmware/location");
  EXPECT_EQ(wrong("get-log", R"({"log":{"remoteLocation":"http://10.0.0.1/"},
      "logType":"SecurityLog"})"), "/log/remoteLocation");
  EXPECT_EQ(stations.orders.size(), 1u) << "nothing is ordered";
}

TEST_F(http_charge_points, OCPP_11_an_order_states_whether_it_waits_and_until_when) {
  EXPECT_EQ(post(base + "reset", R"({"type":"Soft"})").status, 202u);
  EXPECT_FALSE(stations.given.waits);
  EXPECT_FALSE(stations.given.until);
  const auto kept_for = [&] { return *stations.given.until - stations.orders.back().asked_at; };
  EXPECT_EQ(post(base + "reset?absent=wait&deadline_s=90", R"({"type":"Soft"})").status, 202u);
  EXPECT_TRUE(stations.given.waits);
  EXPECT_EQ(kept_for(), std::chrono::seconds{90});
  EXPECT_EQ(ask("DELETE", base + "reservations/12?absent=wait").status, 202u);
  EXPECT_EQ(kept_for(), std::chrono::hours{24}) << "one that waits has an end";
  EXPECT_EQ(post(base + "reset?absent=maybe", R"({"type":"Soft"})").status, 400u);
  EXPECT_EQ(post(base + "reset?deadline_s=0", R"({"type":"Soft"})").status, 400u);
}

TEST_F(http_charge_points, OCPP_11_a_hundred_requests_under_one_key_are_one_order) {
  const auto before = stations.orders.size();
  std::vector<std::thread> clients;
  std::array<raw_answer, 100> answers;
  for (auto& answer : answers)
    clients.emplace_back([&] {
      answer = ask("POST", base + "reset?wait_s=20",
                   "Content-Type: application/json\r\nIdempotency-Key: once\r\n",
                   R"({"type":"Soft"})");
    });
  for (auto& each : clients) each.join();
  EXPECT_EQ(stations.orders.size(), before + 1);
  for (const auto& answer : answers) {
    EXPECT_EQ(answer.status, 200u) << answer.body;
    EXPECT_EQ(answer.body, answers[0].body);
  }
}

TEST_F(http_charge_points, OCPP_11_one_order_goes_to_many_stations_with_a_report) {
  const std::string bulk = "/api/v1/chargepoints/bulk/";
  const auto taken = post(bulk + "reset?deadline_s=60",
                          R"({"ids":["wallbox-1","other"],"payload":{"type":"Soft"}})");
  ASSERT_EQ(taken.status, 202u) << taken.body;
  EXPECT_EQ(json::parse(taken.body), json::parse(R"({"id":1,"state":"pending","stations":2})"));
  EXPECT_EQ(ordered(), R"(Reset {"type":"Soft"})");
  EXPECT_EQ(*stations.given.until - stations.orders.back().asked_at, std::chrono::seconds{60});
  const auto report = json::parse(ask("GET", bulk + "1").body);
  EXPECT_EQ(report["counts"]["pending"], 1);
  EXPECT_EQ(report["counts"]["not_ordered"], 1);
  EXPECT_EQ(report["is_done"], false);
  EXPECT_EQ(report["items"][0]["id"], "wallbox-1");
  EXPECT_EQ(report["items"][0]["order"]["action"], "Reset");
  EXPECT_EQ(report["items"][1]["refusal"], "none comes under this identity");
  stations.orders.back().state = ports::order_state::refused;
  const auto done = json::parse(ask("GET", bulk + "1").body);
  EXPECT_EQ(done["counts"]["refused"], 1);
  EXPECT_EQ(done["is_done"], true);
  EXPECT_EQ(ask("GET", bulk + "2").status, 404u);
}

TEST_F(http_charge_points, OCPP_11_an_order_to_many_is_narrowed_by_site_and_filter_and_is_checked) {
  const std::string bulk = "/api/v1/chargepoints/bulk/";
  const auto count = [&](const std::string& where) {
    const auto taken = post(bulk + "clear-cache", where);
    EXPECT_EQ(taken.status, 202u) << taken.body;
    return json::parse(taken.body)["stations"].get<int>();
  };
  EXPECT_EQ(count(R"({"site":"garage"})"), 1);
  EXPECT_EQ(count(R"({"site":"yard"})"), 0);
  EXPECT_EQ(count(R"({"filter":{"connected":true,"firmware":"1.2"}})"), 1);
  EXPECT_EQ(count(R"({"ids":["wallbox-1"],"filter":{"connected":false}})"), 0);
  const auto before = stations.orders.size();
  const auto wrong = [&](const std::string& body) {
    const auto refused = post(bulk + "reset", body);
    EXPECT_EQ(refused.status, 422u) << refused.body;
    return json::parse(refused.body)["errors"][0]["pointer"].get<std::string>();
  };
  EXPECT_EQ(wrong(R"({"payload":{"type":"Soft"}})"), "/ids");
  EXPECT_EQ(wrong(R"({"ids":[],"payload":{"type":"Soft"}})"), "/ids");
  EXPECT_EQ(wrong(R"({"site":"garage","payload":{"type":"Medium"}})"), "/payload/type");
  EXPECT_EQ(wrong(R"({"filter":{"colour":"red"},"payload":{"type":"Soft"}})"), "/filter/colour");
  EXPECT_EQ(wrong(R"({"site":"garage","per_second":0,"payload":{"type":"Soft"}})"), "/per_second");
  EXPECT_EQ(wrong(R"({"site":"garage","speed":1,"payload":{"type":"Soft"}})"), "/speed");
  EXPECT_EQ(post(bulk + "dance", R"({"site":"garage"})").status, 404u);
  EXPECT_EQ(stations.orders.size(), before) << "nothing is ordered";
}

TEST_F(http_charge_points, the_newest_frames_of_a_station_are_shown_with_what_is_no_JSON_as_text) {
  const auto listed = json::parse(ask("GET", base + "messages").body);
  ASSERT_EQ(listed["total"], 2);
  EXPECT_EQ(listed["items"][0]["from"], "station");
  EXPECT_EQ(listed["items"][0]["frame"], json::parse(R"([2,"1","Heartbeat",{}])"));
  EXPECT_TRUE(listed["items"][0]["text"].is_null());
  EXPECT_TRUE(listed["items"][1]["frame"].is_null());
  EXPECT_EQ(listed["items"][1]["text"], "[2,");
}

TEST_F(http_charge_points, OCPP_11_a_record_shows_its_deadline_and_what_the_station_reports_since) {
  auto& order = stations.orders.back();
  order.until = order.asked_at;
  order.progress = {{"Downloading", std::nullopt, order.asked_at},
                    {"StartTransaction", 7, order.asked_at}};
  order.done_at = order.asked_at;
  const auto shown = json::parse(ask("GET", base + "commands/1").body);
  EXPECT_EQ(shown["deadline"], shown["asked_at"]);
  EXPECT_EQ(shown["done_at"], shown["asked_at"]);
  EXPECT_EQ(shown["progress"][0]["status"], "Downloading");
  EXPECT_FALSE(shown["progress"][0].contains("transactionId"));
  EXPECT_EQ(shown["progress"][1]["transactionId"], 7);
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
  const auto count = [&](const std::string& query) {
    return json::parse(ask("GET", "/api/v1/chargepoints?" + query).body)["total"].get<int>();
  };
  for (const auto* each : {"connected=true", "accepted=true", "status=Charging", "site=garage",
                           "q=BOX", "firmware=1.2"})
    EXPECT_EQ(count(each), 1) << each;
  for (const auto* none : {"connected=false", "accepted=false", "status=Faulted", "site=yard",
                           "q=yard", "firmware=1.3", "vendor=V", "model=M",
                           "connected=true&status=Available"})
    EXPECT_EQ(count(none), 0) << none;
  EXPECT_EQ(ask("GET", "/api/v1/chargepoints?status=Dancing").status, 400u);
}

TEST_F(http_charge_points, tags_are_listed_put_shown_and_taken_off) {
  const std::string tags = "/api/v1/id-tags";
  const auto all = json::parse(ask("GET", tags).body);
  EXPECT_EQ(all["total"], 1);
  EXPECT_EQ(all["items"][0],
            json::parse(R"({"idTag":"04A2B3C4","status":"Accepted","expiryDate":null,
                            "parentIdTag":"FLEET","group":"staff","concurrent":1,
                            "notes":"the blue van"})"));
  EXPECT_EQ(ask("GET", tags + "/04a2b3c4").status, 200u) << "capitals make no difference";
  EXPECT_EQ(ask("GET", tags + "/T1").status, 404u);
  const auto put_one = put(tags + "/T1", R"({"status":"Blocked","expiryDate":null,
                                             "notes":"lost"})");
  EXPECT_EQ(put_one.status, 200u) << put_one.body;
  EXPECT_EQ(json::parse(put_one.body)["status"], "Blocked");
  EXPECT_TRUE(stations.tags.listed.back().is_blocked);
  const auto bounded = put(tags + "/T1", R"({"group":"guests","concurrent":3})");
  EXPECT_EQ(json::parse(bounded.body)["group"], "guests") << bounded.body;
  EXPECT_EQ(json::parse(bounded.body)["concurrent"], 3);
  EXPECT_EQ(put(tags + "/T1", R"({"concurrent":0})").status, 422u);
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
