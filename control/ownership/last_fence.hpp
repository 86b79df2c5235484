#pragma once
// Whose commands count in a partition of the commands topic (OWN-2): those under the last fence
// before them in the partition's order, whatever their number. A fence is a record by which an
// engine node takes a shard over; its offset is the epoch of the node's commands.

#include "domain/ids.hpp"

#include <cassert>
#include <cstdint>
#include <optional>

namespace busbar::control::ownership {

/// The epoch that a fence at `offset` begins. 0 is no epoch, so it is the offset after the fence.
[[nodiscard]] constexpr domain::epoch epoch_of_fence(std::int64_t offset) {
  assert(offset >= 0);
  return static_cast<domain::epoch>(offset) + 1;
}

/// Of one partition, which is read in order.
class last_fence {
public:
  /// A fence stands at `offset`; one that is read again changes nothing.
  constexpr void read(std::int64_t offset) {
    const auto began = epoch_of_fence(offset);
    if (!has_read_ || *epoch_ < began) epoch_ = began;
    has_read_ = true;
  }
  /// The newest fence before what is read of the partition began this epoch. Once a fence was read
  /// this changes nothing: what stands in the partition goes before what is told of it.
  constexpr void learn(domain::epoch owner) {
    if (!has_read_) epoch_ = owner;
  }
  /// Whether a command that names the fence `named` and stands after what was read counts. Where no
  /// fence was read, every command does: the recipient then goes by the order of epochs (OWN-1).
  [[nodiscard]] constexpr bool admits(domain::epoch named) const {
    return !epoch_ || *epoch_ == named;
  }
  [[nodiscard]] constexpr std::optional<domain::epoch> epoch() const { return epoch_; }
  [[nodiscard]] constexpr bool has_read() const { return has_read_; }

private:
  std::optional<domain::epoch> epoch_;
  bool has_read_ = false;
};

} // namespace busbar::control::ownership
