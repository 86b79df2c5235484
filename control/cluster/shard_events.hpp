#pragma once
// What happens to a shard on an engine node, and what the node does about it (`shard_machine`).
// Offsets are those of the shard's partition of the commands topic.

#include "domain/time.hpp"

#include <array>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>

namespace busbar::control::cluster {

enum class shard_state : std::uint8_t {
  none,
  wanted,
  fencing,
  recovering,
  owning,
  letting_go,
};

/// The group gives the shard to this node.
struct assigned {};
/// The group asks for the shard; it waits for `shard_effect::release`.
struct revoked {};
/// The group has gone on without this node: another one may own the shard already.
struct lost {};
/// The node ends.
struct leave {
  /// Another node lives that can go on.
  bool has_successor = true;
};
/// Another process has started under this node's name: the elder ends.
struct name_taken {};

/// The log has this node's fence.
struct fence_appended {
  std::uint32_t attempt = 0;
  std::int64_t offset = 0;
};
/// The log has refused it, or its outcome is unknown.
struct fence_failed {
  std::uint32_t attempt = 0;
};
/// A fence was read in the shard's partition.
struct fence_read {
  std::int64_t offset = 0;
  /// Which attempt of this process it was; absent: another's.
  std::optional<std::uint32_t> own_attempt;
};
/// Everything before `offset` is applied (OWN-3): the answer to the newest of
/// `shard_effect::read_to_fence` and `shard_effect::read_to_end`.
struct caught_up {
  std::int64_t offset = 0;
};

/// The log has a record of this node that was handed over at `sent_at`.
struct write_acknowledged {
  domain::instant sent_at{};
};
struct write_failed {};
/// The group's coordinator has answered a heartbeat of `sent_at`, and the node is in its place.
struct heartbeat_acknowledged {
  domain::instant sent_at{};
};
/// The log has the checkpoint, and everything that was written before it.
struct checkpoint_written {};
/// Time has passed.
struct clock_tick {};

using shard_event =
    std::variant<assigned, revoked, lost, leave, name_taken, fence_appended, fence_failed,
                 fence_read, caught_up, write_acknowledged, write_failed, heartbeat_acknowledged,
                 checkpoint_written, clock_tick>;

enum class shard_effect : std::uint8_t {
  /// Append the fence of `shard::attempt` to the shard's partition of the commands topic.
  append_fence,
  /// Read from the positions of the state up to `shard::fence`, then `caught_up`.
  read_to_fence,
  /// Read to where the partition ends now, then `caught_up`.
  read_to_end,
  /// Write shard, epoch, node and address to busbar.owners.v1.
  publish_ownership,
  plan_at_once,
  /// No command leaves from now on.
  stop_commanding,
  /// Write the sites' checkpoint, then `checkpoint_written` once the log has it.
  write_checkpoint,
  /// Give the shard back to the group.
  release,
  /// Drop what the producer still holds of the shard.
  purge,
  /// End the shard's actors and write nothing.
  forget,
  /// End the process with exit code 3 and a line that gives the reason.
  end_process,
};

/// In the order of their doing.
class shard_effects {
public:
  static constexpr std::size_t effects_max = 6;

  void add(shard_effect effect) {
    assert(size_ < effects_max);
    all_[size_++] = effect;
  }
  [[nodiscard]] const shard_effect* begin() const { return all_.data(); }
  [[nodiscard]] const shard_effect* end() const { return all_.data() + size_; }
  [[nodiscard]] bool is_empty() const { return size_ == 0; }

private:
  std::array<shard_effect, effects_max> all_{};
  std::size_t size_ = 0;
};

/// "letting go"
[[nodiscard]] std::string text_of(shard_state state);
/// "append_fence"
[[nodiscard]] std::string text_of(shard_effect effect);

} // namespace busbar::control::cluster
