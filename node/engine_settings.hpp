#pragma once
// What a running engine node goes by, as its command line and its surroundings state it.

#include "actors/node_context.hpp"
#include "actors/site_context.hpp"
#include "domain/health_probe.hpp"
#include "domain/result.hpp"
#include "domain/site.hpp"
#include "node/event_sinks.hpp"
#include "ports/history.hpp"
#include "site/step_recorder.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace busbar::node {

class owner_book;

struct engine_settings {
  /// Of this engine node: member of the consumer group, and of its own journal's group.
  std::string name = "engine-1";
  /// Where its API answers other nodes, "host:port"; empty: nowhere.
  std::string address;
  /// Filled by the engine; null: by one of its own.
  std::shared_ptr<owner_book> owners;
  /// Workers of the actor system; 0: one for each core.
  std::size_t threads = 0;
  /// Partitions of each topic where they are made (node/shard_count.hpp); absent: as they are.
  std::optional<std::int32_t> shards;
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
  /// Called at each pulse, 100 times a second, on the thread that pulses: must not block.
  std::function<void()> on_pulse;
  /// Where a site's steps are recorded; empty: nowhere. Asked for each context of a site.
  std::function<std::shared_ptr<site::step_recorder>(const domain::site_id&)> recorder_of;
  /// Where events and session facts are kept for readers; null: in a ring in memory.
  std::shared_ptr<ports::history_store> history;
  /// False where facts and events of this node need not be readable (load tests).
  bool with_journal = true;
  event_sinks sinks;
  /// Registered as `watch_health` does, before anything runs.
  std::vector<domain::health_probe> probes;
  /// Whether simulated stations may be told to fail (`inject`). Off where real stations charge.
  bool allows_faults = false;
  /// Tests only, never in a release (actors/test_door.hpp): the actor of this name never returns
  /// from its next handler.
  std::string test_hang;
};

} // namespace busbar::node
