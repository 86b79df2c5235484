#include "adapters/ocpp/client/client_upkeep.hpp"

#include "ocpp/v16/station_time.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <utility>

namespace busbar::adapters::ocpp::client {

using station::integer_in;
using station::member_of;
using station::text_in;

namespace {

/// Between two statuses.
constexpr domain::microseconds status_every = std::chrono::seconds{2};

bool can_be_opened(std::string_view url) {
  static constexpr std::array<std::string_view, 5> known{"http://", "https://", "ftp://", "ftps://",
                                                         "sftp://"};
  return std::ranges::any_of(known,
                             [&](std::string_view each) { return url.starts_with(each); });
}

client_call status_call(const char* action, std::string_view status,
                        std::optional<std::int64_t> request) {
  text::json_writer json;
  json.begin_object().member("status", status);
  if (request) json.member("requestId", *request);
  return {action, json.end_object().take()};
}

void plan(upkeep_job& job, domain::instant from, std::initializer_list<const char*> statuses) {
  job.steps.clear();
  for (const auto* each : statuses) {
    job.steps.push_back({each, from});
    from += status_every;
  }
}

/// Whether one was under way, which ends.
bool plan_upload(const order_context& order, const char* action, std::string_view url,
                 std::optional<std::int64_t> request) {
  auto& job = order.state.upload;
  const bool was_running = !job.steps.empty();
  const char* failed = request ? "UploadFailure" : "UploadFailed";
  plan(job, order.now, {"Uploading", can_be_opened(url) ? "Uploaded" : failed});
  job.action = action;
  job.request = request;
  return was_running;
}

bool plan_firmware(const order_context& order, std::string_view url, domain::instant from,
                   std::optional<std::int64_t> request) {
  auto& job = order.state.firmware;
  const bool was_running = !job.steps.empty();
  from = std::max(from, order.now);
  job.action = request ? "SignedFirmwareStatusNotification" : "FirmwareStatusNotification";
  job.request = request;
  if (!can_be_opened(url)) plan(job, from, {"Downloading", "DownloadFailed"});
  else if (request)
    plan(job, from,
         {"Downloading", "Downloaded", "SignatureVerified", "Installing", "InstallRebooting",
          "Installed"});
  else plan(job, from, {"Downloading", "Downloaded", "Installing", "Installed"});
  return was_running;
}

domain::instant time_in(const station::json_element& from, const char* name) {
  return busbar::ocpp::v16::read_time(text_in(from, name).value_or("")).at.value_or(
      domain::instant{});
}

bool has_transaction(const client_state& state) {
  return std::ranges::any_of(state.transactions,
                             [](const auto& each) { return !each.has_ended; });
}

/// Tells the next status that is due; which one, or empty.
std::string tell_next(client_state& state, upkeep_job& job, domain::instant now) {
  if (job.steps.empty() || now < job.steps.front().due) return {};
  // What follows comes after it as late as it was planned.
  const auto late = now - job.steps.front().due;
  job.status = job.steps.front().status;
  job.steps.pop_front();
  for (auto& each : job.steps) each.due += late;
  enqueue(state, status_call(job.action.c_str(), job.status, job.request));
  return job.status;
}

} // namespace

std::string give_diagnostics(const order_context& order) {
  plan_upload(order, "DiagnosticsStatusNotification",
              text_in(order.payload, "location").value_or(""), std::nullopt);
  text::json_writer json;
  return json.begin_object().member("fileName", "diagnostics.zip").end_object().take();
}

std::string give_log(const order_context& order) {
  const auto log = member_of(order.payload, "log");
  const bool was_running =
      plan_upload(order, "LogStatusNotification",
                  log ? text_in(*log, "remoteLocation").value_or("") : "",
                  integer_in(order.payload, "requestId").value_or(0));
  text::json_writer json;
  json.begin_object().member("status", was_running ? "AcceptedCanceled" : "Accepted");
  return json.member("filename", "log.txt").end_object().take();
}

std::string update_firmware(const order_context& order) {
  plan_firmware(order, text_in(order.payload, "location").value_or(""),
                time_in(order.payload, "retrieveDate"), std::nullopt);
  return "{}";
}

std::string update_signed_firmware(const order_context& order) {
  const auto firmware = member_of(order.payload, "firmware");
  if (!firmware) return status("Rejected");
  const bool was_running = plan_firmware(order, text_in(*firmware, "location").value_or(""),
                                         time_in(*firmware, "retrieveDateTime"),
                                         integer_in(order.payload, "requestId").value_or(0));
  return status(was_running ? "AcceptedCanceled" : "Accepted");
}

void let_upkeep_pass(client_state& state, domain::instant now) {
  static_cast<void>(tell_next(state, state.upload, now));
  auto& job = state.firmware;
  const bool installs = !job.steps.empty() && job.steps.front().status == "Installing";
  if (installs && has_transaction(state)) return;
  const auto told = tell_next(state, job, now);
  const char* before_boot = job.request ? "InstallRebooting" : "Installing";
  if (told != before_boot) return;
  ++state.firmware_version;
  state.resets_at = now + status_every / 2;
}

client_call firmware_status_call(const client_state& state) {
  const auto& job = state.firmware;
  const bool is_running = !job.steps.empty() && !job.status.empty();
  return status_call("FirmwareStatusNotification", is_running ? job.status : "Idle",
                     std::nullopt);
}

client_call diagnostics_status_call(const client_state& state) {
  const auto& job = state.upload;
  const bool is_running = !job.steps.empty() && !job.status.empty();
  return status_call("DiagnosticsStatusNotification", is_running ? job.status : "Idle",
                     std::nullopt);
}

} // namespace busbar::adapters::ocpp::client
