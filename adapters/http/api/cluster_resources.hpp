#pragma once
// The group of engine nodes: which node owns which shards, and where each answers.

#include "adapters/http/server/router.hpp"
#include "ports/cluster.hpp"

namespace busbar::adapters::http::api {

/// `cluster` outlives the router.
void add_cluster_resources(server::router& routes, const ports::cluster& cluster);

} // namespace busbar::adapters::http::api
