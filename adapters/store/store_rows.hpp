#pragma once
// What of the store is neither a session nor an event: its id, and how far it includes the log.

#include "adapters/sqlite/sqlite.hpp"
#include "adapters/store/log_item.hpp"
#include "domain/result.hpp"
#include "ports/archive.hpp"

#include <functional>
#include <span>
#include <string>
#include <vector>

namespace busbar::adapters::store {

/// Made with the database, and anew for each copy of it: a group of consumers of its own.
[[nodiscard]] domain::result<std::string> id_of(sqlite::database& store);
[[nodiscard]] domain::result<void> make_new_id(sqlite::database& store);

[[nodiscard]] domain::result<log_places> read_places(sqlite::database& store);

struct written_batch {
  std::uint64_t new_sessions = 0;
  std::uint64_t new_events = 0;
  /// Sessions that are over, as they are now.
  std::vector<domain::session_fact> past;
  log_places places;
};

/// Rows and places, all in one transaction. Events before `oldest` are left out.
[[nodiscard]] domain::result<written_batch>
write_items(sqlite::database& store, std::span<const log_item> items, domain::instant oldest);

/// Events before it are not kept: `days` before now, or before the newest event that is stored or
/// comes with `items` where that is older. A clock that has jumped ahead makes none of them old.
[[nodiscard]] domain::result<domain::instant> oldest_kept(sqlite::database& store,
                                                          std::span<const log_item> items,
                                                          domain::instant now,
                                                          std::int64_t days);
/// A row of no meaning: the store can be written to.
[[nodiscard]] domain::result<void> write_mark(sqlite::database& store);

/// Counts rows, and finds the oldest: fills those members of `into`.
[[nodiscard]] domain::result<void> read_counts(sqlite::database& store,
                                               ports::archive_status& into);
[[nodiscard]] domain::result<void> read_oldest(sqlite::database& store,
                                               ports::archive_status& into);

} // namespace busbar::adapters::store
