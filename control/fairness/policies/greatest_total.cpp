// The greatest total current, and within a phase group the least served first. Three balanced
// groups carry sqrt 3 times what one alone carries, and the sum is greatest where the groups'
// totals are as equal as their wishes allow: so groups share like single connectors, whatever their
// number.

#include "control/fairness/phase_groups.hpp"
#include "control/fairness/policies/entries.hpp"

#include <algorithm>

namespace busbar::control::fairness::policies {

namespace {

/// Fine enough for groups of thousands.
constexpr std::int64_t group_weight = 1'000'000'000;

/// Least served is soon served: no longer than the usual patience.
constexpr domain::seconds lets_wait{1800};

void arrange(const policy_input& input, std::span<ask> asks) {
  auto& scratch = *input.scratch;
  gather(input, asks, scratch);
  for (const auto& group : scratch.groups)
    for (auto& member : members_of(group, scratch)) {
      member.limit = member.cap;
      member.weight = std::max<std::int64_t>(1, group_weight * member.cap / group.caps);
    }
  split_among(input, scratch);
  for (const auto& group : scratch.groups) {
    const auto members = members_of(group, scratch);
    for (auto& member : members) member.current = 0;
    fill_least_served(members, group.total, scratch);
    give_minima(group, scratch);
  }
  weigh_by_current(scratch, asks);
}

} // namespace

policy_entry greatest_total() {
  return {domain::policy::greatest_total, false, lets_wait, arrange, nullptr};
}

} // namespace busbar::control::fairness::policies
