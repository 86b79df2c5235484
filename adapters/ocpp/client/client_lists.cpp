#include "adapters/ocpp/client/client_lists.hpp"

#include "ocpp/v16/station_time.hpp"

#include <algorithm>
#include <utility>

namespace busbar::adapters::ocpp::client {

using station::integer_in;
using station::list_in;
using station::member_of;
using station::text_in;

namespace {

std::string lower(std::string_view tag) {
  std::string made{tag};
  for (auto& c : made)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  return made;
}

/// Why a connector cannot be held for anyone; empty: it can.
std::string taken_because(const order_context& order, std::int32_t connector,
                          std::int32_t number) {
  const auto state = order.state.body.sample(connector, order.now).state;
  if (state == domain::connector_state::faulted) return "Faulted";
  if (state == domain::connector_state::unavailable) return "Unavailable";
  const auto* held = reserved_at(order.state, connector, order.now);
  const bool is_others = held != nullptr && held->number != number;
  const bool is_used = order.state.body.has_session(connector) ||
                       running_at(order.state, connector) != nullptr;
  return is_used || is_others ? "Occupied" : "";
}

/// False: an entry of a full list without its status, or too many.
bool take_entries(const order_context& order, local_list& into, bool is_full) {
  const auto entries = list_in(order.payload, "localAuthorizationList");
  if (is_full) into.statuses.clear();
  if (!entries) return true;
  for (const auto each : *entries) {
    const auto tag = lower(text_in(each, "idTag").value_or(""));
    const auto info = member_of(each, "idTagInfo");
    if (!info && is_full) return false;
    if (!info) into.statuses.erase(tag);
    else into.statuses[tag] = text_in(*info, "status").value_or("");
  }
  return into.statuses.size() <= local_list::entries_max;
}

} // namespace

const client_reservation* reserved_at(const client_state& state, std::int32_t connector,
                                      domain::instant now) {
  const auto found = std::ranges::find_if(state.reservations, [&](const auto& each) {
    return each.connector == connector && now < each.expires_at;
  });
  return found == state.reservations.end() ? nullptr : &*found;
}

bool is_held_for_another(const client_state& state, std::int32_t connector,
                         const std::string& tag, domain::instant now) {
  const auto* held = reserved_at(state, connector, now);
  return held != nullptr && lower(held->tag) != lower(tag);
}

std::optional<std::int32_t> use_reservation(client_state& state, std::int32_t connector,
                                            domain::instant now) {
  const auto* held = reserved_at(state, connector, now);
  if (held == nullptr) return std::nullopt;
  const auto number = held->number;
  std::erase_if(state.reservations, [&](const auto& each) { return each.number == number; });
  return number;
}

void end_reservations(client_state& state, domain::instant now) {
  std::erase_if(state.reservations, [&](const auto& each) { return now >= each.expires_at; });
}

std::string reserve(const order_context& order) {
  const auto connector = integer_in(order.payload, "connectorId").value_or(0);
  const auto until =
      busbar::ocpp::v16::read_time(text_in(order.payload, "expiryDate").value_or(""));
  client_reservation made;
  made.number = static_cast<std::int32_t>(integer_in(order.payload, "reservationId").value_or(0));
  made.tag = text_in(order.payload, "idTag").value_or("");
  // None of the charge point as a whole: ReserveConnectorZeroSupported.
  if (!has_connector(order, connector) || !until.at || *until.at <= order.now)
    return status("Rejected");
  made.connector = static_cast<std::int32_t>(connector);
  made.expires_at = *until.at;
  if (const auto why = taken_because(order, made.connector, made.number); !why.empty())
    return status(why);
  auto& all = order.state.reservations;
  std::erase_if(all, [&](const auto& each) { return each.number == made.number; });
  all.push_back(std::move(made));
  return status("Accepted");
}

std::string cancel_reservation(const order_context& order) {
  const auto number = integer_in(order.payload, "reservationId");
  return accepted_where(std::erase_if(order.state.reservations, [&](const auto& each) {
                          return each.number == number;
                        }) > 0);
}

std::string take_local_list(const order_context& order) {
  auto& own = order.state.listed;
  const auto version = integer_in(order.payload, "listVersion").value_or(0);
  const bool is_full = text_in(order.payload, "updateType") == "Full";
  if (!is_full && version <= own.version) return status("VersionMismatch");
  auto changed = own;
  if (version < 1 || !take_entries(order, changed, is_full)) return status("Failed");
  changed.version = static_cast<std::int32_t>(version);
  own = std::move(changed);
  return status("Accepted");
}

std::string local_list_version(const order_context& order) {
  text::json_writer json;
  return json.begin_object().member("listVersion", order.state.listed.version).end_object().take();
}

} // namespace busbar::adapters::ocpp::client
