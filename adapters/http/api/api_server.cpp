#include "adapters/http/api/api_server.hpp"

#include "adapters/http/api/forwarder.hpp"
#include "adapters/http/api/stream_hub.hpp"

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

/// Of routes that are complete: what is not here is asked of the node that has it.
server::router with_forwarder(server::router routes, const node_sources& sources) {
  if (sources.cluster == nullptr || sources.peers == nullptr) return routes;
  const auto own = std::make_shared<const server::router>(routes);
  const auto forwards = std::make_shared<forwarder>(
      *sources.cluster, *sources.peers,
      [own](server::request& asked, const server::responder& late) {
        return own->answer(asked, late);
      });
  routes.set_missing([forwards](const server::request& asked, server::response refusal,
                                const server::responder& reply) {
    forwards->take(asked, std::move(refusal), reply);
  });
  return routes;
}

} // namespace

std::unique_ptr<server::http_server>
make_server(server::server_settings settings, ports::engine_node& engine,
            std::function<std::string()> metrics_text, std::span<const asset> assets,
            node_sources sources) {
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
  add_event_resources(routes, engine);
  add_command_resources(routes, engine);
  add_cluster_resources(routes, cluster_of(sources));
  auto stations = sources.stations;
  if (!stations) stations = [] { return static_cast<ports::charge_points*>(nullptr); };
  add_charge_point_resources(routes, std::move(stations));
  add_health_resources(routes, engine, std::move(metrics_text));
  add_page_resources(routes, assets);
  routes.set_keys(std::make_shared<server::order_keys>());
  const auto make_streams = [&engine](server::unsent_bytes& unsent) {
    return std::make_unique<stream_hub>(engine, unsent);
  };
  return std::make_unique<server::http_server>(std::move(settings),
                                               with_forwarder(std::move(routes), sources),
                                               make_streams);
}

} // namespace busbar::adapters::http::api
