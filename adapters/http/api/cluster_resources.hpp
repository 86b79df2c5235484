#pragma once
// The group of engine nodes: which node owns which shards, and where each answers.

#include "adapters/http/server/router.hpp"
#include "ports/caller.hpp"
#include "ports/cluster.hpp"

#include <functional>
#include <string>

namespace busbar::adapters::http::api {

/// Drains this node or puts it back. Empty: it belongs to no group.
using drain_handler = std::function<void(bool is_drained, const ports::caller& by)>;

/// `cluster` outlives the router. `scheme`: by which the nodes of the group speak, "http://".
void add_cluster_resources(server::router& routes, const ports::cluster& cluster,
                           const std::string& scheme, drain_handler drain);

} // namespace busbar::adapters::http::api
