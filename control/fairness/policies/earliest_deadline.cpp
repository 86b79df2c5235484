#include "control/fairness/policies/entries.hpp"

#include <limits>

namespace busbar::control::fairness::policies {

policy_entry earliest_deadline() {
  const auto arrange = [](const policy_input& input, std::span<ask> asks) {
    for (std::size_t i = 0; i < asks.size(); ++i) {
      const auto& departs = input.image.connectors[i].departs_at;
      asks[i].rank = departs ? departs->time_since_epoch().count()
                             : std::numeric_limits<std::int64_t>::max();
    }
  };
  return {domain::policy::earliest_deadline, true, {}, arrange, nullptr};
}

} // namespace busbar::control::fairness::policies
