#include "control/fairness/policies/entries.hpp"

namespace busbar::control::fairness::policies {

policy_entry equal() {
  return {domain::policy::equal, false, {}, [](const policy_input&, std::span<ask>) {}, nullptr};
}

} // namespace busbar::control::fairness::policies
