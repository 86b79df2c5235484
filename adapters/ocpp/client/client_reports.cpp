#include "adapters/ocpp/client/client_reports.hpp"

#include "adapters/ocpp/client/client_facts.hpp"
#include "adapters/ocpp/client/client_lists.hpp"
#include "adapters/ocpp/client/client_upkeep.hpp"
#include "adapters/ocpp/station/payload.hpp"
#include "domain/time_text.hpp"
#include "text/json_writer.hpp"

#include <algorithm>
#include <array>

namespace busbar::adapters::ocpp::client {

namespace {

using domain::connector_state;
using text::json_writer;

constexpr const char* vendor = "Busbar";
constexpr std::int64_t asks_again_s = 30;

std::string text_of(domain::instant at) {
  return domain::text_of(std::chrono::floor<std::chrono::milliseconds>(at));
}

const char* idle_status(connector_state state) {
  switch (state) {
  case connector_state::faulted: return "Faulted";
  case connector_state::unavailable: return "Unavailable";
  case connector_state::activated:
  case connector_state::supplying: return "Preparing";
  default: return "Available";
  }
}

std::string status_of(client_state& state, std::int32_t connector, domain::instant now) {
  if (connector == 0) return state.is_out_of_service ? "Unavailable" : "Available";
  const auto measured = state.body.sample(connector, now).state;
  const bool is_out = measured == connector_state::faulted ||
                      measured == connector_state::unavailable;
  if (running_at(state, connector) == nullptr || is_out) {
    const std::string idle = idle_status(measured);
    const bool is_reserved = reserved_at(state, connector, now) != nullptr;
    return idle == "Available" && is_reserved ? "Reserved" : idle;
  }
  return measured == connector_state::supplying ? "Charging" : "SuspendedEV";
}

/// "16.045": milliamperes, millivolts and permille of a tenth as they are.
std::string thousandths(std::int64_t value) {
  const auto digits = std::to_string(value % 1'000 + 1'000).substr(1);
  return std::to_string(value / 1'000) + "." + digits;
}

struct sample_form {
  const char* measurand;
  const char* unit;
  const char* phase = nullptr;
  const char* location = nullptr;
};

struct sample_writer {
  json_writer& json;
  const char* context;

  void write(const sample_form& form, const std::string& value) const {
    json.begin_object().member("value", value).member("context", context);
    json.member("measurand", form.measurand).member("unit", form.unit);
    if (form.phase != nullptr) json.member("phase", form.phase);
    if (form.location != nullptr) json.member("location", form.location);
    json.end_object();
  }
};

void write_samples(const sample_writer& out, const domain::reading& measured, bool is_dc) {
  static constexpr std::array lines{"L1", "L2", "L3"};
  // What a DC outlet draws is measured where it enters.
  const char* place = is_dc ? "Inlet" : nullptr;
  out.write({"Energy.Active.Import.Register", "Wh"}, std::to_string(measured.energy_wh));
  out.write({"Power.Active.Import", "W", nullptr, place},
            std::to_string(std::max(measured.power_w, 0)));
  for (std::size_t line = 0; line < lines.size(); ++line)
    out.write({"Current.Import", "A", lines[line], place},
              thousandths(std::max(measured.current_ma[line], 0)));
  if (measured.voltage_mv > 0 && !is_dc)
    out.write({"Voltage", "V"}, thousandths(measured.voltage_mv));
  if (measured.has_soc) out.write({"SoC", "Percent"}, std::to_string(measured.soc_permille / 10));
}

void report_changes(client_state& state, domain::instant now) {
  for (std::int32_t at = 1; at <= state.body.connectors(); ++at)
    if (status_of(state, at, now) != state.reported[static_cast<std::size_t>(at)].status)
      enqueue(state, status_call(state, at, now));
}

/// A session that has ended by itself: its cable was pulled, or its point has ended it.
void end_what_is_over(client_state& state, domain::instant now) {
  for (std::int32_t at = 1; at <= state.body.connectors(); ++at)
    if (running_at(state, at) != nullptr && !state.body.has_session(at))
      end_transaction(state, at, stop_reason::vehicle_disconnected, now);
}

void measure_what_is_due(client_state& state, domain::instant now) {
  const domain::seconds every{state.settings.seconds_of("MeterValueSampleInterval")};
  if (every.count() == 0) return;
  for (std::int32_t at = 1; at <= state.body.connectors(); ++at) {
    auto& last = state.reported[static_cast<std::size_t>(at)].measured_at;
    if (running_at(state, at) == nullptr || now - last < every) continue;
    last = now;
    enqueue(state, measured_call(state, at, "Sample.Periodic", now));
  }
}

} // namespace

client_call boot_call(const client_state& state) {
  json_writer json;
  json.begin_object().member("chargePointVendor", vendor);
  json.member("chargePointModel", state.model);
  json.member("firmwareVersion", std::to_string(state.firmware_version));
  return {"BootNotification", json.end_object().take()};
}

client_call heartbeat_call() { return {"Heartbeat", "{}"}; }

client_call status_call(client_state& state, std::int32_t connector, domain::instant now) {
  auto& reported = state.reported[static_cast<std::size_t>(connector)];
  reported.status = status_of(state, connector, now);
  json_writer json;
  json.begin_object().member("connectorId", connector);
  json.member("errorCode", reported.status == "Faulted" ? "InternalError" : "NoError");
  json.member("status", reported.status).member("timestamp", text_of(now));
  return {"StatusNotification", json.end_object().take()};
}

client_call measured_call(client_state& state, std::int32_t connector, const char* context,
                          domain::instant now) {
  json_writer json;
  json.begin_object().member("connectorId", connector);
  const auto* one = running_at(state, connector);
  if (one != nullptr && one->number) json.member("transactionId", *one->number);
  json.key("meterValue").begin_array().begin_object().member("timestamp", text_of(now));
  json.key("sampledValue").begin_array();
  write_samples({json, context}, state.body.sample(connector, now), state.body.is_dc(connector));
  json.end_array().end_object().end_array();
  return {"MeterValues", json.end_object().take()};
}

void take_boot_answer(client_state& state, const busbar::ocpp::wire::frame& frame,
                      domain::instant now) {
  const bool is_error = frame.kind == busbar::ocpp::wire::frame_kind::error;
  const auto status = is_error ? "" : station::text_in(frame.payload, "status").value_or("");
  const auto interval =
      is_error ? 0 : station::integer_in(frame.payload, "interval").value_or(0);
  if (status != "Accepted") {
    state.boots_at = now + domain::seconds{interval > 0 ? interval : asks_again_s};
    return;
  }
  state.phase = client_phase::serving;
  state.beats_at = now;
  if (interval > 0)
    static_cast<void>(state.settings.change("HeartbeatInterval", std::to_string(interval)));
  for (std::int32_t at = 0; at <= state.body.connectors(); ++at)
    enqueue(state, status_call(state, at, now));
}

void look(client_state& state, domain::instant now) {
  end_what_is_over(state, now);
  if (state.phase != client_phase::serving) return;
  end_reservations(state, now);
  let_upkeep_pass(state, now);
  report_changes(state, now);
  measure_what_is_due(state, now);
  const domain::seconds beat{state.settings.seconds_of("HeartbeatInterval")};
  if (beat.count() == 0 || now - state.beats_at < beat) return;
  state.beats_at = now;
  enqueue(state, heartbeat_call());
}

} // namespace busbar::adapters::ocpp::client
