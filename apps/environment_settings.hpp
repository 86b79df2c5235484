#pragma once
// What the environment says to an engine beside its sites, and how its faults are told.

#include "apps/engine/audit_file.hpp"
#include "apps/engine/engine.hpp"
#include "apps/environment.hpp"

#include <iostream>

namespace busbar::apps {

/// False, and every fault on standard error.
[[nodiscard]] inline bool are_right(const read_environment_result& surroundings) {
  auto faults = surroundings.faults;
  if (const auto& folder = surroundings.read.audit_dir)
    if (const auto made = audit_file::prepare(*folder); !made)
      faults.push_back(made.failure().message);
  for (const auto& fault : faults) std::cerr << "environment: " << fault << '\n';
  return faults.empty();
}

inline void apply(const environment& over, engine_settings& settings) {
  if (over.health_check_every)
    settings.health_check_every =
        std::chrono::duration_cast<std::chrono::milliseconds>(*over.health_check_every);
  settings.audit_dir = over.audit_dir.value_or(settings.audit_dir);
}

} // namespace busbar::apps
