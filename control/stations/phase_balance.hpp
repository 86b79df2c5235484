#pragma once
// How a site's single-phase connectors lie on its three lines, and what to rewire so that the lines
// are loaded alike: advice for the electrician, as software cannot move a wire.

#include "control/stations/phase_currents.hpp"
#include "domain/site.hpp"

#include <vector>

namespace busbar::control::stations {

struct line_move {
  domain::connector_index connector;
  domain::line from{};
  domain::line to{};
};

struct phase_balance {
  /// Sums of the largest currents of connectors that lie line to neutral on one line.
  domain::per_line<domain::milliamperes> now{};
  /// The same after `moves`.
  domain::per_line<domain::milliamperes> best{};
  /// As few as lead to `best`, by connector; empty where the lines' largest sum would not fall.
  std::vector<line_move> moves;
};

/// The site as wired, against `balanced_lines`.
[[nodiscard]] phase_balance balance_of(const domain::site& site);

} // namespace busbar::control::stations
