#include "adapters/ocpp/gateway/order_rules.hpp"

#include "adapters/ocpp/station/payload.hpp"
#include "adapters/ocpp/station/profile_calls.hpp"
#include "adapters/ocpp/station/settings_order.hpp"
#include "ocpp/v16/configuration_key.hpp"

#include <cstdint>
#include <optional>
#include <utility>

namespace busbar::adapters::ocpp::gateway {

domain::error named(domain::errc code, const std::string& identity, const std::string& why) {
  return {code, "charge point '" + identity + "': " + why};
}

namespace {

/// OCPP-10: the level of the engine's grants is its own.
bool is_at_grant_level(const ports::charge_point_order& wanted,
                       const station::station_state& state) {
  if (wanted.action != "SetChargingProfile") return false;
  simdjson::dom::parser parser;
  station::json_element payload;
  if (parser.parse(wanted.payload).get(payload) != simdjson::SUCCESS) return false;
  const auto profile = station::member_of(payload, "csChargingProfiles");
  return profile && station::text_in(*profile, "chargingProfilePurpose") == "TxProfile" &&
         station::integer_in(*profile, "stackLevel").value_or(0) >=
             station::grant_form_of(state).stack_level;
}

/// The security profile that an order would give a station; absent: it gives it none.
std::optional<std::int64_t> profile_set_by(const ports::charge_point_order& wanted) {
  if (wanted.action != "ChangeConfiguration") return std::nullopt;
  simdjson::dom::parser parser;
  station::json_element payload;
  if (parser.parse(wanted.payload).get(payload) != simdjson::SUCCESS) return std::nullopt;
  const auto* key =
      busbar::ocpp::v16::standard_key(station::text_in(payload, "key").value_or(""));
  if (key == nullptr || key->name != "SecurityProfile") return std::nullopt;
  return station::integer_in(payload, "value").value_or(0);
}

} // namespace

domain::result<void> may_be_ordered(const ports::charge_point_order& wanted,
                                   const exchange::seat& own) {
  using domain::errc;
  const auto& state = own.machine.state();
  const auto provisioned = own.who.profile.value_or(0);
  if (const auto set = profile_set_by(wanted); set && *set < provisioned)
    return named(errc::conflict, wanted.identity,
                 "its security profile is " + std::to_string(provisioned) +
                     " in the site's file; no order lowers it to " + std::to_string(*set));
  if (is_at_grant_level(wanted, state))
    return named(errc::conflict, wanted.identity,
                 "TxProfiles from stackLevel " +
                     std::to_string(station::grant_form_of(state).stack_level) +
                     " on are the engine's grants");
  return {};
}

domain::result<void> is_reachable(const std::string& identity, const exchange::seat& own) {
  const auto& state = own.machine.state();
  if (state.link == 0) return named(domain::errc::conflict, identity, "is not connected");
  if (!state.is_accepted) return named(domain::errc::conflict, identity, "has not booted yet");
  return {};
}

void send_order(exchange::core& core, exchange::seat& own, const ports::charge_point_order& wanted,
                std::uint64_t number, instant now) {
  const bool is_of_settings = wanted.action == ports::reset_configuration;
  auto call = is_of_settings
                  ? station::settings_call(number)
                  : station::station_call{station::errand::order, wanted.action, wanted.payload};
  call.order = number;
  core.keep(own, own.machine.order(std::move(call), now), now);
  core.out.wake_server();
}

void let_orders_pass(exchange::core& core, instant now) {
  for (const auto& [identity, number] : core.out.service.take_overdue(now))
    if (auto* own = core.find(identity)) static_cast<void>(own->machine.cancel(number));
  std::vector<std::uint64_t> numbers;
  const auto is_there = [&](const std::string& identity) {
    const auto* own = core.find(identity);
    return own != nullptr && is_reachable(identity, *own).has_value();
  };
  const auto taken = core.out.service.take_parked(is_there, now, numbers);
  for (std::size_t i = 0; i < taken.size(); ++i) {
    auto& own = *core.find(taken[i].identity);
    const auto reached = is_reachable(taken[i].identity, own);
    const auto may = reached ? may_be_ordered(taken[i], own) : reached;
    if (may) send_order(core, own, taken[i], numbers[i], now);
    else
      core.out.service.settle({numbers[i], ports::order_state::failed,
                               {{}, "Conflict", may.failure().message}},
                              now);
  }
}

} // namespace busbar::adapters::ocpp::gateway
