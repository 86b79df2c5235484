#pragma once
// Firmware, diagnostics and logs of a charge point that connects to a central system: nothing is
// loaded or sent, its statuses come as those of a real one do, some seconds apart.
//
//   firmware:    Downloading -> Downloaded -> (SignatureVerified) -> Installing -> boots
//                -> Installed
//   diagnostics: Uploading -> Uploaded
//
// A URL that no charge point opens (neither HTTP, FTP nor SFTP) ends in DownloadFailed,
// UploadFailed or UploadFailure.

#include "adapters/ocpp/client/client_order.hpp"

#include <string>

namespace busbar::adapters::ocpp::client {

/// Answers to GetDiagnostics, GetLog, UpdateFirmware and SignedUpdateFirmware.
[[nodiscard]] std::string give_diagnostics(const order_context& order);
[[nodiscard]] std::string give_log(const order_context& order);
[[nodiscard]] std::string update_firmware(const order_context& order);
[[nodiscard]] std::string update_signed_firmware(const order_context& order);

/// Time has passed: the next status is told. New firmware is installed once no transaction runs.
/// REQUIRES: serving.
void let_upkeep_pass(client_state& state, domain::instant now);
/// FirmwareStatusNotification or DiagnosticsStatusNotification as it stands, for a trigger.
[[nodiscard]] client_call firmware_status_call(const client_state& state);
[[nodiscard]] client_call diagnostics_status_call(const client_state& state);

} // namespace busbar::adapters::ocpp::client
