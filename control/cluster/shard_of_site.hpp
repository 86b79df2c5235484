#pragma once
// Where a site belongs: a shard is a partition number, the same in every topic.

#include "domain/ids.hpp"
#include "domain/record_key.hpp"

#include <cstdint>

namespace busbar::control::cluster {

/// As many as every topic has partitions, unless they were made with others.
inline constexpr std::int32_t shards_by_default = 64;

/// Where the site's records are. REQUIRES: `shards` is at least 1.
[[nodiscard]] inline std::int32_t shard_of_site(const domain::site_id& site, std::int32_t shards) {
  return domain::partition_of_key(site.text(), shards);
}

} // namespace busbar::control::cluster
