#include "node/shard_register.hpp"

#include "control/cluster/shard_of_site.hpp"
#include "control/ownership/last_fence.hpp"
#include "node/wall_clock.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace busbar::node {

namespace {

namespace cluster = control::cluster;
using cluster::shard_effect;
using cluster::shard_state;

constexpr cluster::shard_terms terms;
/// Acknowledgements of one moment count once.
constexpr std::chrono::milliseconds notes_every{100};
/// An owner of which nothing was acknowledged for so long asks the log.
constexpr domain::seconds asks_after{2};

} // namespace

std::int32_t shard_register::shard_of(const domain::site_id& site) const {
  return cluster::shard_of_site(site, count_);
}

void shard_register::known_shard::advance(const cluster::shard_event& event,
                                          domain::instant now) {
  for (const auto effect : cluster::advance(machine, event, now, terms)) {
    if (effect == shard_effect::append_fence) wants_fence = true;
    if (effect == shard_effect::forget) is_overtaken = true;
  }
}

std::optional<domain::epoch> shard_register::may_command(const domain::site_id& site,
                                                         domain::instant now) {
  const std::lock_guard lock{guard_};
  const auto found = shards_.find(shard_of(site));
  if (found == shards_.end() || !found->second.machine.fence) {
    ++counters_.withheld_unfenced;
    return std::nullopt;
  }
  auto& machine = found->second.machine;
  // A pause is found by the first that asks after it.
  found->second.advance(cluster::clock_tick{}, now);
  if (cluster::may_command(machine, now, terms))
    return control::ownership::epoch_of_fence(*machine.fence);
  ++counters_.withheld_silent;
  return std::nullopt;
}

void shard_register::acknowledged(domain::instant sent_at, domain::instant now, bool is_kept) {
  const std::lock_guard lock{guard_};
  const bool is_known = sent_at - acknowledged_at_ < notes_every;
  if (is_kept && is_known) return;
  if (is_kept) acknowledged_at_ = sent_at;
  for (auto& [number, each] : shards_) {
    if (is_kept) each.advance(cluster::write_acknowledged{sent_at}, now);
    else each.advance(cluster::write_failed{}, now);
  }
}

void shard_register::want(const shards& given, domain::instant now) {
  const std::lock_guard lock{guard_};
  for (const auto number : given) shards_[number].advance(cluster::assigned{}, now);
}

void shard_register::let_go(const shards& gone, domain::instant now) {
  const std::lock_guard lock{guard_};
  for (const auto number : gone) {
    const auto found = shards_.find(number);
    if (found == shards_.end()) continue;
    auto& of = found->second;
    of.advance(cluster::lost{}, now);
    // What `ownership` gives up, it forgets by itself.
    of.is_overtaken = of.wants_fence = of.has_gap = false;
  }
}

void shard_register::given_anew(const shards& which, domain::instant now) {
  const std::lock_guard lock{guard_};
  for (const auto number : which) {
    const auto found = shards_.find(number);
    if (found == shards_.end()) continue;
    if (found->second.machine.confirm_after) found->second.advance(cluster::lost{}, now);
    found->second.has_gap = true;
  }
}

/// Where another node's fence was read, the group confirms that the shard is still this node's once
/// it would have missed a node that stood still: two nodes never take it from each other in turn.
void shard_register::in_touch(domain::instant asked_at, domain::instant now) {
  const std::lock_guard lock{guard_};
  for (auto& [number, each] : shards_) {
    const auto& after = each.machine.confirm_after;
    const bool is_confirmed = !after || asked_at - *after >= terms.session_timeout;
    if (is_confirmed) each.advance(cluster::heartbeat_acknowledged{asked_at}, now);
    else each.advance(cluster::write_acknowledged{asked_at}, now);
  }
}

std::vector<domain::shard_fence> shard_register::take_fences() {
  const std::lock_guard lock{guard_};
  std::vector<domain::shard_fence> all;
  for (auto& [number, each] : shards_)
    if (std::exchange(each.wants_fence, false) && each.machine.state == shard_state::fencing)
      all.push_back({number, node_, start_, each.machine.attempt, wall_clock()});
  return all;
}

