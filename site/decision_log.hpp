#pragma once
// Plans as records: one that differs from the last one recorded, and the same again now and then.

#include "control/image.hpp"
#include "control/plan.hpp"
#include "domain/decision.hpp"
#include "domain/time.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace busbar::site {

class decision_log {
public:
  /// Of the plan that was made from `image`; absent where the newest record says the same and is
  /// younger than `every`. Owner and number of the plan are the caller's.
  [[nodiscard]] std::optional<domain::decision> record(const control::image& image,
                                                       const control::plan& plan,
                                                       domain::seconds every);

private:
  [[nodiscard]] bool differs(const control::plan& plan) const;

  domain::instant recorded_at_{};
  std::vector<domain::decided_grant> grants_;
  std::vector<domain::decided_limit> limits_;
};

} // namespace busbar::site
