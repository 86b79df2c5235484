#include "adapters/ocpp/station/onboarding.hpp"

#include "adapters/ocpp/station/profile_calls.hpp"
#include "text/json_writer.hpp"

#include <utility>

namespace busbar::adapters::ocpp::station {

namespace {

using text::json_writer;

constexpr const char* measurands =
    "Energy.Active.Import.Register,Power.Active.Import,Current.Import,Voltage,SoC";

station_call setting(std::string_view key, std::string_view value) {
  json_writer json;
  json.begin_object().member("key", key).member("value", value).end_object();
  return {errand::onboarding, "ChangeConfiguration", json.take()};
}

station_call trigger(std::string_view message) {
  json_writer json;
  json.begin_object().member("requestedMessage", message).end_object();
  return {errand::onboarding, "TriggerMessage", json.take()};
}

} // namespace

station_call boot_trigger() { return trigger("BootNotification"); }

station_call fallback_call(const station_state& state) {
  const auto& place = state.place;
  const auto profile = control::smart_charging::fallback_profile(place.when_lost.current,
                                                                 terms_of(state, 0));
  return {errand::fallback, "SetChargingProfile", set_profile_payload(0, profile)};
}

void begin_onboarding(station_state& state) {
  state.onboarding.is_running = false;
  state.onboarding.steps = {fallback_call(state),
                            {errand::onboarding, "GetConfiguration", "{}"},
                            setting("MeterValueSampleInterval", "10"),
                            setting("MeterValuesSampledData", measurands),
                            trigger("StatusNotification"),
                            trigger("MeterValues")};
}

void continue_onboarding(station_state& state, station_effects& out) {
  auto& steps = state.onboarding.steps;
  if (state.onboarding.is_running || steps.empty() || !state.is_accepted || state.link == 0)
    return;
  auto next = std::move(steps.front());
  steps.erase(steps.begin());
  state.onboarding.is_running = true;
  enqueue(state, out, std::move(next));
}

} // namespace busbar::adapters::ocpp::station
