#pragma once
// Whether a node works: registered checks and what they found. Thread-safe, answers at once.

#include "domain/health_probe.hpp"
#include "domain/result.hpp"
#include "domain/time.hpp"

#include <string>
#include <vector>

namespace busbar::ports {

/// One registered health check (as in Kubernetes usage).
struct health_check {
  std::string name;
  bool is_critical = false;
  bool is_passing = false;
  std::string message;
  domain::microseconds took{};
};

class health {
public:
  virtual ~health() = default;

  /// Registers a check that /health shows from now on; asked on a thread of its own until the
  /// engine stops. errc::duplicate for a name that is there, errc::out_of_range, errc::too_large,
  /// errc::unavailable.
  virtual domain::result<void> watch_health(domain::health_probe probe) = 0;
  /// What every registered check found last, and what the engine sees of itself. Asks nothing.
  [[nodiscard]] virtual std::vector<health_check> health_checks() const = 0;
};

} // namespace busbar::ports
