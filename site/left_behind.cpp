#include "site/left_behind.hpp"

#include "control/carry_over/left_loads.hpp"
#include "domain/events/site_changes.hpp"

#include <algorithm>

namespace busbar::site {

using domain::instant;

void left_behind::restore(const domain::site_state& state,
                          std::vector<control::node_image>& nodes) {
  until_ = state.left_until;
  loads_ = state.left_behind;
  std::erase_if(loads_, [&](const auto& load) { return load.node.value() >= nodes.size(); });
  control::limits::put_left(*layout_->site, loads_, nodes);
}

bool left_behind::watch(instant now, std::vector<control::node_image>& nodes,
                        site_events& events) {
  if (loads_.empty()) return false;
  const auto is_over = [&](const auto& load) {
    return now >= (load.of ? load.of->until : until_);
  };
  const auto first = std::stable_partition(loads_.begin(), loads_.end(),
                                           [&](const auto& load) { return !is_over(load); });
  if (first == loads_.end()) return false;
  const std::vector<domain::left_load> over(first, loads_.end());
  loads_.erase(first, loads_.end());
  // Where a larger load of the same connector counted, the smaller one does from now on.
  control::carry_over::settle(*layout_->site, loads_);
  control::limits::put_left(*layout_->site, loads_, nodes);
  const auto owners = control::carry_over::owners_of(over);
  events.add(domain::events::left_behind_over(events.here(),
                                              owners.empty() ? "connectors" : owners));
  return true;
}

void left_behind::add_to(domain::site_view& view) const {
  for (const auto& load : loads_) {
    if (!load.of) continue;
    for (const auto& each : control::limits::count_left(*layout_->site, load))
      view.nodes[each.node.value()].left_behind.push_back(
          {load.of->station, load.of->connector, each.line, load.of->until});
  }
}

void left_behind::add_to(domain::site_state& state) const {
  state.left_behind = loads_;
  if (!loads_.empty()) state.left_until = until_;
}

} // namespace busbar::site
