#include "adapters/metrics/cluster_families.hpp"

#include <algorithm>

namespace busbar::adapters::metrics {

void add_cluster_families(family_list& list, const ports::cluster& cluster) {
  using ports::shard_standing;
  const auto now = cluster.view();
  const auto add = [&](const char* state, shard_standing standing) {
    const auto count = std::ranges::count(now.shards, standing, &ports::shard_view::standing);
    list.gauge("busbar_shards", "Shards by where they are owned, as this engine node sees it.",
               static_cast<double>(count), {{"state", state}});
  };
  add("here", shard_standing::here);
  add("elsewhere", shard_standing::elsewhere);
  add("unowned", shard_standing::unowned);
}

} // namespace busbar::adapters::metrics
