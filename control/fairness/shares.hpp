#pragma once
// The fair targets: every rank of the policy in turn, each split exactly by weight (FAIR-1) in the
// room that the ranks before it and the floors of those after it leave.

#include "control/distribution/split.hpp"
#include "control/fairness/policy.hpp"
#include "control/fairness/turns.hpp"

#include <optional>
#include <span>
#include <vector>

namespace busbar::control::fairness {

struct share_input {
  std::span<const ask> asks;
  std::span<const turn_row> turns;
  /// Fixed loads: currents that this plan cannot change; rows that do not compete get just that.
  std::span<const domain::milliamperes> fixed;
  std::span<const distribution::node_bounds> bounds;
  bool is_strict_order = false;
};

/// What holds a target down: a bound, or the connector's own cap (absent).
struct share {
  domain::milliamperes target{};
  std::optional<distribution::excess> held_by;
};

/// The weights as the split takes them: 1 to 65 535, scaled down in proportion where the largest is
/// above that.
void scale_weights(std::span<const ask> asks, std::vector<std::uint32_t>& weights);

/// Owned by one planner; keeps its working memory.
class share_keeper {
public:
  /// One row per connector; holds until the next call.
  std::span<const share> decide(const share_input& input, distribution::splitter& splitter);

private:
  void begin(const share_input& input);
  void fill_in_order(const share_input& input, distribution::splitter& splitter);
  void fill(const share_input& input, std::uint32_t connector, distribution::splitter& splitter);
  void split_rank(const share_input& input, std::span<const std::uint32_t> rank,
                  distribution::splitter& splitter);

  std::vector<share> shares_;
  std::vector<distribution::demand> demands_;
  std::vector<std::uint32_t> weights_;
  /// Rows that may get more than their floor, in rank order.
  std::vector<std::uint32_t> order_;
  std::vector<domain::milliamperes> floors_;
};

} // namespace busbar::control::fairness
