#pragma once
// The API of openapi.json, /metrics, the stream and the page of an engine node, on an HTTP server.

#include "adapters/http/api/resources.hpp"
#include "adapters/http/server/http_server.hpp"

#include <memory>

namespace busbar::adapters::http::api {

/// `engine` and the bytes of `assets` outlive the server. `metrics_text` answers /metrics.
[[nodiscard]] std::unique_ptr<server::http_server>
make_server(server::server_settings settings, ports::engine_node& engine,
            std::function<std::string()> metrics_text, std::span<const asset> assets);

} // namespace busbar::adapters::http::api
