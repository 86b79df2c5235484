#include "adapters/ocpp/station/sample_requests.hpp"

#include "text/json_writer.hpp"

namespace busbar::adapters::ocpp::station {

namespace {

/// A vehicle follows a change of what it may draw within 5 s (IEC 61851-1), most sooner.
constexpr domain::microseconds asked_after = std::chrono::seconds{3};

station_call sample_call(std::size_t connector) {
  text::json_writer json;
  json.begin_object().member("requestedMessage", "MeterValues");
  json.member("connectorId", static_cast<std::int32_t>(connector + 1)).end_object();
  return {errand::sample, "TriggerMessage", json.take(), connector};
}

} // namespace

void expect_sample(connector_state& at, domain::instant now) {
  // One that is due already comes first: changes that follow one another put it off no further.
  if (!at.sample_at) at.sample_at = now + asked_after;
}

void ask_for_samples(station_state& state, domain::instant now, station_effects& out) {
  const bool can_be_asked =
      state.link != 0 && state.is_accepted && state.abilities.knows_triggers;
  for (std::size_t i = 0; i < state.connectors.size(); ++i) {
    auto& at = state.connectors[i];
    if (!at.sample_at || now < *at.sample_at) continue;
    at.sample_at.reset();
    if (can_be_asked && running_at(state, i) != nullptr) enqueue(state, out, sample_call(i));
  }
}

void trigger_refused(station_state& state, std::string_view status) {
  const bool is_unknown = status == "NotImplemented" || status == "NotSupported";
  if (is_unknown) state.abilities.knows_triggers = false;
}

} // namespace busbar::adapters::ocpp::station
