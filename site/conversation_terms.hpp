#pragma once
// What conversations are held by: the site, its owner, and how breakers and reservations are set.

#include "control/safety/breaker.hpp"
#include "domain/ids.hpp"
#include "domain/site.hpp"
#include "domain/time.hpp"

#include <map>
#include <memory>

namespace busbar::site {

/// A station is kept that long for the driver who reserved it.
inline constexpr domain::seconds reservation_lasts{900};

/// Everything a conversation needs besides its notes; shared by all stations of a site.
struct conversation_terms {
  std::shared_ptr<const domain::site> site;
  domain::epoch owner = 0;
  control::safety::breaker_settings breaker;
  /// Of stations that the site's file gives their own.
  std::map<domain::station_index, control::safety::breaker_settings> own_breakers;

  [[nodiscard]] const control::safety::breaker_settings&
  breaker_of(domain::station_index station) const {
    const auto own = own_breakers.find(station);
    return own == own_breakers.end() ? breaker : own->second;
  }
};

} // namespace busbar::site
