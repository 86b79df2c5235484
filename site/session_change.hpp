#pragma once
// A session of a connector that has begun, changed or ended, for the feeder's table.

#include "domain/ids.hpp"
#include "site/session_notes.hpp"

namespace busbar::site {

struct session_change {
  domain::connector_index connector;
  /// Null: ended.
  session_pointer session;
  bool is_stopping = false;
  /// The bill of the one that has ended waits until the station is heard again.
  bool is_unsettled = false;
  /// The ended one, with the register that was billed, while its bill waits; null: none waits.
  session_pointer bill_waits;
};

} // namespace busbar::site
