#pragma once
// Metrics of the group of engine nodes, as this node sees it.

#include "adapters/metrics/family_list.hpp"
#include "ports/cluster.hpp"

namespace busbar::adapters::metrics {

/// Shards by state.
void add_cluster_families(family_list& list, const ports::cluster& cluster);

} // namespace busbar::adapters::metrics
