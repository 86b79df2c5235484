#include "adapters/ocpp/station/station_calls.hpp"

#include "adapters/ocpp/station/connector_reading.hpp"
#include "adapters/ocpp/station/history_samples.hpp"
#include "adapters/ocpp/station/onboarding.hpp"
#include "adapters/ocpp/station/order_progress.hpp"
#include "adapters/ocpp/station/payload.hpp"
#include "adapters/ocpp/station/station_commands.hpp"
#include "adapters/ocpp/station/transactions.hpp"
#include "domain/time_text.hpp"
#include "ocpp/v16/message_check.hpp"
#include "ocpp/v16/message_form.hpp"
#include "ocpp/v16/sample.hpp"
#include "ocpp/v16/station_time.hpp"
#include "ocpp/wire/frame_writer.hpp"
#include "text/json_writer.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <string>
#include <utility>

namespace busbar::adapters::ocpp::station {

namespace v16 = busbar::ocpp::v16;
namespace wire = busbar::ocpp::wire;

namespace {

using text::json_writer;

/// A sample that is older than this fills no present.
constexpr domain::microseconds present_within = std::chrono::minutes{2};
/// One that has not booted is asked to, this long after it has sent something else.
constexpr domain::microseconds boot_trigger_after = std::chrono::seconds{10};
/// A stop of an unknown transaction waits so long for it, within so long after the start: less than
/// a station waits for its answer (30 s).
constexpr domain::microseconds early_patience = std::chrono::seconds{20};
constexpr domain::microseconds early_within = std::chrono::minutes{1};

struct call_context {
  station_state& state;
  const json_element& payload;
  const station_house& house;
  domain::instant now;
  station_effects& out;
  /// What its message needed to be taken.
  v16::tolerance_set& used;
};

/// A payload, or the code and text of an error.
struct answer {
  std::string payload = "{}";
  std::string error_code;
  std::string description;
};

std::string time_now(const call_context& call) {
  return domain::text_of(std::chrono::floor<std::chrono::milliseconds>(call.now));
}

std::string printable(std::string_view text, std::size_t most = 255) {
  std::string shown{text.substr(0, most)};
  for (auto& c : shown)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '?';
  return shown;
}

answer boot(const call_context& call) {
  auto& state = call.state;
  auto& abilities = state.abilities;
  abilities.vendor = printable(text_in(call.payload, "chargePointVendor").value_or(""));
  abilities.model = printable(text_in(call.payload, "chargePointModel").value_or(""));
  abilities.firmware = printable(text_in(call.payload, "firmwareVersion").value_or(""));
  state.is_accepted = true;
  state.boot_trigger_at.reset();
  await_resumption(state, call.now);
  begin_onboarding(state);
  json_writer json;
  json.begin_object().member("status", "Accepted").member("currentTime", time_now(call));
  return {json.member("interval", call.house.heartbeat.count()).end_object().take(), {}, {}};
}

answer heartbeat(const call_context& call) {
  json_writer json;
  return {json.begin_object().member("currentTime", time_now(call)).end_object().take(), {}, {}};
}

/// Place from 0. Absent: the station itself (0), or none of its connectors.
std::optional<std::size_t> connector_in(const call_context& call) {
  const auto stated = integer_in(call.payload, "connectorId").value_or(-1);
  const auto count = static_cast<std::int64_t>(call.state.connectors.size());
  if (stated < 1 || stated > count) return std::nullopt;
  return static_cast<std::size_t>(stated - 1);
}

void take_status(const call_context& call, std::size_t connector, reported_status status) {
  auto& at = call.state.connectors[connector];
  at.status = status;
  at.error_code = printable(text_in(call.payload, "errorCode").value_or(""), 50);
  const bool goes_on = status == reported_status::charging ||
                       status == reported_status::suspended_by_vehicle ||
                       status == reported_status::suspended_by_station ||
                       status == reported_status::finishing;
  take_resumption(call.state, connector, goes_on, call.now);
  // With a transaction only what is measured counts, and silence is silence (LIM-3).
  const bool is_charging = running_at(call.state, connector) != nullptr;
  if (!is_charging || status == reported_status::faulted)
    publish_reading(call.state, connector, call.now, call.out);
}

answer status_notification(const call_context& call) {
  const auto status = status_from(text_in(call.payload, "status").value_or(""));
  if (status == reported_status::unknown) call.out.counts.push_back(count::tolerated);
  if (const auto connector = connector_in(call)) take_status(call, *connector, status);
  if (integer_in(call.payload, "connectorId") != 0) return {};
  call.state.status_is_unavailable = status == reported_status::unavailable;
  if (status != reported_status::faulted) return {};
  for (std::size_t i = 0; i < call.state.connectors.size(); ++i) take_status(call, i, status);
  return {};
}

tag_answer judged(const call_context& call, std::string_view tag,
                  std::optional<std::size_t> connector = {}) {
  return call.house.judge ? call.house.judge({tag, call.state.place, connector}, call.now)
                          : tag_answer{};
}

/// "idTagInfo", into an object that has begun.
void write_tag_info(json_writer& json, const tag_answer& tag) {
  json.key("idTagInfo").begin_object().member("status", name_of(tag.verdict));
  if (tag.expires_at)
    json.member("expiryDate",
                domain::text_of(std::chrono::floor<std::chrono::seconds>(*tag.expires_at)));
  if (!tag.parent.empty()) json.member("parentIdTag", tag.parent);
  json.end_object();
}

std::string tag_info(const tag_answer& tag) {
  json_writer json;
  json.begin_object();
  write_tag_info(json, tag);
  return json.end_object().take();
}

answer authorize(const call_context& call) {
  return {tag_info(judged(call, text_in(call.payload, "idTag").value_or(""))), {}, {}};
}

/// Absent where it cannot be read: then the time of receipt counts.
std::optional<domain::instant> stamp_in(const call_context& call) {
  return v16::read_time(text_in(call.payload, "timestamp").value_or("")).at;
}

/// A start at a connector that the station has not: a fact all the same, which opens no session.
answer unmatched_start(const call_context& call) {
  call.out.counts.push_back(count::transactions_unmatched);
  json_writer json;
  json.begin_object().member("transactionId", call.house.numbers.next());
  json.key("idTagInfo").begin_object().member("status", "Invalid").end_object();
  return {json.end_object().take(), {}, {}};
}

answer start_transaction(const call_context& call) {
  const auto connector = connector_in(call);
  if (!connector) return unmatched_start(call);
  const std::string tag{text_in(call.payload, "idTag").value_or("")};
  const reported_start from{*connector, tag, integer_in(call.payload, "meterStart").value_or(0),
                            stamp_in(call)};
  // The tag of a start that the engine has ordered is the one that it has named.
  const bool is_known = is_ordered(call.state.connectors[*connector], tag);
  const auto judgement = is_known ? tag_answer{} : judged(call, tag, *connector);
  const auto number =
      begin_transaction(call.state, from, call.house.numbers, call.now, call.out);
  if (judgement.verdict != control::sessions::tag_verdict::accepted)
    refuse_tag(call.state, number, call.now, call.out);
  send_held_grant(call.state, *connector, call.now, call.out);
  json_writer json;
  json.begin_object().member("transactionId", number);
  write_tag_info(json, judgement);
  return {json.end_object().take(), {}, {}};
}

/// Right after the start what the log holds of that transaction may not be read yet.
bool shall_wait(const call_context& call, std::int64_t number) {
  const auto& ended = call.state.ended;
  const bool is_ours = number > 0 && number <= 0x7fff'ffff;
  const bool is_free = !call.state.early || call.state.early->number == number;
  return is_ours && is_free && call.now - call.house.started_at < early_within &&
         std::find(ended.begin(), ended.end(), number) == ended.end() &&
         transaction_numbered(call.state, static_cast<std::int32_t>(number)) == nullptr;
}

void keep_samples(const call_context& call, const std::vector<v16::sample>& samples,
                  std::int32_t connector) {
  auto kept = history_of(samples, connector, call.now);
  std::ranges::move(kept, std::back_inserter(call.out.samples));
}

/// What a stop reports of its transaction, for the history.
void keep_transaction_data(const call_context& call, std::int64_t number) {
  const auto list = member_of(call.payload, "transactionData");
  const bool is_number = number > 0 && number <= 0x7fff'ffff;
  const auto* one = is_number ? transaction_numbered(call.state, static_cast<std::int32_t>(number))
                              : nullptr;
  if (!list || one == nullptr) return;
  const auto read = v16::read_samples(*list);
  call.used.add(read.used);
  keep_samples(call, read.samples, static_cast<std::int32_t>(one->connector) + 1);
}

answer stop_transaction(const call_context& call) {
  const reported_stop from{integer_in(call.payload, "transactionId"),
                           integer_in(call.payload, "meterStop").value_or(0), stamp_in(call),
                           printable(text_in(call.payload, "reason").value_or(""), 50)};
  const auto number = from.number.value_or(0);
  keep_transaction_data(call, number);
  if (shall_wait(call, number))
    call.state.early = early_stop{static_cast<std::int32_t>(number), from.meter_wh, from.at,
                                  from.reason, {}, call.now + early_patience};
  else if (!end_transaction(call.state, from, call.now, call.out)) {
    const auto& ended = call.state.ended;
    const bool is_repeated = std::find(ended.begin(), ended.end(), number) != ended.end();
    if (is_repeated) offer_refused(call.state, static_cast<std::int32_t>(number), call.out);
    call.out.counts.push_back(is_repeated ? count::repeated_calls
                                          : count::transactions_unmatched);
  }
  // Without a tag there is nothing to say of one.
  const auto tag = text_in(call.payload, "idTag");
  if (!tag) return {};
  return {tag_info(judged(call, *tag)), {}, {}};
}

void take_present(const call_context& call, std::size_t connector,
                  const v16::present_values& values) {
  auto& at = call.state.connectors[connector];
  const auto shown = values.outlet.energy_wh ? values.outlet.energy_wh : values.inlet.energy_wh;
  if (shown && take_register(at, *shown, false) == register_step::quarantined)
    call.out.counts.push_back(count::registers_quarantined);
  take_values(call.state, connector, values);
  publish_reading(call.state, connector, call.now, call.out);
}

answer meter_values(const call_context& call) {
  call.out.counts.push_back(count::meter_values);
  const auto list = member_of(call.payload, "meterValue");
  if (!list) return {};
  const auto read = v16::read_samples(*list);
  call.used.add(read.used);
  const auto connector = connector_in(call);
  const bool is_of_station = integer_in(call.payload, "connectorId") == 0;
  if (connector || is_of_station)
    keep_samples(call, read.samples, connector ? static_cast<std::int32_t>(*connector) + 1 : 0);
  if (!connector) return {};
  const auto* running = running_at(call.state, *connector);
  if (running != nullptr && integer_in(call.payload, "transactionId") == running->number)
    take_resumption(call.state, *connector, true, call.now);
  const auto values = v16::newest_of(v16::moments_of(read.samples));
  if (!values) return {};
  // OCPP-8: an old sample fills history and never the present.
  if (values->at && call.now - *values->at > present_within) {
    call.out.counts.push_back(count::old_samples);
    return {};
  }
  take_present(call, *connector, *values);
  return {};
}

answer data_transfer(const call_context&) {
  return {R"({"status":"UnknownVendorId"})", {}, {}};
}

answer acknowledged(const call_context&) { return {}; }

struct served_action {
  v16::action is;
  answer (*take)(const call_context&);
};

constexpr std::array<served_action, 13> served{{
    {v16::action::meter_values, meter_values},
    {v16::action::heartbeat, heartbeat},
    {v16::action::status_notification, status_notification},
    {v16::action::boot_notification, boot},
    {v16::action::authorize, authorize},
    {v16::action::start_transaction, start_transaction},
    {v16::action::stop_transaction, stop_transaction},
    {v16::action::data_transfer, data_transfer},
    {v16::action::diagnostics_status_notification, acknowledged},
    {v16::action::firmware_status_notification, acknowledged},
    {v16::action::log_status_notification, acknowledged},
    {v16::action::signed_firmware_status_notification, acknowledged},
    {v16::action::security_event_notification, acknowledged},
}};

/// OCPP-6: nothing is done before the boot.
answer not_booted(const call_context& call) {
  call.out.counts.push_back(count::calls_before_boot);
  if (!call.state.is_boot_triggered && !call.state.boot_trigger_at)
    call.state.boot_trigger_at = call.now + boot_trigger_after;
  return {{}, "SecurityError", "BootNotification comes first"};
}

answer answer_to(const call_context& call, std::string_view name) {
  const auto known = v16::action_from(name);
  if (!known) return {{}, "NotImplemented", printable(name, 50) + ": no such action"};
  const auto found = std::find_if(served.begin(), served.end(),
                                  [&](const served_action& each) { return each.is == *known; });
  if (found == served.end()) return {{}, "NotSupported", printable(name) + ": is off here"};
  if (!call.state.is_accepted && *known != v16::action::boot_notification)
    return not_booted(call);
  const auto checked = v16::check(*known, v16::direction::request, call.payload,
                                  call.state.place.tolerances);
  call.used.add(checked.used);
  if (checked.is_accepted()) return found->take(call);
  const auto& fault = checked.faults.front();
  return {{}, v16::name_of(fault.code), printable(fault.description())};
}

std::string written(const wire::frame& call, const answer& given, station_effects& out) {
  const bool is_error = !given.error_code.empty();
  out.counts.push_back(is_error ? count::errors_sent : count::answers_sent);
  if (!is_error) return wire::write_result(call.message_id, given.payload);
  return wire::write_error(call.message_id, given.error_code, given.description);
}

} // namespace

void take_call(station_state& state, const arrived_call& arrived, const station_house& house,
               domain::instant now, station_effects& out) {
  const auto& call = arrived.frame;
  out.counts.push_back(count::calls_received);
  if (const auto* before = state.answered.find(arrived.text)) {
    out.counts.push_back(count::repeated_calls);
    out.frames.push_back(*before);
    return;
  }
  v16::tolerance_set used;
  const auto given = answer_to({state, call.payload, house, now, out, used}, call.action);
  count_tolerances(state, used, out);
  if (given.error_code.empty()) report_progress(call, given.payload, out);
  // The answer goes before what the message gives rise to.
  auto frame = written(call, given, out);
  // A heartbeat's answer is the time, which another one is.
  const bool is_kept = call.action != "Heartbeat" && call.action != "BootNotification" &&
                       given.error_code.empty();
  // A stop that waits for its transaction is answered later.
  if (state.early && state.early->answer.empty()) {
    state.early->answer = std::move(frame);
    return;
  }
  if (is_kept) state.answered.keep(arrived.text, frame);
  out.frames.insert(out.frames.begin(), std::move(frame));
}

} // namespace busbar::adapters::ocpp::station
