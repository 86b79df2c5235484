#pragma once
// One function a policy, defined in the file of its name; `registry.cpp` lists them.

#include "control/fairness/policy.hpp"

namespace busbar::control::fairness::policies {

/// Every connector by its station's weight.
[[nodiscard]] policy_entry equal();
/// Weight times priority, or higher priorities first (`site::by_priority`); in any case strict
/// where the minima do not all fit (FAIR-2).
[[nodiscard]] policy_entry priority();
/// Priority times the gap in state of charge; below the reserve first, beyond the target last.
[[nodiscard]] policy_entry soc_deficit();
/// Earliest departure first; a vehicle that announced none, last.
[[nodiscard]] policy_entry earliest_deadline();
/// Least time to spare first.
[[nodiscard]] policy_entry least_laxity();
/// First come, first filled.
[[nodiscard]] policy_entry first_come();
/// Phases balanced for the greatest total current, least served first; needs no departures.
[[nodiscard]] policy_entry greatest_total();
/// Fair targets over the whole stay from announced departures.
[[nodiscard]] policy_entry plan_ahead();

} // namespace busbar::control::fairness::policies
