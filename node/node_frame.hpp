#pragma once
// What the parts of an engine node share. Made once, before any of them; outlives them.

#include "actors/node_context.hpp"
#include "domain/event.hpp"
#include "messages/dead_letters.hpp"
#include "node/engine_settings.hpp"
#include "node/log_outbox.hpp"
#include "node/site_directory.hpp"
#include "node/wall_clock.hpp"
#include "ports/event_log.hpp"
#include "ports/view_store.hpp"

#include <memory>
#include <mutex>

namespace busbar::node {

class owner_book;

struct node_frame {
  engine_settings settings;
  std::shared_ptr<ports::event_log> log;
  std::shared_ptr<ports::engine_counters> counters;
  std::shared_ptr<log_outbox> out;
  /// Whose commands count, and of which shards this node's do.
  std::shared_ptr<shard_register> shards;
  /// How far the sites' states have come in the topics of their records.
  std::shared_ptr<position_ledger> positions;
  std::shared_ptr<messages::dead_letters> refused;
  std::shared_ptr<ports::view_store> views = std::make_shared<ports::view_store>();
  std::shared_ptr<actors::route_table> routes = std::make_shared<actors::route_table>();
  std::shared_ptr<actors::node_context> context = std::make_shared<actors::node_context>();
  std::shared_ptr<site_directory> directory;
  /// Which node owns each shard, and where it answers.
  std::shared_ptr<owner_book> owners;
  /// Held while a site comes, goes or is revised: one at a time.
  std::mutex changing;
};

inline void publish_event(const node_frame& frame, const domain::event& event) {
  static_cast<void>(frame.out->send(event));
}

/// Counts a record that cannot be used, and keeps it with the dead letters.
void refuse(const node_frame& frame, const ports::record& record, const domain::error& why);

} // namespace busbar::node
