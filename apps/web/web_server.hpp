#pragma once
// HTTP server, metrics and page of an engine node as one thing that starts and stops.

#include "adapters/http/api/api_server.hpp"
#include "adapters/http/peers/peer_client.hpp"
#include "adapters/metrics/metric_page.hpp"
#include "domain/health_probe.hpp"
#include "ports/archive.hpp"
#include "ports/cluster.hpp"
#include "ports/engine_node.hpp"

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace busbar::apps {

struct web_settings {
  adapters::http::server::server_settings http;
  adapters::metrics::metric_settings metrics;
  /// What the node knows of its group; null: of none.
  std::shared_ptr<const ports::cluster> cluster;
  /// Null: access is not controlled.
  std::shared_ptr<ports::access> access;
  /// Null: nothing is recorded.
  std::shared_ptr<ports::audit> audit;
  /// Null: no history is kept.
  std::shared_ptr<ports::archive> archive;
  adapters::http::api::guard_settings guarding;
  /// Empty: the node shares its sites with no other.
  adapters::http::api::drain_handler drain;
  /// Under TLS what other engine nodes are asked with; absent: without TLS.
  std::optional<adapters::tls::client_files> peers;
};

class web_server {
public:
  /// `engine` outlives it.
  web_server(web_settings settings, ports::engine_node& engine);
  /// Stops; what is under way to other nodes is not answered.
  ~web_server() { server_->stop(); }

  /// "busbar_<part>_<name>" on the page of metrics. REQUIRES: not started.
  void add_statistics(std::string part, std::function<std::map<std::string, double>()> read) {
    metrics_.add_statistics(std::move(part), std::move(read));
  }

  /// The gateway of this process, which takes orders for its stations from now on.
  void connect(ports::charge_points& stations) { stations_ = &stations; }

  /// The errors of `http_server::start`, and of `make_client_context`.
  [[nodiscard]] domain::result<void> start();
  void stop() { server_->stop(); }
  /// "http://127.0.0.1:8000": where the page is, once started.
  [[nodiscard]] std::string address() const;
  [[nodiscard]] std::uint16_t port() const { return server_->port(); }
  /// Reads certificates again, soon; nothing without TLS. REQUIRES: started.
  void reload_certificates() { server_->reload_certificates(); }
  /// The check "http": connections and unsent answers are below their bounds. To be registered once
  /// the engine runs; the server outlives it.
  [[nodiscard]] domain::health_probe health_probe() const;

private:
  [[nodiscard]] adapters::http::server::server_settings
  with_notices(adapters::http::server::server_settings http);
  [[nodiscard]] domain::result<void> secure_peers();

  std::string host_;
  adapters::http::server::server_settings bounds_;
  std::optional<adapters::tls::client_files> peer_files_;
  std::shared_ptr<const ports::cluster> cluster_;
  std::shared_ptr<ports::access> access_;
  std::shared_ptr<ports::audit> audit_;
  std::shared_ptr<ports::archive> archive_;
  adapters::metrics::metric_page metrics_;
  std::vector<adapters::http::api::asset> assets_;
  std::atomic<ports::charge_points*> stations_{nullptr};
  std::unique_ptr<adapters::http::server::http_server> server_;
  /// After the server, whose handlers it calls.
  adapters::http::peers::peer_client peers_;
};

} // namespace busbar::apps
