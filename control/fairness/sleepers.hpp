#pragma once
// FAIR-2: a vehicle that is offered its minimum and draws nothing sleeps (it is full, or waits for
// a time of its own). Its turn goes to others, and it is asked again now and then:
//
//   awake --draws nothing for `asleep_after` of an acknowledged offer--> asleep until `probe_at`
//   asleep --`probe_at`--> awake (a probe, half as long) --draws nothing--> asleep, for longer
//   asleep --draws, wants nothing for a plan, or its driver asks for something else--> awake
//
// The first probe comes `probe_after` later, the next ones after twice as long each, at most the
// patience of those that wait; after four turns slept through in a row the time doubles from there,
// to 4 hours at most. Where many sleep, the first probe comes later: all of them one after the
// other take a third of the time at most, and what doubles ends at three times that, never beyond
// the bound of waiting connectors. A sleeper has its minimum while no other can use that room.

#include "control/image.hpp"
#include "control/plan_state.hpp"
#include "domain/turn_settings.hpp"

#include <cstdint>
#include <span>

namespace busbar::control::fairness {

/// Less than this is no charging: electronics of a vehicle that sleeps.
inline constexpr domain::milliamperes awake_from{500};

/// Those that have slept through their last offer.
[[nodiscard]] std::int64_t count_sleepers(std::span<const connector_memory> memory);

/// Keeps `memory`, once a plan. True where the vehicle sleeps now. `sleepers`: as counted at the
/// plan's beginning.
[[nodiscard]] bool is_asleep(const domain::turn_settings& settings,
                             const connector_image& connector, std::int64_t sleepers,
                             domain::instant now, connector_memory& memory);

/// Its vehicle says that it takes nothing more. Under `soc-deficit` a full one has a weight.
[[nodiscard]] bool takes_nothing(domain::policy policy, const connector_image& connector);

/// The longest time between two probes.
[[nodiscard]] domain::seconds longest_nap(const domain::turn_settings& settings);

} // namespace busbar::control::fairness
