#pragma once
// A health check that a part of the house registers with the engine node: what is asked, how often,
// and whether the node is of no use while it fails. The engine asks on a thread of the check's own;
// what it found last is shown at /health.

#include "domain/time.hpp"

#include <chrono>
#include <functional>
#include <optional>
#include <string>

namespace busbar::domain {

struct health_verdict {
  bool is_passing = false;
  /// What was found, for people.
  std::string message;
};

struct health_probe {
  /// Unique in its engine node: "log", "http".
  std::string name;
  /// While a critical one fails the node is not ready.
  bool is_critical = false;
  /// From the end of one check to the begin of the next; absent: the engine's own period
  /// (HEALTH_CHECK_INTERVAL). > 0.
  std::optional<std::chrono::milliseconds> every;
  /// A check that takes longer has failed, whatever it says in the end. > 0.
  std::chrono::milliseconds patience{5'000};
  /// May block. Owns what it needs: a check that hangs may outlive the engine.
  std::function<health_verdict()> ask;
};

} // namespace busbar::domain
