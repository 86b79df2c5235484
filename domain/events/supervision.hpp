#pragma once
// What happens to actors and their circuit breakers: watchdogs, restarts, escalations, safe modes.

#include "domain/breaker.hpp"
#include "domain/event.hpp"
#include "domain/events/moment.hpp"

#include <cstdint>
#include <string>

namespace busbar::domain::events {

/// Which sort of actor it is: what its parent expects of it.
enum class supervised : std::uint8_t {
  site,
  /// a transformer, feeder or panel
  branch,
  station,
  /// the engine node, a driver or a protocol driver
  node_child,
};

/// It stalls, and only that is said.
[[nodiscard]] event watchdog_overdue(const moment& now, supervised what, std::string actor);
/// It stalls, and is ended and restarted.
[[nodiscard]] event watchdog_restart(const moment& now, supervised what, std::string actor);
/// It stalls, and is restarted once its station has fallen back.
[[nodiscard]] event watchdog_fallback(const moment& now, std::string station);
/// It has failed by itself.
[[nodiscard]] event restart(const moment& now, supervised what, std::string actor);
/// A site or a station has failed more often than its budget allows.
[[nodiscard]] event restart_used_up(const moment& now, supervised what, std::string actor);
/// A child of the engine node has failed more often than its budget allows.
[[nodiscard]] event escalation(const moment& now, std::string actor, std::int64_t seconds_out);
[[nodiscard]] event actor_stuck(const moment& now, std::string actor);

/// The site's actor sends every station its fallback.
[[nodiscard]] event safe_mode(const moment& now, const std::string& why);
[[nodiscard]] event safe_mode_left(const moment& now);

/// A breaker of a station's command channel or of a node: "breaker_opened" where it opens, else
/// "breaker_moved". `guarded` is what it guards, for people.
[[nodiscard]] event breaker_moved(const moment& now, std::string subject, const char* guarded,
                                  breaker_position from, breaker_position to);

} // namespace busbar::domain::events
