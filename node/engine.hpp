#pragma once
// A whole engine node over a log: its parts (engine_parts.hpp) behind the port that HTTP and
// metrics use. What `busbar demo`, `busbar engine` and the load test start and stop.

#include "node/engine_settings.hpp"
#include "ports/engine_node.hpp"
#include "ports/event_log.hpp"

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace busbar::node {

class engine : public ports::engine_node {
public:
  engine();
  ~engine() override;

  /// Ensures the topics, joins the group of engine nodes and spawns everything. Of `files` it holds
  /// those whose partitions the group gives it, each from its checkpoint (epoch + 1); they tick
  /// within a second. REQUIRES: not running; ids of sites are distinct.
  domain::result<void> start(std::vector<std::shared_ptr<const domain::site>> files,
                             std::shared_ptr<ports::event_log> log, engine_settings settings);
  /// Writes the sites' states, ends actors and threads, flushes, and hands the sites over to the
  /// group's other nodes; waits two seconds at most for actors to end, one for the log and two for
  /// the group. Harmless when stopped.
  void stop();
  /// After `stop`: actors whose handlers never returned. Where there are any, the process can only
  /// be ended, not left (apps/shutdown.hpp).
  [[nodiscard]] std::string left_behind() const;
  /// Why this node reads nothing any more, for good: another process runs under its name (OWN-1).
  [[nodiscard]] std::optional<domain::error> lost() const;

  [[nodiscard]] std::vector<domain::site_id> site_ids() const override;
  [[nodiscard]] ports::site_place place_of(const domain::site_id& site) const override;
  [[nodiscard]] std::shared_ptr<const domain::site_view>
  view(const domain::site_id& site) const override;
  [[nodiscard]] std::optional<domain::station_index>
  find_station(const domain::site_id& site, const domain::station_id& station) const override;
  [[nodiscard]] std::vector<ports::driver_view> drivers() const override;
  [[nodiscard]] std::vector<domain::breaker_view> node_breakers() const override;
  [[nodiscard]] std::vector<domain::watchdog_view> node_watchdogs() const override;
  [[nodiscard]] std::vector<domain::session_fact> past_sessions(std::size_t count) const override;
  [[nodiscard]] std::vector<ports::journal_entry> journal(std::uint64_t after,
                                                           std::size_t count) const override;
  [[nodiscard]] std::vector<ports::journal_entry>
  journal_before(std::uint64_t before, std::size_t count) const override;
  [[nodiscard]] std::uint64_t journal_whole_from() const override;
  [[nodiscard]] std::uint64_t journal_end() const override;
  void submit(const domain::driver_request& request, ports::kept_listener then) override;
  [[nodiscard]] bool allows_faults() const override;
  domain::result<void> inject(const ports::fault_request& fault) override;
  domain::result<void> ask_capability(const domain::site_id& site,
                                      const domain::station_id& station) override;
  void order(ports::order_request request, ports::order_listener answer) override;
  [[nodiscard]] domain::result<domain::site_configuration>
  moves_of(const domain::site_id& site, const domain::tree_wish& wish) const override;
  domain::result<void> configure(const domain::site_id& site,
                                 const domain::site_configuration& change,
                                 const ports::caller& by,
                                 ports::kept_listener then = {}) override;
  domain::result<void> reload(const domain::site_id& site,
                              ports::kept_listener then = {}) override;
  [[nodiscard]] std::shared_ptr<const control::smart_charging::profile_book>
  profiles(const domain::site_id& site, const domain::station_id& station) const override;
  domain::result<void> manage(const ports::profile_request& request) override;
  domain::result<void> watch_health(domain::health_probe probe) override;
  [[nodiscard]] std::vector<ports::health_check> health_checks() const override;
  [[nodiscard]] const ports::engine_counters& counters() const override;
  [[nodiscard]] ports::log_statistics log_statistics() const override;

private:
  class parts;
  std::shared_ptr<ports::engine_counters> counters_;
  std::unique_ptr<parts> parts_;
  /// Null until everything stands: the HTTP server may ask before.
  std::atomic<parts*> running_{nullptr};
};

} // namespace busbar::node
