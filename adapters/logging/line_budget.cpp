#include "adapters/logging/line_budget.hpp"

namespace busbar::adapters::logging {

bool line_budget::is_over(const window& of, domain::instant now) const {
  // A clock that is set back ends the window as well; otherwise lines would be withheld for hours.
  return now < of.began || now - of.began >= settings_.window;
}

void line_budget::roll(window& current, domain::instant now) const {
  if (!is_over(current, now)) return;
  current = {now, 0, 0, current.untold + current.withheld};
}

bool line_budget::admits(const std::string& kind, domain::instant now) {
  const bool is_known = windows_.contains(kind) || windows_.size() < settings_.kinds_max;
  window& current = windows_[is_known ? kind : "other"];
  roll(current, now);
  if (current.written < settings_.lines_max) {
    ++current.written;
    return true;
  }
  ++current.withheld;
  return false;
}

std::vector<withheld_lines> line_budget::take_withheld(domain::instant now) {
  std::vector<withheld_lines> told;
  for (auto& [kind, current] : windows_) {
    roll(current, now);
    if (current.untold > 0) told.push_back({kind, current.untold});
    current.untold = 0;
  }
  return told;
}

} // namespace busbar::adapters::logging
