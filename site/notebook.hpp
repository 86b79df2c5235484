#pragma once
// What must survive the actor of a charge point, of the station and of each of its connectors.

#include "control/safety/breaker.hpp"
#include "control/smart_charging/profile_book.hpp"
#include "domain/ids.hpp"
#include "domain/time.hpp"
#include "site/session_notes.hpp"

#include <cstdint>
#include <memory>

namespace busbar::site {

/// What is remembered of one connector's conversation.
struct connector_notes {
  /// Number of the last command.
  domain::sequence number = 0;
  /// Null: none is open.
  std::unique_ptr<session_notes> session;
  /// Completed while its station did not answer: its bill waits for the register. Null: none does.
  std::unique_ptr<session_notes> unsettled;
  /// Set unavailable for not obeying.
  bool is_taken_out = false;
  /// Its newest commands were not answered, which has been said.
  bool is_unanswered = false;
};

struct reservation {
  domain::driver_id driver;
  domain::instant until{};
};

/// What is remembered of one station's conversation.
struct notebook {
  control::safety::breaker commands;
  std::uint64_t sessions_begun = 0;
  /// Pieces of work that were done, by every actor of the station.
  std::uint64_t pieces_done = 0;
  std::unique_ptr<reservation> reserved;
  /// Sum of what was last handed over to be kept (site/station_talk.hpp).
  std::uint64_t kept_as = 0;
  /// Made with the first order about charging profiles.
  std::unique_ptr<control::smart_charging::profile_book> profiles;
};

} // namespace busbar::site
