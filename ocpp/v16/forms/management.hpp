#pragma once
// Local Auth List Management, Firmware Management, Reservation and Remote Trigger: 9 messages.

#include "ocpp/v16/forms/core.hpp"

#include <array>

namespace busbar::ocpp::v16::forms {

inline constexpr std::array local_list_version_answer{integer("listVersion").needed()};
inline constexpr std::array authorization_data{
    text("idTag", 20).needed(),
    object("idTagInfo", id_tag_info),
};
inline constexpr auto update_type = one_of("Differential", "Full");
inline constexpr auto update_status =
    one_of("Accepted", "Failed", "NotSupported", "VersionMismatch");
inline constexpr std::array send_local_list{
    integer("listVersion").needed(),
    list("localAuthorizationList", authorization_data),
    choice("updateType", update_type).needed(),
};
inline constexpr std::array send_local_list_answer{choice("status", update_status).needed()};

inline constexpr auto diagnostics_status = one_of("Idle", "Uploaded", "UploadFailed", "Uploading");
inline constexpr std::array diagnostics_status_notification{
    choice("status", diagnostics_status).needed()};

inline constexpr auto firmware_status =
    one_of("Downloaded", "DownloadFailed", "Downloading", "Idle", "InstallationFailed",
           "Installing", "Installed");
inline constexpr std::array firmware_status_notification{
    choice("status", firmware_status).needed()};

inline constexpr std::array get_diagnostics{
    uri("location").needed(),
    integer("retries"),
    integer("retryInterval"),
    time("startTime"),
    time("stopTime"),
};
inline constexpr std::array get_diagnostics_answer{text("fileName", 255)};

inline constexpr std::array update_firmware{
    uri("location").needed(),
    integer("retries"),
    time("retrieveDate").needed(),
    integer("retryInterval"),
};

inline constexpr std::array cancel_reservation{integer("reservationId").needed()};
inline constexpr auto reservation_status =
    one_of("Accepted", "Faulted", "Occupied", "Rejected", "Unavailable");
inline constexpr std::array reserve_now{
    integer("connectorId").needed(),
    time("expiryDate").needed(),
    text("idTag", 20).needed(),
    text("parentIdTag", 20),
    integer("reservationId").needed(),
};
inline constexpr std::array reserve_now_answer{choice("status", reservation_status).needed()};

inline constexpr auto message_trigger =
    one_of("BootNotification", "DiagnosticsStatusNotification", "FirmwareStatusNotification",
           "Heartbeat", "MeterValues", "StatusNotification");
inline constexpr std::array trigger_message{
    choice("requestedMessage", message_trigger).needed(),
    integer("connectorId"),
};
inline constexpr std::array trigger_message_answer{choice("status", trigger_status).needed()};

} // namespace busbar::ocpp::v16::forms
