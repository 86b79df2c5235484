#pragma once
// The voltage at a node, and what power and currents are at it.

#include "domain/site.hpp"
#include "domain/units.hpp"

#include <vector>

namespace busbar::control::limits {

/// The voltage at a node, as stated: line to neutral (the service) or line to line (below a
/// transformer). Conversions between the two name their rounding.
struct node_voltage {
  domain::millivolts stated{};
  bool is_line_to_line = false;
};

/// The voltage at every node, in topology order.
[[nodiscard]] std::vector<node_voltage> voltages_of(const domain::site& site);

/// Line to neutral, rounded down.
[[nodiscard]] domain::millivolts to_neutral(node_voltage voltage);

/// What each line of a transformer may carry: rated / 3 / (voltage / sqrt 3), rounded down.
/// REQUIRES: voltage > 0.
[[nodiscard]] domain::milliamperes rated_current(domain::volt_amperes rated,
                                                 domain::millivolts line_to_line);

/// Power of line-to-neutral currents that sum to `total`, rounded up.
[[nodiscard]] domain::watts power_ceil(domain::milliamperes total, node_voltage voltage);

/// What `power` on one line alone would be, rounded down. REQUIRES: a voltage above zero.
[[nodiscard]] domain::milliamperes current_floor(domain::watts power, node_voltage voltage);

/// Power of one ampere on each of the connector's lines, in mW, rounded down (a delta load:
/// between its two lines).
[[nodiscard]] std::int64_t milliwatts_per_ampere(const domain::connector& connector,
                                                 node_voltage voltage);

/// What primary line i of a delta-wye transformer carries, in mA, where its secondary lines carry
/// `i` and, the line before, `k`: line-to-neutral loads, or (`is_mixed`) any. Rounded up.
[[nodiscard]] std::int64_t primary_current(std::int64_t i, std::int64_t k,
                                           const domain::transformer_data& data,
                                           bool is_mixed = false);

} // namespace busbar::control::limits
