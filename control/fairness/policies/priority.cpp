#include "control/fairness/policies/entries.hpp"

namespace busbar::control::fairness::policies {

policy_entry priority() {
  const auto arrange = [](const policy_input&, std::span<ask> asks) {
    for (auto& each : asks) each.weight *= each.priority;
  };
  return {domain::policy::priority, false, {}, arrange, nullptr};
}

} // namespace busbar::control::fairness::policies
