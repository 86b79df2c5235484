#pragma once
// What the engine node, its drivers and its protocol drivers share.

#include "actors/node_book.hpp"
#include "actors/node_terms.hpp"
#include "actors/outbox.hpp"
#include "actors/route_table.hpp"
#include "actors/supervision_desk.hpp"
#include "actors/waiting_replacements.hpp"
#include "control/safety/restart_budget.hpp"
#include "ports/engine_counters.hpp"
#include "ports/view_store.hpp"

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace busbar::actors {

struct node_settings {
  /// Of this engine node.
  std::string name = "engine-1";
  /// What comes over the following, of "driver:Alice", "protocol:log" and "engine:engine-1".
  domain::supervision_settings supervision;
  driver_settings driver;
  /// Of the sites.
  control::safety::restart_settings restarts;
  /// A site that has not done its tick for this long is restarted.
  domain::microseconds site_silence_max = std::chrono::seconds{5};
  /// A driver or protocol driver that leaves a message unhandled for this long is restarted.
  domain::microseconds child_silence_max = std::chrono::seconds{5};
  /// An actor that was told to end and has not ended after this has a handler that never returns.
  domain::microseconds ends_within = std::chrono::seconds{10};
  /// Connections that are watched by a protocol driver each.
  std::vector<std::string> protocols{"log"};
  control::safety::breaker_settings connection_breaker;
  /// A connection that says nothing for this long is overdue.
  domain::microseconds connection_silence_max = std::chrono::seconds{5};
};

struct node_context {
  node_settings settings;
  std::shared_ptr<outbox> out;
  std::shared_ptr<ports::view_store> views;
  std::shared_ptr<route_table> routes;
  std::shared_ptr<ports::engine_counters> counters;
  std::shared_ptr<supervision_desk> supervision = std::make_shared<supervision_desk>();
  /// Measures how long answers take; decides nothing. Empty in tests.
  std::function<domain::instant()> clock;
  /// Lent to the engine node.
  lendable<node_book> book;
  /// Sites that are to go on under another context.
  waiting_replacements replacements;
  /// Sites that come to this node: their states are restored, no actor of them runs.
  waiting_replacements arrivals;
  /// Sites that are to leave it.
  waiting_replacements departures;
  /// Sites that have left it: no actor of them runs any more.
  waiting_replacements departed;
  /// Restarts of the engine node itself.
  std::atomic<std::uint32_t> restarts{0};
  /// The pulse thread sends no more than a second ahead of this.
  std::atomic<std::uint64_t> pulses_handled{0};
};

} // namespace busbar::actors
