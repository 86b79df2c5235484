#pragma once
// What is ordered about a station's charging profiles, on its way to the station.

#include "domain/charging_profile.hpp"
#include "domain/command.hpp"
#include "domain/ids.hpp"
#include "domain/time.hpp"

#include <cstddef>

namespace busbar::site {

/// What is ordered about a station's charging profiles.
struct profile_errand {
  domain::station_index station;
  /// The connector's place within its station.
  std::size_t place = 0;
  /// set_charging_profile or clear_charging_profile.
  domain::command_kind kind = domain::command_kind::unspecified;
  domain::shared_profile_order order;
  domain::instant now{};
};

} // namespace busbar::site
