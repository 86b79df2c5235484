#include "adapters/ocpp/station/profile_changes.hpp"

#include "control/smart_charging/session_profiles.hpp"
#include "ocpp/v16/charging_profile_payload.hpp"
#include "text/json_text.hpp"

#include <nlohmann/json.hpp>

#include <utility>
#include <variant>

namespace busbar::adapters::ocpp::station {

namespace v16 = busbar::ocpp::v16;

namespace {

/// The engine counts transactions by its sessions, the station by what its gateway has given it.
void renumber(const station_state& state, domain::charging_profile& profile) {
  if (!profile.transaction) return;
  for (const auto& each : state.transactions)
    if (!each.session.is_empty() && each.number == *profile.transaction)
      profile.transaction = control::smart_charging::transaction_number(each.session);
}

std::optional<profile_change> set_by(const station_state& state, const nlohmann::json& payload) {
  auto read = v16::parse_set_profile(payload);
  auto* wish = std::get_if<v16::set_profile_request>(&read);
  const auto count = state.connectors.size();
  if (wish == nullptr || wish->connector < 0 || std::cmp_greater(wish->connector, count))
    return std::nullopt;
  renumber(state, wish->profile);
  const auto place = wish->connector == 0 ? 0 : static_cast<std::size_t>(wish->connector - 1);
  return profile_change{domain::command_kind::set_charging_profile, place,
                        {wish->connector == 0, std::move(wish->profile), {}}};
}

} // namespace

std::optional<profile_change> change_by(const station_state& state,
                                        const station_call& accepted) {
  const bool sets = accepted.action == "SetChargingProfile";
  if (!sets && accepted.action != "ClearChargingProfile") return std::nullopt;
  domain::fault_list broken;
  const auto payload = text::parse_json(accepted.payload, broken);
  if (!payload) return std::nullopt;
  if (sets) return set_by(state, *payload);
  const auto read = v16::parse_clear_profile(*payload);
  const auto* filter = std::get_if<domain::profile_filter>(&read);
  if (filter == nullptr) return std::nullopt;
  return profile_change{
      domain::command_kind::clear_charging_profile, 0, {false, {}, *filter}};
}

} // namespace busbar::adapters::ocpp::station
