#include "control/sessions/admission.hpp"

namespace busbar::control::sessions {

std::string closed_because(const admission_facts& facts) {
  if (facts.is_site_safe) return "site in safe mode";
  if (facts.state == domain::connector_state::faulted) return "faulted";
  if (facts.state == domain::connector_state::unavailable) return "unavailable";
  if (facts.is_unhealthy) return "unhealthy";
  if (facts.is_silent) return "silent";
  if (facts.commands == domain::breaker_position::open) return "circuit breaker open";
  if (facts.has_session) return "occupied";
  if (facts.state == domain::connector_state::supplying) return "occupied";
  if (facts.is_reserved_for_other) return "reserved";
  return {};
}

} // namespace busbar::control::sessions
