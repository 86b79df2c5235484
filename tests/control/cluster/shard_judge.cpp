#include "tests/control/cluster/shard_world.hpp"

#include "control/ownership/last_fence.hpp"

#include <algorithm>

namespace busbar::control::cluster::testing {

namespace {

/// Whose fence is the last one may command until it is asked to let go and its time is over.
bool has_gap(const shard_world& world, const mutation& wrong) {
  if (world.end == 0) return false;
  const auto& last = world.log[static_cast<std::size_t>(world.end - 1)];
  const auto& member = world.members[static_cast<std::size_t>(last.author)];
  const auto& machine = member.machine;
  const bool is_there = machine.state == shard_state::owning ||
                        (machine.state == shard_state::letting_go && machine.awaits_successor);
  const bool is_in_time = machine.state != shard_state::letting_go ||
                          present - machine.let_go_at < model_terms.letting_go_max;
  if (!is_there || !is_in_time || machine.fence != world.end - 1) return false;
  return !member.has_lapsed && member.untouched_for < touch_lasts &&
         !may_command(machine, present, terms_of(wrong));
}

/// What `last_fence` admits are commands of the fence's epoch and nothing else, also none that was
/// never given out.
const char* breach_of_gate(const shard_world& world, const mutation& wrong) {
  ownership::last_fence gate;
  for (int place = 0; place < world.end; ++place) gate.read(place);
  if (world.end == 0) return nullptr;
  for (domain::epoch forged = 0; forged < 2 * fences_max; ++forged) {
    const bool admits = gate.admits(forged) ||
                        (wrong.gate_takes_newer_epochs && forged >= gate.epoch().value());
    if (admits != (forged == static_cast<domain::epoch>(world.end)))
      return "OWN-2: a forged epoch counts";
  }
  return nullptr;
}

/// A command that the node issued now, and that arrived at once.
const char* breach_of_command(const shard_world& world, int self, const mutation& wrong) {
  const auto& node = world.members[static_cast<std::size_t>(self)];
  if (node.may_hold_commands && !node.machine.fence)
    return "OWN-5: it holds commands of a shard that it has lost";
  if (node.is_paused || !may_command(node.machine, present, terms_of(wrong))) return nullptr;
  if (node.position < *node.machine.fence)
    return "OWN-3: it commands without all that was commanded";
  if (node.has_lapsed) return "OWN-5: it commands without having looked";
  if (node.untouched_for >= touch_lasts) return "OWN-5: it commands out of touch";
  const auto last = world.end - 1;
  const bool counts = last >= 0 && node.machine.fence == last;
  if (counts && world.log[static_cast<std::size_t>(last)].author != self)
    return "OWN-2: two accepted commanders";
  return nullptr;
}

/// Fields as one number after another, mixed into a hash.
class mixer {
public:
  void add(std::int64_t value) {
    hash_ = (hash_ ^ static_cast<std::uint64_t>(value)) * 0x9e3779b97f4a7c15ULL;
    hash_ ^= hash_ >> 32U;
  }
  template <class... Values> void add_all(Values... values) {
    (add(static_cast<std::int64_t>(values)), ...);
  }
  [[nodiscard]] std::uint64_t value() const { return hash_; }

private:
  std::uint64_t hash_ = 0xcbf29ce484222325ULL;
};

std::int64_t age_of(const std::optional<domain::instant>& moment) {
  return moment ? (present - *moment) / unit : touch_lasts;
}

/// Of what concerns one node: its own, what the group gives it, and its places in the log.
std::uint64_t key_of(const shard_world& world, int self) {
  const auto& node = world.members[static_cast<std::size_t>(self)];
  const auto& machine = node.machine;
  mixer key;
  key.add_all(machine.state, machine.permit, machine.is_leaving, machine.awaits_successor,
              machine.is_released, machine.fence.value_or(-1), machine.foreign_fence.value_or(-1),
              age_of(machine.acknowledged_at), machine.confirm_after.has_value(),
              age_of(machine.let_go_at));
  key.add_all(node.position, node.look_until, node.answered_offset, node.has_checkpoint_answer,
              node.note, node.is_paused, node.is_cut, node.is_member, node.has_left,
              node.silent_for, node.untouched_for, node.has_lapsed, node.lapse_until);
  const auto is_current = [&](std::int8_t attempt) {
    return static_cast<std::uint32_t>(attempt) == machine.attempt;
  };
  const auto& [fence, checkpoint] = node.held;
  key.add_all(is_current(node.answered_attempt), fence.is_held, fence.is_stray,
              fence.is_held && is_current(fence.number), checkpoint.is_held,
              node.may_hold_commands);
  key.add(world.assignee == self);
  for (int place = 0; place < world.end; ++place) {
    const auto& each = world.log[static_cast<std::size_t>(place)];
    if (each.author == self) key.add_all(place, is_current(each.attempt));
  }
  return key.value();
}

} // namespace

const char* breach_of(const shard_world& world, const mutation& wrong) {
  if (world.breach != nullptr) return world.breach;
  if (const auto* found = breach_of_gate(world, wrong)) return found;
  for (int node = 0; node < nodes; ++node)
    if (const auto* found = breach_of_command(world, node, wrong)) return found;
  return has_gap(world, wrong) ? "OWN-4: the owner is silent without need" : nullptr;
}

std::uint64_t key_of(const shard_world& world) {
  std::array<std::uint64_t, nodes> keys{};
  for (int node = 0; node < nodes; ++node)
    keys[static_cast<std::size_t>(node)] = key_of(world, node);
  std::ranges::sort(keys);
  mixer key;
  for (const auto each : keys) key.add(static_cast<std::int64_t>(each));
  key.add_all(world.end, world.is_revoking, world.leaves_left, world.pauses_left,
              world.cuts_left);
  return key.value();
}

std::string text_of(const shard_world& world) {
  const auto offset_of = [](const std::optional<std::int64_t>& offset) {
    return offset ? std::to_string(*offset) : std::string("-");
  };
  std::string text = "fences by";
  for (int place = 0; place < world.end; ++place)
    text += " " + std::to_string(world.log[static_cast<std::size_t>(place)].author);
  text += "; given to " + std::to_string(world.assignee);
  for (const auto& each : world.members)
    text += "\n  " + cluster::text_of(each.machine.state) + " permit " +
            std::to_string(static_cast<int>(each.machine.permit)) + " fence " +
            offset_of(each.machine.fence) + " foreign " + offset_of(each.machine.foreign_fence) +
            " read " + std::to_string(each.position) + " untouched " +
            std::to_string(each.untouched_for) + (each.is_paused ? " paused" : "") +
            (each.is_cut ? " cut" : "") + (each.is_member ? "" : " expelled") +
            (each.has_left ? " left" : "") + " note " +
            std::to_string(static_cast<int>(each.note)) +
            (each.has_checkpoint_answer ? " checkpoint kept" : "");
  return text;
}

} // namespace busbar::control::cluster::testing
