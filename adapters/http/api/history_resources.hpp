#pragma once
// What is asked of the history on a disk: sessions and events of any time, and how the store is.

#include "adapters/http/server/router.hpp"
#include "ports/archive.hpp"
#include "ports/engine_node.hpp"

namespace busbar::adapters::http::api {

/// Takes those requests of the routes of sessions and events that are about a time, and those for
/// tables; REQUIRES: they were added. Null: no history is kept here, which is 404 of /api/v1/store.
/// `engine` and `archive` outlive the router.
void add_history_resources(server::router& routes, const ports::engine_node& engine,
                           ports::archive* archive);

} // namespace busbar::adapters::http::api
