#pragma once
// Every group of handlers, one file each (<group>_resources.cpp). Each function adds its routes.
// The engine outlives the router.

#include "adapters/http/server/router.hpp"
#include "ports/engine_node.hpp"

#include <functional>
#include <span>
#include <string>
#include <string_view>

namespace busbar::adapters::http::api {

/// A file of the page; its views outlive the server.
struct asset {
  /// As in the address: "/index.html", "/assets/page-1a2b3c.js".
  std::string_view path;
  std::string_view content_type;
  std::string_view bytes;
};

void add_site_resources(server::router& routes, const ports::engine_node& engine);
void add_station_resources(server::router& routes, const ports::engine_node& engine);
void add_capability_resources(server::router& routes, ports::engine_node& engine);
void add_session_resources(server::router& routes, const ports::engine_node& engine);
void add_session_change_resources(server::router& routes, ports::engine_node& engine);
void add_supervision_resources(server::router& routes, const ports::engine_node& engine);
void add_profile_resources(server::router& routes, ports::engine_node& engine);
/// `has_relay`: streams show sites of other engine nodes, too.
void add_event_resources(server::router& routes, const ports::engine_node& engine, bool has_relay);
void add_command_resources(server::router& routes, ports::engine_node& engine);
void add_fail_safe_resources(server::router& routes, ports::engine_node& engine);
void add_shedding_resources(server::router& routes, ports::engine_node& engine);
void add_constraint_resources(server::router& routes, ports::engine_node& engine);
void add_setpoint_resources(server::router& routes, ports::engine_node& engine);
void add_tracking_resources(server::router& routes, const ports::engine_node& engine);
void add_measurement_resources(server::router& routes, ports::engine_node& engine);
void add_health_resources(server::router& routes, const ports::engine_node& engine,
                          std::function<std::string()> metrics_text);
void add_page_resources(server::router& routes, std::span<const asset> assets);

} // namespace busbar::adapters::http::api