std::optional<std::int32_t>
shard_register::await_fences(const shards& of, std::chrono::steady_clock::time_point deadline) {
  std::unique_lock lock{guard_};
  const auto missing = [&] {
    return std::ranges::find_if(of, [&](auto each) { return !shards_[each].machine.fence; });
  };
  const auto waits = [&](auto each) {
    const auto found = shards_.find(each);
    return found != shards_.end() && found->second.machine.state == shard_state::fencing;
  };
  fence_came_.wait_until(lock, deadline, [&] { return std::ranges::none_of(of, waits); });
  const auto first = missing();
  return first == of.end() ? std::nullopt : std::optional{*first};
}

void shard_register::fence_answered(const domain::shard_fence& fence,
                                    std::optional<std::int64_t> offset, domain::instant now) {
  const std::lock_guard lock{guard_};
  auto& of = shards_[fence.shard];
  fence_came_.notify_all();
  if (!offset) return of.advance(cluster::fence_failed{fence.attempt}, now);
  ++counters_.fences_written;
  last_epochs_[fence.shard] = control::ownership::epoch_of_fence(*offset);
  of.read_until = *offset + 1;
  of.has_gap = false;
  of.advance(cluster::fence_appended{fence.attempt, *offset}, now);
}

void shard_register::read(const domain::shard_fence& fence, std::int64_t offset,
                          domain::instant now) {
  const std::lock_guard lock{guard_};
  const auto found = shards_.find(fence.shard);
  if (found == shards_.end()) return;
  const bool is_own = fence.node == node_ && fence.start == start_;
  const bool was_overtaken = found->second.is_overtaken;
  const auto attempt = is_own ? std::optional{fence.attempt} : std::nullopt;
  found->second.advance(cluster::fence_read{offset, attempt}, now);
  if (found->second.is_overtaken && !was_overtaken) ++counters_.fences_lost;
}

void shard_register::passed(std::int32_t shard, std::int64_t offset) {
  const std::lock_guard lock{guard_};
  const auto found = shards_.find(shard);
  if (found == shards_.end() || !found->second.machine.fence) return;
  auto& of = found->second;
  if (offset > of.read_until) of.has_gap = true;
  else of.read_until = std::max(of.read_until, offset + 1);
}

void shard_register::caught_up(std::int32_t shard, std::int64_t end, domain::instant now) {
  const std::lock_guard lock{guard_};
  const auto found = shards_.find(shard);
  if (found == shards_.end() || !found->second.machine.fence) return;
  auto& of = found->second;
  of.read_until = std::max(of.read_until, end);
  of.has_gap = false;
  if (end > *of.machine.fence) return of.advance(cluster::caught_up{end}, now);
  // The fence is gone with the topic that it stood in.
  of.advance(cluster::lost{}, now);
}

domain::epoch shard_register::epoch_of(std::int32_t shard, bool or_the_last) const {
  const std::lock_guard lock{guard_};
  const auto last = last_epochs_.find(shard);
  if (or_the_last) return last == last_epochs_.end() ? 0 : last->second;
  const auto found = shards_.find(shard);
  if (found == shards_.end() || !found->second.machine.fence) return 0;
  return control::ownership::epoch_of_fence(*found->second.machine.fence);
}

std::map<std::int32_t, std::int64_t> shard_register::to_look_at(domain::instant now) const {
  const std::lock_guard lock{guard_};
  std::map<std::int32_t, std::int64_t> all;
  for (const auto& [number, each] : shards_) {
    const auto& machine = each.machine;
    if (machine.state != shard_state::owning) continue;
    const bool is_quiet = !machine.acknowledged_at || now - *machine.acknowledged_at >= asks_after;
    if (each.has_gap || is_quiet || !cluster::may_command(machine, now, terms))
      all.emplace(number, each.read_until);
  }
  return all;
}

bool shard_register::awaits_group(std::int32_t shard, domain::instant now) const {
  const std::lock_guard lock{guard_};
  const auto found = shards_.find(shard);
  return found != shards_.end() && found->second.machine.confirm_after &&
         now - *found->second.machine.confirm_after < terms.session_timeout;
}

shard_register::shards shard_register::take_overtaken() {
  const std::lock_guard lock{guard_};
  shards all;
  for (auto& [number, each] : shards_)
    if (std::exchange(each.is_overtaken, false)) all.insert(number);
  return all;
}

bool shard_register::is_silent(domain::instant now) const {
  const std::lock_guard lock{guard_};
  return std::ranges::any_of(shards_, [&](const auto& each) {
    const auto& machine = each.second.machine;
    return machine.state == shard_state::owning && !cluster::may_command(machine, now, terms);
  });
}

} // namespace busbar::node
