#include "control/fairness/policies/entries.hpp"

#include <limits>

namespace busbar::control::fairness::policies {

policy_entry first_come() {
  const auto arrange = [](const policy_input& input, std::span<ask> asks) {
    for (std::size_t i = 0; i < asks.size(); ++i) {
      const auto& arrived = input.image.connectors[i].arrived_at;
      asks[i].rank = arrived ? arrived->time_since_epoch().count()
                             : std::numeric_limits<std::int64_t>::max();
    }
  };
  return {domain::policy::first_come, true, {}, arrange, nullptr};
}

} // namespace busbar::control::fairness::policies
