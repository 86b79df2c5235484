#pragma once
// What the driver of a session wants of it, and whether an open session may be changed to that.

#include "domain/request.hpp"
#include "domain/time.hpp"
#include "domain/units.hpp"

#include <optional>
#include <string>

namespace busbar::control::sessions {

/// What is to be another than it was; absent: is not, or is known no more.
struct wants {
  std::optional<domain::watt_hours> energy;
  std::optional<domain::instant> departs_at;
};

/// Why a session that has been `delivered` so much may not be changed to `wanted` at `now`: the
/// field, its value and what is allowed. Empty: it may. Energy is from what was delivered to
/// `domain::energy_wanted_max`, a departure later than now by at most
/// `domain::departure_ahead_max`.
[[nodiscard]] std::string refusal_of(const wants& wanted, domain::watt_hours delivered,
                                     domain::instant now);

} // namespace busbar::control::sessions
