#pragma once
// What a station does without a valid grant (SAFE-1).

#include "domain/site.hpp"

namespace busbar::control::stations {

/// What it does once a grant has told it: what is configured by API, else what the site file
/// states. Until then, and after its own restart, it may do what the file states: the higher of
/// both is the station's `when_lost`, which is what counts (LIM-4).
[[nodiscard]] constexpr const domain::fallback& fallback_told(const domain::station& station) {
  return station.told_when_lost ? *station.told_when_lost : station.when_lost;
}

} // namespace busbar::control::stations
