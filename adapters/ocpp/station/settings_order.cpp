#include "adapters/ocpp/station/settings_order.hpp"

#include "text/json_writer.hpp"

#include <algorithm>
#include <utility>

namespace busbar::adapters::ocpp::station {

namespace wire = busbar::ocpp::wire;

namespace {

using text::json_writer;

constexpr const char* measurands =
    "Energy.Active.Import.Register,Power.Active.Import,Current.Import,Voltage,SoC";

constexpr const char* measurands_key = "MeterValuesSampledData";

/// Of a key that has its value already; no status of OCPP.
constexpr const char* unchanged = "Unchanged";
constexpr std::size_t shown_bytes_max = 500;

bool is_same(std::string_view one, std::string_view other) {
  return std::ranges::equal(one, other, [](char a, char b) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
    return lower(a) == lower(b);
  });
}

/// Standard keys with words of OCPP take any case; what a vendor's key means is not known.
bool is_same_value(const std::string& key, const std::string& one, const std::string& other) {
  const auto is_word = [&](std::string_view word) { return is_same(one, word); };
  const bool has_words = is_word("true") || is_word("false") || is_same(key, measurands_key);
  return has_words ? is_same(one, other) : one == other;
}

/// The station's value of each key that is wanted.
std::vector<settled_setting> compared(const station_place& place, const wire::frame& answer) {
  std::vector<settled_setting> made;
  const auto listed = list_in(answer.payload, "configurationKey");
  for (auto& wanted : wanted_settings(place)) {
    settled_setting one{std::move(wanted.key), std::move(wanted.value), std::nullopt, {}};
    if (listed)
      for (const auto each : *listed)
        if (is_same(text_in(each, "key").value_or(""), one.key))
          one.found = text_in(each, "value").value_or("").substr(0, shown_bytes_max);
    if (one.found && is_same_value(one.key, *one.found, one.wanted)) one.status = unchanged;
    made.push_back(std::move(one));
  }
  return made;
}

std::string answer_of(const std::vector<settled_setting>& settled) {
  json_writer json;
  json.begin_object().key("configurationKey").begin_array();
  for (const auto& each : settled) {
    json.begin_object().member("key", each.key).member("value", each.wanted);
    if (each.found) json.member("found", *each.found);
    else json.null_member("found");
    json.member("status", each.status).end_object();
  }
  return json.end_array().end_object().take();
}

void settle(std::uint64_t order, const std::vector<settled_setting>& settled,
            station_effects& out) {
  const bool is_done = std::ranges::all_of(settled, [](const settled_setting& each) {
    return each.status == unchanged || is_same(each.status, "Accepted") ||
           is_same(each.status, "RebootRequired");
  });
  out.orders.push_back({order,
                        is_done ? ports::order_state::accepted : ports::order_state::refused,
                        {answer_of(settled), {}, {}}});
}

auto open_in(std::vector<settled_setting>& settled) {
  return std::ranges::find_if(settled, [](const auto& each) { return each.status.empty(); });
}

} // namespace

std::vector<wanted_setting> wanted_settings(const station_place& place) {
  auto made = place.settings;
  const auto add = [&](const char* key, const char* value) {
    const bool is_stated =
        std::ranges::any_of(made, [&](const auto& each) { return is_same(each.key, key); });
    if (!is_stated) made.push_back({key, value});
  };
  add("MeterValueSampleInterval", "10");
  add(measurands_key, measurands);
  return made;
}

std::string change_payload(const wanted_setting& of) {
  json_writer json;
  return json.begin_object().member("key", of.key).member("value", of.value).end_object().take();
}

std::vector<wanted_setting> settings_that_hold(const station_place& place,
                                               const wire::frame& answer) {
  std::vector<wanted_setting> made;
  for (auto& each : compared(place, answer))
    if (each.status == unchanged) made.push_back({std::move(each.key), std::move(each.wanted)});
  return made;
}

std::string answer_so_far(const std::vector<settled_setting>& settled) {
  return settled.empty() ? std::string{} : answer_of(settled);
}

std::string wanted_payload(const station_place& place) {
  json_writer json;
  json.begin_object().key("configurationKey").begin_array();
  for (const auto& each : wanted_settings(place)) json.raw(change_payload(each));
  return json.end_array().end_object().take();
}

station_call settings_call(std::uint64_t number) {
  station_call call{errand::settings, "GetConfiguration", "{}"};
  call.order = number;
  return call;
}

void settings_answered(station_state& state, const station_call& call, const wire::frame& answer,
                       station_effects& out) {
  const bool is_error = answer.kind == wire::frame_kind::error;
  auto settled = call.settled;
  if (settled.empty()) {
    if (is_error)
      return out.orders.push_back({call.order, ports::order_state::failed,
                                   {{},
                                    std::string{answer.error_code.substr(0, shown_bytes_max)},
                                    std::string{answer.error_description.substr(
                                        0, shown_bytes_max)}}});
    settled = compared(state.place, answer);
  } else {
    const std::string_view status = is_error ? answer.error_code
                                 : text_in(answer.payload, "status").value_or("no status");
    open_in(settled)->status = std::string{status.substr(0, shown_bytes_max)};
  }
  const auto open = open_in(settled);
  if (open == settled.end()) return settle(call.order, settled, out);
  station_call next{errand::settings, "ChangeConfiguration",
                    change_payload({open->key, open->wanted})};
  next.order = call.order;
  next.settled = std::move(settled);
  if (!state.lane.push(std::move(next)))
    out.orders.push_back({call.order, ports::order_state::failed,
                          {{}, queue_is_full, "32 calls to this station wait already"}});
}

} // namespace busbar::adapters::ocpp::station
