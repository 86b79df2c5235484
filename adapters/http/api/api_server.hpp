#pragma once
// The API of openapi.json, /metrics, the stream and the page of an engine node, on an HTTP server.

#include "adapters/http/api/access_guard.hpp"
#include "adapters/http/api/charge_point_resources.hpp"
#include "adapters/http/api/cluster_resources.hpp"
#include "adapters/http/api/resources.hpp"
#include "adapters/http/server/http_server.hpp"
#include "ports/access.hpp"
#include "ports/archive.hpp"
#include "ports/peers.hpp"

#include <memory>

namespace busbar::adapters::http::api {

/// What a node has beside its engine; all outlive the server.
struct node_sources {
  /// Empty: no gateway runs here.
  charge_point_source stations;
  /// Null: the node knows of no other.
  const ports::cluster* cluster = nullptr;
  /// Null: requests for what other nodes hold are answered 421.
  ports::peers* peers = nullptr;
  /// Null: every client may do everything.
  ports::access* access = nullptr;
  /// Null: nothing is recorded.
  ports::audit* audit = nullptr;
  guard_settings guarding = {};
  /// Empty: this node shares its sites with no other.
  drain_handler drain = {};
  /// Null: no history is kept.
  ports::archive* archive = nullptr;
};

/// `engine` and the bytes of `assets` outlive the server. `metrics_text` answers /metrics.
[[nodiscard]] std::unique_ptr<server::http_server>
make_server(server::server_settings settings, ports::engine_node& engine,
            std::function<std::string()> metrics_text, std::span<const asset> assets,
            node_sources sources = {});

} // namespace busbar::adapters::http::api
