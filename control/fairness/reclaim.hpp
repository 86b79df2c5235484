#pragma once
// A vehicle that draws less than it may gives the rest back after a while, keeps a margin above
// what it draws so that it can ramp up, and has its full cap again in the plan after it uses that
// margin.

#include "control/fairness/policy.hpp"

namespace busbar::control::fairness {

struct reclaim_settings {
  /// How long it must draw less.
  domain::seconds after{60};
  /// What it keeps above its draw; drawing into the upper half of it is asking for more.
  domain::milliamperes margin{2000};
};

/// Lowers `ask.cap` to what is left to the connector, and keeps `memory`. Only an acknowledged
/// grant can go unused: one that is still on its way takes nothing back.
void reclaim(const reclaim_settings& settings, const connector_image& connector,
             domain::instant now, connector_memory& memory, ask& ask);

} // namespace busbar::control::fairness
