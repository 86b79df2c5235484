#include "ocpp/v16/configuration_key.hpp"

#include <gmock/gmock.h>

#include <map>
#include <set>

namespace busbar::ocpp::v16 {
namespace {

std::string why(const char* name, const char* value) {
  return fault_of(*standard_key(name), value).value_or("");
}

} // namespace

TEST(configuration_key, the_table_has_every_key_once_and_finds_it_whatever_its_capitals) {
  std::set<std::string_view> names;
  std::map<feature_profile, int> by_profile;
  for (const auto& key : standard_keys()) {
    EXPECT_TRUE(names.insert(key.name).second) << key.name;
    std::string capitals;
    for (const char each : key.name) capitals += static_cast<char>(std::toupper(each));
    ASSERT_EQ(standard_key(capitals), &key) << key.name;
    EXPECT_EQ(key.component.empty(), key.variable.empty()) << key.name;
    EXPECT_EQ(key.type == key_type::integer, key.high > key.low) << key.name;
    ++by_profile[key.profile];
  }
  // OCPP 1.6, 9.1 to 9.4 with its errata; the white paper, 4.
  EXPECT_EQ(by_profile[feature_profile::core], 34);
  EXPECT_EQ(by_profile[feature_profile::local_auth_list_management], 3);
  EXPECT_EQ(by_profile[feature_profile::reservation], 1);
  EXPECT_EQ(by_profile[feature_profile::smart_charging], 5);
  EXPECT_EQ(by_profile[feature_profile::firmware_management], 1);
  EXPECT_EQ(by_profile[feature_profile::security], 6);
  EXPECT_EQ(standard_key("VendorKey"), nullptr);
}

TEST(configuration_key, a_value_that_a_key_cannot_have_is_named_with_what_is_allowed) {
  EXPECT_EQ(why("HeartbeatInterval", "60"), "");
  EXPECT_EQ(why("HeartbeatInterval", "-1"), "\"-1\": allowed: an integer of 0..100000000");
  EXPECT_NE(why("HeartbeatInterval", "60 s"), "");
  EXPECT_NE(why("HeartbeatInterval", ""), "");
  EXPECT_EQ(why("LocalPreAuthorize", "TRUE"), "");
  EXPECT_EQ(why("LocalPreAuthorize", "yes"), "\"yes\": allowed: true, false");
  EXPECT_EQ(why("MeterValuesSampledData", "Current.Import.L1, Voltage.L1-N,SoC"), "");
  EXPECT_EQ(why("MeterValuesSampledData", ""), "");
  EXPECT_THAT(why("MeterValuesSampledData", "SoC,Current.Imports"),
              testing::StartsWith("\"Current.Imports\": allowed: Energy.Active.Export.Register"));
  EXPECT_NE(why("MeterValuesSampledData", "Current.Import.L4"), "");
  EXPECT_EQ(why("ConnectorPhaseRotation", "0.RST,1.RTS,2.Unknown"), "");
  EXPECT_NE(why("ConnectorPhaseRotation", "0.RSR"), "");
  EXPECT_EQ(why("ChargingScheduleAllowedChargingRateUnit", "Current,Power"), "");
  EXPECT_EQ(why("SecurityProfile", "3"), "");
  EXPECT_NE(why("SecurityProfile", "4"), "");
  EXPECT_EQ(why("LightIntensity", "100"), "");
  EXPECT_NE(why("LightIntensity", "101"), "");
}

TEST(configuration_key, OCPP_4_a_key_of_authentication_has_16_to_20_bytes_and_is_never_shown) {
  EXPECT_EQ(why("AuthorizationKey", "00ff10ababababababababababababab"), "");
  EXPECT_EQ(why("AuthorizationKey", "00ff10ababababababababababababababababab"), "");
  const auto refused = why("AuthorizationKey", "00ff10abababababababababababab");
  EXPECT_EQ(refused, "\"(key)\": allowed: 32 to 40 hexadecimal digits");
  EXPECT_EQ(standard_key("AuthorizationKey")->access, key_access::write_only);
  EXPECT_EQ(standard_key("AuthorizationKey")->effect, key_effect::next_connection);
}

} // namespace busbar::ocpp::v16
