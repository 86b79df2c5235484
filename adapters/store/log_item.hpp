#pragma once
// One record of the log on its way into the store.

#include "domain/event.hpp"
#include "domain/session.hpp"
#include "domain/shard_records.hpp"
#include "domain/time.hpp"
#include "ports/event_log.hpp"

#include <cstdint>
#include <map>
#include <variant>

namespace busbar::adapters::store {

/// How far the rows of the store include a partition of the log.
struct log_place {
  /// The offset of the next record.
  std::int64_t next = 0;
  /// When the record before it was written.
  domain::instant written_at{};
  /// Of the facts: the newest fence so far.
  domain::epoch fence = 0;
};

using log_places = std::map<ports::partition_id, log_place>;

struct log_item {
  ports::partition_id at;
  /// Once the item is included.
  log_place then;
  /// Nothing: the record changes no row.
  std::variant<std::monostate, domain::event, domain::session_fact> what;
};

} // namespace busbar::adapters::store
