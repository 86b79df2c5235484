#include "node/site_keeper.hpp"

#include "domain/events/site_changes.hpp"
#include "messages/topics.hpp"
#include "node/boot_clock.hpp"

#include <utility>

namespace busbar::node {

namespace {

namespace events = domain::events;

/// Between two tries where the log does not answer.
constexpr domain::seconds tries_every{1};

ownership::partitions telemetry_of(const std::vector<ports::partition_id>& places) {
  ownership::partitions found;
  for (const auto& place : places)
    if (place.topic == messages::telemetry_topic) found.push_back(place.partition);
  return found;
}

} // namespace

ownership ownership_of(const std::vector<shared_site>& files, std::int32_t partitions) {
  std::map<domain::site_id, std::int32_t> partition_of;
  for (const auto& file : files)
    partition_of.emplace(file->id, ports::partition_of(file->id.text(), partitions));
  return ownership{std::move(partition_of)};
}

site_keeper::site_keeper(node_frame& frame, site_host& host, ownership own,
                         std::function<bool()> is_in_place)
    : frame_(frame), host_(host), own_(std::move(own)), is_in_place_(std::move(is_in_place)) {}

ports::rebalance_listener site_keeper::listener() {
  ports::rebalance_listener listener;
  listener.assigned = [this](const auto& places) {
    const auto given = telemetry_of(places);
    own_.assigned(given);
    // Where it was lost for a while another node may have fenced.
    frame_.shards->given_anew({given.begin(), given.end()}, boot_clock());
    frame_.directory->follow(own_);
  };
  listener.revoked = [this](const auto& places) { let_go(places); };
  return listener;
}

void site_keeper::let_go(const std::vector<ports::partition_id>& places) {
  if (is_closed_) return;
  const auto partitions = telemetry_of(places);
  if (!is_in_place_()) {
    own_.lost(partitions);
    give_up_unread();
  } else {
    const auto leaving = own_.revoked(partitions);
    host_.release(leaving);
    for (const auto& site : leaving)
      publish_event(frame_, events::site_released({site, wall_clock()}, frame_.settings.name));
    frame_.shards->let_go({partitions.begin(), partitions.end()}, boot_clock());
  }
  frame_.directory->follow(own_);
}

/// Of shards that are not read any more nothing is kept once none of their sites is.
void site_keeper::give_up_unread() {
  shard_register::shards kept;
  for (const auto standing : {site_standing::held, site_standing::in_doubt,
                              site_standing::regained, site_standing::is_void})
    for (const auto& site : own_.all(standing)) kept.insert(frame_.shards->shard_of(site));
  shard_register::shards gone;
  for (std::int32_t each = 0; each < frame_.shards->count(); ++each)
    if (!own_.is_read(each) && !kept.contains(each)) gone.insert(each);
  frame_.shards->let_go(gone, boot_clock());
}

void site_keeper::take_overtaken() {
  const auto taken = frame_.shards->take_overtaken();
  if (!taken.empty()) own_.fenced({taken.begin(), taken.end()});
}

void site_keeper::settle(domain::instant now, domain::microseconds patience) {
  now_ = now;
  take_overtaken();
  if (!is_in_place_()) return;
  own_.settled();
  const bool waits = now < again_at_ && again_at_ - now <= tries_every;
  if (!waits) settle_doubts(patience);
  if (!waits && !is_in_doubt()) acquire(patience);
  frame_.directory->follow(own_);
}

bool site_keeper::is_in_doubt() const {
  return !own_.all(site_standing::in_doubt).empty() ||
         !own_.all(site_standing::regained).empty() || !own_.all(site_standing::is_void).empty();
}

void site_keeper::settle_doubts(domain::microseconds patience) {
  auto regained = own_.all(site_standing::regained);
  const auto unknown = frame_.shards->to_look_at(boot_clock());
  std::erase_if(regained, [&](const auto& site) {
    return unknown.contains(frame_.shards->shard_of(site));
  });
  const auto overtaken = host_.overtaken(regained, patience);
  if (!overtaken) return failed(overtaken.failure());
  for (const auto& site : overtaken.value()) own_.overtaken(site);
  for (const auto& site : regained) own_.confirmed(site);
  const auto gone = own_.all(site_standing::is_void);
  host_.forget(gone);
  for (const auto& site : gone) own_.forgotten(site);
  if (!gone.empty()) give_up_unread();
}

void site_keeper::acquire(domain::microseconds patience) {
  auto wanted = own_.all(site_standing::wanted);
  std::erase_if(wanted, [&](const auto& site) {
    return frame_.shards->awaits_group(frame_.shards->shard_of(site), boot_clock());
  });
  const auto done = host_.acquire(wanted, patience);
  if (!done) return failed(done.failure());
  for (const auto& site : wanted) {
    own_.acquired(site);
    publish_event(frame_, events::site_acquired({site, now_}, frame_.settings.name));
  }
}

void site_keeper::failed(const domain::error& why) {
  again_at_ = now_ + tries_every;
  for (const auto& site : own_.all(site_standing::wanted))
    publish_event(frame_, events::site_waits({site, now_}, why.message));
}

} // namespace busbar::node
