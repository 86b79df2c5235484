#pragma once
// OWN-1: an engine node whose stations obey another's commands, or forged ones, takes a newer
// epoch. Used by the thread that polls.

#include "control/ownership/epoch_contest.hpp"
#include "node/ingest.hpp"
#include "node/site_revisions.hpp"

#include <map>

namespace busbar::node {

class epoch_watch {
public:
  epoch_watch(node_frame& frame, site_host& host, site_revisions& revisions)
      : frame_(frame), host_(host), revisions_(revisions) {}

  /// Twice a second, while the node's place in its group is certain.
  void look(const ingest& heard, domain::instant now);

private:
  void look_at(const shared_context& context, const ingest& heard, domain::instant now);

  node_frame& frame_;
  site_host& host_;
  site_revisions& revisions_;
  std::map<domain::site_id, control::ownership::epoch_contest> contests_;
};

} // namespace busbar::node
