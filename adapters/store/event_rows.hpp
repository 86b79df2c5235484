#pragma once
// Events as rows, each once: by its time and a digest of what it says.

#include "adapters/sqlite/sqlite.hpp"
#include "domain/event.hpp"
#include "ports/archive.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace busbar::adapters::store {

/// False: it was there.
[[nodiscard]] domain::result<bool> take_event(sqlite::database& store, const domain::event& event);

[[nodiscard]] domain::result<std::vector<ports::archived_event>>
read_events(sqlite::database& store, const ports::event_query& wanted);

/// Removes the oldest of those that happened before `end`, at most `count`; how many those were.
[[nodiscard]] domain::result<std::uint64_t> forget_events(sqlite::database& store,
                                                          domain::instant end, std::size_t count);

/// The same for all programs and times: FNV-1a over site, speaker, kind, subject and text.
[[nodiscard]] std::int64_t digest_of(const domain::event& event);

} // namespace busbar::adapters::store
