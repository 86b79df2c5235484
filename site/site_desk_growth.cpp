// What a changed tree means for a site's desk: what connectors may still draw where they hung.
#include "site/site_desk.hpp"

#include <utility>

namespace busbar::site {

using domain::instant;

void site_desk::take_nodes(const site_desk& before,
                           const std::vector<std::optional<domain::node_index>>& nodes) {
  live_limits_.take_over(before.live_limits_, nodes);
  for (std::size_t i = 0; i < nodes.size(); ++i)
    if (const auto& place = nodes[i]) meters_[place->value()] = before.meters_[i];
}

void site_desk::watch_left(instant now) {
  if (left_behind_.empty() || now < left_until_) return;
  for (const auto& load : left_behind_) image_.nodes[load.node.value()].left_behind = {};
  left_behind_.clear();
  is_changed_ = true;
  say(domain::severity::info, "left_behind_over",
      "what connectors may have drawn where they hung before is not counted any more");
}

void site_desk::restore_nodes(const domain::site_state& state) {
  live_limits_.restore(state.warmth);
  left_until_ = state.left_until;
  left_behind_ = state.left_behind;
  std::erase_if(left_behind_, [&](const auto& load) {
    return load.node.value() >= image_.nodes.size();
  });
  for (const auto& load : left_behind_) image_.nodes[load.node.value()].left_behind = load.line;
}

void site_desk::add_tree(domain::site_state& state) {
  const auto& outline = layout_->outline;
  const bool is_kept = outline->size() <= domain::site_state::outline_bytes_max;
  if (is_kept) state.outline.bytes = outline;
  else if (!std::exchange(is_tree_said_, true))
    say(domain::severity::warning, "tree_not_kept",
        "ids take " + std::to_string(outline->size()) + " bytes, " +
            std::to_string(domain::site_state::outline_bytes_max) +
            " are kept: a restart under a changed file forgets sessions, orders and turns; a "
            "reload does not");
  state.left_behind = left_behind_;
  if (!left_behind_.empty()) state.left_until = left_until_;
  state.warmth = live_limits_.warmth();
}

} // namespace busbar::site
