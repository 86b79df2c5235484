#pragma once
// Logins, users and API tokens (docs/access.md). Who may ask is decided before (access_guard.hpp).

#include "adapters/http/server/router.hpp"
#include "ports/access.hpp"

namespace busbar::adapters::http::api {

/// Null: access is not controlled, and all but /api/v1/access is 404. `access` outlives the router.
void add_access_resources(server::router& routes, ports::access* access);

} // namespace busbar::adapters::http::api
