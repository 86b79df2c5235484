#pragma once
// The security extension (white paper, edition 3): 11 messages.

#include "ocpp/v16/forms/choices.hpp"
#include "ocpp/v16/message_form.hpp"

#include <array>

namespace busbar::ocpp::v16::forms {

inline constexpr std::array certificate_signed{text("certificateChain", 10'000).needed()};

inline constexpr std::array certificate_hash_data{
    choice("hashAlgorithm", hash_algorithm).needed(),
    text("issuerNameHash", 128).needed(),
    text("issuerKeyHash", 128).needed(),
    text("serialNumber", 40).needed(),
};
inline constexpr auto delete_certificate_status = one_of("Accepted", "Failed", "NotFound");
inline constexpr std::array delete_certificate{
    object("certificateHashData", certificate_hash_data).needed()};
inline constexpr std::array delete_certificate_answer{
    choice("status", delete_certificate_status).needed()};

inline constexpr auto extended_trigger =
    one_of("BootNotification", "LogStatusNotification", "FirmwareStatusNotification", "Heartbeat",
           "MeterValues", "SignChargePointCertificate", "StatusNotification");
inline constexpr std::array extended_trigger_message{
    choice("requestedMessage", extended_trigger).needed(),
    integer("connectorId"),
};
inline constexpr std::array extended_trigger_answer{choice("status", trigger_status).needed()};

inline constexpr auto installed_status = one_of("Accepted", "NotFound");
inline constexpr std::array get_installed_certificate_ids{
    choice("certificateType", certificate_use).needed()};
inline constexpr std::array get_installed_certificate_ids_answer{
    list("certificateHashData", certificate_hash_data).of_at_least(1),
    choice("status", installed_status).needed(),
};

inline constexpr std::array log_parameters{
    text("remoteLocation", 512).needed(),
    time("oldestTimestamp"),
    time("latestTimestamp"),
};
inline constexpr auto log_type = one_of("DiagnosticsLog", "SecurityLog");
inline constexpr auto log_status = one_of("Accepted", "Rejected", "AcceptedCanceled");
inline constexpr std::array get_log{
    object("log", log_parameters).needed(),
    choice("logType", log_type).needed(),
    integer("requestId").needed(),
    integer("retries"),
    integer("retryInterval"),
};
inline constexpr std::array get_log_answer{
    choice("status", log_status).needed(),
    text("filename", 255),
};

inline constexpr auto install_status = one_of("Accepted", "Failed", "Rejected");
inline constexpr std::array install_certificate{
    choice("certificateType", certificate_use).needed(),
    text("certificate", 5'500).needed(),
};
inline constexpr std::array install_certificate_answer{choice("status", install_status).needed()};

inline constexpr auto upload_status =
    one_of("BadMessage", "Idle", "NotSupportedOperation", "PermissionDenied", "Uploaded",
           "UploadFailure", "Uploading");
inline constexpr std::array log_status_notification{
    choice("status", upload_status).needed(),
    integer("requestId"),
};

inline constexpr std::array security_event_notification{
    text("type", 50).needed(),
    time("timestamp").needed(),
    text("techInfo", 255),
};

inline constexpr std::array sign_certificate{text("csr", 5'500).needed()};
inline constexpr std::array security_answer{choice("status", accepted_or_rejected).needed()};

inline constexpr auto signed_firmware_status =
    one_of("Downloaded", "DownloadFailed", "Downloading", "DownloadScheduled", "DownloadPaused",
           "Idle", "InstallationFailed", "Installing", "Installed", "InstallRebooting",
           "InstallScheduled", "InstallVerificationFailed", "InvalidSignature",
           "SignatureVerified");
inline constexpr std::array signed_firmware_status_notification{
    choice("status", signed_firmware_status).needed(),
    integer("requestId"),
};

inline constexpr std::array firmware{
    text("location", 512).needed(),
    time("retrieveDateTime").needed(),
    time("installDateTime"),
    text("signingCertificate", 5'500).needed(),
    text("signature", 800).needed(),
};
inline constexpr auto update_firmware_status = one_of(
    "Accepted", "Rejected", "AcceptedCanceled", "InvalidCertificate", "RevokedCertificate");
inline constexpr std::array signed_update_firmware{
    integer("retries"),
    integer("retryInterval"),
    integer("requestId").needed(),
    object("firmware", firmware).needed(),
};
inline constexpr std::array signed_update_firmware_answer{
    choice("status", update_firmware_status).needed()};

} // namespace busbar::ocpp::v16::forms
