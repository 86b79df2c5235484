#pragma once
// Where and when an event happens: the first argument of every constructor of the catalogue.

#include "domain/ids.hpp"
#include "domain/time.hpp"

namespace busbar::domain::events {

struct moment {
  /// Empty where it concerns no site.
  site_id site;
  instant at{};
};

} // namespace busbar::domain::events
