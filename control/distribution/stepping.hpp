#pragma once
// From the exact point to the stations' steps (LIM-5): everything goes down to its step (not below
// its floor), then what that frees is handed out one step at a time, largest remainder (as a share
// of the step) first, the earlier connector first where they are equal.
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

  /// `steps` by row, >= 1. Returns true where nobody can take one more step; otherwise `demands`
  /// says what a further filling should share: who is stuck is fixed there, the others' floors are
  /// what they have.
  bool run(const filling& filled, std::span<row_demand> demands, std::span<const std::int64_t> steps);

  [[nodiscard]] std::int64_t milliamperes(std::uint32_t row) const { return stepped_[row]; }

private:
  struct candidate {
    /// Smallest first: what is missing to the next step, as a share of it.
    std::uint32_t order;
    std::uint32_t row;
    std::int64_t cap_ma;
  };
  void round_down(const filling& filled, std::span<const row_demand> demands,
                  std::span<const std::int64_t> steps);
  /// True where somebody can take another step; rewrites `demands` for a further filling then.
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
