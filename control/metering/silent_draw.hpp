#pragma once
// What connectors that are silent may draw beyond what is taken off the meters above for them.
//
// A vehicle that follows a raise goes on rising after its station fell silent: the meter shows
// that, its last reading does not. Up to its reserve it is the connector's own load, which is
// reserved already, so that it is not sure that any of it is unmanaged (sure_load.hpp). Nothing
// that is reserved gets less by it (LIM-3).
//
// A connector without a vehicle at its last reading is not counted on.

#include "control/image.hpp"
#include "domain/site.hpp"
#include "domain/units.hpp"

#include <span>
#include <vector>

namespace busbar::control::metering {

/// On each line that its reserve counts on; 0: its readings come, or no vehicle is there.
[[nodiscard]] domain::milliamperes silent_draw_of(const connector_image& connector);

class silent_draw {
public:
  /// `site` is kept, and lives as long.
  explicit silent_draw(const domain::site& site);

  /// By node, each on its own side of a transformer. `connectors` in the site's order.
  [[nodiscard]] std::span<const domain::per_line<domain::milliamperes>>
  of(std::span<const connector_image> connectors);

private:
  const domain::site& site_;
  std::vector<domain::per_line<domain::milliamperes>> sums_;
};

} // namespace busbar::control::metering
