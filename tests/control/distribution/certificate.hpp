#pragma once
// An independent judge of splits: floating point, complex numbers, every connector on its own (no
// classes), written against FAIR-1, LIM-5 and LIM-6 alone. Shares nothing with the code it judges.

#include "control/distribution/split.hpp"
#include "domain/site.hpp"

#include <complex>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace busbar::control::distribution::tests {

/// One bound of one node, and what a milliampere of each connector adds to it.
struct judged_bound {
  std::uint32_t node = 0;
  domain::binding_line line = domain::binding_line::unspecified;
  /// Milliamperes; power: watts.
  double limit = 0;
  struct part {
    std::uint32_t connector;
    std::complex<double> effect;
  };
  /// Those with an effect other than zero.
  std::vector<part> parts;
};

class judge {
public:
  judge(const domain::site& site, std::span<const demand> demands,
        std::span<const node_bounds> bounds);

  /// Empty: `currents` are the max-min point rounded down to 1 mA. Else what is wrong.
  [[nodiscard]] std::string fault_of_exact(std::span<const domain::milliamperes> currents) const;
  /// Empty: feasible, in steps, and no connector can take one more step. Else what is wrong.
  [[nodiscard]] std::string fault_of_stepped(std::span<const domain::milliamperes> currents) const;
  /// Empty: a row that could use one more step is held by a used-up set of draws in which none
  /// above its floor has more per weight, give or take one step of its own. Else what is wrong.
  [[nodiscard]] std::string
  fault_of_fair_steps(std::span<const domain::milliamperes> currents) const;
  [[nodiscard]] bool is_feasible(std::span<const domain::milliamperes> currents) const;

  [[nodiscard]] const std::vector<judged_bound>& bounds() const { return bounds_; }

private:
  [[nodiscard]] std::string fault_of_range(std::span<const domain::milliamperes> currents) const;
  [[nodiscard]] std::string fault_of_bounds(std::span<const domain::milliamperes> currents) const;
  void bless(const judged_bound& bound, std::span<const domain::milliamperes> currents,
             std::vector<bool>& blessed) const;
  [[nodiscard]] bool holds_fairly(const judged_bound& bound,
                                  std::span<const domain::milliamperes> currents,
                                  std::uint32_t connector) const;
  [[nodiscard]] bool is_overloaded(const judged_bound& bound) const;

  std::span<const demand> demands_;
  std::vector<judged_bound> bounds_;
  std::vector<bool> overloaded_;
};

/// The largest draw below `currents` that `bound` can see: milliamperes, or watts.
double worst_load(const judged_bound& bound, std::span<const domain::milliamperes> currents);
/// Every bound that could be stated, with a limit of zero: for comparing loads.
std::vector<judged_bound> all_bounds(const domain::site& site);

} // namespace busbar::control::distribution::tests
