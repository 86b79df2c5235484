#pragma once
// The history of an engine node on a disk: sessions of any age, and events as long as they are
// kept. Thread-safe. Questions are answered later, on a thread of the archive; nothing waits for a
// disk.

#include "domain/event.hpp"
#include "domain/result.hpp"
#include "domain/session.hpp"
#include "domain/time.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace busbar::ports {

/// A session, or a request for one that was denied, as it was written last.
struct archived_session {
  /// Its place among all: larger for one that began later, and never another one's. Microseconds
  /// since 1970 of its begin, moved on by as much as makes it unlike all others.
  std::int64_t place = 0;
  /// Its newest fact: in_progress of one that was open, completed, or denied; `began_at` is absent
  /// where its begin was not read.
  domain::session_fact fact;
};

using site_list = std::vector<domain::site_id>;

/// Absent: all.
struct session_query {
  /// Which began at or after it, and before `to`.
  std::optional<domain::instant> from = {};
  std::optional<domain::instant> to = {};
  std::optional<std::string> site = {};
  std::optional<std::string> driver = {};
  std::optional<std::string> station = {};
  std::optional<std::string> connector = {};
  std::optional<std::string> session = {};
  /// in_progress, completed or denied.
  std::optional<domain::session_fact_kind> state = {};
  /// Only of these.
  std::optional<site_list> sites = {};
  /// With a smaller place.
  std::optional<std::int64_t> before = {};
  std::size_t limit = 100;
};

struct session_page {
  /// The newest first.
  std::vector<archived_session> sessions;
  /// All that the query names, on whichever page.
  std::uint64_t total = 0;
};

struct archived_event {
  /// Grows in the order in which they were read from the log.
  std::int64_t number = 0;
  domain::event event;
};

/// Absent: all.
struct event_query {
  std::optional<domain::instant> from = {};
  std::optional<domain::instant> to = {};
  std::optional<std::string> site = {};
  std::optional<std::string> kind = {};
  std::optional<domain::speaker> speaker = {};
  /// At least this severe.
  std::optional<domain::severity> level = {};
  /// A part of the subject or text, in any case of ASCII.
  std::optional<std::string> part = {};
  /// Only of these; with it no event that is of no site.
  std::optional<site_list> sites = {};
  /// With a larger number.
  std::optional<std::int64_t> after = {};
  std::size_t limit = 100;
};

enum class archive_state : std::uint8_t {
  /// The file is looked through; nothing is read or written yet.
  checking,
  kept,
  /// It cannot be written; what happens waits in the log.
  lost,
};
/// "checking", "kept", "lost".
[[nodiscard]] inline const char* name_of(archive_state state) {
  if (state == archive_state::checking) return "checking";
  return state == archive_state::kept ? "kept" : "lost";
}

struct archive_status {
  archive_state state = archive_state::checking;
  /// Of a lost one: why, and since when.
  std::string why;
  std::optional<domain::instant> lost_at;
  std::string path;
  std::int64_t schema = 0;
  std::uint64_t sessions = 0;
  std::uint64_t events = 0;
  /// Of the database and what is not merged into it yet.
  std::uint64_t bytes = 0;
  /// When the oldest session began, and the oldest event happened.
  std::optional<domain::instant> oldest_session;
  std::optional<domain::instant> oldest_event;
  /// Read from the log and not written yet.
  std::uint64_t waiting = 0;
  /// Records of the log that were not read yet, as far as the log states it.
  std::uint64_t lag = 0;
  /// Records that the log had lost before they were read.
  std::uint64_t missed = 0;
  std::optional<domain::instant> written_at;
};

class archive {
public:
  /// A page of 5,000, and the first of the next one.
  static constexpr std::size_t sessions_max = 5'001;
  static constexpr std::size_t events_max = 5'000;

  virtual ~archive() = default;
  /// `then` is called once, on any thread, maybe from within the call. errc::unavailable while it
  /// is lost or checked, errc::full where too many questions wait.
  virtual void sessions(const session_query& wanted,
                        std::function<void(domain::result<session_page>)> then) = 0;
  /// The oldest first.
  virtual void
  events(const event_query& wanted,
         std::function<void(domain::result<std::vector<archived_event>>)> then) = 0;
  [[nodiscard]] virtual archive_status status() const = 0;
};

} // namespace busbar::ports
