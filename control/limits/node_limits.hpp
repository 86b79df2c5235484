#pragma once
// What bounds one node right now: per line, in total power, and on the primary lines of a delta-
// wye transformer, the smallest source each, with its name (LIM-2), less unmanaged load (LIM-3).

#include "control/distribution/split.hpp"
#include "control/image.hpp"
#include "control/limits/node_voltage.hpp"
#include "control/limits/unmanaged_count.hpp"
#include "domain/reason.hpp"
#include "domain/site.hpp"
#include "domain/units.hpp"

#include <array>
#include <optional>
#include <vector>

namespace busbar::control::limits {

/// One bound: what the sources allow, what unmanaged load uses of it (below zero: export that makes
/// room), and what is left for managed connectors, never below zero.
struct bound {
  std::int64_t allowed = 0;
  std::int64_t used = 0;
  std::int64_t left = 0;
  domain::limit_source source = domain::limit_source::unspecified;
  /// `used` is what a lost meter may hide, by its declared maximum or all of it (LIM-3).
  bool is_meter_lost = false;
  /// Then: what of `used` is measured or declared.
  std::int64_t sure = 0;
  /// What holds connectors to `left`.
  [[nodiscard]] domain::limit_source binding() const {
    return is_meter_lost ? domain::limit_source::meter_lost : source;
  }
};

/// Every bound that a node can have.
inline constexpr std::array every_line{
    domain::binding_line::l1,         domain::binding_line::l2,
    domain::binding_line::l3,         domain::binding_line::primary_l1,
    domain::binding_line::primary_l2, domain::binding_line::primary_l3,
    domain::binding_line::power,      domain::binding_line::balance_l1,
    domain::binding_line::balance_l2, domain::binding_line::balance_l3};

/// Line bounds in mA of the node's own (a transformer's: secondary) voltage, primary ones in mA of
/// the primary's, power in W. Absent: nothing bounds it.
struct node_limits {
  std::optional<domain::per_line<bound>> line;
  std::optional<domain::per_line<bound>> primary_line;
  std::optional<bound> power;
  /// What loads that do not load all lines alike may add to each (`limits/imbalance.hpp`).
  std::optional<domain::per_line<bound>> balance;

  /// The bound of that name; null where nothing bounds it.
  [[nodiscard]] const bound* find(domain::binding_line which) const;
};

/// The part of `load` that the bound of that name holds down, in its unit.
[[nodiscard]] std::int64_t load_on(const distribution::node_load& load, domain::binding_line which);

/// What the exact split needs to know of `limits`.
[[nodiscard]] distribution::node_bounds bounds_of(const node_limits& limits);

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

/// Takes unmanaged load off every bound; nothing is left below a lost meter without a declared
/// maximum (LIM-3).
void subtract_unmanaged(node_limits& limits, const domain::node& node, const unmanaged_use& use);

/// What `use` takes of each line: after `subtract_unmanaged`, all of a line below a lost meter.
[[nodiscard]] domain::per_line<domain::milliamperes> used_by(const node_limits& limits,
                                                             const unmanaged_use& use);

} // namespace busbar::control::limits
