#pragma once
// The rank of policies that go by a time of the vehicle's.

#include "domain/maybe.hpp"
#include "domain/time.hpp"

#include <cstdint>
#include <limits>

namespace busbar::control::fairness::policies {

/// Earlier ones are filled first, unknown ones last (`ask::rank`).
[[nodiscard]] inline std::int64_t rank_by_time(const domain::maybe<domain::instant>& at) {
  return at ? at->time_since_epoch().count() : std::numeric_limits<std::int64_t>::max();
}

} // namespace busbar::control::fairness::policies
