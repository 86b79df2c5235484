#pragma once
// What `busbar fleet` and `busbar demo` are asked to simulate, as stated on the command line, and
// the settings that follow from it.

#include "apps/fleet/fleet.hpp"
#include "apps/fleet/local_policy_options.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace busbar::apps {

struct fleet_options {
  std::string site_path;
  std::string vehicles_path;
  std::string sessions_path;
  /// "CCS1=dc-1": a place of the sessions' file, a station or connector of the site.
  std::vector<std::string> map;
  std::string arrivals_path;
  /// Column of `arrivals_path`.
  std::string arrivals_place = "public";
  std::size_t arrivals_per_day = 100;
  std::int64_t mean_kwh = 20;
  /// "autonomous", "unruly" or nothing.
  std::string preset;
  /// Drivers who come again and again; 0: one for every second connector.
  std::size_t drivers = 0;
  std::int64_t speed = 1;
  std::uint64_t seed = 1;
  local_policy_options local;
};

/// A site and how to simulate it, or every fault.
struct prepared_fleet {
  std::shared_ptr<const domain::site> site;
  fleet_settings settings;
  domain::fault_list faults;
  /// What of the environment came over the site file, and what of the files is left alone.
  std::vector<std::string> said;
};

/// The options that state which vehicles charge and how fast time passes.
void add_people_options(CLI::App& command, fleet_options& options);

[[nodiscard]] prepared_fleet prepare_fleet(const fleet_options& options);

/// The same for a site that is loaded already. REQUIRES: `site`.
[[nodiscard]] prepared_fleet prepare_fleet(std::shared_ptr<const domain::site> site,
                                           const fleet_options& options);

} // namespace busbar::apps
