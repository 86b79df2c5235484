#include "node/ownership.hpp"

#include <algorithm>

namespace busbar::node {

ownership::ownership(std::map<domain::site_id, std::int32_t> partition_of) {
  for (const auto& [site, partition] : partition_of)
    sites_.emplace(site, known_site{partition, site_standing::elsewhere});
}

void ownership::assigned(const partitions& given) {
  read_.insert(given.begin(), given.end());
  move(given, site_standing::elsewhere, site_standing::wanted);
  move(given, site_standing::in_doubt, site_standing::regained);
}

ownership::sites ownership::revoked(const partitions& taken) {
  sites leaving;
  for (const auto partition : taken) read_.erase(partition);
  for (auto& [id, site] : sites_) {
    if (std::ranges::find(taken, site.partition) == taken.end()) continue;
    if (site.standing == site_standing::held) leaving.push_back(id);
  }
  move(taken, site_standing::held, site_standing::elsewhere);
  move(taken, site_standing::wanted, site_standing::elsewhere);
  // Whether another node had them was not found out: as if they had been overtaken.
  move(taken, site_standing::regained, site_standing::is_void);
  move(taken, site_standing::in_doubt, site_standing::is_void);
  return leaving;
}

void ownership::lost(const partitions& gone) {
  for (const auto partition : gone) read_.erase(partition);
  move(gone, site_standing::wanted, site_standing::elsewhere);
  move(gone, site_standing::held, site_standing::in_doubt);
  move(gone, site_standing::regained, site_standing::in_doubt);
}

void ownership::fenced(const partitions& taken) {
  move(taken, site_standing::held, site_standing::is_void);
  move(taken, site_standing::regained, site_standing::is_void);
  move(taken, site_standing::in_doubt, site_standing::is_void);
}

void ownership::settled() {
  for (const auto& id : all(site_standing::in_doubt))
    move(id, site_standing::in_doubt, site_standing::is_void);
}

void ownership::acquired(const domain::site_id& site) {
  move(site, site_standing::wanted, site_standing::held);
}

void ownership::confirmed(const domain::site_id& site) {
  move(site, site_standing::regained, site_standing::held);
}

void ownership::overtaken(const domain::site_id& site) {
  move(site, site_standing::regained, site_standing::is_void);
}

void ownership::forgotten(const domain::site_id& site) {
  const auto found = sites_.find(site);
  if (found == sites_.end()) return;
  const bool is_read = read_.contains(found->second.partition);
  move(site, site_standing::is_void, is_read ? site_standing::wanted : site_standing::elsewhere);
}

site_standing ownership::standing_of(const domain::site_id& site) const {
  const auto found = sites_.find(site);
  return found == sites_.end() ? site_standing::elsewhere : found->second.standing;
}

ownership::sites ownership::all(site_standing standing) const {
  sites found;
  for (const auto& [id, site] : sites_)
    if (site.standing == standing) found.push_back(id);
  return found;
}

void ownership::move(const partitions& of, site_standing from, site_standing to) {
  for (auto& [id, site] : sites_)
    if (site.standing == from && std::ranges::find(of, site.partition) != of.end())
      site.standing = to;
}

void ownership::move(const domain::site_id& site, site_standing from, site_standing to) {
  const auto found = sites_.find(site);
  if (found != sites_.end() && found->second.standing == from) found->second.standing = to;
}

} // namespace busbar::node
