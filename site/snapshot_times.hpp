#pragma once
// KEEP-2: when a site's snapshots are due. Sites do not write all at once: each has its own place
// in the period.

#include "domain/ids.hpp"
#include "domain/time.hpp"

#include <cstdint>

namespace busbar::site {

inline constexpr domain::seconds changelog_every{10};

/// Counts the site's periods.
[[nodiscard]] inline std::int64_t snapshot_period(const domain::site_id& site, domain::instant at) {
  std::uint64_t hash = 14'695'981'039'346'656'037U; // FNV-1a
  for (const unsigned char each : site.text()) hash = (hash ^ each) * 1'099'511'628'211U;
  const domain::microseconds period = changelog_every;
  const auto phase = hash % static_cast<std::uint64_t>(period.count());
  return (at.time_since_epoch() + domain::microseconds{static_cast<std::int64_t>(phase)}) / period;
}

} // namespace busbar::site
