#pragma once
// When a station's lease is renewed, and when it may run out before it is (SAFE-1): from then on it
// does what its fallback says, whatever was told since.

#include "domain/time.hpp"

#include <algorithm>

namespace busbar::control::safety {

/// Others that must make room need a plan to be told so and 5 s to follow (IEC 61851-1). One of
/// them may not obey: it is found after 7 s (SAFE-2), and the rest then need as long again.
constexpr domain::microseconds time_to_make_room = std::chrono::seconds{1 + 7 + 1 + 5};

/// Whether the fallback must be counted at `now` already. `sure_until`: the end of the newest lease
/// that is acknowledged. Renewed at thirds, a lease never has less than half of itself left.
[[nodiscard]] constexpr bool may_fall_back(domain::instant sure_until, domain::instant now,
                                           domain::seconds lease) {
  const domain::microseconds half = domain::microseconds{lease} / 2;
  return now + std::min(time_to_make_room, half) >= sure_until;
}

/// When a lease that begins at `now` is to be renewed: a third of it later at most, more than a
/// sixth later. These instants lie a sixth apart, from `phase` on, whenever it began: what has one
/// phase goes on being renewed together, and no more often than every third.
[[nodiscard]] constexpr domain::instant renewal_of(domain::instant now, domain::seconds lease,
                                                   domain::microseconds phase) {
  const domain::microseconds sixth = domain::microseconds{lease} / 6;
  const auto latest = now + 2 * sixth;
  const auto since = (latest.time_since_epoch() - phase) % sixth;
  return latest - (since < domain::microseconds{} ? since + sixth : since);
}

} // namespace busbar::control::safety
