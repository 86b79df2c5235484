#pragma once
// SAFE-2: what a station that acknowledges and keeps drawing is commanded next, step by step:
// a lower grant, a stop of its session, unavailable, and available again once it obeys.

#include "site/command_channel.hpp"
#include "site/session_machine.hpp"
#include "site/station_effects.hpp"
#include "site/station_notice.hpp"

namespace busbar::site {

/// Carries out the step that `notice` states, and publishes it as an event.
void escalate(station_effects& out, const command_channel& channel,
              const session_machine& sessions, const station_notice& notice);

} // namespace busbar::site
