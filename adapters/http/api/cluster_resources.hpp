#pragma once
// The group of engine nodes: which node owns which shards, and where each answers.

#include "adapters/http/server/router.hpp"
#include "ports/cluster.hpp"

#include <string>

namespace busbar::adapters::http::api {

/// `cluster` outlives the router. `scheme`: by which the nodes of the group speak, "http://".
void add_cluster_resources(server::router& routes, const ports::cluster& cluster,
                           const std::string& scheme);

} // namespace busbar::adapters::http::api
