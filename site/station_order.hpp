#pragma once
// What a feeder orders a station to do on a tick.

#include "domain/ids.hpp"
#include "domain/reason.hpp"
#include "domain/time.hpp"
#include "domain/units.hpp"

#include <cstdint>
#include <optional>

namespace busbar::site {

/// What a feeder orders a station to do about one connector on the tick.
struct station_order {
  domain::connector_index connector;
  domain::milliamperes current{};
  domain::reason because;
  /// A safety decrease goes out even with an open breaker.
  bool is_decrease = false;
  domain::instant now{};
  /// 1 or 3: the lines to charge on, in place of a grant. Otherwise 0.
  std::uint8_t lines = 0;
  /// The current flows out of the vehicle.
  bool is_export = false;
  /// How long it is valid; absent: the site's lease.
  std::optional<domain::seconds> short_lease;
};

} // namespace busbar::site
