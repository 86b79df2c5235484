#include "adapters/ocpp/station/onboarding.hpp"

#include "adapters/ocpp/station/profile_calls.hpp"
#include "adapters/ocpp/station/settings_order.hpp"
#include "text/json_writer.hpp"

#include <utility>

namespace busbar::adapters::ocpp::station {

namespace {

using text::json_writer;

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
  auto& steps = state.onboarding.steps;
  steps = {fallback_call(state), {errand::onboarding, "GetConfiguration", "{}"}};
  for (const auto& each : wanted_settings(state.place))
    steps.push_back({errand::onboarding, "ChangeConfiguration", change_payload(each)});
  steps.push_back(trigger("StatusNotification"));
  steps.push_back(trigger("MeterValues"));
}

void leave_settings_that_hold(station_state& state, const busbar::ocpp::wire::frame& answer) {
  for (const auto& each : settings_that_hold(state.place, answer))
    std::erase_if(state.onboarding.steps, [&](const station_call& step) {
      return step.action == "ChangeConfiguration" && step.payload == change_payload(each);
    });
}

void leave_settings(station_state& state) {
  std::erase_if(state.onboarding.steps,
                [](const station_call& step) { return step.action == "ChangeConfiguration"; });
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
