#pragma once
// The audit, to be read.

#include "adapters/http/server/router.hpp"
#include "ports/audit.hpp"

namespace busbar::adapters::http::api {

/// Null: nothing is recorded here, which is 404. `audit` outlives the router.
void add_audit_resources(server::router& routes, ports::audit* audit);

} // namespace busbar::adapters::http::api
