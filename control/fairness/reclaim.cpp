#include "control/fairness/reclaim.hpp"

#include "control/fairness/steps.hpp"

#include <algorithm>

namespace busbar::control::fairness {

using domain::milliamperes;

namespace {

bool is_asking(const reclaim_settings& settings, const connector_image& connector) {
  return connector.drawn.count() * 2 > connector.told.count() * 2 - settings.margin.count();
}

bool is_idle(const reclaim_settings& settings, const connector_image& connector,
             milliamperes step) {
  return connector.acknowledged == connector.told &&
         connector.drawn + settings.margin + step <= connector.told;
}

} // namespace

void reclaim(const reclaim_settings& settings, const connector_image& connector,
             domain::instant now, connector_memory& memory, ask& ask) {
  if (!ask.is_competing || connector.told.is_zero() || is_asking(settings, connector)) {
    memory.idle_since.reset();
    memory.reclaimed_to.reset();
    return;
  }
  if (!is_idle(settings, connector, ask.step)) memory.idle_since.reset();
  else if (!memory.idle_since) memory.idle_since = now;
  if (memory.idle_since && now - *memory.idle_since >= settings.after)
    memory.reclaimed_to = in_steps_ceil(connector.drawn + settings.margin, ask.step);
  if (!memory.reclaimed_to) return;
  const milliamperes kept = std::max(ask.floor, *memory.reclaimed_to);
  if (kept >= ask.cap) return;
  ask.cap = kept;
  ask.capped_by = domain::rule::demand;
}

} // namespace busbar::control::fairness
