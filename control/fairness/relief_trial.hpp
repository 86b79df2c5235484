#pragma once
// What each gets where bounds have more room, or one leaves: the exact split itself, run on what is
// imagined. One view pays for so many of them; sites are of any size.

#include "control/fairness/shares.hpp"
#include "control/limits/node_limits.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace busbar::control::fairness {

/// What is split. Rows stand in the topology's order.
struct trial_input {
  std::span<const ask> asks;
  std::span<const domain::milliamperes> fixed;
  /// As the targets were split in.
  std::span<const distribution::node_bounds> bounds;
  bool is_strict_order = false;
};

/// Owned by one relief finder; keeps its working memory.
class relief_trial {
public:
  /// Begins a view: trials may be made again.
  void begin(std::size_t connectors);
  [[nodiscard]] bool is_affordable() const { return left_ > 0; }

  /// From now on the bounds and turns are those of `input`.
  void reset(const trial_input& input, std::span<const turn_row> turns);
  /// Raises one bound. REQUIRES: `more` >= 0.
  void raise(const distribution::excess& bound, std::int64_t more);
  void let_in(std::size_t connector) { rows_[connector].verdict = turn::admitted; }
  void let_go(std::size_t connector);
  /// REQUIRES: is_affordable(). Holds until the next call.
  [[nodiscard]] std::span<const share> split(const trial_input& input,
                                             distribution::splitter& splitter);

private:
  share_keeper shares_;
  std::vector<distribution::node_bounds> bounds_;
  std::vector<turn_row> rows_;
  std::vector<domain::milliamperes> fixed_;
  /// Trials that this view still pays for.
  std::int64_t left_ = 0;
};

} // namespace busbar::control::fairness
