#pragma once
// The 39 actions of OCPP 1.6 and of its security extension, and the fields of their requests and
// responses: one table, Busbar's own statement of the protocol's facts. Tests hold it to the
// protocol's schemas where these are at hand.

#include "ocpp/v16/field.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace busbar::ocpp::v16 {

enum class action : std::uint8_t {
  authorize,
  boot_notification,
  change_availability,
  change_configuration,
  clear_cache,
  data_transfer,
  get_configuration,
  heartbeat,
  meter_values,
  remote_start_transaction,
  remote_stop_transaction,
  reset,
  start_transaction,
  status_notification,
  stop_transaction,
  unlock_connector,
  get_local_list_version,
  send_local_list,
  diagnostics_status_notification,
  firmware_status_notification,
  get_diagnostics,
  update_firmware,
  cancel_reservation,
  reserve_now,
  clear_charging_profile,
  get_composite_schedule,
  set_charging_profile,
  trigger_message,
  certificate_signed,
  delete_certificate,
  extended_trigger_message,
  get_installed_certificate_ids,
  get_log,
  install_certificate,
  log_status_notification,
  security_event_notification,
  sign_certificate,
  signed_firmware_status_notification,
  signed_update_firmware,
};
inline constexpr std::uint8_t action_count = 39;

/// Feature profiles as a station names them in `SupportedFeatureProfiles`; the security extension
/// has no name there.
enum class feature_profile : std::uint8_t {
  core,
  local_auth_list_management,
  firmware_management,
  reservation,
  smart_charging,
  remote_trigger,
  security,
};
inline constexpr std::uint8_t feature_profile_count = 7;

enum class sender : std::uint8_t { station, central_system, either };

enum class direction : std::uint8_t { request, response };

struct message_form {
  action is{};
  std::string_view name;
  feature_profile profile{};
  /// Of the request.
  sender sent_by{};
  fields_of_object request;
  fields_of_object response;
  /// OCPP-5: the request reports what has happened.
  bool is_fact = false;

  [[nodiscard]] fields_of_object fields(direction which) const {
    return which == direction::request ? request : response;
  }
};

/// Of every action, in the order of `action`.
[[nodiscard]] std::span<const message_form> all_messages();
[[nodiscard]] const message_form& form_of(action which);
/// "MeterValues".
[[nodiscard]] std::string_view name_of(action which);
/// Absent: no action of 1.6 (NotImplemented).
[[nodiscard]] std::optional<action> action_from(std::string_view name);
/// "SmartCharging"; of the security extension "Security".
[[nodiscard]] std::string_view name_of(feature_profile which);
/// Compared without case and spaces.
[[nodiscard]] std::optional<feature_profile> feature_profile_from(std::string_view name);

} // namespace busbar::ocpp::v16
