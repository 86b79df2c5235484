// What a recording keeps of values that have a form on the log or are long.
#include "messages/codec.hpp"
#include "recording/delta_codec.hpp"
#include "recording/hash.hpp"

#include <memory>
#include <utility>

namespace busbar::recording {

namespace {

/// A batch that carries one of them alone.
domain::command_batch batch_of(const domain::shared_profile_order& order) {
  domain::command command;
  command.kind = order.order->installs ? domain::command_kind::set_charging_profile
                                       : domain::command_kind::clear_charging_profile;
  command.number = 1;
  command.profile = order;
  return {domain::site_id{"s"}, 1, 1, {}, {std::move(command)}};
}

std::uint64_t hash_of_configured(const domain::site_configuration& configured) {
  if (configured.is_empty()) return 0;
  domain::site_state carrier;
  carrier.site = domain::site_id{"s"};
  carrier.configured = configured;
  return hash_of(*messages::encode(carrier));
}

} // namespace

std::vector<std::uint8_t> bytes_of(const domain::shared_profile_order& order) {
  if (!order.order) return {};
  return *messages::encode(batch_of(order));
}

bool read_order(std::span<const std::uint8_t> bytes, domain::shared_profile_order& to) {
  to.order = nullptr;
  if (bytes.empty()) return true;
  auto batch = messages::decode_commands(bytes);
  if (!batch || batch.value().commands.size() != 1) return false;
  to = std::move(batch.value().commands.front().profile);
  return to.order != nullptr;
}

std::vector<std::uint8_t> bytes_of(const domain::shared_station_report& report) {
  if (!report.report) return {};
  domain::command_result result;
  result.number = 1;
  result.answer = domain::outcome::accepted;
  result.reported = report;
  return *messages::encode(domain::result_batch{domain::site_id{"s"}, 1, 1, {std::move(result)}});
}

bool read_report(std::span<const std::uint8_t> bytes, domain::shared_station_report& to) {
  to.report = nullptr;
  if (bytes.empty()) return true;
  auto batch = messages::decode_results(bytes);
  if (!batch || batch.value().results.size() != 1) return false;
  to = std::move(batch.value().results.front().reported);
  return to.report != nullptr;
}

state_record record_of(const domain::site_state& state) {
  state_record record;
  record.site = state.site;
  record.topology_hash = state.topology_hash;
  record.owner = state.owner;
  record.at = state.at;
  record.plan_number = state.plan_number;
  record.told = state.told;
  record.sessions = state.sessions;
  record.unsettled = state.unsettled;
  record.planner_memory = hash_of(state.planner_memory);
  record.node_constraints = state.node_constraints;
  record.connector_constraints = state.connector_constraints;
  record.shedding = state.shedding;
  for (const auto& each : state.profiles)
    record.profiles = hash_of(*each.memory, record.profiles + each.station.value() + 1);
  record.configured = hash_of_configured(state.configured);
  record.left_behind = state.left_behind;
  record.left_until = state.left_until;
  record.warmth = state.warmth;
  if (!state.part_memory.empty()) record.part_memory = hash_of(state.part_memory);
  record.reservations = state.reservations;
  return record;
}

} // namespace busbar::recording
