#pragma once
// The sites of `busbar fleet SITE...`: files, and folders of files.

#include "apps/fleet/fleet_options.hpp"

#include <string>
#include <vector>

namespace busbar::apps {

/// Sites with their worlds and what all share, or every fault.
struct prepared_fleets {
  std::vector<simulated_site> sites;
  fleet_settings settings;
  domain::fault_list faults;
  std::vector<std::string> said;
};

/// Of the files and folders `places` (apps/site_places.hpp). Each site has the people of `options`;
/// the n-th has the seed `options.seed` + n - 1. `options.site_path` is left alone.
[[nodiscard]] prepared_fleets prepare_fleets(const std::vector<std::string>& places,
                                             const fleet_options& options);

} // namespace busbar::apps
