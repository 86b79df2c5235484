#pragma once
// What is remembered of one open session, or of one whose bill waits for the register.

#include "domain/ids.hpp"
#include "domain/site_state.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace busbar::site {

using session_pointer = std::shared_ptr<const domain::session_state>;

/// What is remembered of an open session's conversation.
struct session_notes {
  /// Never null.
  session_pointer state;
  /// The meter's register as last heard.
  std::int64_t register_now_wh = 0;
  /// Numbers of the start and stop commands that wait for an answer.
  std::optional<domain::sequence> start_waits;
  std::optional<domain::sequence> stop_waits;
  /// Why it stops, once it does.
  std::string stopping_because;
  /// Stops that the station has not answered.
  std::uint8_t stops_unanswered = 0;
  /// Stops that the station has refused, while it goes on.
  std::uint8_t stops_refused = 0;
  /// When it is stopped once more after a refusal.
  std::optional<domain::instant> stops_again_at;
  /// Its start and stop were sent in an epoch before, or were to be (KEEP-1).
  bool is_of_before = false;
};

/// Its state with what it waits for now, for those that keep a copy.
[[nodiscard]] inline session_pointer with_waits(const session_notes& open) {
  auto state = std::make_shared<domain::session_state>(*open.state);
  state->start_waits = open.start_waits;
  state->stop_waits = open.stop_waits;
  state->stopping_because = open.stopping_because;
  return state;
}

} // namespace busbar::site
