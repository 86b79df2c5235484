#pragma once
// What `busbar fleet` is asked to simulate, as said on the command line, and the settings that
// follow from it.

#include "apps/fleet/fleet.hpp"
#include "apps/fleet/local_policy_options.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace busbar::apps {

struct fleet_options {
  std::string site_path;
  std::string vehicles_path;
  std::string sessions_path;
  std::string arrivals_path;
  /// Column of `arrivals_path`.
  std::string arrivals_place = "public";
  std::size_t arrivals_per_day = 100;
  std::int64_t mean_kwh = 20;
  /// "autonomous" or nothing.
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
  std::vector<std::string> faults;
};

[[nodiscard]] prepared_fleet prepare_fleet(const fleet_options& options);

} // namespace busbar::apps
