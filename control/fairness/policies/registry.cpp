// The table of policies: adding one is its own file, its line in entries.hpp, and a row here.

#include "control/fairness/policies/entries.hpp"

#include <array>

namespace busbar::control::fairness {

std::span<const policy_entry> every_policy() {
  static const std::array table{policies::equal(),        policies::priority(),
                                policies::soc_deficit(),  policies::earliest_deadline(),
                                policies::least_laxity(), policies::first_come(),
                                policies::greatest_total(), policies::plan_ahead()};
  return table;
}

const policy_entry& policy_for(domain::policy name) {
  for (const auto& entry : every_policy())
    if (entry.name == name) return entry;
  return every_policy().front();
}

} // namespace busbar::control::fairness
