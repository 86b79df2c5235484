#pragma once
// The physics of a site's wires: voltages, and what flows through every node. Own arithmetic, on
// purpose: the auditor must not share a mistake with control/.
// Loads are at unity power factor; a balanced three-phase supply.

#include "domain/site.hpp"
#include "simulator/vehicle.hpp"

#include <cstdint>
#include <vector>

namespace busbar::simulator {

/// Line to neutral at `node`: its own or its nearest ancestor transformer's secondary / sqrt 3,
/// else the site's nominal voltage. Rounded to the nearest mV.
[[nodiscard]] domain::millivolts voltage_at(const domain::site& site, domain::node_index node);

/// What `connector` offers to a vehicle.
[[nodiscard]] supply supply_of(const domain::site& site, domain::connector_index connector);

/// Active power of `phases` phases at `current` each, in milliwatts, rounded down.
[[nodiscard]] std::int64_t milliwatts(const supply& from, std::uint8_t phases,
                                      domain::milliamperes current);

/// A load at a connector: current per loaded phase.
struct load {
  domain::connector_index connector;
  domain::milliamperes current{};
  std::uint8_t phases = 0;
  /// It flows out of the vehicle.
  bool is_export = false;
};

/// A current as a vector in the plane; x lies along the L1-to-neutral voltage. mA.
struct phasor {
  double x = 0;
  double y = 0;
};

/// What flows through one node.
struct node_flow {
  domain::per_line<phasor> lines{};
  /// On the primary lines of a transformer, in its primary voltage; elsewhere the same as `lines`.
  domain::per_line<phasor> upstream{};
  std::int64_t power_mw = 0;
};

/// The size of a line current, rounded up to a mA (a thousandth is let pass as rounding noise).
[[nodiscard]] domain::milliamperes magnitude(const phasor& current);

/// The size with the sign of the active power that `current` carries on `which` of a wye's lines:
/// negative towards the grid. What a meter shows.
[[nodiscard]] domain::milliamperes metered(const phasor& current, domain::line which);

/// The flow through all nodes, in the site's order, of the loads at connectors and of one load per
/// node that is not managed (`base`, in the site's order, line to neutral).
[[nodiscard]] std::vector<node_flow>
flow_of(const domain::site& site, const std::vector<load>& loads,
        const std::vector<domain::per_line<domain::milliamperes>>& base);

} // namespace busbar::simulator
