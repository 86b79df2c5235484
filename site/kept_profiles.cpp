#include "site/kept_profiles.hpp"

#include <algorithm>

namespace busbar::site {

void kept_profiles::put(const domain::station_profiles& profiles) {
  const auto place = std::ranges::lower_bound(all_, profiles.station, {},
                                              &domain::station_profiles::station);
  const bool is_known = place != all_.end() && place->station == profiles.station;
  if (is_known) place->memory = profiles.memory;
  else all_.insert(place, profiles);
}

} // namespace busbar::site
