#pragma once
// Where the events of an engine node go beside the log's topic: lines for people, the audit trail.

#include "domain/event.hpp"
#include "domain/time.hpp"

#include <functional>

namespace busbar::node {

/// Each may be empty: that sink does not exist.
struct event_sinks {
  /// Called by any thread, once for each event of the node itself and of its log.
  std::function<void(const domain::event&)> line;
  /// Called about once a second by the journal's thread: what was withheld since is told.
  std::function<void(domain::instant)> tell_withheld;
  /// Called by the journal's thread with each event that it reads.
  std::function<void(const domain::event&)> audit;
};

} // namespace busbar::node
