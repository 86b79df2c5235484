#pragma once
// LIM-4: with every station in its fallback at once, and the unmanaged load at its declared
// maximum, no node is loaded beyond its limits. Asked when a site file is read and on every change
// of a site; a site with a fault is refused.

#include "control/image.hpp"
#include "domain/reason.hpp"
#include "domain/site.hpp"
#include "domain/units.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace busbar::control::limits {

/// What would fit in place of the fallbacks that do not.
struct fitting_fallbacks {
  /// So many connectors below the node have a fallback above zero ...
  std::size_t connectors = 0;
  /// ... and so many of them fit, the site file's first ones first.
  std::size_t fitting = 0;
  /// The largest of those fallbacks; the others may be smaller.
  domain::milliamperes largest{};
  /// The largest minimum of these connectors: a fallback is zero or at least the own minimum.
  domain::milliamperes least{};
  bool are_alike = true;
  /// Or all of them, at this current at most; in whole tenths of an ampere, rounded down.
  domain::milliamperes each{};
};

/// A node that the fallbacks load beyond a bound: the bound that they exceed most.
struct fallback_fault {
  domain::node_index node;
  /// Which bound; `power` counts in watts, every other one in milliamperes.
  domain::binding_line line = domain::binding_line::unspecified;
  domain::limit_source source = domain::limit_source::unspecified;
  /// The sum of the fallbacks (LIM-6, rounded up).
  std::int64_t sum = 0;
  /// The unmanaged load that the file declares here and below: its maximum where a meter measures.
  std::int64_t unmanaged = 0;
  /// The node's smallest source, and what it leaves beside `unmanaged`, not below zero.
  std::int64_t limit = 0;
  std::int64_t allowed = 0;
  fitting_fallbacks fits;
};

/// What each connector draws in fallback: its station's, at most its own maximum. Topology order.
[[nodiscard]] std::vector<domain::milliamperes> fallback_currents(const domain::site& site);

/// What the file says of the unmanaged load: as declared, at its maximum where a meter measures it.
/// A node that states neither is not held against the file.
[[nodiscard]] std::vector<node_image> declared_load(const domain::site& site);

/// Every fault of `site`, at most one a node, in topology order; empty: LIM-4 holds.
[[nodiscard]] std::vector<fallback_fault> check_fallbacks(const domain::site& site);

/// One line for people, in the units of the site file: "f1 L2: fallbacks 66 A beside 10 A of
/// unmanaged load, breaker allows 63 A; 8 of 11 connectors at 6 A would fit, or 4.8 A each".
[[nodiscard]] std::string text_of(const fallback_fault& fault, const domain::site& site);

} // namespace busbar::control::limits
