#pragma once
// From the exact point to the stations' steps (LIM-5): everything goes down to its step (not below
// its floor), then what that frees is handed out one step at a time: the lowest level first, at one
// level the largest remainder (as a share of the step), the earlier connector where those are
// equal.
//
// Certificate of the result: it is feasible, and no connector can take one more step without
// passing its cap or a limit ("no lost steps").

#include "control/distribution/filling.hpp"
#include "control/distribution/loads.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace busbar::control::distribution {

class stepping {
public:
  stepping(const network& net, const bound_table& bounds);

  /// `steps` by row, >= 1. Returns true where no row can take one more step; otherwise `demands`
  /// holds what a further filling should share: stuck rows are fixed there, the others' floors are
  /// what they have.
  bool run(const filling& filled, std::span<row_demand> demands,
           std::span<const std::int64_t> steps);

  [[nodiscard]] std::int64_t milliamperes(std::uint32_t row) const { return stepped_[row]; }

private:
  struct candidate {
    /// Smallest first: the level where it was frozen, then what is missing to the next step.
    std::int64_t order;
    std::int64_t cap_ma;
    std::uint32_t row;
    bool was_rounded;
  };
  void round_down(const filling& filled, std::span<const row_demand> demands,
                  std::span<const std::int64_t> steps);
  /// One step to each candidate that was rounded down (or: that was not) where there is room; one
  /// that is refused is a candidate no longer. True where any row got a step.
  bool hand_out(bool to_those_rounded, std::span<const std::int64_t> steps);
  /// True where some row can take another step; rewrites `demands` for a further filling then.
  bool keep_those_with_more(std::span<row_demand> demands, std::span<const std::int64_t> steps);
  [[nodiscard]] std::int64_t next(std::uint32_t row, std::int64_t step) const {
    return (stepped_[row] / step + 1) * step;
  }

  const network& net_;
  load_sums sums_;
  std::vector<std::int64_t> stepped_;
  std::vector<candidate> candidates_, sorted_;
};

} // namespace busbar::control::distribution
