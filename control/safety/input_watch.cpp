#include "control/safety/input_watch.hpp"

#include <algorithm>

namespace busbar::control::safety {

belief believe(const input_settings& settings, std::optional<domain::microseconds> age) {
  if (age && *age <= settings.stale_after) return belief::reading;
  switch (settings.when_stale) {
  case domain::stale_input_policy::safe_zero: return belief::zero;
  case domain::stale_input_policy::hold_last:
    return age && *age <= settings.hold_max ? belief::last_reading : belief::excluded;
  default: return belief::excluded;
  }
}

bool input_watch::cycle(const input_settings& settings, bool is_good) {
  failed_ = is_good ? 0 : std::min<int>(failed_ + 1, settings.cycles_max);
  const bool was_lost = is_lost_;
  if (is_good) is_lost_ = false;
  if (failed_ >= settings.cycles_max) is_lost_ = true;
  return is_lost_ != was_lost;
}

} // namespace busbar::control::safety
