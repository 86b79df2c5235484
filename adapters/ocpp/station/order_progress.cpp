#include "adapters/ocpp/station/order_progress.hpp"

#include "adapters/ocpp/station/payload.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace busbar::adapters::ocpp::station {

namespace {

/// A notification, and the action of the order that it belongs to.
constexpr std::array<std::pair<std::string_view, std::string_view>, 4> followed{{
    {"FirmwareStatusNotification", "UpdateFirmware"},
    {"SignedFirmwareStatusNotification", "SignedUpdateFirmware"},
    {"DiagnosticsStatusNotification", "GetDiagnostics"},
    {"LogStatusNotification", "GetLog"},
}};
constexpr std::array<std::string_view, 11> ends{
    "Installed",     "InstallationFailed", "DownloadFailed", "InvalidSignature",
    "Uploaded",      "UploadFailed",       "UploadFailure",  "InstallVerificationFailed",
    "BadMessage",    "PermissionDenied",   "NotSupportedOperation"};

/// The number that a start was answered; absent: none can be read.
std::optional<std::int32_t> number_in(const std::string& answer) {
  simdjson::dom::parser parser;
  json_element read;
  if (parser.parse(answer).get(read) != simdjson::SUCCESS) return std::nullopt;
  const auto number = integer_in(read, "transactionId");
  return number ? std::optional{static_cast<std::int32_t>(*number)} : std::nullopt;
}

} // namespace

void report_progress(const busbar::ocpp::wire::frame& call, const std::string& answer,
                     station_effects& out) {
  reported_progress made;
  if (call.action == "StartTransaction") {
    made.action = "RemoteStartTransaction";
    made.tag = text_in(call.payload, "idTag").value_or("");
    made.transaction = number_in(answer);
  } else if (call.action == "StopTransaction") {
    made.action = "RemoteStopTransaction";
    made.request = integer_in(call.payload, "transactionId");
    if (made.request) made.transaction = static_cast<std::int32_t>(*made.request);
  } else {
    const auto* found = std::ranges::find(followed, call.action,
                                          [](const auto& each) { return each.first; });
    const auto status = text_in(call.payload, "status").value_or("");
    if (found == followed.end() || status == "Idle") return;
    made.action = found->second;
    made.request = integer_in(call.payload, "requestId");
    made.status = status.substr(0, 50);
    made.is_end = std::ranges::find(ends, status) != ends.end();
    return out.progress.push_back(std::move(made));
  }
  made.status = call.action;
  made.is_end = true;
  out.progress.push_back(std::move(made));
}

} // namespace busbar::adapters::ocpp::station
