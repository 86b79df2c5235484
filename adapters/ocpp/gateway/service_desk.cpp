#include "adapters/ocpp/gateway/service_desk.hpp"

#include "adapters/ocpp/gateway/exchange_core.hpp"
#include "adapters/ocpp/station/connector_reading.hpp"
#include "adapters/ocpp/station/payload.hpp"
#include "ocpp/v16/configuration_key.hpp"

#include <algorithm>

namespace busbar::adapters::ocpp::gateway {

namespace {

ports::charge_point_now shown(const exchange::seat& from) {
  const auto& state = from.machine.state();
  ports::charge_point_now made;
  made.identity = from.who.identity;
  made.site = from.site;
  made.station = from.who.station.text();
  made.is_connected = state.link != 0;
  made.is_accepted = state.is_accepted;
  made.vendor = state.abilities.vendor;
  made.model = state.abilities.model;
  made.firmware = state.abilities.firmware;
  if (state.heard_at != instant{}) made.heard_at = state.heard_at;
  for (const auto& row : busbar::ocpp::v16::all_tolerances())
    if (state.tolerated[static_cast<std::size_t>(row.is)] > 0)
      made.tolerated.emplace_back(row.name);
  for (const auto& at : state.connectors) {
    const bool is_reported = at.status != station::reported_status::unknown;
    made.connectors.push_back(
        {is_reported ? name_of(at.status) : "", at.error_code, std::nullopt});
  }
  for (const auto& each : state.transactions)
    if (!each.has_ended) made.connectors[each.connector].transaction = each.number;
  return made;
}

domain::error named(domain::errc code, const std::string& identity, const std::string& why) {
  return {code, "charge point '" + identity + "': " + why};
}

/// OCPP-10: the level of the engine's grants is its own.
bool is_at_grant_level(const ports::charge_point_order& wanted,
                       const station::station_state& state) {
  if (wanted.action != "SetChargingProfile") return false;
  simdjson::dom::parser parser;
  station::json_element payload;
  if (parser.parse(wanted.payload).get(payload) != simdjson::SUCCESS) return false;
  const auto profile = station::member_of(payload, "csChargingProfiles");
  return profile && station::text_in(*profile, "chargingProfilePurpose") == "TxProfile" &&
         station::integer_in(*profile, "stackLevel").value_or(0) >= state.abilities.grant_level;
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

domain::result<void> may_be_called(const ports::charge_point_order& wanted,
                                   const exchange::seat& own) {
  using domain::errc;
  const auto& state = own.machine.state();
  const auto provisioned = own.who.profile.value_or(0);
  if (const auto set = profile_set_by(wanted); set && *set < provisioned)
    return named(errc::conflict, wanted.identity,
                 "its security profile is " + std::to_string(provisioned) +
                     " in the site's file; no order lowers it to " + std::to_string(*set));
  if (state.link == 0) return named(errc::conflict, wanted.identity, "is not connected");
  if (!state.is_accepted) return named(errc::conflict, wanted.identity, "has not booted yet");
  if (is_at_grant_level(wanted, state))
    return named(errc::conflict, wanted.identity,
                 "TxProfiles from stackLevel " + std::to_string(state.abilities.grant_level) +
                     " on are the engine's grants");
  return {};
}

} // namespace

bool service_desk::has_station(const std::string& identity) const {
  const std::lock_guard lock{core_.guard};
  return core_.find(identity) != nullptr;
}

std::vector<ports::charge_point_now> service_desk::stations() const {
  std::vector<ports::charge_point_now> made;
  {
    const std::lock_guard lock{core_.guard};
    for (const auto& each : core_.seats()) made.push_back(shown(each));
  }
  std::ranges::sort(made, {}, &ports::charge_point_now::identity);
  return made;
}

std::vector<ports::charge_point_profile>
service_desk::profiles_of(const std::string& identity) const {
  const std::lock_guard lock{core_.guard};
  const auto* own = core_.find(identity);
  if (own == nullptr) return {};
  return own->machine.state().profiles.profiles();
}

domain::result<std::uint64_t> service_desk::order(const ports::charge_point_order& wanted,
                                                  instant now) {
  const exchange::turn mine{core_, now};
  auto* own = core_.find(wanted.identity);
  if (own == nullptr)
    return named(domain::errc::unknown_reference, wanted.identity,
                 "none comes under this identity");
  if (auto may = may_be_called(wanted, *own); !may) return may.failure();
  const auto number = core_.out.service.add(wanted, now);
  if (!number)
    return named(domain::errc::full, wanted.identity, "1000 orders wait for their stations");
  station::station_call call{station::errand::order, wanted.action, wanted.payload};
  call.order = *number;
  core_.keep(*own, own->machine.order(std::move(call), now), now);
  core_.out.wake_server();
  return *number;
}

domain::result<void> service_desk::cancel(const std::string& identity, std::uint64_t number,
                                          instant now) {
  const exchange::turn mine{core_, now};
  const auto* order = core_.out.service.find(identity, number);
  if (order == nullptr)
    return named(domain::errc::unknown_reference, identity,
                 "order " + std::to_string(number) + " is not among the newest");
  if (!core_.find(identity)->machine.cancel(number))
    return named(domain::errc::conflict, identity,
                 "order " + std::to_string(number) + " is " + name_of(order->state) +
                     "; only what has not been sent is taken back");
  core_.out.service.settle({number, ports::order_state::cancelled, {}}, now);
  return {};
}

void service_desk::await(std::uint64_t number, instant until, listener told) {
  const exchange::turn mine{core_, instant{}};
  core_.out.service.await(number, until, std::move(told));
}

std::vector<ports::order_standing> service_desk::orders_of(const std::string& identity) const {
  const std::lock_guard lock{core_.guard};
  return core_.out.service.of(identity);
}

std::shared_ptr<const tag_book> service_desk::tags_now() const {
  const std::lock_guard lock{core_.guard};
  return core_.settings.tags;
}

template <class Change> domain::result<void> service_desk::change_tags(Change&& change) {
  const std::lock_guard turn{changing_};
  auto next = std::make_shared<tag_book>(*tags_now());
  if (auto done = change(*next); !done) return done;
  std::shared_ptr<const tag_book> before = std::move(next);
  {
    const std::lock_guard lock{core_.guard};
    core_.settings.tags.swap(before);
  }
  return {};
}

std::vector<ports::id_tag> service_desk::tags() const {
  const auto now = tags_now();
  std::vector<ports::id_tag> made;
  for (const auto& [key, each] : now->all())
    made.push_back({each.tag, each.is_blocked, each.expires_at, each.parent, each.notes});
  return made;
}

domain::result<void> service_desk::put_tag(const ports::id_tag& tag) {
  return change_tags([&](tag_book& book) {
    return book.put({tag.tag, tag.is_blocked, tag.expires_at, tag.parent, tag.notes});
  });
}

domain::result<void> service_desk::remove_tag(const std::string& tag) {
  return change_tags([&](tag_book& book) { return book.remove(tag); });
}

} // namespace busbar::adapters::ocpp::gateway
