#pragma once
// What the environment says to an engine beside its sites, and how its faults are told.

#include "apps/audit_file.hpp"
#include "apps/environment.hpp"
#include "apps/process_lines.hpp"
#include "node/engine.hpp"

#include <memory>

namespace busbar::apps {

/// False, and every fault on standard error.
[[nodiscard]] inline bool are_right(const read_environment_result& surroundings) {
  auto faults = surroundings.faults;
  if (const auto& folder = surroundings.read.audit_dir)
    if (const auto made = audit_file::prepare(*folder); !made)
      faults.push_back(made.failure().message);
  for (const auto& fault : faults)
    print_line(domain::severity::critical, "bad_input", "environment: " + fault);
  return faults.empty();
}

inline void apply(const environment& over, node::engine_settings& settings) {
  if (over.health_check_every)
    settings.health_check_every =
        std::chrono::duration_cast<std::chrono::milliseconds>(*over.health_check_every);
  if (!over.audit_dir) return;
  const auto trail = std::make_shared<audit_file>(*over.audit_dir);
  settings.sinks.audit = [trail](const auto& event) { static_cast<void>(trail->add(event)); };
  settings.probes.push_back(audit_file::health_probe(*over.audit_dir));
}

} // namespace busbar::apps
