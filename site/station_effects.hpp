#pragma once
// What comes of one input of a conversation.

#include "domain/command.hpp"
#include "domain/event.hpp"
#include "domain/session.hpp"
#include "site/session_change.hpp"

#include <vector>

namespace busbar::site {

/// What came of one input.
struct station_effects {
  std::vector<domain::command> commands;
  std::vector<domain::session_fact> facts;
  std::vector<domain::event> events;
  std::vector<session_change> sessions;
  bool is_breaker_changed = false;
  /// What people see of its charging profiles is another; of these, what must be remembered.
  bool are_profiles_changed = false;
  bool are_profiles_kept = false;
};

} // namespace busbar::site
