#pragma once
// The simulated fleet as OCPP 1.6 stations: a WebSocket for each charge point to a central system,
// which knows nothing of the simulation. Drivers' wishes become Authorize and transactions, all
// that a charge point measures becomes messages, and it charges by charging profiles alone.

#include "adapters/ocpp/gateway/provision.hpp"
#include "apps/fleet/fleet.hpp"
#include "apps/fleet/station_access.hpp"
#include "domain/result.hpp"

#include <atomic>
#include <cstdint>
#include <memory>
#include <vector>

namespace busbar::apps {

struct ocpp_fleet_settings {
  fleet_settings fleet;
  station_access access;
  /// The stations that are simulated, by their identities.
  std::vector<adapters::ocpp::gateway::provision> stations;
};

struct ocpp_fleet_counters {
  std::atomic<std::uint64_t> connections{0};
  std::atomic<std::uint64_t> frames_received{0};
  std::atomic<std::uint64_t> frames_sent{0};
  std::atomic<std::uint64_t> begun{0};
  std::atomic<std::uint64_t> denied{0};
};

class ocpp_fleet {
public:
  ocpp_fleet();
  /// Stops.
  ~ocpp_fleet();
  ocpp_fleet(const ocpp_fleet&) = delete;
  ocpp_fleet& operator=(const ocpp_fleet&) = delete;

  /// errc::out_of_range: bad settings. A central system that is not there is waited for.
  /// REQUIRES: not running.
  [[nodiscard]] domain::result<void> start(std::shared_ptr<const domain::site> site,
                                           ocpp_fleet_settings settings);
  /// Closes all connections; under a second. Harmless when stopped.
  void stop();
  [[nodiscard]] const ocpp_fleet_counters& counters() const { return counters_; }

private:
  class loop;

  ocpp_fleet_counters counters_;
  std::unique_ptr<loop> loop_;
};

} // namespace busbar::apps
