#pragma once
// May this station take a new driver now? One reason when it may not, in the order in which people
// would want to hear it.

#include "domain/breaker.hpp"
#include "domain/ids.hpp"
#include "domain/telemetry.hpp"

#include <string>

namespace busbar::control::sessions {

struct admission_facts {
  domain::connector_state state = domain::connector_state::unspecified;
  /// No reading within the site's `stale_after`.
  bool is_silent = false;
  /// Three failed checks of its monitor in a row, or its own word.
  bool is_unhealthy = false;
  bool has_session = false;
  bool is_reserved_for_other = false;
  domain::breaker_position commands = domain::breaker_position::closed;
  /// The site is in its safe mode.
  bool is_site_safe = false;
};

/// Empty: it may. Otherwise one of the stable texts of docs/control/sessions.md, e.g. "faulted".
[[nodiscard]] std::string closed_because(const admission_facts& facts);

} // namespace busbar::control::sessions
