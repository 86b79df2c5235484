// Charging profiles over the API, beyond the form that openapi_test holds them to.

#include "tests/adapters/http/server_fixture.hpp"

#include <nlohmann/json.hpp>

namespace busbar::tests {
namespace {

using domain::command_kind;
using nlohmann::json;

const std::string path = "/api/v1/stations/CP-001/charging-profiles";

json a_request(std::int32_t connector = 1) {
  return {{"connectorId", connector},
          {"csChargingProfiles",
           {{"chargingProfileId", 41},
            {"stackLevel", 2},
            {"chargingProfilePurpose", "TxDefaultProfile"},
            {"chargingProfileKind", "Absolute"},
            {"chargingSchedule",
             {{"chargingRateUnit", "A"},
              {"startSchedule", "2026-05-01T12:00:00Z"},
              {"chargingSchedulePeriod", json::array({{{"startPeriod", 0}, {"limit", 10.5}}})}}}}}};
}

class http_profiles : public server_fixture {
protected:
  void SetUp() override {
    server_fixture::SetUp();
    start();
  }
  /// What the station accepted: `request`, on a running session from noon of 2026-05-01 on.
  void install(const domain::charging_profile& profile) {
    domain::command command;
    command.kind = command_kind::set_charging_profile;
    command.number = 1;
    command.profile.order = std::make_shared<const domain::profile_order>(
        domain::profile_order{false, profile, {}});
    engine.profile_book.follow(0, domain::session_id{"s-17"}, noon);
    engine.profile_book.sent(0, command);
    domain::command_result accepted;
    accepted.number = 1;
    accepted.answer = domain::outcome::accepted;
    accepted.answered_at = noon;
    ASSERT_TRUE(engine.profile_book.answered(0, accepted));
    engine.profile_book.granted(0, domain::milliamperes{16'000});
    // 6900 W held of 11 040 W: 4140 W x 60 s / 3600 = 69 Wh.
    for (std::int64_t second = 0; second <= 60; ++second)
      engine.profile_book.measured(0, domain::watts{6'900}, noon + domain::seconds{second});
  }
};

TEST_F(http_profiles, a_profile_is_read_exactly_and_handed_to_its_connector) {
  const raw_answer answer = post(path, a_request().dump());
  EXPECT_EQ(answer.status, 202u) << answer.body;
  ASSERT_EQ(engine.managed.size(), 1u);
  const auto& request = engine.managed[0];
  EXPECT_EQ(request.kind, command_kind::set_charging_profile);
  EXPECT_EQ(request.topology_hash, engine.view(request.site)->topology->topology_hash);
  EXPECT_NE(request.topology_hash, 0u) << "in the places of another tree it is refused";
  EXPECT_EQ(request.place, 0u);
  EXPECT_FALSE(request.order.order->is_station_wide);
  const auto& profile = *request.order.order->installs;
  EXPECT_EQ(profile.id, 41);
  EXPECT_EQ(profile.plan.periods[0].limit_tenths, 105);
}

TEST_F(http_profiles, connector_0_is_the_whole_station) {
  auto request = a_request(0);
  request["csChargingProfiles"]["chargingProfilePurpose"] = "ChargePointMaxProfile";
  EXPECT_EQ(post(path, request.dump()).status, 202u);
  EXPECT_TRUE(engine.managed.at(0).order.order->is_station_wide);
}

TEST_F(http_profiles, every_fault_of_a_payload_is_named_with_the_error_of_the_protocol) {
  auto request = a_request();
  request["csChargingProfiles"]["stackLevel"] = -1;
  request["csChargingProfiles"]["chargingProfileKind"] = "Sometimes";
  request["csChargingProfiles"]["chargingSchedule"].erase("chargingRateUnit");
  const raw_answer answer = post(path, request.dump());
  EXPECT_EQ(answer.status, 422u);
  const json errors = json::parse(answer.body)["errors"];
  ASSERT_EQ(errors.size(), 3u);
  EXPECT_EQ(errors[0]["pointer"], "/csChargingProfiles/stackLevel");
  EXPECT_EQ(errors[0]["detail"],
            "-1: allowed: 0..2147483647 (PropertyConstraintViolation)");
  EXPECT_EQ(errors[2]["pointer"], "/csChargingProfiles/chargingSchedule/chargingRateUnit");
  EXPECT_EQ(errors[2]["detail"], "is required (OccurenceConstraintViolation)");
  EXPECT_TRUE(engine.managed.empty());
}

TEST_F(http_profiles, what_the_station_would_reject_is_a_conflict) {
  auto request = a_request();
  request["csChargingProfiles"]["chargingProfilePurpose"] = "TxProfile";
  const raw_answer answer = post(path, request.dump());
  EXPECT_EQ(answer.status, 409u);
  EXPECT_EQ(json::parse(answer.body)["detail"],
            "Rejected: TxProfile needs a running transaction on its connector");
  EXPECT_EQ(post(path, a_request(9).dump()).status, 409u);
  EXPECT_TRUE(engine.managed.empty());
}

TEST_F(http_profiles, clears_by_id_or_by_what_they_are) {
  EXPECT_EQ(ask("DELETE", path + "?connector=1&purpose=TxProfile&level=3").status, 202u);
  ASSERT_EQ(engine.managed.size(), 1u);
  EXPECT_EQ(engine.managed[0].kind, command_kind::clear_charging_profile);
  EXPECT_EQ(engine.managed[0].order.order->clears,
            (domain::profile_filter{{}, 1, domain::profile_purpose::tx, 3}));
  EXPECT_EQ(ask("DELETE", path + "?id=41").status, 202u);
  EXPECT_EQ(engine.managed.at(1).order.order->clears.id, 41);
  EXPECT_EQ(ask("DELETE", path + "?purpose=None").status, 400u);
}

TEST_F(http_profiles, shows_what_is_installed_what_follows_and_what_it_held_back) {
  domain::charging_profile profile;
  profile.id = 41;
  profile.stack_level = 2;
  profile.plan.periods = {{domain::seconds{0}, 100, std::nullopt}};
  install(profile);
  const raw_answer answer = ask("GET", path + "?duration_s=3600&unit=W");
  ASSERT_EQ(answer.status, 200u);
  const json shown = json::parse(answer.body);
  EXPECT_EQ(shown["installed"][0]["csChargingProfiles"]["chargingProfileId"], 41);
  const json connector = shown["connectors"][0];
  EXPECT_EQ(connector["limit_now"]["limit"], 6'900) << "10 A x 3 x 230 V";
  EXPECT_EQ(connector["schedule"]["duration"], 3'600);
  EXPECT_EQ(connector["schedule"]["chargingSchedulePeriod"],
            json::array({{{"startPeriod", 0}, {"limit", 6'900}}}));
  EXPECT_EQ(connector["stack"][0]["leading_s"], 3'600);
  EXPECT_EQ(connector["held_back"],
            json::array({{{"chargingProfileId", 41}, {"time_s", 60}, {"energy_wh", 69}}}));
}

TEST_F(http_profiles, refuses_questions_out_of_bounds) {
  EXPECT_EQ(ask("GET", path + "?duration_s=604801").status, 400u);
  EXPECT_EQ(ask("GET", path + "?unit=kW").status, 400u);
  EXPECT_EQ(ask("GET", "/api/v1/stations/X/charging-profiles").status, 404u);
}

} // namespace
} // namespace busbar::tests
