#include "adapters/ocpp/station/onboarding.hpp"

#include "adapters/ocpp/station/profile_calls.hpp"
#include "adapters/ocpp/station/settings_order.hpp"
#include "text/json_writer.hpp"

#include <iterator>
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

void restate_fallback(station_state& state, bool at_once) {
  auto& steps = state.onboarding.steps;
  std::erase_if(steps, [](const station_call& step) { return step.purpose == errand::fallback; });
  auto place = steps.begin();
  const bool is_asked_next = !steps.empty() && steps.front().action == "GetConfiguration";
  if (!at_once && is_asked_next) ++place;
  auto calls = fallback_calls(state);
  steps.insert(place, std::make_move_iterator(calls.begin()),
               std::make_move_iterator(calls.end()));
}

void begin_onboarding(station_state& state) {
  state.onboarding.is_running = false;
  auto& steps = state.onboarding.steps;
  steps = fallback_calls(state);
  steps.push_back({errand::onboarding, "GetConfiguration", "{}"});
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
