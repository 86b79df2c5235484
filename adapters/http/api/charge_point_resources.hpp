#pragma once
// Stations that come by OCPP, and service orders to them (OCPP-11). A process without a gateway
// answers 503.

#include "adapters/http/server/router.hpp"
#include "ports/charge_points.hpp"

#include <functional>
#include <memory>

namespace busbar::adapters::http::api {

class bulk_book;

/// Null while no gateway runs here.
using charge_point_source = std::function<ports::charge_points*()>;

/// The list of tags of that gateway.
void add_id_tag_resources(server::router& routes, const charge_point_source& stations);
void add_charge_point_resources(server::router& routes, charge_point_source stations,
                                std::shared_ptr<bulk_book> bulks);

} // namespace busbar::adapters::http::api
