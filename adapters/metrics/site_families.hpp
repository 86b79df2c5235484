#pragma once
// Metrics of sites, nodes and connectors from their published snapshots.

#include "adapters/metrics/family_list.hpp"
#include "adapters/metrics/metric_page.hpp"
#include "ports/engine_node.hpp"

namespace busbar::adapters::metrics {

/// Sums over all sites always; series of nodes and of stations within the bounds of `settings`.
void add_site_families(family_list& list, const ports::engine_node& engine,
                       const metric_settings& settings);

/// Violations, connectors, stations and circuit breakers that are in trouble, each by its name: one
/// series each, `settings.trouble_series_max` of them at most.
void add_trouble_families(family_list& list, const ports::engine_node& engine,
                          const metric_settings& settings);

} // namespace busbar::adapters::metrics
