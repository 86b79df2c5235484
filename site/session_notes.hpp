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
};

} // namespace busbar::site
