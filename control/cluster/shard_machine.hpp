#pragma once
// The state machine of one shard on one engine node (OWN-2 to OWN-5; the README has the diagram). A
// shard's owner is who wrote the last fence into its partition of the commands topic; the fence's
// offset is the epoch of its commands.

#include "control/cluster/shard_events.hpp"
#include "domain/ids.hpp"

namespace busbar::control::cluster {

struct shard_terms {
  /// The group goes on without a member that is silent for so long.
  domain::microseconds session_timeout = domain::seconds{6};
  /// So long before that an owner commands nothing any more (OWN-5).
  domain::microseconds silence_margin = domain::seconds{1};
  /// A node that is asked to let go commands on for at most so long (OWN-4).
  domain::microseconds letting_go_max = domain::seconds{4};
};

/// Whether the owner of a shard may command it.
enum class command_permit : std::uint8_t {
  /// It commands no more.
  withdrawn,
  /// It commands.
  granted,
  /// Nothing was acknowledged for too long.
  suspended,
  /// It commands once it has read whether another node has taken over: up to its own fence, or,
  /// when the log answers again, to the end.
  verifying,
};

/// What is kept of a shard. Equal contents behave equally.
struct shard {
  shard_state state = shard_state::none;
  command_permit permit = command_permit::withdrawn;
  /// The node ends and takes nothing any more.
  bool is_leaving = false;
  /// The process ends, because another one has its name.
  bool has_ended = false;
  /// While letting go: it ends when another node's fence is read.
  bool awaits_successor = false;
  /// While letting go: the group has it back.
  bool is_released = false;
  /// Grows with each fence that is handed to the log.
  std::uint32_t attempt = 0;
  /// Offset of the own fence that the log has. Present: the shard is being recovered or owned.
  std::optional<std::int64_t> fence;
  /// While fencing: the newest fence read since the own one was handed over.
  std::optional<std::int64_t> foreign_fence;
  /// When the newest acknowledged record or heartbeat was sent.
  std::optional<domain::instant> acknowledged_at;
  /// No fence is written before a heartbeat that was sent later is acknowledged.
  std::optional<domain::instant> confirm_after;
  /// Since when it has been letting go.
  domain::instant let_go_at{};
  bool operator==(const shard&) const = default;
};

/// What the node does now that `event` has happened. `now` is of a clock that never goes back and
/// counts suspended time; the times within events are of the same.
[[nodiscard]] shard_effects advance(shard& of, const shard_event& event, domain::instant now,
                                    const shard_terms& terms);

/// Whether a command of the shard may leave at `now`. Also right where the node was suspended since
/// the last event.
[[nodiscard]] bool may_command(const shard& of, domain::instant now, const shard_terms& terms);

} // namespace busbar::control::cluster
