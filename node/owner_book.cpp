#include "node/owner_book.hpp"

#include <algorithm>
#include <utility>

namespace busbar::node {

using ports::shard_standing;
using ports::shard_view;

void owner_book::begin(book_owner own) {
  const std::lock_guard lock{guard_};
  own_ = std::move(own);
  sites_.clear();
  for (const auto& site : own_.sites)
    sites_[own_.shards->shard_of(site->id)].push_back(site->id);
  for (auto& [shard, sites] : sites_) std::ranges::sort(sites);
}

bool owner_book::take(const domain::shard_owner& row) {
  const std::lock_guard lock{guard_};
  if (own_.shards == nullptr || row.shard >= own_.shards->count()) return false;
  rows_.insert_or_assign(row.shard, row);
  if (row.node != own_.node) addresses_[row.node] = row.address;
  return row.node != own_.node && own_.shards->epoch_of(row.shard) > row.owner;
}

void owner_book::drain(drain_order order) {
  const std::lock_guard lock{guard_};
  if (order.is_drained == is_drained_) return;
  is_drained_ = order.is_drained;
  drain_order_ = std::move(order);
}

std::optional<owner_book::drain_order> owner_book::take_drain_order() {
  const std::lock_guard lock{guard_};
  return std::exchange(drain_order_, std::nullopt);
}

shard_view owner_book::view_of(std::int32_t shard) const {
  shard_view found;
  found.shard = shard;
  if (const auto sites = sites_.find(shard); sites != sites_.end()) found.sites = sites->second;
  const auto row = rows_.find(shard);
  const bool is_own_row = row != rows_.end() && row->second.node == own_.node;
  if (const auto own = own_.shards->epoch_of(shard); own != 0) {
    found.standing = shard_standing::here;
    found.owner = own_.node;
    found.address = own_.address;
    found.epoch = own;
    if (is_own_row && row->second.owner == own) found.since = row->second.owned_since;
  } else if (row != rows_.end() && !is_own_row) {
    found.standing = shard_standing::elsewhere;
    found.owner = row->second.node;
    found.address = row->second.address;
    found.epoch = row->second.owner;
    found.since = row->second.owned_since;
  }
  return found;
}

ports::cluster_view owner_book::view() const {
  const std::lock_guard lock{guard_};
  ports::cluster_view now{own_.node, own_.address, is_drained_, {}, {}};
  const auto count = own_.shards ? own_.shards->count() : 0;
  for (std::int32_t shard = 0; shard < count; ++shard) now.shards.push_back(view_of(shard));
  now.addresses = addresses_;
  return now;
}

std::string owner_book::node() const {
  const std::lock_guard lock{guard_};
  return own_.node;
}

std::optional<shard_view> owner_book::shard_of(const domain::site_id& site) const {
  const std::lock_guard lock{guard_};
  const auto is_it = [&](const auto& each) { return each->id == site; };
  if (std::ranges::none_of(own_.sites, is_it)) return std::nullopt;
  return view_of(own_.shards->shard_of(site));
}

std::vector<domain::site_id> owner_book::sites_with(const domain::station_id& station) const {
  const std::lock_guard lock{guard_};
  std::vector<domain::site_id> found;
  for (const auto& site : own_.sites)
    if (std::ranges::find(site->stations, station, &domain::station::id) != site->stations.end())
      found.push_back(site->id);
  return found;
}

} // namespace busbar::node
