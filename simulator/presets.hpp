#pragma once
// Worlds that come ready-made.

#include "simulator/settings.hpp"

namespace busbar::simulator {

/// What `busbar demo` runs on examples/autonomous.toml: Alice, Bob, Charlie, David and Eve ask
/// every 5, 6, 7, 8 and 4.5 s, each by its own clock with vehicle after vehicle, charge for about
/// 10 s each, and now and then a point or its monitor fails.
[[nodiscard]] world_settings autonomous();

/// The same in trouble: points also acknowledge and do not obey, some with a welded contactor, and
/// meters are lost, each for up to a minute.
[[nodiscard]] world_settings unruly();

/// Vehicles that one driver of a world may have at points at once, at most. >= 1.
[[nodiscard]] std::size_t cars_at_once(const world_settings& world);

/// A few vehicles that stand for what drives around, when no file of vehicles is given.
[[nodiscard]] std::vector<vehicle_model> everyday_vehicles();

} // namespace busbar::simulator
