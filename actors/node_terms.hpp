#pragma once
// What the supervision settings of a site's file make of the engine node's own actors: its drivers,
// its connections and itself. An engine node of several sites goes by the first one's file.

#include "control/safety/breaker.hpp"
#include "control/sessions/driver_record.hpp"
#include "domain/supervision_settings.hpp"

namespace busbar::actors {

using control::sessions::driver_record;
using control::sessions::driver_settings;

/// When an actor stalls, and what is done then.
struct watch_terms {
  domain::microseconds patience{};
  domain::watchdog_action action = domain::watchdog_action::restart;
};

/// `patience` and a restart unless `terms` state other ones.
[[nodiscard]] inline watch_terms watch_of(const domain::supervision_terms& terms,
                                          domain::microseconds patience) {
  // A driver or a connection has nothing that falls back, and begins with what is remembered of it.
  const auto action = terms.action.value_or(domain::watchdog_action::restart);
  return {terms.watchdog.value_or(patience), action};
}

/// `settings` with the breaker and the time to answer that `terms` state.
[[nodiscard]] inline driver_settings with(driver_settings settings,
                                          const domain::supervision_terms& terms) {
  settings.breaker = control::safety::with(settings.breaker, terms);
  settings.answer_within = terms.call_timeout.value_or(settings.answer_within);
  return settings;
}

} // namespace busbar::actors
