#pragma once
// What a node counts. Thread-safe, answers at once.

#include "ports/engine_counters.hpp"
#include "ports/event_log.hpp"

namespace busbar::ports {

class metrics {
public:
  virtual ~metrics() = default;

  /// What the node counts about itself; lives as long as the engine.
  [[nodiscard]] virtual const engine_counters& counters() const = 0;
  /// What the log's adapter reports of its producers and consumers.
  [[nodiscard]] virtual ports::log_statistics log_statistics() const = 0;
};

} // namespace busbar::ports
