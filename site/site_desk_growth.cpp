// What a changed tree means for a site's desk: what connectors may still draw where they hung.
#include "site/site_desk.hpp"

#include "control/carry_over/left_loads.hpp"
#include "domain/events/site_changes.hpp"

#include <algorithm>
#include <utility>

namespace busbar::site {

using domain::instant;

void site_desk::take_nodes(const site_desk& before,
                           const std::vector<std::optional<domain::node_index>>& nodes) {
  live_limits_.take_over(before.live_limits_, nodes);
  // What stands is said, and is not said again.
  followed_violations_ = before.followed_violations_;
  for (std::size_t i = 0; i < nodes.size(); ++i)
    if (const auto& place = nodes[i]) meters_[place->value()] = before.meters_[i];
}

void site_desk::watch_left(instant now) {
  if (left_behind_.empty()) return;
  const auto is_over = [&](const auto& load) {
    return now >= (load.of ? load.of->until : left_until_);
  };
  const auto first = std::stable_partition(left_behind_.begin(), left_behind_.end(),
                                           [&](const auto& load) { return !is_over(load); });
  if (first == left_behind_.end()) return;
  const std::vector<domain::left_load> over(first, left_behind_.end());
  left_behind_.erase(first, left_behind_.end());
  // Where a larger load of the same connector counted, the smaller one does from now on.
  control::carry_over::settle(*layout_->site, left_behind_);
  control::limits::put_left(*layout_->site, left_behind_, image_.nodes);
  is_changed_ = true;
  const auto owners = control::carry_over::owners_of(over);
  safety_events_.push_back(domain::events::left_behind_over(
      here(), owners.empty() ? std::string{"connectors"} : owners));
}

void site_desk::restore_nodes(const domain::site_state& state) {
  live_limits_.restore(state.warmth);
  left_until_ = state.left_until;
  left_behind_ = state.left_behind;
  const auto nodes = image_.nodes.size();
  std::erase_if(left_behind_, [&](const auto& load) { return load.node.value() >= nodes; });
  control::limits::put_left(*layout_->site, left_behind_, image_.nodes);
}

void site_desk::add_left(domain::site_view& view) const {
  for (const auto& load : left_behind_) {
    if (!load.of) continue;
    for (const auto& each : control::limits::count_left(*layout_->site, load))
      view.nodes[each.node.value()].left_behind.push_back(
          {load.of->station, load.of->connector, each.line, load.of->until});
  }
}

void site_desk::add_tree(domain::site_state& state) {
  const auto& outline = layout_->outline;
  const bool is_kept = outline->size() <= domain::site_state::outline_bytes_max;
  if (is_kept) state.outline.bytes = outline;
  else if (!std::exchange(is_tree_said_, true))
    safety_events_.push_back(domain::events::tree_not_kept(
        here(), outline->size(), domain::site_state::outline_bytes_max));
  state.left_behind = left_behind_;
  if (!left_behind_.empty()) state.left_until = left_until_;
  state.warmth = live_limits_.warmth();
}

} // namespace busbar::site
