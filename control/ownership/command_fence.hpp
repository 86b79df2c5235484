#pragma once
// Which command a recipient obeys (OWN-1): none of an older epoch, none of an older number of the
// same epoch, and a repeated one is answered as it was answered before and does nothing twice.

#include "domain/epochs.hpp"
#include "domain/ids.hpp"

#include <cstdint>
#include <string>

namespace busbar::control::ownership {

/// What orders commands: the epoch of the engine node that issued it, and its number within that
/// epoch. Epoch 0: no command has been obeyed yet.
struct command_mark {
  domain::epoch owner = 0;
  domain::sequence number = 0;
  bool operator==(const command_mark&) const = default;
};

enum class fence_verdict : std::uint8_t {
  /// newer than what has been obeyed: to be obeyed
  fresh,
  /// the one that was obeyed, again: the answer is the one given before
  repeated,
  older_epoch,
  older_number,
};

/// Whether a recipient that obeyed `newest` so far takes orders of the epoch `owner`.
[[nodiscard]] constexpr bool admits_epoch(domain::epoch newest, domain::epoch owner) {
  return newest == 0 || !domain::is_older(owner, newest);
}

/// A recipient has obeyed `last`; `next` has come.
[[nodiscard]] constexpr fence_verdict judge(const command_mark& last, const command_mark& next) {
  using enum fence_verdict;
  if (!admits_epoch(last.owner, next.owner)) return older_epoch;
  if (next.owner != last.owner) return fresh;
  if (next.number == last.number) return repeated;
  return next.number < last.number ? older_number : fresh;
}

/// "epoch 3 is older than 4".
[[nodiscard]] std::string older_epoch_text(domain::epoch newest, domain::epoch owner);
/// Why `next` is refused; empty where it is not.
[[nodiscard]] std::string refusal_text(const command_mark& last, const command_mark& next);

} // namespace busbar::control::ownership
