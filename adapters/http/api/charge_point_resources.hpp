#pragma once
// Stations that come by OCPP, and service orders to them (OCPP-11). A process without a gateway
// answers 503.

#include "adapters/http/server/router.hpp"
#include "ports/charge_points.hpp"
#include "ports/engine_node.hpp"
#include "ports/uploads.hpp"

#include <functional>
#include <memory>

namespace busbar::adapters::http::api {

class bulk_book;

/// Null while no gateway runs here.
using charge_point_source = std::function<ports::charge_points*()>;

/// The list of tags of that gateway.
void add_id_tag_resources(server::router& routes, const charge_point_source& stations);
/// `engine` and `receiver` outlive the router; `receiver` takes files of stations, null: none is
/// taken here.
void add_charge_point_resources(server::router& routes, charge_point_source stations,
                                std::shared_ptr<bulk_book> bulks,
                                const ports::engine_node& engine, ports::uploads* receiver);
/// Charging profiles of stations, by whatever protocol these come; `stations` guards the level of
/// grants.
void add_profile_resources(server::router& routes, ports::engine_node& engine,
                           const charge_point_source& stations);

} // namespace busbar::adapters::http::api
