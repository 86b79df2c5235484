#pragma once
// Every group of handlers, one file each (<group>_resources.cpp). Each function adds its routes.
// The engine outlives the router.

#include "actors/engine_port.hpp"
#include "adapters/http/router.hpp"

#include <functional>
#include <span>
#include <string>
#include <string_view>

namespace busbar::adapters::http {

/// A file of the page; its views outlive the server.
struct asset {
  /// As in the address: "/index.html", "/assets/page-1a2b3c.js".
  std::string_view path;
  std::string_view content_type;
  std::string_view bytes;
};

void add_site_resources(router& routes, const actors::engine_port& engine);
void add_station_resources(router& routes, const actors::engine_port& engine);
void add_capability_resources(router& routes, actors::engine_port& engine);
void add_session_resources(router& routes, const actors::engine_port& engine);
void add_session_change_resources(router& routes, actors::engine_port& engine);
void add_supervision_resources(router& routes, const actors::engine_port& engine);
void add_profile_resources(router& routes, actors::engine_port& engine);
void add_event_resources(router& routes, const actors::engine_port& engine);
void add_command_resources(router& routes, actors::engine_port& engine);
void add_fail_safe_resources(router& routes, actors::engine_port& engine);
void add_shedding_resources(router& routes, actors::engine_port& engine);
void add_constraint_resources(router& routes, actors::engine_port& engine);
void add_setpoint_resources(router& routes, actors::engine_port& engine);
void add_tracking_resources(router& routes, const actors::engine_port& engine);
void add_measurement_resources(router& routes, actors::engine_port& engine);
void add_health_resources(router& routes, const actors::engine_port& engine,
                          std::function<std::string()> metrics_text);
void add_page_resources(router& routes, std::span<const asset> assets);

} // namespace busbar::adapters::http
