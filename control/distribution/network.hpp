#pragma once
// A site's tree, compiled once for sums and comparisons.
//
// Connectors that load the lines in proportion form a *class*: three-phase, wye on L1, delta
// between L1 and L2 and so on, each behind the same transformers. A *slot* is one class at one
// node; slots form a forest of their own (a slot's parent is the class that the parent node sees of
// it), so that adding a connector to every ancestor is a walk along slot parents. A *gauge* is one
// bound quantity of a node: a line, a primary line, or power, as a function of the node's slots;
// where the node has a rule for it, also a line as loaded by what does not load all three alike.
//
// Frames: line to neutral at 0 (L1), 240 (L2) and 120 (L3) degrees, so that L1L2 is at 30, L2L3 at
// 270 and L3L1 at 150. A delta-wye transformer's primary line 1 carries (secondary line 1 -
// secondary line 3) secondary_v / (sqrt3 primary_v), line 2 (2 - 1), line 3 (3 - 2), turned by +30
// degrees into the primary's frame.

#include "control/distribution/phasor.hpp"
#include "control/distribution/worst_draw.hpp"

#include "domain/reason.hpp"
#include "domain/site.hpp"

#include <array>
#include <cstdint>
#include <vector>

namespace busbar::control::distribution {

inline constexpr std::uint32_t none = 0xffffffff;
/// One bit per gauge of a node: three lines, three primary lines, power, three lines' balance.
using gauge_mask = std::uint16_t;
/// One bit per line of the site: L1 is bit 0.
using line_mask = std::uint8_t;
inline constexpr line_mask every_line_bit = 7;

/// How one milliampere of a class loads a node.
struct load_class {
  std::array<phasor, 3> lines{};
  std::uint32_t ratio_index = 0;
  /// Power per milliampere is this many nanowatts, rounded up.
  std::uint64_t microvolts = 0;
  bool operator==(const load_class&) const = default;
};

/// One slot's part in a line gauge.
struct term {
  std::uint32_t slot = 0;
  std::uint32_t ray = 0;
};

/// All slots of a line gauge that load it by the same phasor and factor. The factor of a gauge
/// whose rays agree on it stands at the gauge alone.
struct load_ray {
  phasor direction;
  std::uint32_t ratio_index = 0;
  /// Which of the gauge's angles; rays of one angle are always in the worst draw together.
  std::uint32_t angle = 0;
};

struct gauge {
  std::uint32_t position = 0;
  domain::binding_line line = domain::binding_line::unspecified;
  /// The plain sum of the terms is the load (before `ratio_index`): one direction.
  bool is_linear = true;
  /// What the load as computed from the terms is still to be multiplied with.
  std::uint32_t ratio_index = 0;
  /// Ordered by ray.
  std::uint32_t first_term = 0, end_term = 0;
  /// Empty for power. Subsets are bit masks over angles: those that can be the worst draw.
  std::uint32_t first_ray = 0, end_ray = 0;
  std::uint32_t first_angle = 0, end_angle = 0;
  std::uint32_t first_subset = 0, end_subset = 0;
  [[nodiscard]] bool is_power() const { return line == domain::binding_line::power; }
};

/// A node at its place in depth-first order: everything below a node is one range of positions,
/// slots, and rows (connectors).
struct network_node {
  std::uint32_t node = 0;
  std::uint32_t parent = none;
  std::uint32_t end_position = 0;
  std::uint32_t first_slot = 0, end_slot = 0, end_slot_below = 0;
  std::uint32_t first_row = 0, end_row_below = 0;
  std::uint32_t first_gauge = 0, end_gauge = 0;
};

struct network {
  std::vector<network_node> nodes;
  std::vector<std::uint32_t> position_of_node;

  std::vector<std::uint32_t> slot_parent;
  std::vector<std::uint32_t> slot_position;
  std::vector<std::uint64_t> slot_microvolts;
  /// Which of its node's gauges the slot loads (bit k: gauge first_gauge + k).
  std::vector<gauge_mask> slot_gauges;

  std::vector<std::uint32_t> row_slot;
  /// Of connectors that switch phases: their slots on the first line alone, and on all; else none.
  std::vector<std::uint32_t> row_slot_one;
  std::vector<std::uint32_t> row_slot_all;
  /// By position and lines: the slot of connectors that count on those lines alone, where the node
  /// has connectors that can (`row_can_spare`); else none.
  std::vector<std::array<std::uint32_t, every_line_bit + 1>> slot_of_lines;
  /// Three-phase AC connectors between which and the service no transformer changes the lines.
  std::vector<bool> row_can_spare;
  /// Vehicles that may begin to use further lines at once; room is kept for them.
  std::uint8_t changes_at_once = domain::line_settings{}.changes_at_once;
  /// Lines that a row's vehicle does not use now, although it might (spare_room.hpp); 0: none. And
  /// the rows where that is not 0, ascending.
  std::vector<line_mask> row_spared;
  std::vector<std::uint32_t> sparing_rows;
  std::vector<std::uint32_t> row_connector;
  std::vector<std::uint32_t> row_of_connector;

  std::vector<gauge> gauges;
  std::vector<term> terms;
  std::vector<load_ray> rays;
  /// One phasor of each angle.
  std::vector<phasor> angles;
  std::vector<std::uint64_t> subsets;
  std::vector<ratio> ratios;
};

/// REQUIRES: nodes stand parents first, indices are valid.
[[nodiscard]] network compile(const domain::site& site);

} // namespace busbar::control::distribution
