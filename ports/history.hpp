#pragma once
// What has happened: events, session facts, sessions that are over. Thread-safe, answers at once.

#include "domain/event.hpp"
#include "domain/session.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace busbar::ports {

/// One entry of the journal: an event or a session fact; `Last-Event-ID` names its number. Each has
/// the number after the one before; what is thinned out leaves its number behind.
struct journal_entry {
  std::uint64_t number = 0;
  domain::event event;
  /// Set where the entry is a session fact.
  std::optional<domain::session_fact> fact;
};

class history {
public:
  virtual ~history() = default;

  /// Facts of sessions that have ended or were denied, newest first, at most `count`.
  [[nodiscard]] virtual std::vector<domain::session_fact>
  past_sessions(std::size_t count) const = 0;
  /// Entries with a number above `after`, oldest first, at most `count`; the journal keeps a
  /// bounded number of each severity, so that warnings outlive any number of notes.
  [[nodiscard]] virtual std::vector<journal_entry> journal(std::uint64_t after,
                                                           std::size_t count) const = 0;
  /// Entries with a number below `before`, newest first, at most `count`.
  [[nodiscard]] virtual std::vector<journal_entry> journal_before(std::uint64_t before,
                                                                  std::size_t count) const = 0;
  /// From this number on every entry is there, except that facts of progress (each replaces the one
  /// before) are kept for a short time.
  [[nodiscard]] virtual std::uint64_t journal_whole_from() const = 0;
  /// The number of the newest entry.
  [[nodiscard]] virtual std::uint64_t journal_end() const = 0;
};

/// What keeps it: first of all a bounded ring in memory.
class history_store : public history {
public:
  virtual void add(domain::event event) = 0;
  virtual void add(domain::session_fact fact) = 0;
};

} // namespace busbar::ports
