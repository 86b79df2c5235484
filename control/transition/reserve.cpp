#include "control/transition/reserve.hpp"

#include <algorithm>

namespace busbar::control::transition {

using domain::milliamperes;

void note_arrivals(const reserve_settings& settings, const connector_image& connector,
                   domain::instant now, connector_memory& memory) {
  if (!memory.in_flight) return;
  // Stations answer in order: the last command's acknowledgement means that all before it arrived.
  // Where the last command equals what was acknowledged before, only a change in between or time
  // can tell the old answer from the new one.
  const bool is_last_answered = connector.acknowledged == connector.told;
  const bool is_answer_new = connector.acknowledged != memory.acknowledged_before;
  const bool is_old = now - *memory.in_flight_since >= settings.in_flight_max;
  if (is_last_answered && (is_answer_new || is_old)) {
    memory.in_flight.reset();
    memory.in_flight_since.reset();
    memory.acknowledged_before = milliamperes{};
  } else if (connector.acknowledged >= *memory.in_flight) {
    memory.acknowledged_before = connector.acknowledged;
  }
}

milliamperes reserve_of(const connector_image& connector, const domain::fallback& when_lost,
                        const connector_memory& memory) {
  auto reserve = std::max({connector.told, connector.acknowledged, connector.drawn,
                           memory.in_flight.value_or(milliamperes{})});
  if (!connector.is_reachable) reserve = std::max(reserve, when_lost.current);
  return reserve;
}

bool is_disobeying(const reserve_settings& settings, const connector_image& connector,
                   domain::instant now, connector_memory& memory) {
  const bool is_over = connector.acknowledged == connector.told &&
                       connector.drawn > connector.told + settings.overdraw_tolerance;
  if (!is_over) memory.overdraws_since.reset();
  else if (!memory.overdraws_since) memory.overdraws_since = now;
  return is_over && now - *memory.overdraws_since >= settings.overdraw_after;
}

void note_told(const connector_image& connector, milliamperes grant, domain::instant now,
               connector_memory& memory) {
  if (grant == connector.told || connector.told <= connector.acknowledged) return;
  memory.in_flight = std::max(connector.told, memory.in_flight.value_or(milliamperes{}));
  memory.acknowledged_before = connector.acknowledged;
  memory.in_flight_since = now;
}

} // namespace busbar::control::transition
