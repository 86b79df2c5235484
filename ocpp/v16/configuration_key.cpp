#include "ocpp/v16/configuration_key.hpp"

#include "ocpp/v16/forms/choices.hpp"
#include "ocpp/v16/value_text.hpp"

#include <algorithm>
#include <array>

namespace busbar::ocpp::v16 {

namespace {

using enum key_type;
using enum key_access;
using enum key_effect;
using profile = feature_profile;

constexpr bool required = true;
constexpr bool optional = false;
constexpr std::int64_t count_most = 2'147'483'647;
/// About 3 years.
constexpr std::int64_t seconds_most = 100'000'000;
constexpr std::size_t key_bytes_least = 16;
constexpr std::size_t key_bytes_most = 20;

constexpr auto feature_profiles =
    forms::one_of("Core", "FirmwareManagement", "LocalAuthListManagement", "Reservation",
                  "SmartCharging", "RemoteTrigger");
constexpr auto rate_units = forms::one_of("Current", "Power");
constexpr auto transfer_protocols =
    forms::one_of("FTP", "FTPS", "HTTP", "HTTPS", "SFTP");
constexpr auto rotations = forms::one_of("NotApplicable", "Unknown", "RST", "RTS", "SRT", "STR",
                                         "TRS", "TSR");

constexpr std::array<configuration_key, 50> keys{{
    {"AllowOfflineTxForUnknownId", profile::core, optional, read_write, boolean, "", 0, 0, {},
     at_once, "AuthCtrlr", "OfflineTxForUnknownIdEnabled"},
    {"AuthorizationCacheEnabled", profile::core, optional, read_write, boolean, "", 0, 0, {},
     at_once, "AuthCacheCtrlr", "Enabled"},
    {"AuthorizeRemoteTxRequests", profile::core, required, makers_choice, boolean, "", 0, 0, {},
     at_once, "AuthCtrlr", "AuthorizeRemoteStart"},
    {"BlinkRepeat", profile::core, optional, read_write, integer, "times", 0, count_most, {},
     at_once, "", ""},
    {"ClockAlignedDataInterval", profile::core, required, read_write, integer, "s", 0,
     seconds_most, {}, at_once, "AlignedDataCtrlr", "Interval"},
    {"ConnectionTimeOut", profile::core, required, read_write, integer, "s", 0, seconds_most, {},
     at_once, "TxCtrlr", "EVConnectionTimeOut"},
    {"ConnectorPhaseRotation", profile::core, required, read_write, rotation_list, "", 0, 0, {},
     at_once, "Connector", "PhaseRotation"},
    {"ConnectorPhaseRotationMaxLength", profile::core, optional, read_only, integer, "items", 0,
     count_most, {}, at_once, "", ""},
    {"GetConfigurationMaxKeys", profile::core, required, read_only, integer, "items", 1,
     count_most, {}, at_once, "DeviceDataCtrlr", "ItemsPerMessage[GetVariables]"},
    {"HeartbeatInterval", profile::core, required, read_write, integer, "s", 0, seconds_most, {},
     at_once, "OCPPCommCtrlr", "HeartbeatInterval"},
    {"LightIntensity", profile::core, optional, read_write, integer, "%", 0, 100, {}, at_once, "",
     ""},
    {"LocalAuthorizeOffline", profile::core, required, read_write, boolean, "", 0, 0, {}, at_once,
     "AuthCtrlr", "LocalAuthorizeOffline"},
    {"LocalPreAuthorize", profile::core, required, read_write, boolean, "", 0, 0, {}, at_once,
     "AuthCtrlr", "LocalPreAuthorize"},
    {"MaxEnergyOnInvalidId", profile::core, optional, read_write, integer, "Wh", 0, count_most,
     {}, at_once, "TxCtrlr", "MaxEnergyOnInvalidId"},
    {"MeterValueSampleInterval", profile::core, required, read_write, integer, "s", 0,
     seconds_most, {}, at_once, "SampledDataCtrlr", "TxUpdatedInterval"},
    {"MeterValuesAlignedData", profile::core, required, read_write, measurand_list, "", 0, 0, {},
     at_once, "AlignedDataCtrlr", "Measurands"},
    {"MeterValuesAlignedDataMaxLength", profile::core, optional, read_only, integer, "items", 0,
     count_most, {}, at_once, "", ""},
    {"MeterValuesSampledData", profile::core, required, read_write, measurand_list, "", 0, 0, {},
     at_once, "SampledDataCtrlr", "TxUpdatedMeasurands"},
    {"MeterValuesSampledDataMaxLength", profile::core, optional, read_only, integer, "items", 0,
     count_most, {}, at_once, "", ""},
    {"MinimumStatusDuration", profile::core, optional, read_write, integer, "s", 0, seconds_most,
     {}, at_once, "", ""},
    {"NumberOfConnectors", profile::core, required, read_only, integer, "connectors", 0,
     count_most, {}, at_once, "", ""},
    {"ResetRetries", profile::core, required, read_write, integer, "times", 0, count_most, {},
     at_once, "OCPPCommCtrlr", "ResetRetries"},
    {"StopTransactionOnEVSideDisconnect", profile::core, required, read_write, boolean, "", 0, 0,
     {}, at_once, "TxCtrlr", "StopTxOnEVSideDisconnect"},
    {"StopTransactionOnInvalidId", profile::core, required, read_write, boolean, "", 0, 0, {},
     at_once, "TxCtrlr", "StopTxOnInvalidId"},
    {"StopTxnAlignedData", profile::core, required, read_write, measurand_list, "", 0, 0, {},
     at_once, "AlignedDataCtrlr", "TxEndedMeasurands"},
    {"StopTxnAlignedDataMaxLength", profile::core, optional, read_only, integer, "items", 0,
     count_most, {}, at_once, "", ""},
    {"StopTxnSampledData", profile::core, required, read_write, measurand_list, "", 0, 0, {},
     at_once, "SampledDataCtrlr", "TxEndedMeasurands"},
    {"StopTxnSampledDataMaxLength", profile::core, optional, read_only, integer, "items", 0,
     count_most, {}, at_once, "", ""},
    {"SupportedFeatureProfiles", profile::core, required, read_only, list, "", 0, 0,
     feature_profiles, at_once, "", ""},
    {"SupportedFeatureProfilesMaxLength", profile::core, optional, read_only, integer, "items", 0,
     count_most, {}, at_once, "", ""},
    {"TransactionMessageAttempts", profile::core, required, read_write, integer, "times", 0,
     count_most, {}, at_once, "OCPPCommCtrlr", "MessageAttempts[TransactionEvent]"},
    {"TransactionMessageRetryInterval", profile::core, required, read_write, integer, "s", 0,
     seconds_most, {}, at_once, "OCPPCommCtrlr", "MessageAttemptInterval[TransactionEvent]"},
    {"UnlockConnectorOnEVSideDisconnect", profile::core, required, read_write, boolean, "", 0, 0,
     {}, at_once, "OCPPCommCtrlr", "UnlockOnEVSideDisconnect"},
    {"WebSocketPingInterval", profile::core, optional, read_write, integer, "s", 0, seconds_most,
     {}, at_once, "OCPPCommCtrlr", "WebSocketPingInterval"},
    {"LocalAuthListEnabled", profile::local_auth_list_management, required, read_write, boolean,
     "", 0, 0, {}, at_once, "LocalAuthListCtrlr", "Enabled"},
    {"LocalAuthListMaxLength", profile::local_auth_list_management, required, read_only, integer,
     "items", 0, count_most, {}, at_once, "LocalAuthListCtrlr", "Entries"},
    {"SendLocalListMaxLength", profile::local_auth_list_management, required, read_only, integer,
     "items", 0, count_most, {}, at_once, "LocalAuthListCtrlr", "ItemsPerMessage"},
    {"SupportedFileTransferProtocols", profile::firmware_management, optional, read_only, list,
     "", 0, 0, transfer_protocols, at_once, "OCPPCommCtrlr", "FileTransferProtocols"},
    {"ReserveConnectorZeroSupported", profile::reservation, optional, read_only, boolean, "", 0,
     0, {}, at_once, "ReservationCtrlr", "NonEvseSpecific"},
    {"ChargeProfileMaxStackLevel", profile::smart_charging, required, read_only, integer, "", 0,
     count_most, {}, at_once, "SmartChargingCtrlr", "ProfileStackLevel"},
    {"ChargingScheduleAllowedChargingRateUnit", profile::smart_charging, required, read_only,
     list, "", 0, 0, rate_units, at_once, "SmartChargingCtrlr", "RateUnit"},
    {"ChargingScheduleMaxPeriods", profile::smart_charging, required, read_only, integer, "items",
     1, count_most, {}, at_once, "SmartChargingCtrlr", "PeriodsPerSchedule"},
    {"ConnectorSwitch3to1PhaseSupported", profile::smart_charging, optional, read_only, boolean,
     "", 0, 0, {}, at_once, "SmartChargingCtrlr", "Phases3to1"},
    {"MaxChargingProfilesInstalled", profile::smart_charging, required, read_only, integer,
     "items", 1, count_most, {}, at_once, "SmartChargingCtrlr", "Entries[ChargingProfiles]"},
    {"AdditionalRootCertificateCheck", profile::security, optional, read_only, boolean, "", 0, 0,
     {}, at_once, "SecurityCtrlr", "AdditionalRootCertificateCheck"},
    {"AuthorizationKey", profile::security, optional, write_only, hex_key, "", 0, 0, {},
     next_connection, "SecurityCtrlr", "BasicAuthPassword"},
    {"CertificateSignedMaxChainSize", profile::security, optional, read_only, integer, "B", 0,
     count_most, {}, at_once, "SecurityCtrlr", "MaxCertificateChainSize"},
    {"CertificateStoreMaxLength", profile::security, optional, read_only, integer, "items", 0,
     count_most, {}, at_once, "SecurityCtrlr", "CertificateEntries"},
    {"CpoName", profile::security, optional, read_write, text, "", 0, 0, {}, at_once,
     "SecurityCtrlr", "OrganizationName"},
    {"SecurityProfile", profile::security, optional, read_write, integer, "", 0, 3, {},
     next_connection, "SecurityCtrlr", "SecurityProfile"},
}};

char small(char each) {
  return each >= 'A' && each <= 'Z' ? static_cast<char>(each - 'A' + 'a') : each;
}

bool is_one_of(choices names, std::string_view text) {
  return std::ranges::find(names, text) != names.end();
}

std::string joined(choices names) {
  std::string all;
  for (const auto each : names) all += (all.empty() ? "" : ", ") + std::string(each);
  return all;
}

/// A measurand, or a measurand, a point and a phase.
bool is_measurand(std::string_view text) {
  if (is_one_of(forms::measurand, text)) return true;
  const auto point = text.rfind('.');
  return point != text.npos && is_one_of(forms::measurand, text.substr(0, point)) &&
         is_one_of(forms::phase, text.substr(point + 1));
}

bool is_rotation(std::string_view text) {
  const auto point = text.find('.');
  if (point == text.npos) return is_one_of(rotations, text);
  return integer_from(text.substr(0, point)) && is_one_of(rotations, text.substr(point + 1));
}

/// The first item of a list that `is_item` refuses, in quotes; absent where all are fine. An empty
/// list has no items.
template <class IsItem>
std::optional<std::string> wrong_item(std::string_view value, IsItem is_item) {
  while (!value.empty()) {
    const auto comma = std::min(value.find(','), value.size());
    auto item = value.substr(0, comma);
    while (item.starts_with(' ')) item.remove_prefix(1);
    while (item.ends_with(' ')) item.remove_suffix(1);
    if (!is_item(item)) return '"' + std::string(item) + '"';
    value.remove_prefix(std::min(comma + 1, value.size()));
  }
  return std::nullopt;
}

template <class IsItem>
std::optional<std::string> fault_of_list(std::string_view value, IsItem is_item,
                                         const std::string& allowed) {
  const auto wrong = wrong_item(value, is_item);
  return wrong ? std::optional{*wrong + ": allowed: " + allowed} : std::nullopt;
}

std::optional<std::string> fault_of_integer(const configuration_key& key, std::string_view value) {
  const auto number = integer_from(value);
  if (number && *number >= key.low && *number <= key.high) return std::nullopt;
  return '"' + std::string(value) + "\": allowed: an integer of " + std::to_string(key.low) + ".." +
         std::to_string(key.high);
}

bool is_hex_key(std::string_view value) {
  const auto is_hex = [](char each) {
    return (each >= '0' && each <= '9') || (small(each) >= 'a' && small(each) <= 'f');
  };
  return value.size() % 2 == 0 && value.size() >= 2 * key_bytes_least &&
         value.size() <= 2 * key_bytes_most && std::ranges::all_of(value, is_hex);
}

std::optional<std::string> unless(bool is_fine, std::string_view value, const char* allowed) {
  if (is_fine) return std::nullopt;
  return '"' + std::string(value) + "\": allowed: " + allowed;
}

} // namespace

std::span<const configuration_key> standard_keys() { return keys; }

const configuration_key* standard_key(std::string_view name) {
  const auto* found = std::ranges::find_if(keys, [&](const configuration_key& key) {
    return std::ranges::equal(key.name, name, {}, small, small);
  });
  return found == keys.end() ? nullptr : found;
}

std::optional<std::string> fault_of(const configuration_key& key, std::string_view value) {
  switch (key.type) {
  case boolean: return unless(truth_from(value).has_value(), value, "true, false");
  case integer: return fault_of_integer(key, value);
  case text: return unless(characters_in(value) <= 500, value, "at most 500 characters");
  case list:
    return fault_of_list(
        value, [&](std::string_view item) { return is_one_of(key.allowed, item); },
        joined(key.allowed));
  case measurand_list:
    return fault_of_list(value, is_measurand,
                         joined(forms::measurand) + ", each with .L1 and so on");
  case rotation_list:
    return fault_of_list(value, is_rotation, joined(rotations) + ", each after 1. and so on");
  // The key itself stands in no message.
  case hex_key: return unless(is_hex_key(value), "(key)", "32 to 40 hexadecimal digits");
  }
  return std::nullopt;
}

} // namespace busbar::ocpp::v16
