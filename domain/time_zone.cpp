#include "domain/time_zone.hpp"

#include <algorithm>

namespace busbar::domain {

seconds time_zone::offset_at(instant at) const {
  if (changes.empty()) return {};
  const auto next = std::ranges::upper_bound(changes, at, {}, &zone_change::from);
  return next == changes.begin() ? next->offset : std::prev(next)->offset;
}

std::chrono::local_time<microseconds> time_zone::local_at(instant at) const {
  return std::chrono::local_time<microseconds>{at.time_since_epoch() + offset_at(at)};
}

} // namespace busbar::domain
