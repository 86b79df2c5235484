#include "node/position_ledger.hpp"

#include "messages/topics.hpp"

#include <algorithm>
#include <iterator>

namespace busbar::node {

namespace {

/// Before all that a process passes, whenever its machine has begun.
constexpr position_ledger::clock::time_point long_ago{-std::chrono::hours{24}};

} // namespace

void position_ledger::begin(const ports::partition_id& place, std::int64_t next) {
  const std::lock_guard lock{guard_};
  samples_[place] = {{long_ago, next}};
}

void position_ledger::passed(const ports::partition_id& place, std::int64_t offset,
                             clock::time_point now) {
  const std::lock_guard lock{guard_};
  auto& all = samples_[place];
  // The newest one grows until it is `samples_every` old; its time is that of its last record.
  const bool is_new = all.size() < 2 || now - std::next(all.rbegin())->at >= samples_every;
  if (is_new) all.push_back({now, 0});
  auto& newest = all.back();
  newest.at = std::max(newest.at, now);
  newest.next = std::max(newest.next, offset + 1);
  while (all.size() > 1 && now - std::next(all.begin())->at >= samples_last) all.pop_front();
}

std::optional<std::int64_t> position_ledger::settled(const ports::partition_id& place,
                                                     clock::time_point now) const {
  const auto found = samples_.find(place);
  if (found == samples_.end()) return std::nullopt;
  std::optional<std::int64_t> newest;
  for (const auto& each : found->second)
    if (now - each.at >= settles_after) newest = each.next;
  return newest;
}

domain::log_positions position_ledger::settled(const domain::site_id& site,
                                               clock::time_point now) const {
  const std::lock_guard lock{guard_};
  return {settled(place_of(messages::commands_topic, site), now),
          settled(place_of(messages::results_topic, site), now),
          // Of a request that is read again the answer must be, too.
          settled(place_of(messages::sessions_topic, site), now - 2 * samples_every),
          settled(place_of(messages::requests_topic, site), now)};
}

ports::partition_id position_ledger::place_of(const char* topic,
                                              const domain::site_id& site) const {
  return {topic, ports::partition_of(site.text(), partitions_)};
}

} // namespace busbar::node
