#pragma once
// The exact fair split (FAIR-1) over a site's electrical tree, under limits that hold for every
// draw between zero and the grants (LIM-6), in the stations' steps (LIM-5). The one place where
// power is handed out: policies choose weights, floors and caps, never currents.
//
// FAIR-1: each connector has max(floor, min(cap, weight * level)) of its own level, and one that is
// below its cap has a limit on its path that is used up, where none above its floor has a higher
// current per weight. Then grants go down to the step; what that frees goes out again step by step,
// largest remainder first, until no connector can take one more step.
//
// Integers only; equal inputs give equal outcomes on every compiler. Bounds (asserted): the
// currents below one node sum up to at most 8 GA (2^33 mA), a cap is at most 2 MA, a weight at most
// 65 535.

#include "domain/line_set.hpp"
#include "domain/reason.hpp"
#include "domain/site.hpp"
#include "domain/units.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace busbar::control::distribution {

/// What one connector asks of the split. 0 <= floor <= cap, step >= 1 mA, weight >= 1.
/// floor == cap is a fixed load (an unreachable station's reserve); cap 0 wants nothing.
struct demand {
  domain::milliamperes floor{};
  domain::milliamperes cap{};
  domain::milliamperes step{1};
  std::uint32_t weight = 1;
};

/// A node's limits, already the smallest of their sources less unmanaged load. Absent: no such
/// limit. Below zero: what hangs there stays at its floor.
struct node_bounds {
  /// In the node's own voltage; a transformer's: on its secondary side.
  std::optional<domain::per_line<domain::milliamperes>> line;
  /// A transformer's primary lines, in primary current.
  std::optional<domain::per_line<domain::milliamperes>> primary_line;
  std::optional<domain::watts> power;
  /// By line: what loads that do not load all three lines alike may carry there. Only where the
  /// node has a rule of imbalance.
  std::optional<domain::per_line<domain::milliamperes>> balance;
};

/// What holds a connector down: `node` absent: its own cap.
struct binding {
  std::optional<domain::node_index> node;
  domain::binding_line line = domain::binding_line::unspecified;
  bool operator==(const binding&) const = default;
};

/// One row per connector, in the topology's order.
struct split_outcome {
  /// The max-min point before steps, rounded down to 1 mA.
  std::vector<domain::milliamperes> exact;
  /// In steps: a multiple of the step, or the floor.
  std::vector<domain::milliamperes> stepped;
  /// Holds down `exact`. A connector at its cap is bound by its cap.
  std::vector<binding> bindings;
};

/// The largest load that any draw between zero and given currents can put on one node.
struct node_load {
  /// Line currents, rounded up to 1 mA.
  domain::per_line<domain::milliamperes> line{};
  /// A transformer's primary lines, rounded up; zero elsewhere.
  domain::per_line<domain::milliamperes> primary_line{};
  /// Rounded up to 1 W.
  domain::watts power{};
  /// What loads that do not load all lines alike put on each; zero without a rule of imbalance.
  domain::per_line<domain::milliamperes> unbalanced{};
};

/// A bound that given currents exceed.
struct excess {
  domain::node_index node;
  domain::binding_line line = domain::binding_line::unspecified;
  bool operator==(const excess&) const = default;
};

/// Knows one site's tree. Owned by one planner (or door, or check); not thread-safe. Keeps its
/// working memory: a call after the first of its kind allocates nothing. References that it returns
/// hold until the next call of the same function. Spans stand in the topology's order and sizes.
class splitter {
public:
  /// Copies what it needs of `topology`. REQUIRES: nodes stand parents first.
  explicit splitter(const domain::site& topology);
  ~splitter();
  splitter(splitter&&) noexcept;
  splitter& operator=(splitter&&) noexcept;

  /// From now on `connector` counts on its first line alone, or on all of its lines again (as in
  /// the beginning). Ends an admission. REQUIRES: its station can switch phases.
  void use_one_line(domain::connector_index connector, bool is_one);

  /// LIM-8: from now on `connector` counts on `lines` (of the site) alone, and on the others room
  /// is kept for the three largest of such connectors (spare_room.hpp); all lines: as in the
  /// beginning.
  /// Ends an admission. REQUIRES: can_spare_lines(connector); `lines` are not none.
  void use_lines(domain::connector_index connector, domain::line_set lines);
  /// A three-phase AC connector between which and the service no transformer changes the lines, and
  /// whose station does not switch them.
  [[nodiscard]] bool can_spare_lines(domain::connector_index connector) const;

  /// The fair split. Where floors alone exceed a bound, every connector on it stays at its floor.
  const split_outcome& split(std::span<const demand> demands, std::span<const node_bounds> bounds);

  /// Worst-case loads of every node for grants of `currents` (LIM-6), without what `use_lines`
  /// keeps; every other call counts that.
  const std::vector<node_load>& reserved(std::span<const domain::milliamperes> currents);
  /// The same with what is kept. The reference is that of `reserved`.
  const std::vector<node_load>& reserved_and_kept(std::span<const domain::milliamperes> currents);

  /// The first bound (in node order) that some draw below `currents` exceeds; absent: all hold.
  std::optional<excess> first_excess(std::span<const domain::milliamperes> currents,
                                     std::span<const node_bounds> bounds);
  [[nodiscard]] bool fits(std::span<const domain::milliamperes> currents,
                          std::span<const node_bounds> bounds) {
    return !first_excess(currents, bounds);
  }

  /// Admission one by one: begins with `currents` (which may exceed bounds), then `try_raise`s.
  void begin_admission(std::span<const domain::milliamperes> currents,
                       std::span<const node_bounds> bounds);
  /// Raises one connector to `to` if every bound on its path holds then for every draw; otherwise
  /// changes nothing and tells the bound nearest to the connector that stands against it.
  /// A bound that the connector does not load never stands against it. REQUIRES: `to` is not below
  /// the connector's current.
  std::optional<excess> try_raise(domain::connector_index connector, domain::milliamperes to);
  /// Where `try_raise` was refused for `found` just now: of the lines of that node (of its primary
  /// lines, of its balance) that the connector loads, the one that lacks most.
  [[nodiscard]] excess tightest(domain::connector_index connector, domain::milliamperes to,
                                const excess& found);
  /// Lowers (or leaves) one connector: always possible. REQUIRES: `to` is not above its current.
  void lower(domain::connector_index connector, domain::milliamperes to);
  /// What the admission has given to one connector so far.
  [[nodiscard]] domain::milliamperes admitted(domain::connector_index connector) const;

private:
  struct workspace;
  std::unique_ptr<workspace> work_;
};

} // namespace busbar::control::distribution
