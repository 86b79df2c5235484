#pragma once
// What bounds one node right now: per line, in total power, and on the primary lines of a delta-
// wye transformer, the smallest source each, with its name (LIM-2), less unmanaged load (LIM-3).

#include "control/distribution/split.hpp"
#include "control/image.hpp"
#include "domain/conversation.hpp"
#include "domain/site.hpp"

#include <array>
#include <optional>
#include <vector>

namespace busbar::control::limits {

/// The voltage at a node, as stated: line to neutral (the service) or line to line (below a
/// transformer). Conversions between the two name their rounding.
struct node_voltage {
  domain::millivolts stated{};
  bool is_line_to_line = false;
};

/// One bound: what the sources allow, what unmanaged load uses of it (all of it below a lost
/// meter), and what is left for managed connectors, never below zero.
struct bound {
  std::int64_t allowed = 0;
  std::int64_t used = 0;
  std::int64_t left = 0;
  domain::limit_source source = domain::limit_source::unspecified;
};

/// Every bound that a node can have.
inline constexpr std::array every_line{
    domain::binding_line::l1,         domain::binding_line::l2,
    domain::binding_line::l3,         domain::binding_line::primary_l1,
    domain::binding_line::primary_l2, domain::binding_line::primary_l3,
    domain::binding_line::power};

/// Line bounds in mA of the node's own (a transformer's: secondary) voltage, primary ones in mA of
/// the primary's, power in W. Absent: nothing bounds it.
struct node_limits {
  std::optional<domain::per_line<bound>> line;
  std::optional<domain::per_line<bound>> primary_line;
  std::optional<bound> power;

  /// The bound of that name; null where nothing bounds it.
  [[nodiscard]] const bound* find(domain::binding_line which) const;
};

/// The part of `load` that the bound of that name holds down, in its unit.
[[nodiscard]] std::int64_t load_on(const distribution::node_load& load, domain::binding_line which);

/// What the exact split needs to know of `limits`.
[[nodiscard]] distribution::node_bounds bounds_of(const node_limits& limits);

/// The voltage at every node, in topology order.
[[nodiscard]] std::vector<node_voltage> voltages_of(const domain::site& site);

/// What each line of a transformer may carry: rated / 3 / (voltage / sqrt 3), rounded down.
/// REQUIRES: voltage > 0.
[[nodiscard]] domain::milliamperes rated_current(domain::volt_amperes rated,
                                                 domain::millivolts line_to_line);

/// Power of line-to-neutral currents that sum to `total`, rounded up.
[[nodiscard]] domain::watts power_ceil(domain::milliamperes total, node_voltage voltage);

/// The limits that the topology itself states for `node`, its cable's ampacity among them, nothing
/// subtracted. The rating times its
/// continuous factor is named `continuous_factor` where the factor is below 1000, else `rating`.
[[nodiscard]] node_limits stated_limits(const domain::node& node);

/// Every source behind `stated_limits`, each by its name, the binding ones and the others: for
/// people. A rating stands beside what its continuous factor makes of it.
[[nodiscard]] std::vector<domain::limit> stated_sources(const domain::node& node);

/// Lowers `limits` to `limit` where that is smaller. The first of two equal sources keeps the
/// name.
void tighten(node_limits& limits, const domain::limit& limit);

/// What `power` on one line alone would be, rounded down. REQUIRES: a voltage above zero.
[[nodiscard]] domain::milliamperes current_floor(domain::watts power, node_voltage voltage);

/// Power of one ampere on each of the connector's lines, in mW, rounded down (a delta load:
/// between its two lines).
[[nodiscard]] std::int64_t milliwatts_per_ampere(const domain::connector& connector,
                                                 node_voltage voltage);

/// Takes unmanaged load off every bound; nothing is left below a lost meter (LIM-3).
void subtract_unmanaged(node_limits& limits, const domain::node& node, const node_image& image,
                        node_voltage voltage);

} // namespace busbar::control::limits
