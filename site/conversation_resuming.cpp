// A session's start and stop over epochs: what the session states of them, and what an epoch before
// owed it (KEEP-1).
#include "site/conversation.hpp"

#include <algorithm>
#include <utility>

namespace busbar::site {

session_pointer with_waits(const session_notes& open) {
  auto state = std::make_shared<domain::session_state>(*open.state);
  state->start_waits = open.start_waits;
  state->stop_waits = open.stop_waits;
  state->stopping_because = open.stopping_because;
  return state;
}

session_pointer begun(session_notes& open,
                      const domain::maybe<domain::watt_hours>& register_at) {
  open.start_waits.reset();
  if (!register_at) return with_waits(open);
  open.register_now_wh = std::max(open.register_now_wh, register_at->count());
  auto state = std::make_shared<domain::session_state>(*with_waits(open));
  state->register_start_wh = register_at->count();
  state->register_now_wh = open.register_now_wh;
  return state;
}

/// A start that never left is sent now; a stop is sent again, because its answer may be lost: a
/// station that has ended the session accepts it.
void conversation::go_on(station_effects& out, connector_notes& notes) {
  auto& open = *notes.session;
  open.is_of_before = false;
  if (open.start_waits == domain::never_sent) {
    auto& command = issue(out, notes, domain::command_kind::start);
    command.session = open.state->id;
    command.driver = open.state->driver;
    open.start_waits = command.number;
    open.state = with_waits(open);
    out.sessions.push_back({command.connector, open.state, open.stop_waits.has_value()});
  }
  if (!open.stop_waits) return;
  open.stop_waits.reset();
  begin_stop(out, notes, std::exchange(open.stopping_because, {}));
}

} // namespace busbar::site
