#pragma once
// Fair targets over the stay: how much charge each member of a group is to have when it leaves.
// What a group can deliver until the k-th departure bounds the sum of the first k targets; under
// these nested bounds the targets are max-min fair, found by pooling adjacent violators.

#include "control/fairness/policy.hpp"

#include <cstdint>
#include <span>

namespace busbar::control::fairness {

/// A member's entitlement at full level: three parts its own request, one part a typical one, so
/// that modest wishes come through and large ones are not lost.
[[nodiscard]] std::int64_t entitlement_of(const contender& member, std::int64_t typical_charge);

/// Writes `target`: clamp(level * entitlement - got, 0, what the vehicle can still take until it
/// leaves), with the lexicographically largest levels under room * time. Sorts `members` by
/// departure. `typical` is charge, by member as it is sorted.
void set_fair_targets(std::span<contender> members, std::int64_t room_ma,
                      std::int64_t typical_charge, policy_scratch& scratch);

/// The current that loses nothing: the largest mean demand until any departure.
/// REQUIRES: members sorted by `stays_s`, each at least 1 s.
[[nodiscard]] std::int64_t need_of(std::span<const contender> members);

/// Charge that it can still take until it leaves.
[[nodiscard]] std::int64_t takeable(const contender& member);

} // namespace busbar::control::fairness
