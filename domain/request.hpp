#pragma once
// What a driver asks for: topic busbar.requests.v1.

#include "domain/ids.hpp"
#include "domain/time.hpp"
#include "domain/units.hpp"

#include <cstdint>
#include <optional>
#include <string>

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

/// A transaction as its station reports it. Its clock is the station's, which is not trusted
/// further than a bill needs it.
struct reported_transaction {
  instant began_at{};
  std::int64_t register_start_wh = 0;
  /// Both where it has ended as well: there is nothing left to command, and a session to bill.
  std::optional<instant> ended_at;
  std::optional<std::int64_t> register_stop_wh;
  bool operator==(const reported_transaction&) const = default;
};

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
  /// For start: it has begun already. Whether it may is no question any more (OCPP-7). For stop: it
  /// has ended with that register, and nothing is left to command.
  std::optional<reported_transaction> reported = {};
  /// For stop: why the session ends, at most 64 bytes; empty: its driver wants it.
  std::string why = {};
  /// For stop with a report and without `session`: the request that has begun the session.
  request_id begun_by = {};
  bool operator==(const driver_request&) const = default;
};

} // namespace busbar::domain
