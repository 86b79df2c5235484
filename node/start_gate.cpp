#include "node/start_gate.hpp"

#include <algorithm>
#include <iterator>
#include <set>

namespace busbar::node {

void start_gate::expect(const domain::site_id& site, const domain::session_id& session) {
  const std::lock_guard lock{guard_};
  if (sites_[site].expected.insert(session).second) ++count_;
}

void start_gate::settle(const domain::site_id& site, const domain::session_id& session,
                        bool is_kept) {
  const std::lock_guard lock{guard_};
  const auto found = sites_.find(site);
  if (found == sites_.end() || found->second.expected.erase(session) == 0) return;
  auto& queue = found->second;
  if (!is_kept)
    for (auto& batch : queue.held)
      std::erase_if(batch.commands, [&](const auto& each) {
        return each.kind == domain::command_kind::start && each.session == session;
      });
  let_out(queue);
  if (queue.expected.empty() && queue.held.empty()) sites_.erase(found);
  --count_;
}

domain::result<void> start_gate::pass(const domain::command_batch& batch) {
  if (count_.load() == 0) return out_(batch);
  const std::lock_guard lock{guard_};
  const auto found = sites_.find(batch.site);
  if (found == sites_.end()) return out_(batch);
  auto free = batch;
  auto held = hold(free, found->second);
  if (!free.commands.empty())
    if (auto verdict = out_(free); !verdict) return verdict;
  if (held.commands.empty()) return {};
  found->second.held.push_back(std::move(held));
  ++count_;
  return {};
}

domain::command_batch start_gate::hold(domain::command_batch& batch, site_queue& queue) {
  std::set<domain::connector_index> closed;
  for (const auto& waiting : queue.held)
    for (const auto& command : waiting.commands) closed.insert(command.connector);
  domain::command_batch held = batch;
  held.commands.clear();
  std::vector<domain::command> free;
  for (auto& command : batch.commands) {
    const bool awaits = command.kind == domain::command_kind::start &&
                        queue.expected.contains(command.session);
    if (awaits) closed.insert(command.connector);
    auto& to = closed.contains(command.connector) ? held.commands : free;
    to.push_back(std::move(command));
  }
  batch.commands = std::move(free);
  return held;
}

void start_gate::let_out(site_queue& queue) {
  auto waiting = std::exchange(queue.held, {});
  count_ -= waiting.size();
  for (auto& batch : waiting) {
    auto still = hold(batch, queue);
    if (!batch.commands.empty()) static_cast<void>(out_(batch));
    if (still.commands.empty()) continue;
    queue.held.push_back(std::move(still));
    ++count_;
  }
}

void start_gate::forget(const std::string& site) {
  const std::lock_guard lock{guard_};
  const auto found = sites_.find(domain::site_id{site});
  if (found == sites_.end()) return;
  count_ -= found->second.expected.size() + found->second.held.size();
  sites_.erase(found);
}

void start_gate::close() {
  const std::lock_guard lock{guard_};
  sites_.clear();
  count_ = 0;
}

std::size_t start_gate::waiting() const {
  const std::lock_guard lock{guard_};
  std::size_t all = 0;
  for (const auto& [site, queue] : sites_) all += queue.held.size();
  return all;
}

} // namespace busbar::node
