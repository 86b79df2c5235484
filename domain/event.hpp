#pragma once
// Something happened that people or audits may ask about: topic busbar.events.v1.

#include "domain/cause.hpp"
#include "domain/ids.hpp"
#include "domain/time.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace busbar::domain {

enum class severity : std::uint8_t { unspecified = 0, info, warning, critical };
[[nodiscard]] const char* name_of(severity how);

/// Who speaks in the structured log.
enum class speaker : std::uint8_t { unspecified = 0, central, charge_point, monitor, driver, log };
/// "central", "cp", "monitor", "driver", "log".
[[nodiscard]] const char* name_of(speaker who);
[[nodiscard]] std::optional<speaker> speaker_from(const std::string& name);

/// Something happened that people or audits may ask about. Made by the catalogue (domain/events/)
/// alone, or read from the log.
struct event {
  site_id site;
  instant at{};
  domain::speaker speaker = domain::speaker::unspecified;
  severity level = severity::info;
  /// A stable kind: "breaker_opened", "watchdog_restart", "fault", "violation_raised"...
  std::string kind;
  /// The thing it is about: a node, station, driver or topic name.
  std::string subject;
  /// For people.
  std::string text;
  cause caused_by{};
  bool operator==(const event&) const = default;
};

} // namespace busbar::domain
