#include "control/limits/violation_changes.hpp"

#include <algorithm>

namespace busbar::control::limits {

bool is_said(const domain::violation& violation, domain::instant now) {
  return violation.level == domain::severity::critical || now - violation.since >= said_after;
}

violation_follower::followed* violation_follower::find(const domain::violation& violation) {
  const auto found = std::find_if(followed_.begin(), followed_.end(), [&](const auto& each) {
    return each.violation.subject == violation.subject && each.violation.what == violation.what;
  });
  return found == followed_.end() ? nullptr : &*found;
}

violation_changes violation_follower::follow(const std::vector<domain::violation>& standing,
                                             domain::instant now) {
  violation_changes changes;
  for (const auto& violation : standing) {
    auto* known = find(violation);
    if (!known || violation.level > known->told) changes.raised.push_back(violation);
    if (!known) known = &followed_.emplace_back(followed{violation, violation.level, now});
    known->violation = violation;
    known->told = std::max(known->told, violation.level);
    known->seen_at = now;
  }
  std::erase_if(followed_, [&](const auto& each) {
    // A clock that is set back does not keep a violation for ever.
    const bool is_over = now < each.seen_at || now - each.seen_at >= cleared_after;
    if (is_over) changes.cleared.push_back(each.violation);
    return is_over;
  });
  return changes;
}

} // namespace busbar::control::limits
