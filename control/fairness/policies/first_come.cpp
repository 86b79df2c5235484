#include "control/fairness/policies/entries.hpp"
#include "control/fairness/policies/rank_by_time.hpp"

namespace busbar::control::fairness::policies {

policy_entry first_come() {
  const auto arrange = [](const policy_input& input, std::span<ask> asks) {
    for (std::size_t i = 0; i < asks.size(); ++i)
      asks[i].rank = rank_by_time(input.image.connectors[i].arrived_at);
  };
  return {domain::policy::first_come, true, {}, arrange, nullptr};
}

} // namespace busbar::control::fairness::policies
