#include "ocpp/v16/message_form.hpp"

#include "ocpp/v16/forms/core.hpp"
#include "ocpp/v16/forms/management.hpp"
#include "ocpp/v16/forms/security.hpp"
#include "ocpp/v16/forms/smart_charging.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <string>

namespace busbar::ocpp::v16 {

namespace {

using enum sender;
using profile = feature_profile;

constexpr fields_of_object nothing{};
constexpr bool fact = true;

constexpr std::array<message_form, action_count> messages{{
    {action::authorize, "Authorize", profile::core, station, forms::authorize,
     forms::authorize_answer},
    {action::boot_notification, "BootNotification", profile::core, station,
     forms::boot_notification, forms::boot_notification_answer, fact},
    {action::change_availability, "ChangeAvailability", profile::core, central_system,
     forms::change_availability, forms::change_availability_answer},
    {action::change_configuration, "ChangeConfiguration", profile::core, central_system,
     forms::change_configuration, forms::change_configuration_answer},
    {action::clear_cache, "ClearCache", profile::core, central_system, nothing,
     forms::plain_answer},
    {action::data_transfer, "DataTransfer", profile::core, either, forms::data_transfer,
     forms::data_transfer_answer},
    {action::get_configuration, "GetConfiguration", profile::core, central_system,
     forms::get_configuration, forms::get_configuration_answer},
    {action::heartbeat, "Heartbeat", profile::core, station, nothing, forms::heartbeat_answer},
    {action::meter_values, "MeterValues", profile::core, station, forms::meter_values, nothing,
     fact},
    {action::remote_start_transaction, "RemoteStartTransaction", profile::core, central_system,
     forms::remote_start_transaction, forms::plain_answer},
    {action::remote_stop_transaction, "RemoteStopTransaction", profile::core, central_system,
     forms::remote_stop_transaction, forms::plain_answer},
    {action::reset, "Reset", profile::core, central_system, forms::reset, forms::plain_answer},
    {action::start_transaction, "StartTransaction", profile::core, station,
     forms::start_transaction, forms::start_transaction_answer, fact},
    {action::status_notification, "StatusNotification", profile::core, station,
     forms::status_notification, nothing, fact},
    {action::stop_transaction, "StopTransaction", profile::core, station, forms::stop_transaction,
     forms::stop_transaction_answer, fact},
    {action::unlock_connector, "UnlockConnector", profile::core, central_system,
     forms::unlock_connector, forms::unlock_connector_answer},
    {action::get_local_list_version, "GetLocalListVersion", profile::local_auth_list_management,
     central_system, nothing, forms::local_list_version_answer},
    {action::send_local_list, "SendLocalList", profile::local_auth_list_management, central_system,
     forms::send_local_list, forms::send_local_list_answer},
    {action::diagnostics_status_notification, "DiagnosticsStatusNotification",
     profile::firmware_management, station, forms::diagnostics_status_notification, nothing},
    {action::firmware_status_notification, "FirmwareStatusNotification",
     profile::firmware_management, station, forms::firmware_status_notification, nothing},
    {action::get_diagnostics, "GetDiagnostics", profile::firmware_management, central_system,
     forms::get_diagnostics, forms::get_diagnostics_answer},
    {action::update_firmware, "UpdateFirmware", profile::firmware_management, central_system,
     forms::update_firmware, nothing},
    {action::cancel_reservation, "CancelReservation", profile::reservation, central_system,
     forms::cancel_reservation, forms::plain_answer},
    {action::reserve_now, "ReserveNow", profile::reservation, central_system, forms::reserve_now,
     forms::reserve_now_answer},
    {action::clear_charging_profile, "ClearChargingProfile", profile::smart_charging,
     central_system, forms::clear_charging_profile, forms::clear_charging_profile_answer},
    {action::get_composite_schedule, "GetCompositeSchedule", profile::smart_charging,
     central_system, forms::get_composite_schedule, forms::get_composite_schedule_answer},
    {action::set_charging_profile, "SetChargingProfile", profile::smart_charging, central_system,
     forms::set_charging_profile, forms::set_charging_profile_answer},
    {action::trigger_message, "TriggerMessage", profile::remote_trigger, central_system,
     forms::trigger_message, forms::trigger_message_answer},
    {action::certificate_signed, "CertificateSigned", profile::security, central_system,
     forms::certificate_signed, forms::security_answer},
    {action::delete_certificate, "DeleteCertificate", profile::security, central_system,
     forms::delete_certificate, forms::delete_certificate_answer},
    {action::extended_trigger_message, "ExtendedTriggerMessage", profile::security, central_system,
     forms::extended_trigger_message, forms::extended_trigger_answer},
    {action::get_installed_certificate_ids, "GetInstalledCertificateIds", profile::security,
     central_system, forms::get_installed_certificate_ids,
     forms::get_installed_certificate_ids_answer},
    {action::get_log, "GetLog", profile::security, central_system, forms::get_log,
     forms::get_log_answer},
    {action::install_certificate, "InstallCertificate", profile::security, central_system,
     forms::install_certificate, forms::install_certificate_answer},
    {action::log_status_notification, "LogStatusNotification", profile::security, station,
     forms::log_status_notification, nothing},
    {action::security_event_notification, "SecurityEventNotification", profile::security, station,
     forms::security_event_notification, nothing},
    {action::sign_certificate, "SignCertificate", profile::security, station,
     forms::sign_certificate, forms::security_answer},
    {action::signed_firmware_status_notification, "SignedFirmwareStatusNotification",
     profile::security, station, forms::signed_firmware_status_notification, nothing},
    {action::signed_update_firmware, "SignedUpdateFirmware", profile::security, central_system,
     forms::signed_update_firmware, forms::signed_update_firmware_answer},
}};

constexpr std::array<std::string_view, feature_profile_count> profile_names{
    "Core",          "LocalAuthListManagement", "FirmwareManagement", "Reservation",
    "SmartCharging", "RemoteTrigger",           "Security"};

constexpr char small(char each) {
  return each >= 'A' && each <= 'Z' ? static_cast<char>(each - 'A' + 'a') : each;
}

} // namespace

std::span<const message_form> all_messages() { return messages; }

const message_form& form_of(action which) {
  const auto place = static_cast<std::size_t>(which);
  assert(place < messages.size() && messages[place].is == which);
  return messages[place];
}

std::string_view name_of(action which) { return form_of(which).name; }

std::optional<action> action_from(std::string_view name) {
  const auto* found = std::ranges::find(messages, name, &message_form::name);
  return found == messages.end() ? std::nullopt : std::optional{found->is};
}

std::string_view name_of(feature_profile which) {
  return profile_names[static_cast<std::size_t>(which)];
}

std::optional<feature_profile> feature_profile_from(std::string_view name) {
  std::string letters;
  for (const char each : name)
    if (each != ' ' && each != '\t') letters += small(each);
  for (std::size_t place = 0; place < profile_names.size(); ++place)
    if (std::ranges::equal(letters, profile_names[place], {}, {}, small))
      return static_cast<feature_profile>(place);
  return std::nullopt;
}

} // namespace busbar::ocpp::v16
