#include "node/state_gate.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace busbar::node {

state_gate::ticket state_gate::begin(const domain::site_id& site) {
  const std::lock_guard lock{guard_};
  sites_[site].open.insert(next_);
  return next_++;
}

void state_gate::end(const domain::site_id& site, ticket of) {
  const std::lock_guard lock{guard_};
  const auto found = sites_.find(site);
  if (found == sites_.end()) return;
  auto& queue = found->second;
  queue.open.erase(of);
  std::optional<waiting_state> free;
  if (queue.state && is_free(queue, queue.state->after)) free = std::exchange(queue.state, {});
  if (queue.open.empty() && !queue.state) sites_.erase(found);
  if (free) let_out(std::move(*free));
}

void state_gate::pass(const domain::site_state& state, actors::kept_listener then) {
  waiting_state next{state, {}, 0};
  if (then) next.then.push_back(std::move(then));
  const std::lock_guard lock{guard_};
  const auto found = sites_.find(state.site);
  if (found == sites_.end() || found->second.open.empty()) return let_out(std::move(next));
  auto& waits = found->second.state;
  // What the one before promises, this one holds, too.
  if (waits)
    next.then.insert(next.then.begin(), std::make_move_iterator(waits->then.begin()),
                     std::make_move_iterator(waits->then.end()));
  next.after = next_;
  waits = std::move(next);
}

void state_gate::let_out(waiting_state state) const {
  if (state.then.empty()) return out_(state.state, {});
  out_(state.state, [all = std::move(state.then)](const domain::result<void>& kept) {
    for (const auto& each : all) each(kept);
  });
}

void state_gate::forget(const domain::site_id& site, const domain::error& why) {
  std::optional<waiting_state> gone;
  {
    const std::lock_guard lock{guard_};
    const auto found = sites_.find(site);
    if (found == sites_.end()) return;
    gone = std::move(found->second.state);
    sites_.erase(found);
  }
  if (!gone) return;
  for (const auto& each : gone->then) each(domain::result<void>{why});
}

std::size_t state_gate::waiting() const {
  const std::lock_guard lock{guard_};
  const auto waits = [](const auto& each) { return each.second.state.has_value(); };
  return static_cast<std::size_t>(std::ranges::count_if(sites_, waits));
}

} // namespace busbar::node
