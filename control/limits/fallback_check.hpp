#pragma once
// LIM-4: with every station in its fallback at once, no node is loaded beyond its limits. Asked
// when a site file is read and on every change of a site; a site with a fault is refused.

#include "domain/conversation.hpp"
#include "domain/site.hpp"
#include "domain/units.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace busbar::control::limits {

/// One bound of one node that the fallbacks exceed.
struct fallback_fault {
  domain::node_index node;
  /// Which bound; `power` counts in watts, every other one in milliamperes.
  domain::binding_line line = domain::binding_line::unspecified;
  domain::limit_source source = domain::limit_source::unspecified;
  /// The sum of the fallbacks (LIM-6, rounded up).
  std::int64_t sum = 0;
  /// The node's smallest source less the unmanaged load that the file declares, rounded down.
  std::int64_t allowed = 0;
};

/// What each connector draws in fallback: its station's, at most its own maximum. Topology order.
[[nodiscard]] std::vector<domain::milliamperes> fallback_currents(const domain::site& site);

/// Every fault of `site`, nodes in topology order; empty: LIM-4 holds.
[[nodiscard]] std::vector<fallback_fault> check_fallbacks(const domain::site& site);

/// One line for people: "f1 L2: fallbacks 66000 mA, breaker allows 63000 mA".
[[nodiscard]] std::string text_of(const fallback_fault& fault, const domain::site& site);

} // namespace busbar::control::limits
