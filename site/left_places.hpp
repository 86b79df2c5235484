#pragma once
// What becomes of the connectors that have no place in a site's new tree, or another one (LIM-9):
// events for people, stops and last facts of their sessions.

#include "control/carry_over/carried_state.hpp"
#include "control/carry_over/site_outline.hpp"
#include "domain/command.hpp"
#include "domain/event.hpp"
#include "domain/ids.hpp"
#include "domain/session.hpp"
#include "domain/site.hpp"
#include "domain/time.hpp"

#include <vector>

namespace busbar::site {

/// The site that goes on, and when.
struct left_origin {
  const domain::site& site;
  domain::epoch owner = 0;
  domain::instant now{};
};

/// To be published in this order.
struct left_effects {
  std::vector<domain::event> left;
  /// In the places of the tree before: a gateway that has that one still obeys them; one that has
  /// the new one refuses them whole.
  domain::command_batch stops;
  std::vector<domain::session_fact> ended;
  /// Orders that end with the tree before.
  std::vector<domain::event> lost;
};

/// `last_stop`: number of the newest command to a connector that is gone; goes on.
[[nodiscard]] left_effects effects_of(const control::carry_over::carried_state& carried,
                                      const control::carry_over::site_outline& before,
                                      const left_origin& from, domain::sequence& last_stop);

} // namespace busbar::site
