#pragma once
// OCPP-9: the ways in which a grant or a fallback can be stated. A station that refuses one is
// given the next; the first that it takes is kept for it.

#include "control/smart_charging/profile.hpp"

#include <cstdint>
#include <vector>

namespace busbar::control::smart_charging {

struct profile_form {
  rate_unit unit = rate_unit::ampere;
  /// Of AC: `numberPhases` stands beside the limit.
  bool states_phases = false;
  /// Of a grant.
  std::int32_t stack_level = 0;
  /// Of a fallback: one for each connector in the place of one for connector 0.
  bool is_for_each = false;
  bool operator==(const profile_form&) const = default;
};

/// The usual one first: in the unit that the station states, at its highest level. Then lower
/// levels, with phases, and the same in the other unit.
[[nodiscard]] std::vector<profile_form> grant_forms(std::int32_t highest_level, rate_unit stated);
/// The usual one first: for connector 0, in the unit that the station states.
[[nodiscard]] std::vector<profile_form> fallback_forms(rate_unit stated);

} // namespace busbar::control::smart_charging
