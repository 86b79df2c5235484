#pragma once
// What bounds one node right now: per line, in total power, and on the primary lines of a delta-wye
// transformer, the smallest source each, with its name (LIM-2), less unmanaged load (LIM-3).

#include "control/image.hpp"
#include "domain/conversation.hpp"
#include "domain/site.hpp"

#include <optional>
#include <vector>

namespace busbar::control::limits {

/// The voltage at a node, as stated: line to neutral (the service) or line to line (below a
/// transformer). Conversions between the two name their rounding.
struct node_voltage {
  domain::millivolts stated{};
  bool is_line_to_line = false;
};

/// One bound: what the sources allow, and what is left of it for managed connectors.
struct bound {
  std::int64_t allowed = 0;
  std::int64_t left = 0;
  domain::limit_source source = domain::limit_source::unspecified;
};

/// Line bounds in mA of the node's own (a transformer's: secondary) voltage, primary ones in mA of
/// the primary's, power in W. Absent: nothing bounds it.
struct node_limits {
  std::optional<domain::per_line<bound>> line;
  std::optional<domain::per_line<bound>> primary_line;
  std::optional<bound> power;

  /// The bound of that name; null where nothing bounds it.
  [[nodiscard]] const bound* find(domain::binding_line which) const;
};

/// The voltage at every node, in topology order.
[[nodiscard]] std::vector<node_voltage> voltages_of(const domain::site& site);

/// What each line of a transformer may carry: rated / 3 / (voltage / sqrt 3), rounded down.
/// REQUIRES: voltage > 0.
[[nodiscard]] domain::milliamperes rated_current(domain::volt_amperes rated,
                                                 domain::millivolts line_to_line);

/// Power of line-to-neutral currents that sum to `total`, rounded up.
[[nodiscard]] domain::watts power_ceil(domain::milliamperes total, node_voltage voltage);

/// The limits that the topology itself states for `node`, nothing subtracted. The rating times its
/// continuous factor is named `continuous_factor` where the factor is below 1000, else `rating`.
[[nodiscard]] node_limits stated_limits(const domain::node& node);

/// Lowers `limits` to `limit` where that is smaller. The first of two equal sources keeps the name.
void tighten(node_limits& limits, const domain::limit& limit);

/// Takes unmanaged load off every bound; nothing is left below a lost meter (LIM-3).
void subtract_unmanaged(node_limits& limits, const domain::node& node, const node_image& image,
                        node_voltage voltage);

} // namespace busbar::control::limits
