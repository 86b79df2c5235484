#pragma once
// What is known of one connection to the outside. Lent to its protocol driver by the engine node,
// so that it outlives a restart.

#include "control/safety/breaker.hpp"
#include "control/safety/watchdog.hpp"

namespace busbar::actors {

struct connection_record {
  control::safety::breaker breaker;
  control::safety::watchdog dog;
  bool has_answered = false;
  /// When its traffic is told next.
  domain::instant says_traffic_at{};
};

} // namespace busbar::actors
