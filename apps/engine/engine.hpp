#pragma once
// A whole engine node over a log: actors, ingest thread, journal thread, pulse thread. What HTTP,
// `busbar demo`, `busbar engine` and the load test start and stop.

#include "actors/engine_port.hpp"
#include "actors/node_context.hpp"
#include "actors/site_context.hpp"
#include "adapters/logging/console.hpp"
#include "apps/engine/journal.hpp"
#include "apps/engine/log_outbox.hpp"
#include "domain/site.hpp"
#include "messages/log/event_log.hpp"
#include "site/step_recorder.hpp"

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace busbar::apps {

struct engine_settings {
  /// Of this engine node: member of the consumer group, and of its own journal's group.
  std::string name = "engine-1";
  /// Workers of the actor system; 0: one for each core.
  std::size_t threads = 0;
  std::int32_t partitions = 12;
  actors::site_settings site;
  actors::node_settings node;
  /// Batches on their way to bays above which telemetry partitions are paused; they are resumed at
  /// half of it. >= 1.
  std::int64_t in_flight_max = 50'000;
  /// Reads a site's file again, for `reload`; every fault in one message. Empty: sites are not from
  /// files.
  std::function<domain::result<std::shared_ptr<const domain::site>>(const domain::site_id&)>
      read_site;
  /// Between two runs of a health check that names no period. > 0.
  std::chrono::milliseconds health_check_every{30'000};
  /// Called once, on a thread of the engine, when `lost` has something to say.
  std::function<void()> on_lost;
  /// False where facts and events of this node need not be readable (load tests).
  bool with_journal = true;
  /// Where events become lines; null: nowhere.
  std::shared_ptr<adapters::logging::console> console;
  /// Whether simulated stations may be told to fail (`inject`). Off where real stations charge.
  bool allows_faults = false;
  /// Tests only, never in a release (actors/test_door.hpp): the actor of this name never returns
  /// from its next handler.
  std::string test_hang;
  /// Where a site's steps are recorded; empty: nowhere. Asked for each context of a site.
  std::function<std::shared_ptr<site::step_recorder>(const domain::site_id&)> recorder_of;
  /// Folder of the audit trail; empty: none is written. REQUIRES: audit_file::prepare.
  std::string audit_dir;
};

class engine : public actors::engine_port {
public:
  engine();
  ~engine() override;
  engine(const engine&) = delete;
  engine& operator=(const engine&) = delete;

  /// Ensures the topics, takes back what the changelog knows (epoch + 1), spawns everything and
  /// returns; sites tick within a second. REQUIRES: not running; ids of sites are distinct.
  domain::result<void> start(std::vector<std::shared_ptr<const domain::site>> sites,
                             std::shared_ptr<messages::event_log> log, engine_settings settings);
  /// Writes the sites' states, ends actors and threads, flushes; waits two seconds at most for
  /// actors to end. Harmless when stopped.
  void stop();
  /// After `stop`: actors whose handlers never returned. Where there are any, the process can only
  /// be ended, not left (apps/shutdown.hpp).
  [[nodiscard]] std::string left_behind() const;
  /// Why this node reads nothing any more, for good: another process runs under its name (OWN-1).
  [[nodiscard]] std::optional<domain::error> lost() const;

  [[nodiscard]] std::vector<domain::site_id> sites() const override;
  [[nodiscard]] std::shared_ptr<const domain::site_view>
  view(const domain::site_id& site) const override;
  [[nodiscard]] std::vector<actors::driver_view> drivers() const override;
  [[nodiscard]] std::vector<domain::breaker_view> node_breakers() const override;
  [[nodiscard]] std::vector<domain::watchdog_view> node_watchdogs() const override;
  [[nodiscard]] std::vector<domain::session_fact> past_sessions(std::size_t count) const override;
  [[nodiscard]] std::vector<actors::journal_entry> journal(std::uint64_t after,
                                                           std::size_t count) const override;
  [[nodiscard]] std::vector<actors::journal_entry>
  journal_before(std::uint64_t before, std::size_t count) const override;
  [[nodiscard]] std::uint64_t journal_whole_from() const override;
  [[nodiscard]] std::uint64_t journal_end() const override;
  domain::result<void> submit(const domain::driver_request& request) override;
  [[nodiscard]] bool allows_faults() const override;
  domain::result<void> inject(const actors::fault_request& fault) override;
  domain::result<void> ask_capability(const domain::site_id& site,
                                      const domain::station_id& station) override;
  [[nodiscard]] std::optional<domain::fallback_load>
  what_remains(const domain::site_id& site, const domain::node_constraint& order) const override;
  domain::result<void> order(const domain::site_id& site,
                             const domain::operator_order& order) override;
  [[nodiscard]] domain::result<domain::site_configuration>
  moves_of(const domain::site_id& site, const domain::tree_wish& wish) const override;
  domain::result<void> configure(const domain::site_id& site,
                                 const domain::site_configuration& change) override;
  domain::result<void> reload(const domain::site_id& site) override;
  [[nodiscard]] std::shared_ptr<const control::smart_charging::profile_book>
  profiles(const domain::site_id& site, domain::station_index station) const override;
  domain::result<void> manage(const actors::profile_request& request) override;
  domain::result<void> watch_health(domain::health_probe probe) override;
  [[nodiscard]] std::vector<actors::health_check> health() const override;
  [[nodiscard]] const actors::engine_counters& counters() const override;
  [[nodiscard]] messages::log_statistics log_statistics() const override;

private:
  class parts;
  std::shared_ptr<actors::engine_counters> counters_;
  [[nodiscard]] parts* running() const { return running_.load(std::memory_order_acquire); }
  std::unique_ptr<parts> parts_;
  /// Null until everything stands: the HTTP server may ask before.
  std::atomic<parts*> running_{nullptr};
};

} // namespace busbar::apps
