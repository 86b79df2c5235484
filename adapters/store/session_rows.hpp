#pragma once
// Sessions as rows: one each. Facts may come twice and, after a replay, late: a row is the same
// whatever part of the log is read again.

#include "adapters/sqlite/sqlite.hpp"
#include "domain/session.hpp"
#include "ports/archive.hpp"

#include <chrono>
#include <cstddef>
#include <optional>
#include <vector>

namespace busbar::adapters::store {

/// A session that goes on is written at most this often.
inline constexpr std::chrono::seconds progress_every{30};

struct session_row {
  ports::archived_session session;
  bool is_settled = false;
};

/// The row after a fact of its session; nothing: the fact changes it in nothing. `before`: absent
/// for the first one. A denial has a row of its own. Pure.
[[nodiscard]] std::optional<session_row> merged(const std::optional<session_row>& before,
                                                const domain::session_fact& fact);

struct taken_fact {
  bool is_new = false;
  /// Set where the fact has ended its session, was denied, or has changed the bill: as it is now.
  std::optional<domain::session_fact> past;
};

[[nodiscard]] domain::result<taken_fact> take_fact(sqlite::database& store,
                                                   const domain::session_fact& fact);

[[nodiscard]] domain::result<ports::session_page> read_sessions(sqlite::database& store,
                                                                const ports::session_query& wanted);
/// Facts of those that are over, the newest last, at most `count`.
[[nodiscard]] domain::result<std::vector<domain::session_fact>>
past_sessions(sqlite::database& store, std::size_t count);

} // namespace busbar::adapters::store
