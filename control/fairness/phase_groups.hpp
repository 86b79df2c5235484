#pragma once
// What looking ahead and balancing phases have in common: those that compete, grouped by what they
// load (the transformer above them, or the service, and the lines that they lie on), and how much a
// group can get, asked of the exact split. Charge is in mA s on each of a connector's lines.

#include "control/distribution/split.hpp"
#include "control/fairness/policy.hpp"

#include <cstdint>
#include <span>

namespace busbar::control::fairness {

/// Energy as charge on a connector's lines, and as much of it as a vehicle can take at all.
[[nodiscard]] std::int64_t charge_of(domain::watt_hours energy, std::int64_t milliwatts_per_ampere);

/// Fills `scratch.contenders` (by group, then in the site's order) and `scratch.groups`.
void gather(const policy_input& input, std::span<const ask> asks, policy_scratch& scratch);

[[nodiscard]] inline std::span<contender> members_of(const phase_group& group,
                                                     policy_scratch& scratch) {
  return std::span(scratch.contenders).subspan(group.first, group.last - group.first);
}

/// Splits the site among the contenders by their `weight`, up to their `limit` each, and writes
/// what each gets to `current` and each group's sum to `total`. Everything else stays as it is.
void split_among(const policy_input& input, policy_scratch& scratch);

/// Gives `total` of a group, beyond what stands in `current`, to those that got least so far first,
/// each up to its cap.
void fill_least_served(std::span<contender> members, std::int64_t total, policy_scratch& scratch);

/// Turns the members' `current` into 0 or at least the minimum (FAIR-2) within the group's total:
/// who is to get most first, the group's first from half a minimum on, so that a group is neither
/// forgotten nor served beyond its share for long; the others where (about) a whole one is left.
/// Those due have their minimum in any case.
void give_minima(const phase_group& group, policy_scratch& scratch);

/// The plan's weights: what each contender is to get. The split keeps the proportions, gives what
/// is left over, and keeps every limit. Where not all minima fit, who is to get most goes first;
/// who is to get less than its minimum may wait.
void weigh_by_current(const policy_scratch& scratch, std::span<ask> asks);

} // namespace busbar::control::fairness
