#pragma once
// CAF as Busbar uses it: a shared work queue (frugal_sharing.hpp), one worker per core, no network.
// Both are checked at start-up: the default (work stealing) is quadratic on wide fan-out.

#include "domain/result.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>

#include <cstddef>
#include <memory>

namespace busbar::node {

class actor_runtime {
public:
  /// `threads` 0: one for each core.
  explicit actor_runtime(std::size_t threads);

  [[nodiscard]] caf::actor_system& system() { return system_; }
  /// errc::conflict when CAF does not run as configured (a stray caf-application.ini, say).
  [[nodiscard]] domain::result<void> check() const;

private:
  struct config : caf::actor_system_config {
    explicit config(std::size_t threads);
  };
  config config_;
  caf::actor_system system_;
};

} // namespace busbar::node
