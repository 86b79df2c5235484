#pragma once
// One row of a connector table: all that a feeder keeps of one connector.

#include "domain/reason.hpp"
#include "site/command_deadlines.hpp"
#include "site/connector_observation.hpp"
#include "site/grant_ledger.hpp"
#include "site/session_watch.hpp"
#include "site/vehicle_observation.hpp"

namespace busbar::site {

struct connector_row {
  connector_observation observed;
  vehicle_observation vehicle;
  /// What it was told, and what of it its station may still hold.
  grant_ledger ledger;
  command_deadlines commands;
  session_watch session;
  /// Of its newest order.
  domain::reason because;
};

// docs/performance.md states what a station takes: a new member is paid 100,000 times.
static_assert(sizeof(connector_row) <= 472);

} // namespace busbar::site
