#pragma once
// Everything in one process: embedded log, engine node, simulated fleet, HTTP server with the page.

#include "apps/console_options.hpp"
#include "apps/environment.hpp"
#include "apps/fleet/fleet.hpp"
#include "apps/fleet/fleet_options.hpp"
#include "apps/gateway/ocpp_host.hpp"
#include "apps/history/history_host.hpp"
#include "apps/recorder/record_options.hpp"
#include "apps/web/web_options.hpp"
#include "apps/web/web_server.hpp"
#include "domain/result.hpp"
#include "node/engine.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace busbar::apps {

struct demo_options {
  web_options web;
  /// A site file (empty: the shipped one), its vehicles, and the random seed. Where nothing
  /// states vehicles, the preset "autonomous" does.
  fleet_options fleet;
  /// Where events become lines; null: nowhere.
  std::shared_ptr<adapters::logging::console> console;
  /// Of what the command itself writes to standard error.
  adapters::logging::line_format form = adapters::logging::line_format::text;
  /// Beside the site: `fleet` reads it for that itself.
  environment surroundings;
  record_options record;
  /// Where real stations connect.
  ocpp_place ocpp;
  history_options history;
};

class demo {
public:
  /// Starts it all. The error says which part failed. REQUIRES: not running; `prepared` has no
  /// faults.
  domain::result<void> start(prepared_fleet prepared, const demo_options& options);
  /// Real stations come to `options.ocpp`: those of the site that state `ocpp`, or all of them
  /// where none does. They are not simulated. False, and the fault on standard error: bad input.
  [[nodiscard]] bool admit_stations(prepared_fleet& prepared, const demo_options& options);
  /// The page first, then the fleet, then the engine; under two seconds. Harmless when stopped.
  void stop();
  /// Where the page is.
  [[nodiscard]] std::string address() const { return page_->address(); }
  [[nodiscard]] std::uint16_t port() const { return page_->port(); }
  [[nodiscard]] node::engine& node() { return node_; }
  [[nodiscard]] const fleet_counters& fleet_counts() const { return fleet_.counters(); }

private:
  [[nodiscard]] domain::health_probe fleet_probe() const;
  [[nodiscard]] domain::result<void> start_fleet(const prepared_fleet& prepared,
                                                 const std::shared_ptr<ports::event_log>& log);

  node::engine node_;
  fleet fleet_;
  ocpp_host stations_;
  history_host history_;
  std::unique_ptr<web_server> page_;
};

/// The site of `options` and how it is simulated, or every fault.
[[nodiscard]] prepared_fleet prepare_demo(const demo_options& options);

} // namespace busbar::apps
