#pragma once
// LIM-1 watched: a node whose reserves and unmanaged load are more than a bound allows. Raised at
// once, cleared once it has been kept for a while, so that a value at the edge does not flicker.

#include "control/distribution/split.hpp"
#include "control/limits/node_limits.hpp"
#include "control/plan_state.hpp"
#include "domain/site_view.hpp"

#include <span>
#include <vector>

namespace busbar::control::limits {

struct violation_settings {
  /// Kept this long, it is cleared.
  domain::seconds clear_after{10};
  /// Critical from this part of the allowed value ...
  domain::permille critical_from{1100};
  /// ... or when it lasts this long; info up to `info_up_to`, otherwise a warning.
  domain::seconds critical_after{30};
  domain::permille info_up_to{1010};
};

/// Appends at most one violation a node, its worst bound, in node order. Rows of all spans stand in
/// the topology's order.
void watch_nodes(const violation_settings& settings, const domain::site& site,
                 std::span<const node_limits> limits,
                 std::span<const distribution::node_load> loads, domain::instant now,
                 std::span<node_memory> memory, std::vector<domain::violation_view>& violations);

/// SAFE-2: a connector that acknowledged `told` and draws `drawn`.
[[nodiscard]] domain::violation_view disobedience(const violation_settings& settings,
                                                  const std::string& connector,
                                                  domain::milliamperes told,
                                                  domain::milliamperes drawn,
                                                  domain::instant since, domain::instant now);

} // namespace busbar::control::limits
