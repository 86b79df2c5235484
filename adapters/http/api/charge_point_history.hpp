#pragma once
// What a station of OCPP has reported: its transactions and its meter values. Internal to this
// folder.

#include "adapters/http/api/charge_point_resources.hpp"
#include "adapters/http/server/router.hpp"

namespace busbar::adapters::http::api {

void add_charge_point_history(server::router& routes, const charge_point_source& source);

} // namespace busbar::adapters::http::api
