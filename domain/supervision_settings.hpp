#pragma once
// What an operator may set about the supervision of a site's actors: of all, of a kind ("station"),
// of one ("station:CP-001"). docs/site-files.md holds names, defaults and ranges.

#include "domain/time.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace busbar::domain {

/// What is done about an actor that stalls.
enum class watchdog_action : std::uint8_t {
  unspecified = 0,
  /// It is restarted alone with its state.
  restart,
  /// A station's is restarted only once what it commands has fallen back; for a feeder, panel,
  /// transformer or service the site goes to its safe mode.
  fall_back,
  /// It is said, and nothing is done.
  event,
};
[[nodiscard]] const char* name_of(watchdog_action action);

/// What one table states. Absent: as the wider one says, at last as the engine does.
struct supervision_terms {
  /// Failed calls in the window (twice as many calls) that open the breaker. 1..16.
  std::optional<std::uint8_t> failure_threshold;
  /// Good calls in half-open that close it. 1..32.
  std::optional<std::uint8_t> success_threshold;
  /// Time in open before a probe. > 0.
  std::optional<microseconds> reset_timeout;
  /// A station's command, or a driver's request, that is not answered within it has failed. > 0.
  std::optional<microseconds> call_timeout;
  /// How often a station's command is sent again before its lease's renewal; each after twice the
  /// time of the one before, the first after `retry_after`. 0..10; > 0.
  std::optional<std::uint8_t> retries;
  std::optional<microseconds> retry_after;
  /// Silence after which the actor stalls. > 1 s.
  std::optional<microseconds> watchdog;
  std::optional<watchdog_action> action;
  bool operator==(const supervision_terms&) const = default;
};

struct supervision_settings {
  supervision_terms all;
  /// By "station", "feeder", "panel", "transformer", "service", "site"; of the engine node's own
  /// actors by "driver", "protocol", "engine".
  std::map<std::string, supervision_terms> by_kind;
  /// By "station:CP-001".
  std::map<std::string, supervision_terms> by_actor;

  [[nodiscard]] bool is_empty() const { return *this == supervision_settings{}; }
  /// What holds for `actor`: each member of the narrowest table that states it.
  [[nodiscard]] supervision_terms of(const std::string& actor) const;
  bool operator==(const supervision_settings&) const = default;
};

} // namespace busbar::domain
