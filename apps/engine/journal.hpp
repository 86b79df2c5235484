#pragma once
// The newest events and session facts of the log, numbered, in a bounded ring. Written by the
// journal's thread, read by HTTP. Thread-safe.

#include "actors/engine_port.hpp"
#include "messages/log/event_log.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <vector>

namespace busbar::apps {

class journal {
public:
  static constexpr std::size_t entries_max = 20'000;
  static constexpr std::size_t past_sessions_max = 10'000;

  void add(domain::event event);
  void add(domain::session_fact fact);

  [[nodiscard]] std::vector<actors::journal_entry> entries(std::uint64_t after,
                                                           std::size_t count) const;
  [[nodiscard]] std::uint64_t end() const;
  /// Completed and denied, newest first.
  [[nodiscard]] std::vector<domain::session_fact> past_sessions(std::size_t count) const;

private:
  void append(actors::journal_entry entry);

  mutable std::mutex guard_;
  std::deque<actors::journal_entry> entries_;
  void settle(const domain::session_fact& fact);

  std::deque<domain::session_fact> past_;
  std::uint64_t end_ = 0;
};

/// A fact as an event for people: "Alice is charging at CP-003: 11.0 kW".
[[nodiscard]] domain::event event_of(const domain::session_fact& fact);

} // namespace busbar::apps
