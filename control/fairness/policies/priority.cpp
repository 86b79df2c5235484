// A site's `priority_order` says what a priority means: a share, or a place in the row.

#include "control/fairness/policies/entries.hpp"

namespace busbar::control::fairness::policies {

policy_entry priority() {
  const auto arrange = [](const policy_input& input, std::span<ask> asks) {
    const bool is_strict =
        input.image.topology->by_priority == domain::priority_order::strict;
    for (auto& each : asks) {
      if (is_strict) each.rank = -std::int64_t{each.priority};
      else each.weight *= each.priority;
    }
  };
  return {domain::policy::priority, false, {}, arrange, nullptr};
}

} // namespace busbar::control::fairness::policies
