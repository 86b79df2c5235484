#pragma once
// What a feeder's table of connectors noticed that a station must act on.

#include "domain/command_result.hpp"
#include "domain/escalation.hpp"
#include "domain/ids.hpp"
#include "domain/maybe.hpp"
#include "domain/time.hpp"
#include "domain/units.hpp"

#include <cstdint>
#include <string>

namespace busbar::site {

enum class notice_kind : std::uint8_t {
  unspecified = 0,
  /// `answer` came, `took` after the command.
  answered,
  /// no answer in time to command `number`
  overdue,
  /// the second has passed with a session open
  progress,
  energy_reached,
  /// the station of a session whose bill waits for the register is heard again
  heard_again,
  faulted,
  unplugged,
  /// it acknowledged and keeps drawing: `step` is due (none: it obeys again)
  disobeys,
  /// its readings come again after a silence in which its circuit breaker has opened
  reports_again,
};

/// What a feeder's bay noticed that a station must act on.
struct station_notice {
  domain::station_index station;
  domain::connector_index connector;
  notice_kind kind = notice_kind::unspecified;
  domain::instant now{};
  /// Of the connector's newest reading.
  domain::instant measured_at{};
  domain::outcome answer = domain::outcome::unspecified;
  domain::sequence number = 0;
  std::string why;
  domain::microseconds took{};
  std::int64_t register_wh = 0;
  /// answered: the register that the answer tells.
  domain::maybe<domain::watt_hours> register_at;
  domain::watts power{};
  domain::escalation step = domain::escalation::none;
  domain::milliamperes told{};
  /// Negative: out of the vehicle.
  domain::milliamperes drawn{};
  /// What it was told flows out of the vehicle.
  bool is_export = false;
  /// answered: its command was sent in an epoch before.
  bool is_of_before = false;
};

} // namespace busbar::site
