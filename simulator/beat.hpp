#pragma once
// Everything that is due at regular times is due on whole multiples of its interval.

#include "domain/time.hpp"

namespace busbar::simulator {

/// The first whole multiple of `every` (since 1970) after `now`. REQUIRES: every > 0.
[[nodiscard]] inline domain::instant next_beat(domain::instant now, domain::microseconds every) {
  const auto passed = now.time_since_epoch().count();
  return domain::instant{domain::microseconds{passed - passed % every.count() + every.count()}};
}

} // namespace busbar::simulator
