#pragma once
// What a driver asks for: topic busbar.requests.v1.

#include "domain/ids.hpp"
#include "domain/time.hpp"
#include "domain/units.hpp"

#include <cstdint>
#include <optional>

namespace busbar::domain {

enum class request_kind : std::uint8_t {
  unspecified = 0,
  start,
  stop,
  reserve,
  /// What an open session wants is `energy_wanted` and `departs_at` from now on, both of them.
  change,
};
[[nodiscard]] const char* name_of(request_kind kind);

/// What a change of an open session may state at most: energy, and how far ahead its departure is.
inline constexpr watt_hours energy_wanted_max{1'000'000};
inline constexpr seconds departure_ahead_max{366 * 86'400};

/// A driver asks for something.
struct driver_request {
  request_id id;
  site_id site;
  driver_id driver;
  request_kind kind = request_kind::unspecified;
  station_id station;
  /// Empty for start: the engine names the session.
  session_id session;
  instant asked_at{};
  /// Absent: until the driver stops.
  std::optional<watt_hours> energy_wanted;
  std::optional<instant> departs_at;
  /// For start: of `station`, that one alone. Empty: whichever is free.
  connector_id connector;
  bool operator==(const driver_request&) const = default;
};

} // namespace busbar::domain
