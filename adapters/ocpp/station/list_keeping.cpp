#include "adapters/ocpp/station/list_keeping.hpp"

#include "adapters/ocpp/station/payload.hpp"
#include "domain/time_text.hpp"
#include "text/json_writer.hpp"

#include <algorithm>
#include <charconv>
#include <iterator>
#include <utility>

namespace busbar::adapters::ocpp::station {

namespace sessions = control::sessions;
namespace wire = busbar::ocpp::wire;

namespace {

/// Of a station that states more; its message has 64 KiB.
constexpr std::size_t tags_per_message_max = 250;
constexpr std::size_t local_tags_max = 100'000;

/// A setting that is a number; 0 where it is none, or not stated.
std::size_t number_in(const station_abilities& known, const char* key) {
  const auto found = known.settings.find(key);
  std::size_t number = 0;
  if (found != known.settings.end())
    std::from_chars(found->second.data(), found->second.data() + found->second.size(), number);
  return number;
}

std::string payload_of(const sessions::list_message& message) {
  text::json_writer json;
  json.begin_object().member("listVersion", message.version);
  json.key("localAuthorizationList").begin_array();
  for (const auto& each : message.tags) {
    json.begin_object().member("idTag", each.tag).key("idTagInfo").begin_object();
    json.member("status", name_of(each.status));
    if (each.expires_at)
      json.member("expiryDate",
                  domain::text_of(std::chrono::floor<std::chrono::seconds>(*each.expires_at)));
    if (!each.parent.empty()) json.member("parentIdTag", each.parent);
    json.end_object().end_object();
  }
  for (const auto& each : message.gone) json.begin_object().member("idTag", each).end_object();
  json.end_array().member("updateType", message.is_full ? "Full" : "Differential");
  return json.end_object().take();
}

void forget_steps(station_state& state) {
  std::erase_if(state.onboarding.steps,
                [](const station_call& step) { return step.purpose == errand::local_list; });
}

void send(station_state& state, const std::vector<sessions::list_message>& messages) {
  forget_steps(state);
  std::vector<station_call> calls;
  for (const auto& each : messages) {
    calls.push_back({errand::local_list, "SendLocalList", payload_of(each)});
    calls.back().is_difference = !each.is_full;
  }
  auto& steps = state.onboarding.steps;
  steps.insert(steps.begin(), std::make_move_iterator(calls.begin()),
               std::make_move_iterator(calls.end()));
  if (messages.empty()) state.list.held = state.list.wanted;
}

void take_version(station_state& state, const wire::frame& answer) {
  if (answer.kind != wire::frame_kind::result) return;
  const auto version = integer_in(answer.payload, "listVersion").value_or(-1);
  // It keeps no list.
  if (version < 0) return;
  auto& list = state.list;
  if (version == sessions::version_of(list.wanted, list.per_message)) {
    list.held = list.wanted;
    return;
  }
  send(state, sessions::full_list(list.wanted, list.per_message));
}

} // namespace

void settings_known(station_state& state) {
  state.list = {};
  state.list.is_due = state.place.keeps_list;
}

void update_list(station_state& state, const station_house& house) {
  auto& list = state.list;
  const bool has_changed = list.held && list.revision != house.list_revision;
  if ((!list.is_due && !has_changed) || !house.list || state.link == 0) return;
  list.is_due = false;
  list.revision = house.list_revision;
  const auto most = number_in(state.abilities, "LocalAuthListMaxLength");
  if (most == 0) return;
  const auto per_message = number_in(state.abilities, "SendLocalListMaxLength");
  list.per_message = std::clamp<std::size_t>(per_message, 1, tags_per_message_max);
  list.wanted = house.list(state.place, std::min(most, local_tags_max));
  if (list.held) {
    const auto held = *std::exchange(list.held, std::nullopt);
    return send(state, sessions::list_update(held, list.wanted, list.per_message));
  }
  forget_steps(state);
  state.onboarding.steps.push_back({errand::local_list, "GetLocalListVersion", "{}"});
}

void list_answered(station_state& state, const station_call& call, const wire::frame& answer,
                   station_effects& out) {
  if (call.action == "GetLocalListVersion") return take_version(state, answer);
  auto& list = state.list;
  const auto status = answer.kind == wire::frame_kind::result
                          ? text_in(answer.payload, "status").value_or("")
                          : std::string_view{};
  if (status == "Accepted") {
    const auto& steps = state.onboarding.steps;
    const bool goes_on = !steps.empty() && steps.front().purpose == errand::local_list;
    if (goes_on) return;
    list.held = list.wanted;
    list.has_mismatched = false;
    return;
  }
  forget_steps(state);
  list.held.reset();
  const bool was_difference = call.is_difference;
  if (status == "VersionMismatch" && was_difference && !list.has_mismatched) {
    list.has_mismatched = true;
    return send(state, sessions::full_list(list.wanted, list.per_message));
  }
  out.counts.push_back(count::lists_refused);
}

} // namespace busbar::adapters::ocpp::station
