#pragma once
// Worlds that come ready-made.

#include "simulator/settings.hpp"

namespace busbar::simulator {

/// What `busbar demo` runs on examples/autonomous.toml: Alice, Bob, Charlie, David and Eve ask
/// every 5, 6, 7, 8 and 4.5 s, charge for about 10 s, and now and then a point or its monitor
/// fails.
[[nodiscard]] world_settings autonomous();

/// The same in trouble: points also acknowledge and do not obey, some with a welded contactor, and
/// meters are lost, each for up to a minute.
[[nodiscard]] world_settings unruly();

/// A few vehicles that stand for what drives around, when no file of vehicles is given.
[[nodiscard]] std::vector<vehicle_model> everyday_vehicles();

} // namespace busbar::simulator
