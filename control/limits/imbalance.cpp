#include "control/limits/imbalance.hpp"

#include <algorithm>

namespace busbar::control::limits {

using domain::milliamperes;

std::optional<milliamperes> difference_max(const imbalance_rule& rule,
                                           const domain::per_line<milliamperes>& measured,
                                           domain::millivolts nominal,
                                           milliamperes difference_min) {
  std::optional<milliamperes> least = rule.difference;
  const auto take = [&](milliamperes other) { least = least ? std::min(*least, other) : other; };
  if (rule.single_line)
    take(milliamperes{rule.single_line->count() * 1'000'000 / nominal.count()});
  if (rule.of_mean) {
    const auto sum = measured[0] + measured[1] + measured[2];
    take(std::max(difference_min, milliamperes{sum.count() * rule.of_mean->count() / 3000}));
  }
  return least;
}

std::optional<domain::limit> imbalance_limit(const imbalance_rule& rule,
                                             const domain::per_line<milliamperes>& measured,
                                             domain::millivolts nominal) {
  const auto allowed = difference_max(rule, measured, nominal);
  if (!allowed) return std::nullopt;
  const auto most = *std::min_element(measured.begin(), measured.end()) + *allowed;
  return domain::limit{domain::limit_source::phase_imbalance,
                       domain::per_line<milliamperes>{most, most, most}, std::nullopt};
}

} // namespace busbar::control::limits
