#pragma once
// The charging profiles of a bay's stations as the changelog keeps them.

#include "domain/site_state.hpp"

#include <vector>

namespace busbar::site {

class kept_profiles {
public:
  /// Of one station; what was kept of it gives way.
  void put(const domain::station_profiles& profiles);
  /// Of the stations that have, or had, any, in the order of their places.
  [[nodiscard]] const std::vector<domain::station_profiles>& all() const { return all_; }

private:
  std::vector<domain::station_profiles> all_;
};

} // namespace busbar::site
