#pragma once
// What unmanaged load uses of every node's bounds (LIM-2, LIM-3): what is measured or declared at a
// node counts there and above, once.
//
// - A node whose meter is known counts what that meter sees beside the connectors: what hangs below
//   is in it already, and no less than what the meters below see.
// - A node that declares its load counts it beside what hangs below.
// - A node without either counts what hangs below.
// - A node whose meter is lost counts its declared maximum, no less than what hangs below; without
//   one as much as the node carries (full load): nothing is left there, and it counts above.
//
// - What is left behind by connectors that hung elsewhere counts beside all that (LIM-9): a meter
//   sees what they draw, and not what they may. `count_left` says at which nodes above, too.
//
// Export (load below zero) counts as nothing, here and above; `node::export_room` says how much of
// it is room at the node itself.

#include "control/image.hpp"
#include "control/limits/node_voltage.hpp"
#include "domain/decision.hpp"
#include "domain/site.hpp"
#include "domain/site_state.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace busbar::control::limits {

/// What unmanaged load uses of one node's bounds. Currents in the node's own voltage (a
/// transformer's: its secondary).
struct unmanaged_use {
  /// Something is measured, declared or lost here or below.
  bool is_any = false;
  /// The node's own meter is lost and no maximum is declared: nothing is left.
  bool is_full = false;
  /// Part of `line` is what a lost meter may hide.
  bool is_lost = false;
  /// Loads between two lines are in it: they come from behind a delta-wye transformer.
  bool is_mixed = false;
  /// >= 0, but where export makes room.
  domain::per_line<domain::milliamperes> line{};
  domain::watts power{};
  /// What of that is measured or declared, and not only what a lost meter may hide.
  domain::per_line<domain::milliamperes> sure_line{};
  domain::watts sure_power{};
};

/// Knows one site; keeps its working memory.
class unmanaged_count {
public:
  explicit unmanaged_count(const domain::site& site);

  /// By node, from what is known of each. `nodes` stands in the topology's order. The span holds
  /// until the next call; the call allocates nothing.
  std::span<const unmanaged_use> of(std::span<const node_image> nodes);

private:
  [[nodiscard]] unmanaged_use full_load(std::size_t node) const;
  [[nodiscard]] unmanaged_use metered(std::size_t node, const node_image& image) const;
  void add_node(std::size_t node, const node_image& image);

  const domain::site& site_;
  std::vector<node_voltage> voltages_;
  /// By node: what it carries at most, by what is built into it.
  std::vector<unmanaged_use> full_;
  std::vector<unmanaged_use> uses_;
  /// By node: the sum of what its children use, and of what is known of that (what a lost meter may
  /// hide is not). Export is in neither.
  std::vector<unmanaged_use> below_;
  std::vector<unmanaged_use> known_below_;
};

/// What of `load` counts at one node.
struct left_at_node {
  domain::node_index node;
  domain::per_line<domain::milliamperes> line{};
};

/// Where `load` counts: at its node and above, to where it ends.
[[nodiscard]] std::vector<left_at_node> count_left(const domain::site& site,
                                                   const domain::left_load& load);
/// Puts what is left behind into the images of the nodes, in place of what was there.
void put_left(const domain::site& site, const std::vector<domain::left_load>& loads,
              std::span<node_image> nodes);

} // namespace busbar::control::limits
