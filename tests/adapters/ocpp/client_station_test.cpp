// A charge point's end of OCPP 1.6, over a body that is scripted.

#include "adapters/ocpp/client/central_address.hpp"
#include "adapters/ocpp/client/client_station.hpp"
#include "tests/adapters/ocpp/test_authority.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace busbar::tests {
namespace {

namespace client = adapters::ocpp::client;
using std::chrono::seconds;
using testing::HasSubstr;
using testing::StartsWith;

class scripted_body : public client::charge_point_body {
public:
  std::int32_t connectors() const override { return 2; }
  bool is_dc(std::int32_t) const override { return false; }
  domain::reading sample(std::int32_t, domain::instant now) const override {
    auto made = reading;
    made.measured_at = now;
    return made;
  }
  bool has_session(std::int32_t connector) const override { return open == connector; }
  std::string start(std::int32_t connector, const std::string& tag, domain::instant) override {
    if (!refuses.empty()) return refuses;
    open = connector;
    started = tag;
    return {};
  }
  void stop(std::int32_t, domain::instant) override { open = 0; }
  std::string set_profile(std::int32_t connector, const domain::charging_profile& profile,
                          domain::instant) override {
    profiles.emplace_back(connector, profile);
    return {};
  }
  bool clear_profiles(const domain::profile_filter&, domain::instant) override {
    return std::exchange(profiles, {}).size() > 0;
  }
  control::smart_charging::composite_schedule
  compose(std::int32_t, domain::seconds duration, domain::rate_unit unit,
          domain::instant now) const override {
    return {std::chrono::floor<seconds>(now), duration, unit, {{seconds{0}, 160, std::nullopt}}};
  }
  void set_available(std::int32_t, bool is_on, domain::instant) override { is_available = is_on; }

  domain::reading reading{};
  std::int32_t open = 0;
  std::string started;
  std::string refuses;
  bool is_available = true;
  std::vector<std::pair<std::int32_t, domain::charging_profile>> profiles;
};

struct client_station : testing::Test {
  void connect() { take(point.connected(++links, now)); }
  void take(client::client_effects out) {
    last = std::move(out);
    for (const auto& frame : last.frames)
      if (frame.starts_with("[2,")) outstanding = frame;
  }
  void raw(const std::string& text) { take(point.frame(text, reader, now)); }
  static std::string id_of(const std::string& frame) {
    const auto begin = frame.find('"') + 1;
    return frame.substr(begin, frame.find('"', begin) - begin);
  }
  void answer(const std::string& payload) {
    raw("[3,\"" + id_of(std::exchange(outstanding, {})) + "\"," + payload + "]");
  }
  /// All that it asks until nothing is out.
  void answer_all() {
    for (int i = 0; i < 20 && !outstanding.empty(); ++i) answer("{}");
  }
  void serve() {
    connect();
    answer(R"({"status":"Accepted","currentTime":"2026-05-01T00:00:00Z","interval":60})");
    answer_all();
  }
  /// What a CALL of the central system is answered.
  std::string call(const std::string& action, const std::string& payload) {
    raw("[2,\"c" + std::to_string(++calls) + "\",\"" + action + "\"," + payload + "]");
    return last.frames.front();
  }
  void step(seconds more = seconds{0}) {
    now += more;
    take(point.step(now));
  }
  void begin(std::int32_t number = 7) {
    ASSERT_THAT(call("RemoteStartTransaction", R"({"connectorId":1,"idTag":"TAG1"})"),
                HasSubstr("Accepted"));
    ASSERT_THAT(outstanding, HasSubstr("StartTransaction"));
    answer("{\"transactionId\":" + std::to_string(number) +
           R"(,"idTagInfo":{"status":"Accepted"}})");
    step();
    answer_all();
  }

