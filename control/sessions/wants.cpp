#include "control/sessions/wants.hpp"

#include "domain/time_text.hpp"

namespace busbar::control::sessions {

std::string refusal_of(const wants& wanted, domain::watt_hours delivered, domain::instant now) {
  if (wanted.energy && (*wanted.energy < delivered || *wanted.energy > domain::energy_wanted_max))
    return "energy_wanted_wh is " + std::to_string(wanted.energy->count()) + ": allowed is " +
           std::to_string(delivered.count()) + " (delivered already) to " +
           std::to_string(domain::energy_wanted_max.count());
  const auto latest = now + domain::departure_ahead_max;
  if (wanted.departs_at && (*wanted.departs_at <= now || *wanted.departs_at > latest))
    return "departs_at is " + domain::text_of(*wanted.departs_at) + ": allowed is later than " +
           domain::text_of(now) + ", up to " + domain::text_of(latest);
  return {};
}

} // namespace busbar::control::sessions
