#include "adapters/http/api/api_server.hpp"

#include "adapters/http/api/access_resources.hpp"
#include "adapters/http/api/audit_resources.hpp"
#include "adapters/http/api/bulk_orders.hpp"
#include "adapters/http/api/fleet_lists.hpp"
#include "adapters/http/api/forwarder.hpp"
#include "adapters/http/api/history_resources.hpp"
#include "adapters/http/api/scoped_node.hpp"
#include "adapters/http/api/stream_hub.hpp"
#include "adapters/http/api/stream_relay.hpp"

#include <cassert>
#include <utility>

namespace busbar::adapters::http::api {

namespace {

/// Of a node that knows of no other.
class no_cluster : public ports::cluster {
public:
  [[nodiscard]] ports::cluster_view view() const override { return {}; }
  [[nodiscard]] std::optional<ports::shard_view>
  shard_of(const domain::site_id&) const override {
    return std::nullopt;
  }
  [[nodiscard]] std::vector<domain::site_id>
  sites_with(const domain::station_id&) const override {
    return {};
  }
};

const ports::cluster& cluster_of(const node_sources& sources) {
  static const no_cluster none;
  return sources.cluster == nullptr ? none : *sources.cluster;
}

bool has_peers(const node_sources& sources) {
  return sources.cluster != nullptr && sources.peers != nullptr;
}

/// Of routes that are complete: what is not here is asked of the node that has it, and lists are of
/// all nodes.
server::router with_forwarder(server::router routes, const node_sources& sources,
                              const std::string& scheme) {
  if (!has_peers(sources)) return routes;
  const auto own = std::make_shared<const server::router>(routes);
  const auto forwards = std::make_shared<forwarder>(
      *sources.cluster, *sources.peers,
      [own](server::request& asked, const server::responder& late) {
        return own->answer(asked, late);
      },
      scheme);
  routes.set_missing([forwards](const server::request& asked, server::response refusal,
                                const server::responder& reply) {
    forwards->take(asked, std::move(refusal), reply);
  });
  const auto lists = std::make_shared<fleet_lists>(*sources.cluster, *sources.peers);
  routes.set_joining(fleet_list_operations(),
                     [lists](const server::request& asked, const server::handler& alone,
                             const server::responder& reply) {
                       return lists->take(asked, alone, reply);
                     });
  return routes;
}

/// What all routes of a server have beside the engine that they show.
struct route_parts {
  std::function<std::string()> metrics_text;
  std::span<const asset> assets;
  std::shared_ptr<server::order_keys> keys;
  std::shared_ptr<bulk_book> bulks;
  /// By which this node and the others of its group speak.
  std::string scheme;
};

server::router make_routes(ports::engine_node& engine, const node_sources& sources,
                           const route_parts& parts) {
  server::router routes;
  add_site_resources(routes, engine);
  add_station_resources(routes, engine);
  add_capability_resources(routes, engine);
  add_session_resources(routes, engine);
  add_session_change_resources(routes, engine);
  add_supervision_resources(routes, engine);
  add_fail_safe_resources(routes, engine);
  add_shedding_resources(routes, engine);
  add_constraint_resources(routes, engine);
  add_setpoint_resources(routes, engine);
  add_tracking_resources(routes, engine);
  add_measurement_resources(routes, engine);
  add_profile_resources(routes, engine);
  add_event_resources(routes, engine, has_peers(sources));
  add_command_resources(routes, engine);
  add_history_resources(routes, engine, sources.archive);
  add_cluster_resources(routes, cluster_of(sources), parts.scheme, sources.drain);
  add_charge_point_resources(routes, sources.stations, parts.bulks);
  add_access_resources(routes, sources.access);
  add_audit_resources(routes, sources.audit);
  add_health_resources(routes, engine, parts.metrics_text);
  add_page_resources(routes, parts.assets);
  routes.set_keys(parts.keys);
  return with_forwarder(std::move(routes), sources, parts.scheme);
}

/// A node as it is shown to one who is bound to some sites, and its routes.
struct scoped_routes {
  scoped_routes(ports::engine_node& whole, node_sources sources, const route_parts& parts,
                const own_sites& sites)
      : engine(whole, sites), group(cluster_of(sources), sites), stations(sources.stations, sites),
        archive(sources.archive, sites),
        routes(make_routes(engine, narrowed(std::move(sources)), parts)) {}

  scoped_engine engine;
  scoped_cluster group;
  scoped_charge_points stations;
  scoped_archive archive;
  server::router routes;

private:
  node_sources narrowed(node_sources sources) {
    if (sources.cluster != nullptr) sources.cluster = &group;
    if (sources.archive != nullptr) sources.archive = &archive;
    sources.stations = [this] {
      return stations.is_there() ? static_cast<ports::charge_points*>(&stations) : nullptr;
    };
    return sources;
  }
};

/// Guards `routes`. Every one of them is in the contract: an operation that states nothing is for
/// administrators alone, and a mistake.
void guard(server::router& routes, ports::engine_node& engine, const node_sources& sources,
           const route_parts& parts) {
  for (const auto& each : routes.operations()) assert(own_operations().contains(each));
  const auto scoped = [&engine, sources, parts](const own_sites& sites) {
    auto made = std::make_shared<scoped_routes>(engine, sources, parts, sites);
    const auto* shown = &made->routes;
    return std::shared_ptr<const server::router>{std::move(made), shown};
  };
  routes.set_guard(std::make_shared<access_guard>(
      *sources.access, sources.audit, own_operations(), scoped, sources.guarding));
}

} // namespace

std::unique_ptr<server::http_server>
make_server(server::server_settings settings, ports::engine_node& engine,
            std::function<std::string()> metrics_text, std::span<const asset> assets,
            node_sources sources) {
  if (!sources.stations)
    sources.stations = [] { return static_cast<ports::charge_points*>(nullptr); };
  const route_parts parts{std::move(metrics_text), assets, std::make_shared<server::order_keys>(),
                          std::make_shared<bulk_book>(),
                          settings.secure ? "https://" : "http://"};
  auto routes = make_routes(engine, sources, parts);
  if (sources.access != nullptr) guard(routes, engine, sources, parts);
  const auto relay = has_peers(sources)
                         ? std::make_shared<stream_relay>(*sources.cluster, *sources.peers)
                         : nullptr;
  const auto make_streams = [&engine, relay](server::unsent_bytes& unsent) {
    return std::make_unique<stream_hub>(engine, unsent, relay);
  };
  return std::make_unique<server::http_server>(std::move(settings), std::move(routes),
                                               make_streams);
}

} // namespace busbar::adapters::http::api
