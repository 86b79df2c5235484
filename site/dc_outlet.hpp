#pragma once
// What a DC outlet can do now: how much it gives at most (heat, a nearly full battery), and how
// much its vehicle may give back.

#include "control/image.hpp"
#include "domain/ids.hpp"
#include "domain/time.hpp"
#include "domain/units.hpp"
#include "site/table_rows.hpp"

#include <optional>

namespace busbar::site {

/// Puts the most that the outlet gives, as input current, into its image. AC connectors, and those
/// that were not heard or have no capability profile, keep what stands there.
void bound_output(const table_rows& table, domain::connector_index connector,
                  control::connector_image& image);

/// What its vehicle may give back now, at its output; absent: nothing.
[[nodiscard]] std::optional<domain::watts>
export_power(const table_rows& table, domain::connector_index connector, domain::instant now);

/// Current on each of the connector's lines for power at its output; at most its maximum.
[[nodiscard]] domain::milliamperes input_current(const site_layout& layout, domain::watts power,
                                                 domain::connector_index connector);

} // namespace busbar::site
