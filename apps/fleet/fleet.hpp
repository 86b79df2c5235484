#pragma once
// The simulated fleet on a log: one world per site behind one gateway (node/gateway_loop.hpp).

#include "apps/fleet/fleet_audit.hpp"
#include "domain/result.hpp"
#include "domain/site.hpp"
#include "node/gateway_loop.hpp"
#include "ports/event_log.hpp"
#include "simulator/settings.hpp"

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace busbar::apps {

/// A site and how its world behaves.
struct simulated_site {
  std::shared_ptr<const domain::site> site;
  simulator::world_settings world;
  std::uint64_t seed = 1;
};

struct fleet_settings {
  simulator::world_settings world;
  std::uint64_t seed = 1;
  /// Each world is under its auditor.
  bool is_audited = false;
  /// 10 ms..1 s.
  domain::microseconds step_every{std::chrono::milliseconds{100}};
  /// Consumer group. A process that simulates other sites of the same log has another name, because
  /// each group reads all commands.
  std::string group = "busbar-fleet";
  /// As node/engine_settings.hpp.
  std::optional<std::int32_t> shards;
  /// Takes commands that are older than this fleet, too: where the log began with this process.
  bool from_beginning = false;
  /// Called once, on the fleet's thread, when `lost` has something to say.
  std::function<void()> on_lost;
  /// Reads a site's file again, when its engine has another tree than the one simulated here; at
  /// most every five seconds. Empty: the file does not change.
  std::function<domain::result<std::shared_ptr<const domain::site>>(const domain::site_id&)>
      read_site;
};

/// Beside what every gateway counts.
struct fleet_counters : node::gateway_counters {
  std::atomic<std::uint64_t> readings{0};
  std::atomic<std::uint64_t> commands{0};
  std::atomic<std::uint64_t> requests{0};
  /// Times that a site went on with a changed tree.
  std::atomic<std::uint64_t> followed{0};
};

class fleet {
public:
  fleet();
  ~fleet();
  fleet(const fleet&) = delete;
  fleet& operator=(const fleet&) = delete;

  /// Ensures the topics, subscribes (5 s at most), and starts the thread.
  /// errc::out_of_range: bad settings; else what the log says. REQUIRES: not running.
  domain::result<void> start(std::vector<simulated_site> sites,
                             std::shared_ptr<ports::event_log> log, fleet_settings settings);
  /// The same with the settings' world at every site. Its drivers and arrivals live on the first
  /// site; the seed differs from site to site.
  domain::result<void> start(std::vector<std::shared_ptr<const domain::site>> sites,
                             std::shared_ptr<ports::event_log> log, fleet_settings settings);
  /// Ends the thread within a step and flushes for at most half a second. Harmless when stopped.
  void stop();
  [[nodiscard]] const fleet_counters& counters() const { return counters_; }
  /// Why this fleet hears nothing any more, for good: another process runs under its group's name.
  /// Complete after `stop`.
  [[nodiscard]] const std::optional<domain::error>& lost() const { return lost_; }
  /// Of each audited site, in the order of ids. REQUIRES: stopped.
  [[nodiscard]] std::vector<site_verdict> verdicts() const;

private:
  class worlds;

  fleet_counters counters_;
  std::optional<domain::error> lost_;
  std::unique_ptr<worlds> worlds_;
  std::unique_ptr<node::gateway_loop> loop_;
};

} // namespace busbar::apps
