#include "adapters/ocpp/client/client_state.hpp"

#include "adapters/ocpp/client/client_facts.hpp"
#include "adapters/ocpp/client/client_reports.hpp"
#include "ocpp/wire/frame_writer.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace busbar::adapters::ocpp::client {

const char* name_of(stop_reason reason) {
  static constexpr std::array names{"Local",     "Remote",    "EVDisconnected", "SoftReset",
                                    "HardReset", "UnlockCommand", "DeAuthorized"};
  return names[static_cast<std::size_t>(reason)];
}

client_transaction* running_at(client_state& state, std::int32_t connector) {
  const auto found = std::ranges::find_if(state.transactions, [&](const auto& each) {
    return each.connector == connector && !each.has_ended;
  });
  return found == state.transactions.end() ? nullptr : &*found;
}

void enqueue(client_state& state, client_call call) {
  if (state.queue.size() < client_state::queued_max) state.queue.push_back(std::move(call));
}

namespace {

std::optional<client_call> next_call(client_state& state, domain::instant now) {
  if (state.phase == client_phase::asking) {
    if (now < state.boots_at) return std::nullopt;
    return boot_call(state);
  }
  if (auto fact = next_fact(state)) return fact;
  if (state.queue.empty()) return std::nullopt;
  auto call = std::move(state.queue.front());
  state.queue.pop_front();
  return call;
}

} // namespace

void send_next(client_state& state, client_effects& out, domain::instant now) {
  if (state.phase == client_phase::away || state.out) return;
  auto call = next_call(state, now);
  if (!call) return;
  auto id = state.prefix + std::to_string(++state.sent);
  out.frames.push_back(busbar::ocpp::wire::write_call(id, call->action, call->payload));
  state.out = outstanding_call{*std::move(call), std::move(id), now};
}

} // namespace busbar::adapters::ocpp::client
