#include "adapters/ocpp/client/client_settings.hpp"

#include "ocpp/v16/configuration_key.hpp"

#include <algorithm>
#include <charconv>

namespace busbar::adapters::ocpp::client {

namespace v16 = busbar::ocpp::v16;

namespace {

bool is_same(std::string_view one, std::string_view other) {
  return std::ranges::equal(one, other, [](char a, char b) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
    return lower(a) == lower(b);
  });
}

constexpr const char* sampled =
    "Energy.Active.Import.Register,Power.Active.Import,Current.Import,Voltage,SoC";

constexpr const char* feature_profiles =
    "Core,FirmwareManagement,LocalAuthListManagement,Reservation,SmartCharging,RemoteTrigger";

} // namespace

client_settings::client_settings(std::int32_t connectors)
    : all_{{"AuthorizeRemoteTxRequests", "false"},
           {"CertificateStoreMaxLength", "16", true},
           {"ChargeProfileMaxStackLevel", "10", true},
           {"ChargingScheduleAllowedChargingRateUnit", "Current,Power", true},
           {"ChargingScheduleMaxPeriods", "24", true},
           {"ClockAlignedDataInterval", "0"},
           {"ConnectionTimeOut", "60"},
           {"GetConfigurationMaxKeys", "100", true},
           {"HeartbeatInterval", "60"},
           {"LocalAuthListEnabled", "true"},
           {"LocalAuthListMaxLength", "1000", true},
           {"LocalAuthorizeOffline", "false"},
           {"LocalPreAuthorize", "false"},
           {"MaxChargingProfilesInstalled", "20", true},
           {"MeterValueSampleInterval", "60"},
           {"MeterValuesSampledData", sampled},
           {"NumberOfConnectors", std::to_string(connectors), true},
           {"ReserveConnectorZeroSupported", "false", true},
           {"ResetRetries", "1"},
           {"SendLocalListMaxLength", "1000", true},
           {"StopTransactionOnEVSideDisconnect", "true", true},
           {"StopTransactionOnInvalidId", "true"},
           {"SupportedFeatureProfiles", feature_profiles, true},
           {"TransactionMessageAttempts", "3"},
           {"TransactionMessageRetryInterval", "10"},
           {"UnlockConnectorOnEVSideDisconnect", "true"},
           {"WebSocketPingInterval", "0"}} {}

const setting* client_settings::find(std::string_view key) const {
  const auto found =
      std::ranges::find_if(all_, [&](const setting& each) { return is_same(each.key, key); });
  return found == all_.end() ? nullptr : &*found;
}

setting_verdict client_settings::change(std::string_view key, std::string_view value) {
  const auto* known = find(key);
  if (known == nullptr) return setting_verdict::not_supported;
  const auto* standard = v16::standard_key(key);
  const bool is_wrong = standard != nullptr && v16::fault_of(*standard, value);
  if (known->is_read_only || is_wrong) return setting_verdict::rejected;
  all_[static_cast<std::size_t>(known - all_.data())].value = std::string{value};
  return setting_verdict::accepted;
}

std::int64_t client_settings::seconds_of(std::string_view key) const {
  const auto* known = find(key);
  std::int64_t seconds = 0;
  if (known == nullptr) return 0;
  const auto& text = known->value;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), seconds);
  return read.ec == std::errc{} && seconds > 0 ? seconds : 0;
}

} // namespace busbar::adapters::ocpp::client