  scripted_body body;
  client::client_station point{"model", body};
  busbar::ocpp::wire::frame_reader reader;
  domain::instant now{std::chrono::sys_days{std::chrono::year{2026} / 5 / 1}};
  client::client_effects last;
  std::string outstanding;
  std::uint64_t links = 0;
  int calls = 0;
};

TEST_F(client_station, boots_first_and_then_reports_the_charge_point_and_its_connectors) {
  connect();
  ASSERT_EQ(last.frames.size(), 1u);
  EXPECT_THAT(last.frames[0], HasSubstr("BootNotification"));
  answer(R"({"status":"Accepted","currentTime":"2026-05-01T00:00:00Z","interval":30})");
  for (int connector = 0; connector <= 2; ++connector) {
    EXPECT_THAT(outstanding, HasSubstr("\"connectorId\":" + std::to_string(connector)));
    answer("{}");
  }
  EXPECT_TRUE(outstanding.empty());
  step(seconds{29});
  EXPECT_TRUE(last.frames.empty());
  step(seconds{1});
  EXPECT_THAT(outstanding, HasSubstr("Heartbeat")) << "at the interval of the answer";
}

TEST_F(client_station, a_boot_that_is_rejected_is_sent_again_after_the_interval) {
  connect();
  answer(R"({"status":"Rejected","currentTime":"2026-05-01T00:00:00Z","interval":10})");
  EXPECT_FALSE(point.ask("TAG1", 1)) << "it is not served";
  step(seconds{9});
  EXPECT_TRUE(last.frames.empty());
  step(seconds{1});
  EXPECT_THAT(outstanding, HasSubstr("BootNotification"));
}

TEST_F(client_station, a_tag_is_asked_about_and_the_verdict_is_handed_out) {
  serve();
  ASSERT_TRUE(point.ask("TAG1", 5));
  step();
  EXPECT_THAT(outstanding, HasSubstr(R"("Authorize",{"idTag":"TAG1"})"));
  answer(R"({"idTagInfo":{"status":"Blocked"}})");
  ASSERT_EQ(last.tags.size(), 1u);
  EXPECT_EQ(last.tags[0].question, 5u);
  EXPECT_EQ(last.tags[0].refusal, "Blocked");
}

TEST_F(client_station, a_remote_start_is_answered_first_and_then_a_transaction_begins) {
  serve();
  body.reading.energy_wh = 1'000;
  EXPECT_THAT(call("RemoteStartTransaction", R"({"connectorId":2,"idTag":"TAG1"})"),
              StartsWith("[3,"));
  EXPECT_EQ(body.started, "TAG1");
  ASSERT_EQ(last.frames.size(), 2u);
  EXPECT_THAT(last.frames[1], HasSubstr(R"("connectorId":2,"idTag":"TAG1","meterStart":1000)"));
  EXPECT_THAT(call("RemoteStartTransaction", R"({"connectorId":2,"idTag":"TAG2"})"),
              HasSubstr("Rejected"));
}

TEST_F(client_station, meter_values_follow_the_interval_while_a_transaction_runs) {
  serve();
  body.reading.state = domain::connector_state::supplying;
  body.reading.current_ma = {16'045, 16'045, 16'045};
  body.reading.energy_wh = 1'250;
  begin();
  EXPECT_THAT(call("ChangeConfiguration", R"({"key":"metervaluesampleinterval","value":"10"})"),
              HasSubstr("Accepted"));
  step(seconds{10});
  EXPECT_THAT(outstanding, HasSubstr("\"transactionId\":7"));
  EXPECT_THAT(outstanding, HasSubstr("\"value\":\"16.045\""));
  EXPECT_THAT(outstanding, HasSubstr("\"value\":\"1250\""));
  answer("{}");
  step(seconds{9});
  EXPECT_TRUE(outstanding.empty());
}

TEST_F(client_station, LIFE_1_a_start_without_an_answer_is_sent_again_as_it_was_on_the_next_link) {
  serve();
  body.reading.energy_wh = 1'000;
  call("RemoteStartTransaction", R"({"connectorId":1,"idTag":"TAG1"})");
  const auto payload = [](const std::string& frame) { return frame.substr(frame.find('{')); };
  const auto first = payload(outstanding);
  point.disconnected();
  body.reading.energy_wh = 1'100;
  step(seconds{40});
  connect();
  answer(R"({"status":"Accepted","currentTime":"2026-05-01T00:00:00Z","interval":60})");
  EXPECT_THAT(outstanding, HasSubstr("StartTransaction")) << "before all that waits";
  EXPECT_EQ(payload(outstanding), first);
}

TEST_F(client_station, LIFE_1_a_stop_waits_for_its_start_and_goes_once_it_is_acknowledged) {
  serve();
  call("RemoteStartTransaction", R"({"connectorId":1,"idTag":"TAG1"})");
  point.disconnected();
  body.reading.energy_wh = 1'500;
  point.end(1, now);
  body.reading.energy_wh = 1'900;
  connect();
  answer(R"({"status":"Accepted","currentTime":"2026-05-01T00:00:00Z","interval":60})");
  answer(R"({"transactionId":9,"idTagInfo":{"status":"Accepted"}})");
  EXPECT_THAT(outstanding, HasSubstr("StopTransaction"));
  EXPECT_THAT(outstanding, HasSubstr(R"("transactionId":9)"));
  EXPECT_THAT(outstanding, HasSubstr(R"("meterStop":1500)")) << "the register of its end";
  answer("{}");
  EXPECT_TRUE(point.state().transactions.empty());
  answer_all();
  step(seconds{40});
  EXPECT_THAT(outstanding, testing::Not(HasSubstr("StopTransaction")));
}

TEST_F(client_station, a_pulled_cable_ends_the_transaction) {
  serve();
  begin();
  body.open = 0;
  step();
  EXPECT_THAT(outstanding, HasSubstr(R"("reason":"EVDisconnected")"));
}

TEST_F(client_station, a_tag_that_is_refused_at_the_start_stops_at_once) {
  serve();
  call("RemoteStartTransaction", R"({"connectorId":1,"idTag":"TAG1"})");
  answer(R"({"transactionId":9,"idTagInfo":{"status":"Invalid"}})");
  EXPECT_EQ(body.open, 0);
  EXPECT_THAT(outstanding, HasSubstr(R"("reason":"DeAuthorized")"));
}

TEST_F(client_station, a_profile_of_another_transaction_is_rejected_and_its_own_is_installed) {
  serve();
  begin(7);
  const auto profile = [](int number) {
    return R"({"connectorId":1,"csChargingProfiles":{"chargingProfileId":1,"transactionId":)" +
           std::to_string(number) +
           R"(,"stackLevel":3,"chargingProfilePurpose":"TxProfile","chargingProfileKind":)"
           R"("Relative","chargingSchedule":{"chargingRateUnit":"A","chargingSchedulePeriod":)"
           R"([{"startPeriod":0,"limit":12.5}]}}})";
  };
  EXPECT_THAT(call("SetChargingProfile", profile(8)), HasSubstr("Rejected"));
  EXPECT_TRUE(body.profiles.empty());
  EXPECT_THAT(call("SetChargingProfile", profile(7)), HasSubstr("Accepted"));
  ASSERT_EQ(body.profiles.size(), 1u);
  EXPECT_EQ(body.profiles[0].second.plan.periods[0].limit_tenths, 125);
  EXPECT_THAT(call("ClearChargingProfile", "{}"), HasSubstr("Accepted"));
  EXPECT_THAT(call("ClearChargingProfile", "{}"), HasSubstr("Unknown"));
}

TEST_F(client_station, a_composite_schedule_is_one_of_the_protocol) {
  serve();
  const auto answered = call("GetCompositeSchedule", R"({"connectorId":1,"duration":600})");
  EXPECT_THAT(answered, HasSubstr(R"("scheduleStart":"2026-05-01T00:00:00)"));
  EXPECT_THAT(answered, HasSubstr(R"("chargingSchedule":{"duration":600,"chargingRateUnit":"A",)"
                                  R"("chargingSchedulePeriod":[{"startPeriod":0,"limit":16}]})"));
}

TEST_F(client_station, settings_are_read_and_changed_within_what_they_may_be) {
  serve();
  const auto read = call("GetConfiguration", R"({"key":["NumberOfConnectors","Colour"]})");
  EXPECT_THAT(read, HasSubstr(R"({"key":"NumberOfConnectors","readonly":true,"value":"2"})"));
  EXPECT_THAT(read, HasSubstr(R"("unknownKey":["Colour"])"));
  const auto change = [&](const char* key, const char* value) {
    return call("ChangeConfiguration", std::string{"{\"key\":\""} + key + "\",\"value\":\"" +
                                           value + "\"}");
  };
  EXPECT_THAT(change("HeartbeatInterval", "120"), HasSubstr("Accepted"));
  EXPECT_THAT(change("HeartbeatInterval", "soon"), HasSubstr("Rejected"));
  EXPECT_THAT(change("NumberOfConnectors", "3"), HasSubstr("Rejected"));
  EXPECT_THAT(change("Colour", "red"), HasSubstr("NotSupported"));
}

TEST_F(client_station, a_reset_is_answered_ends_what_runs_and_makes_the_connection_anew) {
  serve();
  begin();
  EXPECT_THAT(call("Reset", R"({"type":"Soft"})"), HasSubstr("Accepted"));
  EXPECT_THAT(outstanding, HasSubstr(R"("reason":"SoftReset")"));
  EXPECT_FALSE(last.reconnects);
  step(seconds{1});
  EXPECT_TRUE(last.reconnects);
}

TEST_F(client_station, orders_about_connectors_reach_the_body) {
  serve();
  begin();
  EXPECT_THAT(call("ChangeAvailability", R"({"connectorId":1,"type":"Inoperative"})"),
              HasSubstr("Scheduled"));
  EXPECT_FALSE(body.is_available);
  EXPECT_THAT(call("UnlockConnector", R"({"connectorId":1})"), HasSubstr("Unlocked"));
  EXPECT_EQ(body.open, 0);
  EXPECT_THAT(call("UnlockConnector", R"({"connectorId":3})"), HasSubstr("NotSupported"));
}

TEST_F(client_station, what_it_is_triggered_to_send_follows_and_faults_get_their_code) {
  serve();
  EXPECT_THAT(call("TriggerMessage", R"({"requestedMessage":"MeterValues","connectorId":2})"),
              HasSubstr("Accepted"));
  EXPECT_THAT(outstanding, HasSubstr(R"("MeterValues",{"connectorId":2)"));
  answer("{}");
  for (const std::string what : {"Diagnostics", "Firmware"}) {
    EXPECT_THAT(call("TriggerMessage",
                     R"({"requestedMessage":")" + what + R"(StatusNotification"})"),
                HasSubstr("Accepted"));
    EXPECT_THAT(outstanding, HasSubstr(what + R"(StatusNotification",{"status":"Idle"})"));
    answer("{}");
  }
  EXPECT_THAT(call("Dance", "{}"), HasSubstr("NotImplemented"));
  EXPECT_THAT(call("CertificateSigned", "{}"), HasSubstr("NotSupported"));
  EXPECT_THAT(call("Reset", "{}"), HasSubstr("OccurenceConstraintViolation"));
}

TEST_F(client_station, a_connector_is_reserved_for_one_tag_until_it_is_used_or_the_time_is_over) {
  serve();
  const auto reserve = [&](int connector, int number, const std::string& tag,
                           const std::string& until = "2026-05-01T01:00:00Z") {
    return call("ReserveNow", "{\"connectorId\":" + std::to_string(connector) +
                                  ",\"reservationId\":" + std::to_string(number) +
                                  ",\"idTag\":\"" + tag + "\",\"expiryDate\":\"" + until + "\"}");
  };
  EXPECT_THAT(reserve(1, 5, "TAG1"), HasSubstr("Accepted"));
  step();
  EXPECT_THAT(outstanding, HasSubstr(R"("status":"Reserved")"));
  answer_all();
  EXPECT_THAT(reserve(1, 6, "TAG2"), HasSubstr("Occupied"));
  EXPECT_THAT(reserve(0, 6, "TAG2"), HasSubstr("Rejected"));
  EXPECT_THAT(reserve(2, 6, "TAG2", "2026-04-30T23:00:00Z"), HasSubstr("Rejected"));
  EXPECT_FALSE(point.is_free_for("TAG2", 1, now));
  EXPECT_THAT(call("RemoteStartTransaction", R"({"connectorId":1,"idTag":"TAG2"})"),
              HasSubstr("Rejected"));
  EXPECT_THAT(call("RemoteStartTransaction", R"({"connectorId":1,"idTag":"tag1"})"),
              HasSubstr("Accepted"));
  EXPECT_THAT(outstanding, HasSubstr(R"("reservationId":5)"));
  EXPECT_TRUE(point.state().reservations.empty());
  EXPECT_THAT(reserve(1, 7, "TAG2"), HasSubstr("Occupied"));
  EXPECT_THAT(reserve(2, 7, "TAG2"), HasSubstr("Accepted"));
  EXPECT_THAT(call("CancelReservation", R"({"reservationId":7})"), HasSubstr("Accepted"));
  EXPECT_THAT(call("CancelReservation", R"({"reservationId":7})"), HasSubstr("Rejected"));
  EXPECT_THAT(reserve(2, 8, "TAG2"), HasSubstr("Accepted"));
  step(std::chrono::hours{1});
  EXPECT_TRUE(point.state().reservations.empty());
}

TEST_F(client_station, root_certificates_are_installed_listed_by_use_and_deleted) {
  serve();
  const auto install = [&](const std::string& certificate) {
    return call("InstallCertificate",
                nlohmann::json{{"certificateType", "CentralSystemRootCertificate"},
                               {"certificate", certificate}}
                    .dump());
  };
  const auto list = [&](const std::string& use) {
    return call("GetInstalledCertificateIds", R"({"certificateType":")" + use + R"("})");
  };
  EXPECT_THAT(list("CentralSystemRootCertificate"), HasSubstr("NotFound"));
  test_authority authority{"Depot Root"};
  EXPECT_THAT(install(authority.certificate()), HasSubstr("Accepted"));
  EXPECT_THAT(install(authority.certificate()), HasSubstr("Accepted")) << "it is there once";
  EXPECT_THAT(install("-----BEGIN CERTIFICATE-----"), HasSubstr("Rejected"));
  EXPECT_THAT(install(authority.issue({.name = "CP-1"}).certificate), HasSubstr("Rejected"))
      << "its issuer's key is not known";
  EXPECT_THAT(list("ManufacturerRootCertificate"), HasSubstr("NotFound"));
  const auto frame = nlohmann::json::parse(list("CentralSystemRootCertificate"));
  ASSERT_EQ(frame[2]["certificateHashData"].size(), 1u);
  auto one = frame[2]["certificateHashData"][0];
  EXPECT_EQ(one["issuerNameHash"].get<std::string>().size(), 64u) << "SHA-256";
  EXPECT_EQ(one["issuerKeyHash"].get<std::string>().size(), 64u);
  auto other = one;
  other["serialNumber"] = "ff";
  const auto remove = [&](const nlohmann::json& hashes) {
    return call("DeleteCertificate", nlohmann::json{{"certificateHashData", hashes}}.dump());
  };
  EXPECT_THAT(remove(other), HasSubstr("NotFound"));
  EXPECT_THAT(remove(one), HasSubstr("Accepted"));
  EXPECT_THAT(remove(one), HasSubstr("NotFound"));
  for (std::size_t i = 0; i < client::installed_certificate::installed_max; ++i)
    EXPECT_THAT(install(test_authority{"Root " + std::to_string(i)}.certificate()),
                HasSubstr("Accepted"));
  EXPECT_THAT(install(authority.certificate()), HasSubstr("Failed")) << "its store is full";
}

TEST_F(client_station, a_local_list_is_taken_whole_or_changed_from_an_older_version_on) {
  serve();
  const auto send = [&](int version, const std::string& type, const std::string& entries) {
    return call("SendLocalList", "{\"listVersion\":" + std::to_string(version) +
                                     ",\"updateType\":\"" + type +
                                     "\",\"localAuthorizationList\":[" + entries + "]}");
  };
  const auto version = [&] { return call("GetLocalListVersion", "{}"); };
  EXPECT_THAT(version(), HasSubstr(R"("listVersion":0)"));
  EXPECT_THAT(send(3, "Full", R"({"idTag":"A","idTagInfo":{"status":"Accepted"}})"),
              HasSubstr("Accepted"));
  EXPECT_THAT(version(), HasSubstr(R"("listVersion":3)"));
  EXPECT_THAT(send(3, "Differential", ""), HasSubstr("VersionMismatch"));
  EXPECT_THAT(send(4, "Full", R"({"idTag":"B"})"), HasSubstr("Failed"));
  EXPECT_THAT(version(), HasSubstr(R"("listVersion":3)")) << "one that fails changes nothing";
  EXPECT_THAT(send(4, "Differential",
                   R"({"idTag":"a"},{"idTag":"C","idTagInfo":{"status":"Blocked"}})"),
              HasSubstr("Accepted"));
  const std::map<std::string, std::string> kept{{"c", "Blocked"}};
  EXPECT_EQ(point.state().listed.statuses, kept);
}

TEST_F(client_station, firmware_goes_through_its_statuses_and_a_boot_once_nothing_charges) {
  serve();
  begin();
  EXPECT_THAT(call("UpdateFirmware", R"({"location":"https://files.example/f",)"
                                     R"("retrieveDate":"2026-05-01T00:00:00Z"})"),
              HasSubstr("{}]"));
  std::string told;
  bool boots = false;
  const auto pass = [&](int times) {
    for (int i = 0; i < times && !boots; ++i) {
      step(seconds{2});
      boots = last.reconnects;
      while (!outstanding.empty()) {
        if (outstanding.find("FirmwareStatus") != outstanding.npos)
          told += outstanding.substr(outstanding.find('{'));
        answer(R"({"idTagInfo":{"status":"Accepted"}})");
      }
    }
  };
  pass(10);
  EXPECT_EQ(told, R"({"status":"Downloading"}]{"status":"Downloaded"}])") << "a vehicle charges";
  point.end(1, now);
  pass(10);
  EXPECT_TRUE(std::exchange(boots, false));
  point.disconnected();
  connect();
  EXPECT_THAT(outstanding, HasSubstr(R"("firmwareVersion":"2")"));
  answer(R"({"status":"Accepted","currentTime":"2026-05-01T00:00:00Z","interval":60})");
  pass(5);
  EXPECT_EQ(told, R"({"status":"Downloading"}]{"status":"Downloaded"}])"
                  R"({"status":"Installing"}]{"status":"Installed"}])");
}

TEST_F(client_station, a_log_is_uploaded_under_its_number_and_a_newer_order_ends_the_one_before) {
  serve();
  const auto log = [&](int request, const std::string& url) {
    return call("GetLog", "{\"logType\":\"SecurityLog\",\"requestId\":" +
                              std::to_string(request) + ",\"log\":{\"remoteLocation\":\"" + url +
                              "\"}}");
  };
  EXPECT_THAT(log(3, "https://files.example/"), HasSubstr(R"("status":"Accepted")"));
  step();
  EXPECT_THAT(outstanding, HasSubstr(R"("LogStatusNotification",{"status":"Uploading",)"
                                     R"("requestId":3})"));
  answer("{}");
  EXPECT_THAT(log(4, "telnet://files.example/"), HasSubstr("AcceptedCanceled"));
  step();
  answer("{}");
  step(seconds{2});
  EXPECT_THAT(outstanding, HasSubstr(R"({"status":"UploadFailure","requestId":4})"));
  answer("{}");
  EXPECT_THAT(call("GetDiagnostics", R"({"location":"ftp://files.example/"})"),
              HasSubstr(R"("fileName":"diagnostics.zip")"));
}

TEST_F(client_station, availability_that_is_scheduled_counts_once_the_transaction_has_ended) {
  serve();
  begin();
  EXPECT_THAT(call("ChangeAvailability", R"({"connectorId":0,"type":"Inoperative"})"),
              HasSubstr("Scheduled"));
  EXPECT_THAT(outstanding, HasSubstr(R"("connectorId":0,"errorCode":"NoError",)"
                                     R"("status":"Unavailable")"));
  EXPECT_FALSE(point.state().transactions.front().has_ended) << "it goes on to its end";
}

TEST(central_address, is_read_with_its_path_and_takes_any_identity) {
  const auto read = client::central_address_of("ws://127.0.0.1:9000/ocpp/");
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read.value().host, "127.0.0.1");
  EXPECT_EQ(read.value().port, "9000");
  EXPECT_EQ(client::target_of(read.value(), "wall box/1"), "/ocpp/wall%20box%2F1");
  EXPECT_EQ(client::central_address_of("ws://[::1]:9000").value().host, "::1");
  EXPECT_FALSE(read.value().is_secure);
  const auto secure = client::central_address_of("wss://csms.example/ocpp");
  ASSERT_TRUE(secure.has_value());
  EXPECT_TRUE(secure.value().is_secure);
  EXPECT_EQ(secure.value().port, "443");
  for (const auto* wrong : {"https://a:1", "wss://", "127.0.0.1:9000", "ws://", "ws://a:port/"})
    EXPECT_FALSE(client::central_address_of(wrong).has_value()) << wrong;
}

} // namespace
} // namespace busbar::tests
