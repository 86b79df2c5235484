#pragma once
// What a feeder gives a station to do, and what the station answers.

#include "control/safety/breaker.hpp"
#include "domain/command.hpp"
#include "domain/ids.hpp"
#include "domain/request.hpp"
#include "domain/simulated_fault.hpp"
#include "domain/time.hpp"
#include "site/conversation.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace busbar::site {

/// Its orders on a tick. `routine`: grants that it has accepted in good time since it was told
/// anything.
struct station_orders {
  std::uint64_t tick = 0;
  std::uint8_t routine = 0;
  std::vector<station_order> orders;
};
/// What its bay noticed.
struct station_notices {
  std::uint8_t routine = 0;
  std::vector<station_notice> notices;
};

/// A station to its feeder: what came of orders (`tick` != 0), a notice or a request.
struct station_outcome {
  domain::station_index station;
  std::uint64_t tick = 0;
  domain::instant now{};
  /// Connectors that were ordered something for which no command was made.
  std::vector<domain::connector_index> not_issued;
  std::vector<domain::command> commands;
  std::vector<session_change> sessions;
  std::optional<control::safety::breaker> breaker;
  /// The memory of its profile store where that changed.
  std::shared_ptr<const std::vector<std::uint8_t>> profiles;
  /// What its conversation remembers, where that changed (site/station_talk.hpp).
  std::vector<std::uint8_t> talk = {};
  /// With `talk`: whom the station is kept for; absent: nobody.
  std::optional<domain::reservation_state> reserved = {};
};

/// A driver's request, with what the bay knows of the station.
struct station_request {
  domain::driver_request request;
  domain::instant received_at{};
  station_facts facts;
};

/// A command that no plan and no session asks for: report, or a fault of a simulated station.
struct direct_order {
  domain::station_index station;
  /// report, simulate_fault.
  domain::command_kind kind = domain::command_kind::unspecified;
  domain::fault_kind fault = domain::fault_kind::unspecified;
  domain::instant now{};
};

} // namespace busbar::site
